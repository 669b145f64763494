"""The machine room: locks, addresses, clusters, ports and the stamp that makes a second start quick."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from servicecenter.local import (
    assets,
    bootstrap,
    checks,
    children,
    lock,
    openapi,
    supervisor,
)

ROOT = Path(__file__).resolve().parent.parent
LOCKS = [ROOT / "requirements" / name for name in ("base.txt", "dev.txt", "node.txt")]


# ---- locks of packages


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_python_lock_names_no_index_and_no_address(path: Path) -> None:
    assert lock.addresses(path.read_text()) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--extra-index-url=http://10.0.0.1/simple",
        "--find-links /opt/wheels",
        "django @ file:///srv/django.whl",
        "--trusted-host example.org",
    ],
)
def test_a_lock_line_with_an_address_is_noticed(line: str) -> None:
    assert lock.addresses(f"django==5.2.19\n{line}\n") == [line]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_a_hash(path: Path) -> None:
    entries = path.read_text().replace("\\\n", " ").splitlines()
    entries = [entry for entry in entries if entry and not entry.startswith("#")]
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_test_lock_holds_every_version_of_the_product_lock() -> None:
    def versions(path: Path) -> set[str]:
        return {line.split(" \\")[0] for line in path.read_text().splitlines() if line[:1].isalnum()}

    assert versions(LOCKS[0]) <= versions(LOCKS[1])


def test_the_npm_lock_has_integrity_for_everything_and_addresses_for_nothing() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert "node_modules/bootstrap" in fetched
    assert [name for name, entry in fetched.items() if not entry["integrity"].startswith("sha512-")] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


# ---- set-up


def test_the_stamp_changes_with_the_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    for level in ("base", "dev"):
        (tmp_path / "requirements" / f"{level}.txt").write_text("django==5.2.19\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "installed")
    assert not bootstrap.is_installed("base")
    (tmp_path / "installed").write_text(bootstrap.stamp("base"))
    assert bootstrap.is_installed("base")
    assert not bootstrap.is_installed("dev")
    (tmp_path / "installed").write_text(bootstrap.stamp("dev") + bootstrap.stamp("base"))
    assert bootstrap.is_installed("base")
    assert bootstrap.is_installed("dev")
    (tmp_path / "requirements" / "base.txt").write_text("django==5.2.20\n")
    assert not bootstrap.is_installed("base")


@pytest.mark.parametrize("script", ["bootstrap.py", "assets.py", "clean.py"])
def test_set_up_runs_on_an_interpreter_without_packages(script: str) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "import importlib; importlib.import_module(sys.argv[2]); "
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('django', 'servicecenter', 'celery')))"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            code,
            str(ROOT / "servicecenter" / "local"),
            script.removesuffix(".py"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def _nothing_present(*, dev: bool, faults: bool) -> list[bootstrap.Part]:
    return [
        bootstrap.Part("PDFs", ("libpango-1.0-0",), ("pango",), present=False),
        bootstrap.Part("rare characters", ("fonts-hanazono",), (), present=False, vital=False),
    ]


def test_what_may_not_be_installed_is_told_as_the_command_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "parts", _nothing_present)
    monkeypatch.setattr(bootstrap, "_may_install", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.delenv("SERVICECENTER_SYSTEM_PACKAGES", raising=False)
    with pytest.raises(bootstrap.SetupError) as caught:
        bootstrap.install_system(dev=False, faults=False)
    assert "sudo apt-get update && sudo apt-get install -y libpango-1.0-0 fonts-hanazono" in str(caught.value)
    assert "missing: PDFs" in capsys.readouterr().out


def test_what_is_missing_can_be_passed_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "parts", _nothing_present)
    monkeypatch.setenv("SERVICECENTER_SYSTEM_PACKAGES", "skip")
    bootstrap.install_system(dev=False, faults=False)
    assert "going on without" in capsys.readouterr().out


# ---- front-end files


def test_the_assets_are_all_there_and_their_cache_is_outside_the_checkout() -> None:
    assert assets.is_complete(dev=True)
    assert ROOT not in assets.assets_dir().parents
    assert assets.static_dir() / "vendor" / "htmx.min.js" in set((assets.static_dir() / "vendor").iterdir())


def test_no_front_end_file_points_at_a_source_map_that_is_not_served() -> None:
    files = [path for path in (assets.static_dir() / "vendor").iterdir() if path.suffix in (".js", ".css")]
    assert len(files) == 3
    assert [path.name for path in files if b"sourceMappingURL" in path.read_bytes()] == []


def test_the_font_file_names_our_fonts_and_the_systems() -> None:
    text = assets.fonts_conf().read_text()
    assert f"<dir>{assets.assets_dir() / 'fonts'}</dir>" in text
    assert '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>' in text


def test_another_lock_means_another_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SERVICECENTER_ASSETS", raising=False)
    here = assets.assets_dir()
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    assert assets.assets_dir() != here
    assert assets.assets_dir().parent == here.parent
    monkeypatch.setenv("SERVICECENTER_ASSETS", "/srv/assets")
    assert assets.assets_dir() == Path("/srv/assets")


# ---- make run


@pytest.mark.parametrize(("given", "port"), [({}, 8000), ({"PORT": ""}, 8000), ({"PORT": "8001"}, 8001)])
def test_the_port_comes_from_the_environment(given: dict[str, str], port: int) -> None:
    assert supervisor.read_port(given) == port


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(supervisor.StartError, match="PORT must be a number"):
        supervisor.read_port({"PORT": given})


def test_a_port_in_use_is_told_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(supervisor.StartError) as caught:
            supervisor.check_port("127.0.0.1", port)
    assert f"Port {port} on 127.0.0.1 is in use" in str(caught.value)
    assert f"PORT={port + 1} make run" in str(caught.value)


def test_without_redis_web_and_clock_run_alone() -> None:
    def names(*, with_redis: bool) -> list[str]:
        children = supervisor.commands("127.0.0.1", 8000, with_redis=with_redis, known={"run_clock"})
        return [child.name for child in children]

    assert names(with_redis=True) == ["web", "worker", "beat", "clock"]
    assert names(with_redis=False) == ["web", "clock"]


def counts_of(environ: dict[str, str]) -> list[str]:
    """Processes and threads of the web, processes of the worker."""
    web, worker, *_rest = supervisor.commands(
        "127.0.0.1", 8000, with_redis=True, known=set(), environ=environ
    )
    marks = ((web, "--workers"), (web, "--threads"), (worker, "--concurrency"))
    return [child.command[child.command.index(mark) + 1] for child, mark in marks]


@pytest.mark.parametrize(
    ("environ", "counts"),
    [
        ({}, ["2", "8", "2"]),
        ({"WEB_PROCESSES": "", "WEB_THREADS": "3"}, ["2", "3", "2"]),
        ({"WEB_PROCESSES": "5", "WEB_THREADS": "6", "WORKER_PROCESSES": "7"}, ["5", "6", "7"]),
    ],
)
def test_the_number_of_processes_comes_from_the_environment(
    environ: dict[str, str], counts: list[str]
) -> None:
    assert counts_of(environ) == counts


@pytest.mark.parametrize("given", ["many", "0", "-1", "1000", "２"])
def test_a_number_of_processes_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(supervisor.StartError, match="WORKER_PROCESSES must be a number from 1 to 256"):
        counts_of({"WORKER_PROCESSES": given})


def test_a_process_that_dies_is_started_again_after_a_pause_that_doubles() -> None:
    shown: list[str] = []
    child = children.Child("web", [sys.executable, "-c", "raise SystemExit(3)"])
    pauses = []
    now = 100.0
    for _ in range(7):
        assert child.check(now, lambda name, line: shown.append(line))
        child.start(os.environ, lambda name, line: None)
        assert child.process is not None
        child.process.wait()
        child.started = now
        assert not child.check(now + 1, lambda name, line: shown.append(line))
        pauses.append(child.due - (now + 1))
        assert not child.check(child.due - 0.1, lambda name, line: shown.append(line))
        now = child.due
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert shown[0] == "web ended (exit code 3); starting it again in 1 s"
    child.start(os.environ, lambda name, line: None)
    assert child.process is not None
    child.process.wait()
    child.started = now
    child.check(now + 61, lambda name, line: shown.append(line))
    assert child.due == now + 61 + 1
    for thread in child.threads:
        thread.join()


def test_stopping_ends_a_process_that_ignores_the_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "STOP_PATIENCE", 0.3)
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = children.Child("worker", [sys.executable, "-c", code])
    screen = children.Screen(sys.stdout)
    heard: list[str] = []
    child.start(os.environ, lambda name, line: heard.append(line))
    while not heard:
        pass
    supervisor.Supervisor({}, [child], screen).stop()
    assert child.process is not None
    assert child.process.returncode == -9
    assert capsys.readouterr().out == "set-up │ worker does not end; killing it\n"


# ---- what version 1 of the API has promised


def _schema(**changes: object) -> dict[str, object]:
    ticket = {
        "type": "object",
        "required": ["number"],
        "properties": {"number": {"type": "string"}, "stage": {"type": "string", "enum": ["open", "closed"]}},
        **changes,
    }
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ticket"}}}}
    body = {"required": True, **answer}
    operation = {
        "parameters": [{"in": "query", "name": "q", "schema": {"type": "string"}}],
        "requestBody": body,
        "responses": {"200": answer},
    }
    return {"paths": {"/api/v1/tickets/": {"post": operation}}, "components": {"schemas": {"Ticket": ticket}}}


def test_an_api_that_only_grows_loses_nothing() -> None:
    grown = _schema(
        properties={
            "number": {"type": "string"},
            "stage": {"type": "string", "enum": ["open", "closed", "paused"]},
            "new": {"type": "integer"},
        }
    )
    assert openapi.losses(_schema(), _schema()) == []
    assert openapi.losses(_schema(), grown) == []


@pytest.mark.parametrize(
    ("changes", "loss"),
    [
        (
            {"properties": {"number": {"type": "string"}}},
            "POST /api/v1/tickets/ answer 200: field stage is gone",
        ),
        (
            {
                "properties": {
                    "number": {"type": "integer"},
                    "stage": {"type": "string", "enum": ["open", "closed"]},
                }
            },
            "POST /api/v1/tickets/ answer 200: field number was string, is integer",
        ),
        (
            {"properties": {"number": {"type": "string"}, "stage": {"type": "string", "enum": ["open"]}}},
            "POST /api/v1/tickets/ body: field stage takes 'closed' no more",
        ),
        ({"required": ["number", "stage"]}, "POST /api/v1/tickets/ body: field stage is newly required"),
        ({"required": []}, "POST /api/v1/tickets/ answer 200: field number may now be missing"),
    ],
    ids=["field gone", "type changed", "value refused", "newly required", "maybe missing"],
)
def test_a_loss_in_the_api_is_named(changes: dict[str, object], loss: str) -> None:
    assert loss in openapi.losses(_schema(), _schema(**changes))


def test_a_path_or_parameter_that_goes_is_named() -> None:
    without = _schema()
    without["paths"]["/api/v1/tickets/"]["post"]["parameters"] = []  # type: ignore[index]
    assert openapi.losses(_schema(), without) == ["POST /api/v1/tickets/: parameter q is gone"]
    assert openapi.losses(_schema(), {"paths": {}}) == ["POST /api/v1/tickets/ is gone"]


# ---- make check


def test_the_deployment_is_checked_with_secrets_of_its_own() -> None:
    first, second = checks.production_environment(), checks.production_environment()
    assert first["SERVICECENTER_MODE"] == "production"
    assert len(first["SECRET_KEY"]) >= 50
    assert first["SECRET_KEY"] != second["SECRET_KEY"]
    assert first["FIELD_KEYS"] != second["FIELD_KEYS"]

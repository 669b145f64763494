"""The machine room: locks, addresses, clusters, ports and the stamp that makes a second start quick."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import environ
import psycopg2
import pytest
from psycopg2.extensions import parse_dsn

from servicecenter.local import (
    assets,
    bootstrap,
    checks,
    children,
    lock,
    locks,
    openapi,
    paths,
    postgres,
    prepare,
    programs,
    redis,
    services,
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


# ---- the database's and Redis's addresses


def test_the_database_url_means_the_same_socket_to_django_and_to_psycopg2(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", "/srv/Büro & Co/state")
    url = postgres.url("run")
    read = environ.Env.db_url_config(url)
    assert parse_dsn(url) == {
        "user": "servicecenter",
        "dbname": "servicecenter",
        "host": "/srv/Büro & Co/state/run/socket",
    }
    assert read["OPTIONS"]["host"] == "/srv/Büro & Co/state/run/socket"
    assert (read["NAME"], read["USER"], read["PASSWORD"], read["PORT"]) == (
        "servicecenter",
        "servicecenter",
        "",
        "",
    )


def test_a_socket_path_too_long_for_the_system_moves_to_a_short_private_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", "/srv/" + "deep/" * 20)
    directory = postgres.socket_dir("run")
    assert directory.parent == Path("/tmp")
    assert len(f"{directory}/.s.PGSQL.5432") <= 100
    assert directory != postgres.socket_dir("test")


def test_the_clusters_do_not_share_data_or_socket() -> None:
    assert len({postgres.data_dir(name) for name in paths.CLUSTERS}) == 5
    assert len({postgres.socket_dir(name) for name in paths.CLUSTERS}) == 5
    with pytest.raises(ValueError, match="no cluster is called 'prod'"):
        paths.cluster_dir("prod")


def test_two_checkouts_of_root_do_not_share_their_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVICECENTER_STATE", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    first, second = paths.state_dir(Path("/srv/a")), paths.state_dir(Path("/srv/b"))
    assert first.parent == second.parent == Path("/var/lib/servicecenter")
    assert first != second
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert paths.state_dir(Path("/srv/a")) == Path("/srv/a/var")


@pytest.mark.parametrize("cluster", ["run", "bench", "faults", "pg15"])
def test_only_the_test_cluster_may_lose_commits(cluster: str) -> None:
    assert postgres.settings(cluster)["fsync"] == "on"
    assert postgres.settings(cluster)["synchronous_commit"] == "on"
    assert postgres.settings("test")["fsync"] == "off"


def test_the_major_version_is_read_from_what_the_server_says() -> None:
    assert programs.major("postgres (PostgreSQL) 18.4") == 18
    assert programs.major("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)") == 15


def test_redis_before_its_first_start_has_an_address_where_nobody_listens(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    assert redis.url("run") == "redis://127.0.0.1:1/0"
    assert list(tmp_path.iterdir()) == []


def test_redis_keeps_port_and_password_starts_once_and_survives_a_kill(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from redis import Redis

    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    try:
        url = redis.start("faults")
        process = redis.pid("faults")
        assert redis.start("faults") == url
        assert redis.pid("faults") == process
        with Redis.from_url(url) as client:
            client.set("kept", "yes")
        redis.stop("faults")
        assert not redis.is_running("faults")
        assert redis.start("faults") == url
        with Redis.from_url(url) as client:
            assert client.get("kept") == b"yes"
        redis.kill("faults")
        assert redis.start("faults") == url
    finally:
        redis.destroy("faults")
    assert (tmp_path / "faults" / "redis").exists() is False


def test_redis_takes_another_port_when_its_own_was_taken_meanwhile(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    try:
        first = urlsplit(redis.start("faults"))
        redis.stop("faults")
        with socket.socket() as squatter:
            squatter.bind(("127.0.0.1", first.port or 0))
            assert not redis.is_running("faults")
            second = urlsplit(redis.start("faults"))
        assert second.port != first.port
        assert second.password == first.password
        assert urlsplit(redis.url("faults")).port == second.port
    finally:
        redis.destroy("faults")


def test_the_files_with_the_password_are_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    try:
        redis.start("faults")
        directory = redis.data_dir("faults")
        assert directory.stat().st_mode & 0o077 == 0
        assert (directory / "redis.conf").stat().st_mode & 0o077 == 0
        assert (directory / "address.json").stat().st_mode & 0o077 == 0
    finally:
        redis.destroy("faults")


@pytest.fixture
def own_cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A cluster of this test alone, as durable as the one of `make run`, gone afterwards."""
    monkeypatch.delenv("SERVICECENTER_STATE", raising=False)
    name = f"own{os.getpid()}"
    monkeypatch.setattr(paths, "CLUSTERS", (*paths.CLUSTERS, name))
    monkeypatch.setitem(postgres._SETTINGS, name, postgres._SETTINGS["run"])
    yield name
    services.destroy(name)
    assert not paths.cluster_dir(name).exists()


def _one(cluster: str, statement: str) -> tuple[object, ...]:
    with (
        closing(psycopg2.connect(postgres.url(cluster))) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        row: tuple[object, ...] = cursor.fetchone()
    return row


def test_a_cluster_starts_once_limits_its_role_and_keeps_commits_over_a_kill(own_cluster: str) -> None:
    assert postgres.start(own_cluster) == postgres.url(own_cluster)
    process = postgres.pid(own_cluster)
    postgres.start(own_cluster)
    assert postgres.pid(own_cluster) == process
    role = "SELECT current_user, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert _one(own_cluster, role) == ("servicecenter", False, True)
    limits = (
        "SELECT current_setting('lock_timeout'), current_setting('statement_timeout'), "
        "current_setting('idle_in_transaction_session_timeout'), current_setting('join_collapse_limit'), "
        "current_setting('listen_addresses')"
    )
    assert _one(own_cluster, limits) == ("10s", "1min", "1min", "5", "")
    text = "SELECT lower('É'), '投诉' ~ '^\\w+$', current_setting('server_encoding'), current_setting('TimeZone')"
    assert _one(own_cluster, text) == ("é", True, "UTF8", "UTC")
    _one(own_cluster, "CREATE TABLE kept (x int); INSERT INTO kept VALUES (1) RETURNING x")
    postgres.kill(own_cluster)
    assert not postgres.is_running(own_cluster)
    postgres.start(own_cluster)
    assert postgres.pid(own_cluster) != process
    assert _one(own_cluster, "SELECT count(*) FROM kept") == (1,)
    postgres.stop(own_cluster)
    assert postgres.pid(own_cluster) is None


def test_the_last_user_of_a_cluster_stops_it_and_nobody_before(own_cluster: str) -> None:
    with services.around(own_cluster, {}):
        with services.around(own_cluster, {}) as environment:
            assert environment["DATABASE_URL"] == postgres.url(own_cluster)
        assert postgres.is_running(own_cluster)
        assert redis.is_running(own_cluster)
    assert not postgres.is_running(own_cluster)
    assert not redis.is_running(own_cluster)
    services.up(own_cluster, {})
    with services.around(own_cluster, {}):
        pass
    assert postgres.is_running(own_cluster)
    services.down(own_cluster)
    assert not postgres.is_running(own_cluster)


def test_demo_data_interrupted_last_time_are_forgotten_and_nothing_else_is(own_cluster: str) -> None:
    url = postgres.start(own_cluster)
    _one(own_cluster, "CREATE TABLE half (x int); INSERT INTO half VALUES (1) RETURNING x")
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    prepare.forget_half_a_demo(own_cluster, url)
    assert _one(own_cluster, tables) == (1,)
    mark = paths.cluster_dir(own_cluster) / "playing-demo"
    mark.touch()
    prepare.forget_half_a_demo(own_cluster, "postgresql://own.example/db")
    assert _one(own_cluster, tables) == (1,)
    prepare.forget_half_a_demo(own_cluster, url)
    assert _one(own_cluster, tables) == (0,)
    assert _one(
        own_cluster, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'servicecenter'"
    ) == ("servicecenter",)
    assert not mark.exists()


# ---- who uses a cluster


def test_a_cluster_is_in_use_while_one_of_its_users_lives(tmp_path: Path) -> None:
    path = tmp_path / "users.lock"
    first, second = locks.Use(path), locks.Use(path)
    first.release()
    assert locks.in_use(path)
    second.release()
    assert not locks.in_use(path)
    second.release()
    assert not locks.in_use(path)


def test_a_killed_user_is_no_user_any_more(tmp_path: Path) -> None:
    path = tmp_path / "users.lock"
    code = (
        "import sys, time, pathlib; from servicecenter.local import locks; "
        "use = locks.Use(pathlib.Path(sys.argv[1])); print('mine', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "mine\n"
        assert locks.in_use(path)
        process.kill()
    assert not locks.in_use(path)


def test_servers_named_by_the_environment_are_respected_and_not_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    own = {"DATABASE_URL": "postgresql://own.example/db", "REDIS_URL": "redis://own.example/1"}
    with services.around("faults", own) as environment:
        assert environment["DATABASE_URL"] == "postgresql://own.example/db"
        assert environment["REDIS_URL"] == "redis://own.example/1"
        assert not redis.is_running("faults")
        assert not postgres.is_running("faults")


def test_a_command_returns_its_own_exit_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SERVICECENTER_STATE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://own.example/db")
    monkeypatch.setenv("REDIS_URL", "redis://own.example/1")
    assert services.run("faults", [sys.executable, "-c", "raise SystemExit(7)"]) == 7
    assert services.run("faults", [sys.executable, "-c", "import os; os.kill(os.getpid(), 15)"]) == 143


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


def test_only_changed_catalogues_are_compiled_again(tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, compiled = folder / "django.po", folder / "django.mo"
    source.write_text("")
    assert prepare.stale_catalogues(tmp_path) == [source]
    compiled.write_bytes(b"")
    os.utime(source, (1_000, 1_000))
    assert prepare.stale_catalogues(tmp_path) == []
    os.utime(compiled, (999, 999))
    assert prepare.stale_catalogues(tmp_path) == [source]


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

"""The image and the compose file: whole, without secrets, fitting the code. Their schema is `make check`'s."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import pytest
from django.conf import settings
from django.core.management import get_commands

from servicecenter import probe
from servicecenter.local import bootstrap, postgres
from tests import compose

ROOT = compose.ROOT
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
GIVEN = {
    "SECRET_KEY": "k" * 60,
    "FIELD_KEYS": "S" * 43 + "=",
    "DATABASE_PASSWORD": "d1",
    "POSTGRES_PASSWORD": "p1",
    "REDIS_PASSWORD": "r1",
    "ALLOWED_HOSTS": "centre.example",
    "SITE_URL": "https://centre.example",
    "EMAIL_URL": "smtp+tls://centre:secret@mail.example:587",
    "DEFAULT_FROM_EMAIL": "centre@example.com",
}
OURS = ("web", "clock", "worker", "beat", "migrate", "backup")
PROGRAMS = {"python", "celery", "gunicorn"}


@pytest.fixture(scope="module")
def file() -> dict[str, Any]:
    return compose.resolved(GIVEN)


def lines_set(text: str) -> dict[str, str]:
    """NAME=value lines that are no comments."""
    return dict(line.split("=", 1) for line in text.splitlines() if re.match(r"[A-Z_]+=", line))


def test_every_secret_must_be_given_and_the_example_gives_none() -> None:
    wanted = {name for name, must in compose.variables().items() if must}
    assert wanted == set(GIVEN)
    assert lines_set(EXAMPLE) == dict.fromkeys(wanted, "")
    for name in wanted:
        with pytest.raises(compose.Refused, match=name):
            compose.resolved(GIVEN | {name: ""})


def test_every_variable_stands_in_the_example_or_has_a_use_named_in_the_documentation() -> None:
    told = EXAMPLE + (ROOT / "docs" / "production.md").read_text()
    assert [name for name in compose.variables() if name not in told] == []


def test_what_the_services_name_is_there(file: dict[str, Any]) -> None:
    services = file["services"]
    for name, service in services.items():
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in file["volumes"], name
        for config in service.get("configs", []):
            assert config["source"] in file["configs"]
        for other, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "test" in services[other]["healthcheck"]
            else:
                assert (wanted["condition"], services[other]["restart"]) == (
                    "service_completed_successfully",
                    "no",
                )


def test_the_clock_needs_no_redis_and_everything_of_ours_runs_without_rights(file: dict[str, Any]) -> None:
    """D4: the deadlines' promise hangs on PostgreSQL alone."""
    assert "redis" not in file["services"]["clock"]["depends_on"]
    for name in OURS:
        service = file["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["environment"]["SERVICECENTER_MODE"] == "production"
    assert "USER 10001:10001" in DOCKERFILE
    assert set(file["services"]) == {*OURS, "postgres", "redis"}
    # only the web is reached from outside, and that by the proxy on this machine
    assert [name for name, service in file["services"].items() if "ports" in service] == ["web"]
    assert file["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_the_commands_exist(file: dict[str, Any]) -> None:
    known = get_commands()
    commands = [file["services"][name].get("command") for name in OURS]
    commands += [file["services"][name].get("healthcheck", {}).get("test") for name in OURS]
    for command in filter(None, commands):
        words = command[1:] if command[0] == "CMD" else command
        if command[0] == "CMD-SHELL":
            words = command[1].split()
        assert words[0] in PROGRAMS
        if words[:2] == ["python", "manage.py"]:
            assert words[2] in known
        elif words[0] == "python":
            assert (ROOT / words[1].removeprefix("/app/")).is_file()


def test_every_variable_of_the_services_is_read_by_the_code(file: dict[str, Any]) -> None:
    code = "".join(
        (ROOT / "servicecenter" / name).read_text() for name in ("settings.py", "web_server.py", "probe.py")
    )
    read_by_libpq = {"PGOPTIONS"}
    for name in OURS:
        given = set(file["services"][name]["environment"])
        assert {one for one in given - read_by_libpq if f'"{one}"' not in code} == set(), name


def test_the_role_of_compose_has_the_limits_that_everything_was_tested_with(file: dict[str, Any]) -> None:
    script = file["configs"]["role"]["content"]
    limits = dict(re.findall(r"ALTER ROLE servicecenter SET (\w+) = '?(\w+)'?;", script))
    assert limits == {**postgres._ROLE_SETTINGS, "timezone": "UTC"}
    # compose has left the shell its own dollar signs, and psql its backslash
    assert "\\getenv password DATABASE_PASSWORD" in script


def test_a_process_has_longer_to_end_than_it_gives_its_work(
    file: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WEB_PROCESSES", "WEB_THREADS", "WEB_GRACEFUL_TIMEOUT", "PORT", "LOG_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WEB_THREADS", "")
    server = runpy.run_path(str(ROOT / "servicecenter" / "web_server.py"))
    assert server["graceful_timeout"] < int(file["services"]["web"]["stop_grace_period"].removesuffix("s"))
    # nginx keeps an idle connection for 60 s: this end must not close it first
    assert server["keepalive"] > 60
    assert (server["bind"], server["threads"], server["accesslog"]) == ("0.0.0.0:8000", 4, None)
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("WEB_PROCESSES", "7")
    server = runpy.run_path(str(ROOT / "servicecenter" / "web_server.py"))
    assert (server["bind"], server["workers"]) == ("0.0.0.0:9000", 7)


def test_the_image_holds_the_system_libraries_that_set_up_asks_for() -> None:
    wanted = {package for part in bootstrap.parts(dev=False, faults=False) for package in part.apt}
    installed = set(re.findall(r"[a-z0-9.+-]+", DOCKERFILE.split("install --yes", 1)[1].split("&& rm")[0]))
    # Redis is a service of its own, gettext is needed while the image is made
    assert wanted - installed == {"redis-server", "gettext"}
    assert "install --yes --no-install-recommends gettext" in DOCKERFILE


def test_the_image_is_made_of_what_is_locked_and_named_by_no_host() -> None:
    assert "--require-hashes --only-binary :all: -r /build/requirements/base.txt" in DOCKERFILE
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", DOCKERFILE, re.MULTILINE)
    names = {name for _base, name in stages if name}
    assert {base for base, _name in stages} <= {"${PYTHON}", *names}
    assert set(re.findall(r"--from=(\w+)", DOCKERFILE)) <= names
    (base,) = re.findall(r"^ARG PYTHON=(.+)$", DOCKERFILE, re.MULTILINE)
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base)
    for text in (DOCKERFILE, compose.FILE.read_text()):
        code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
        assert "index-url" not in code
        assert "trusted-host" not in code
    images = [service["image"] for service in compose.resolved(GIVEN)["services"].values()]
    assert [image for image in images if "/" in image or image.endswith(":latest") or ":" not in image] == []


def test_the_build_sees_every_app_and_nothing_of_this_machine() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line[1:].rstrip("/") for line in ignored if line.startswith("!")}
    assert "*" in ignored
    assert {*settings.LOCAL_APPS, "templates", "static", "locale", "manage.py", "pyproject.toml"} <= let_in
    assert {".git", ".env", ".venv", "var", "tests"}.isdisjoint(let_in)
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for name in copied.split():
            assert name == "." or name.split("/")[0] in let_in, name


def test_a_probe_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "1")
    assert probe.main(["web"]) == 1
    assert "the web does not answer" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert probe.main(["clock"]) == 1
    assert "the database does not answer" in capsys.readouterr().err
    assert probe.main([]) == 1


def test_the_clocks_probe_goes_by_the_age_of_the_last_sweep(db: None, live_sweep: Any) -> None:
    assert live_sweep(None) == "nothing was ever swept"
    assert live_sweep(61) == "the last sweep is 61 s old"
    assert live_sweep(2) == ""


@pytest.fixture
def live_sweep(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The probe on this test's connection, after a sweep so many seconds ago."""
    import psycopg2
    from django.db import connection

    class Here:
        cursor = staticmethod(lambda: connection.connection.cursor())
        close = staticmethod(lambda: None)

    def asked(age: int | None) -> str:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM servicecenter_heartbeat")
            if age is not None:
                cursor.execute(
                    "INSERT INTO servicecenter_heartbeat (name, at, detail)"
                    " VALUES ('sweep', clock_timestamp() - make_interval(secs => %s), '{}')",
                    [age],
                )
        monkeypatch.setattr(psycopg2, "connect", lambda *args, **options: Here())
        return probe.clock("")

    return asked


def test_beat_is_well_while_it_writes_its_schedule_down(file: dict[str, Any], tmp_path: Path) -> None:
    """Whatever ending this Python's database of keys gives the file."""
    command, probed = (file["services"]["beat"][name] for name in ("command", "healthcheck"))
    assert probed["test"][-2:] == ["beat", command[command.index("--schedule") + 1]]
    schedule = tmp_path / "beat-schedule"
    assert probe.beat(str(schedule)).startswith("there is no schedule")
    written = tmp_path / "beat-schedule.db"
    written.touch()
    assert (probe.beat(str(schedule)), probe.main(["beat", str(schedule)])) == ("", 0)
    long_ago = written.stat().st_mtime - 700
    os.utime(written, (long_ago, long_ago))
    assert probe.beat(str(schedule)).startswith("the schedule was last written 70")
    assert probe.main(["beat", str(schedule)]) == 1


def test_what_runs_for_good_says_how_it_is(file: dict[str, Any]) -> None:
    """The image asks the web; what runs once or sleeps till night has no state to ask after (docs/production.md)."""
    silent = {
        name for name in file["services"] if file["services"][name].get("healthcheck") == {"disable": True}
    }
    assert silent == {"migrate", "backup"}


def test_production_starts_with_the_composes_variables_and_logs_a_json_object_a_line(
    file: dict[str, Any], tmp_path: Path
) -> None:
    environment = {**os.environ, **file["services"]["web"]["environment"], "VAR_DIR": str(tmp_path)}
    # a real key, and no database is asked
    environment |= {
        "FIELD_KEYS": "c2VydmljZS1jZW50cmUtdGVzdC1rZXktMzItYnl0ZXM=",
        "SECRET_KEY": token_urlsafe(64),
    }
    for name in ("LOG_FORMAT", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        environment.pop(name, None)
    code = (
        "import django, logging; django.setup(); logging.getLogger('servicecenter').info('好');"
        "from django.conf import settings as s; from django.core.management import call_command;"
        "call_command('check', deploy=True, fail_level='WARNING');"
        "assert s.CSRF_TRUSTED_ORIGINS == ['https://centre.example'] and s.TRUSTED_PROXIES == 1;"
        "assert s.SECURE_PROXY_SSL_HEADER and s.DATABASES['default']['PASSWORD'] == 'd1';"
        "assert s.EMAIL_HOST == 'mail.example' and s.CENTRE_EMAIL == 'centre@example.com'"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "servicecenter.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"message": "好"' in done.stderr
    assert re.search(r'"timestamp": "2\d{3}-[0-9T:.-]+\+00:00"', done.stderr)

"""A service centre on several processes: what they are, how they start and die, PgBouncer before them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parent.parent
# Connections that PgBouncer keeps to the database.
POOL = 12


@dataclass
class Process:
    """One of the processes, and how to start it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a session of its own."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL to it and to everything it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it has gone by itself
            self.process.wait()


def processes(url: str, redis_url: str, ports: list[int], logs: Path) -> list[Process]:
    """Two web processes, two workers, two clocks and a beat."""
    environment = {
        **os.environ, "DATABASE_URL": url, "REDIS_URL": redis_url, "PYTHONUNBUFFERED": "1", "LOG_FORMAT": "line",
        "LOG_LEVEL": "WARNING", "EMAIL_URL": "dummymail://", "WEB_PROCESSES": "1", "WEB_THREADS": "4",
    }  # fmt: skip
    python = sys.executable
    celery = [python, "-W", "ignore", "-m", "celery", "--app", "servicecenter", "--quiet"]
    found = []
    for number, port in enumerate(ports, start=1):
        gunicorn = [
            python,
            "-m",
            "gunicorn",
            "servicecenter.wsgi:application",
            "--config",
            "python:servicecenter.web_server",
        ]
        found.append((f"web{number}", gunicorn, {"PORT": str(port)}))
        worker = [
            *celery,
            "worker",
            "--concurrency",
            "1",
            "--loglevel",
            "warning",
            "--hostname",
            f"w{number}@%h",
        ]
        found.append((f"worker{number}", worker, {}))
        found.append((f"clock{number}", [python, "manage.py", "run_clock"], {}))
    found.append(
        (
            "beat",
            [*celery, "beat", "--loglevel", "warning", "--pidfile=", "--schedule", str(logs / "beat")],
            {},
        )
    )
    return [
        Process(name, command, {**environment, **own}, logs / f"{name}.log") for name, command, own in found
    ]


@contextmanager
def pgbouncer(url: str, directory: Path) -> Iterator[str]:
    """A PgBouncer in transaction mode before the database; yields the address through it."""
    from servicecenter.local import programs, redis

    program = shutil.which("pgbouncer")
    if program is None:
        raise SystemExit("there is no pgbouncer on PATH (apt-get install pgbouncer)")
    parts = urlsplit(url)
    port, database = redis.free_port(), parts.path.lstrip("/")
    host = parse_qs(parts.query).get("host", [parts.hostname or "127.0.0.1"])[0]
    (directory / "pgbouncer.ini").write_text(
        f"[databases]\n{database} = host={host} dbname={database} user={parts.username}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"pool_mode = transaction\nmax_client_conn = 300\ndefault_pool_size = {POOL}\nlog_connections = 0\n"
        "log_disconnections = 0\n"
    )
    owner = programs.account()
    for path in (directory, directory / "pgbouncer.ini"):
        path.chmod(0o755)
    process = subprocess.Popen(
        [program, "--quiet", str(directory / "pgbouncer.ini")],
        user=owner.pw_uid if owner else None,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(1)
        assert process.poll() is None, "PgBouncer does not start"
        yield f"postgresql://{parts.username}@127.0.0.1:{port}/{database}"
    finally:
        process.terminate()
        process.wait()

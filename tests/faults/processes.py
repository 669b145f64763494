"""Real processes for fault tests: clock, worker, beat and web as `make run` starts them; none outlives its test."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from servicecenter.local import redis
from servicecenter.local.children import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
NO_REDIS = "redis://127.0.0.1:1/0"
STOP, GO_ON = signal.SIGSTOP, signal.SIGCONT
SKEW = ROOT / "tests" / "faults" / "skew"


class Process:
    """One running process with its output in a file; in a group of its own, so that its children die with it."""

    def __init__(self, *command: str, **environment: str) -> None:
        self._log = tempfile.NamedTemporaryFile(prefix="fault-", suffix=".log")  # noqa: SIM115 - closed by kill()
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )

    @property
    def output(self) -> str:
        """What it has said so far."""
        return Path(self._log.name).read_text(errors="replace")

    @property
    def lives(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal to the process and all that it started."""
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass  # it is gone already

    def kill(self) -> None:
        """SIGKILL to the whole group; harmless when it is gone."""
        self.signal(signal.SIGKILL)
        self._process.wait(10)
        self._log.close()

    def says(self, words: str, seconds: float = 90) -> None:
        """Wait until its output holds these words."""
        until = time.monotonic() + seconds
        while words not in self.output:
            assert self.lives, f"the process ended:\n{self.output[-3000:]}"
            assert time.monotonic() < until, f"it never said {words!r}:\n{self.output[-3000:]}"
            time.sleep(0.05)


@contextmanager
def running(*started: Process) -> Iterator[None]:
    """Processes that are killed at the end, however the test ends."""
    with ExitStack() as stack:
        for process in started:
            stack.callback(process.kill)
        yield


def clock(*jobs: str, redis_url: str = NO_REDIS, **environment: str) -> Process:
    """`manage.py run_clock`, by default without any Redis."""
    only = ["--jobs", *jobs] if jobs else []
    return Process(sys.executable, "manage.py", "run_clock", *only, REDIS_URL=redis_url, **environment)


def worker(redis_url: str, **environment: str) -> Process:
    """A Celery worker with one pool process."""
    command = ["worker", "--concurrency", "1", "--loglevel", "info"]
    return Process(*_celery(), *command, REDIS_URL=redis_url, **environment)


def beat(redis_url: str, schedule: Path, **environment: str) -> Process:
    """A beat that wakes the sweep every second (tests.faults.quick) instead of every half minute."""
    command = ["beat", "--loglevel", "info", "--pidfile=", "--schedule", str(schedule)]
    return Process(*_celery("tests.faults.quick"), *command, REDIS_URL=redis_url, **environment)


def web(port: int, **environment: str) -> Process:
    """gunicorn as `make run` starts it, but for the static files (tests.faults.wsgi)."""
    command = [
        "-m", "gunicorn", "tests.faults.wsgi:application", "--bind", f"127.0.0.1:{port}", "--worker-class",
        "gthread", "--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "5",
        "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    return Process(sys.executable, *command, **environment)


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    return redis.free_port()


@dataclass(frozen=True)
class Answer:
    """What a web process answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Asked:
    """A web process on a port, asked in English over a connection of its own each time."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, **headers: str) -> Answer:
        """GET. Raises OSError when nobody answers."""
        return self._ask("GET", path, None, headers)

    def form(self, path: str, fields: Mapping[str, str], *, session: str) -> Answer:
        """POST of a form by a browser that is logged in. Raises OSError or HTTPException without an answer."""
        token = "x" * 32
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "X-CSRFToken": token,
        }
        return self._ask("POST", path, urlencode(fields), headers)

    def status(self, path: str) -> int:
        """The status of a GET; 0 when nobody answers."""
        try:
            return self.get(path).status
        except (OSError, http.client.HTTPException):
            return 0

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.request(method, path, body, {"Accept-Language": "en", **headers})
            answer = line.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())


def manage(*arguments: str, **environment: str) -> str:
    """A management command, to its end; what it said. Raises AssertionError when it fails."""
    done = finished("manage.py", *arguments, **environment)
    assert done.returncode == 0, done.stdout
    return done.stdout


def finished(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python with these arguments, to its end."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )


def skewed(seconds: int) -> dict[str, str]:
    """The environment of a Python process whose wall clock is wrong by so much.

    Not by libfaketime: under it `time.sleep` of Python 3.11 fails when the clock is set back.
    """
    return {"PYTHONPATH": f"{SKEW}:{ROOT}", "SKEW_SECONDS": str(seconds)}


def _celery(app: str = "servicecenter") -> list[str]:
    root = "ignore:You're running the worker with superuser privileges"
    return [sys.executable, "-W", root, "-m", "celery", "--app", app, "--quiet"]

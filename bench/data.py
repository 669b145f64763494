"""The benchmark databases: one template per size, made once and kept; every run works in a clone of it.

A template's name holds the size and the week: its open tickets lie around the day on which it was made. Beside it,
in the database's comment, stands a hash of every file it was made by. Where only migrations have been added since, it
is migrated; where a file has changed, it is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from bench import generate
from servicecenter.local import postgres

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
WORK = "sc_bench_work"
SOURCES = (
    "*/migrations/**/*.py",
    "*/seeds/**/*",
    "bench/sql/*.sql",
    "bench/generate.py",
    "organization/demo/*.py",
)


def sources() -> dict[str, str]:
    """Everything that makes the data: path and hash of each file."""
    return {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))
        if path.is_file() and "__pycache__" not in path.parts
    }


def week() -> str:
    """The week around which open tickets lie."""
    year, number, _day = datetime.now(UTC).isocalendar()
    return f"{year}w{number:02}"


def clone(size: str) -> None:
    """Point Django at a fresh copy of the size's data; the template is made first where it is missing."""
    name = template(size)
    durable()
    drop_clone(patience=600)
    with closing(_admin()) as admin, admin.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{WORK}" TEMPLATE "{name}" STRATEGY file_copy')
    use(WORK)


def drop_clone(*, patience: int = 60) -> None:
    """Give the space of the copy back. A vacuum worker may not be ended by us, but leaves by itself, within seconds or
    minutes: so long it is asked again, `patience` seconds.
    """
    connections.close_all()
    with closing(_admin()) as admin, admin.cursor() as cursor:
        for _try in range(patience):
            try:
                cursor.execute(f'DROP DATABASE IF EXISTS "{WORK}" WITH (FORCE)')
                return
            except psycopg2.errors.InsufficientPrivilege:
                time.sleep(1)
    print(f"{WORK} is still in use; the next run drops it.", flush=True)


def template(size: str) -> str:
    """The name of the size's template database, made or migrated where that is due. Says so: it takes minutes."""
    name = f"sc_bench_{size}_{week()}"
    with closing(_admin()) as admin, admin.cursor() as cursor:
        _drop_leftovers(cursor)
        now = sources()
        made = _made_by(cursor, name)
        if made == now:
            return name
        if made is not None and _only_added(made, now):
            print(f"migrating the data of {size} …", flush=True)
            use(name)
            _unhurried(lambda: call_command("migrate", verbosity=0))
        else:
            began = time.monotonic()
            print(f"making the data of {size} …", flush=True)
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            building = f"sc_bench_build_{os.getpid()}"
            cursor.execute(f"CREATE DATABASE \"{building}\" TEMPLATE template0 ENCODING 'UTF8'")
            use(building)
            call_command("migrate", verbosity=0)
            with _throwaway() if _is_own() else nullcontext():
                _unhurried(lambda: generate.fill(SIZES[size], bulk=_is_own()), superuser=_is_own())
            connections.close_all()
            cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
            cursor.execute("SELECT pg_size_pretty(pg_database_size(%s))", [name])
            print(f"  {time.monotonic() - began:.0f} s, {cursor.fetchone()[0]}", flush=True)
        connections.close_all()
        cursor.execute(f'COMMENT ON DATABASE "{name}" IS %s', [json.dumps(now)])
    return name


def _made_by(cursor: Any, name: str) -> dict[str, str] | None:
    """What `sources()` said when the database was made or last migrated; None where there is none."""
    cursor.execute(
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '{}') FROM pg_database WHERE datname = %s",
        [name],
    )
    found = cursor.fetchone()
    return json.loads(found[0]) if found else None


def _only_added(made: dict[str, str], now: dict[str, str]) -> bool:
    """Whether no file has changed or gone, and those that came are migrations and what they load."""
    came = now.keys() - made.keys()
    return (
        bool(made)
        and made.items() <= now.items()
        and all("/migrations/" in path or "/seeds/" in path for path in came)
    )


def _is_own() -> bool:
    """Whether the server is the embedded one of the benchmarks, of which we may be superuser."""
    return os.environ.get("DATABASE_URL", "") == postgres.url("bench")


@contextmanager
def _throwaway() -> Iterator[None]:
    """The embedded server writes without waiting for the disk: what is lost then is only made anew."""
    settings_of_server = {
        "fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "'16GB'",
        "checkpoint_timeout": "'1h'",
    }  # fmt: skip
    with closing(_as_superuser()) as server, server.cursor() as cursor:
        for name, value in settings_of_server.items():
            cursor.execute(f"ALTER SYSTEM SET {name} = {value}")
        cursor.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        durable()


def durable() -> None:
    """Have the embedded server wait for the disk, also when a run was killed while it did not."""
    if not _is_own():
        return
    with closing(_as_superuser()) as server, server.cursor() as cursor:
        cursor.execute("ALTER SYSTEM RESET ALL")
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("CHECKPOINT")
    os.sync()


def _as_superuser() -> Any:
    opened = psycopg2.connect(postgres.url("bench", role=postgres.SUPERUSER, database="postgres"))
    opened.autocommit = True
    return opened


def _unhurried(work: Callable[[], object], *, superuser: bool = False) -> None:
    """Without a limit to a statement's time; then all tables vacuumed. The superuser can leave triggers out."""
    place = connections["default"].settings_dict
    role = place["USER"]
    connections.close_all()
    if superuser:
        place["USER"] = postgres.SUPERUSER
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        work()
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM (ANALYZE)")
    finally:
        connections.close_all()
        place["USER"] = role


def use(name: str) -> None:
    """Point Django, and the processes it will start, at the database of that name."""
    connections.close_all()
    for place in (settings.DATABASES["default"], connections["default"].settings_dict):
        place["NAME"] = name


def url(name: str) -> str:
    """DATABASE_URL of a database beside the one named by the environment."""
    base = os.environ["DATABASE_URL"]
    head, _slash, tail = base.partition("?")
    return f"{head.rpartition('/')[0]}/{name}?{tail}"


def _admin() -> Any:
    opened = psycopg2.connect(url("postgres"))
    opened.autocommit = True
    with opened.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        # a copy that a run ended meanwhile is still being made: waiting for it is right
        cursor.execute("SET lock_timeout = 0")
    return opened


def _drop_leftovers(cursor: Any) -> None:
    """Templates of other weeks, and what killed runs left."""
    cursor.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^sc_bench_' AND datname <> %s", [WORK])
    for (name,) in cursor.fetchall():
        building = name.startswith("sc_bench_build_")
        gone = (
            not Path(f"/proc/{name.rpartition('_')[2]}").exists() if building else not name.endswith(week())
        )
        if gone:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

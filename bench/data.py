"""The benchmark databases: one template per size, made once and kept; every run works in a clone of it.

A template's name holds a hash over migrations, seeds and generator, and the week: its open tickets lie around the
day on which it was made. Templates of another hash are dropped.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import closing
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


def key() -> str:
    """The hash over everything that makes the data, with the week."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    year, week, _day = datetime.now(UTC).isocalendar()
    return f"{digest.hexdigest()[:10]}_{year}w{week:02}"


def clone(size: str) -> None:
    """Point Django at a fresh copy of the size's data; the template is made first where it is missing."""
    name = template(size)
    with closing(_admin()) as admin, admin.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{WORK}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{WORK}" TEMPLATE "{name}" STRATEGY file_copy')
    use(WORK)


def drop_clone() -> None:
    """Give the space of the copy back."""
    connections.close_all()
    with closing(_admin()) as admin, admin.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{WORK}" WITH (FORCE)')


def template(size: str) -> str:
    """The name of the size's template database, made where it is missing. Says what it does: it takes minutes."""
    name = f"sc_bench_{size}_{key()}"
    with closing(_admin()) as admin, admin.cursor() as cursor:
        _drop_others(cursor)
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return name
        began = time.monotonic()
        print(f"making the data of {size} …", flush=True)
        building = f"sc_bench_build_{os.getpid()}"
        cursor.execute(f"CREATE DATABASE \"{building}\" TEMPLATE template0 ENCODING 'UTF8'")
        use(building)
        call_command("migrate", verbosity=0)
        _fill(SIZES[size])
        connections.close_all()
        cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
        cursor.execute("SELECT pg_size_pretty(pg_database_size(%s))", [name])
        print(f"  {time.monotonic() - began:.0f} s, {cursor.fetchone()[0]}", flush=True)
    return name


def _fill(size: int) -> None:
    """As the superuser of the embedded server, who may leave triggers out; elsewhere as whoever we are."""
    own = os.environ.get("DATABASE_URL", "") == postgres.url("bench")
    place = connections["default"].settings_dict
    role = place["USER"]
    if own:
        connections.close_all()
        place["USER"] = postgres.SUPERUSER
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        generate.fill(size, bulk=own)
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
    return opened


def _drop_others(cursor: Any) -> None:
    """Templates of another state of the code, and what killed runs left."""
    cursor.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^sc_bench_' AND datname <> %s", [WORK])
    for (name,) in cursor.fetchall():
        building = name.startswith("sc_bench_build_")
        gone = not Path(f"/proc/{name.rpartition('_')[2]}").exists() if building else not name.endswith(key())
        if gone:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

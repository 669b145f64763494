"""Fixtures of all tests: one template database per state of the migrations, a clone per worker.

A test that commits (races, browser, Celery) never flushes: its database is dropped and cloned again, so that the
append-only triggers stay on and the seeded policies stay in.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import hypothesis
import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from tests.faults.counts import FULL

ROOT = Path(__file__).resolve().parent.parent
KEPT_TEMPLATES = 6

pytest_plugins = ["tests.workers", "tests.browser", "tests.matrix.world"]

# The processes that tests start import what was compiled once, also where the environment forbids to keep it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.PASSWORD_HASHERS = ["tests.hashers.OneRoundArgon2"]

# No property is judged by the clock: how long an example takes says how busy the machine is. In the short form its
# examples are the same in every run, so that none is red by chance; the full one looks for new ones.
hypothesis.settings.register_profile(
    "untimed",
    hypothesis.settings(),
    deadline=None,
    derandomize=not FULL,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    # A red run is repeated by what it prints.
    print_blob=True,
)
hypothesis.settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Compile changed translations once, before the workers start: a clean clone has none compiled."""
    if not hasattr(config, "workerinput"):
        from django.utils.translation import trans_real

        from servicecenter.local.prepare import compile_messages

        compile_messages()
        # Django may have read the catalogues while it was set up: forget them, so that the new ones count.
        trans_real._translations = {}
        trans_real._default = None


def schema_key() -> str:
    """A hash over everything that makes the migrated database: migrations and the seeds they load."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("*/migrations/**/*.py"), *ROOT.glob("*/seeds/**/*")]):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _maintenance() -> Any:
    """An autocommit connection to the maintenance database of the same server."""
    params = connections["default"].get_connection_params() | {"dbname": "postgres"}
    params.pop("cursor_factory", None)
    params.pop("context", None)
    connection = psycopg2.connect(**params)
    connection.autocommit = True
    return connection


def _template() -> str:
    """The migrated template of this schema, built once per machine behind a lock."""
    name = f"sc_tpl_{schema_key()}"
    with closing(_maintenance()) as admin, admin.cursor() as cursor:
        # Another run may be building this very template: waiting for it must not time out.
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(7241100)")
        _drop_orphans(cursor)
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return name
        building = f"sc_build_{os.getpid()}"
        _drop(cursor, building)
        cursor.execute(f"CREATE DATABASE \"{building}\" TEMPLATE template0 ENCODING 'UTF8'")
        _use(building)
        from django.core.management import call_command

        from tests.migrating import growing

        with growing():
            call_command("migrate", verbosity=0)
        connections.close_all()
        cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'sc\\_tpl\\_%' ORDER BY oid DESC")
        for (old,) in cursor.fetchall()[KEPT_TEMPLATES:]:
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
    return name


def _drop_orphans(cursor: Any) -> None:
    """Clones and half-built templates of runs that were killed."""
    cursor.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^sc_(t|build)_[0-9]+'")
    for (name,) in cursor.fetchall():
        pid = int(name.split("_")[2])
        if not Path(f"/proc/{pid}").exists():
            _drop(cursor, name)


def _use(name: str) -> None:
    """Point Django at a database of that name."""
    connections.close_all()
    for place in (settings.DATABASES["default"], connections["default"].settings_dict):
        place["NAME"] = name
        place["CONN_MAX_AGE"] = 0
    # Child processes of tests (workers, clock, crash harness) read the environment.
    base = os.environ.setdefault("TEST_BASE_DATABASE_URL", os.environ.get("DATABASE_URL", ""))
    if base:
        os.environ["DATABASE_URL"] = base.replace("/servicecenter?", f"/{name}?", 1)


def _drop(cursor: Any, name: str) -> None:
    """Drop a database with whoever is in it. A vacuum worker may not be ended by us, but leaves by itself."""
    for _try in range(40):
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except psycopg2.errors.InsufficientPrivilege:
            time.sleep(0.25)
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _clone(template: str, name: str) -> None:
    with closing(_maintenance()) as admin, admin.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Clone the template for this worker; drop the clone at the end."""
    name = f"sc_t_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        template = _template()
        _clone(template, name)
        _use(name)

    def teardown(self: TransactionTestCase, *args: Any) -> None:
        connections.close_all()
        _clone(template, name)

    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign,assignment]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        connections.close_all()
        with closing(_maintenance()) as admin, admin.cursor() as cursor:
            _drop(cursor, name)


@pytest.fixture(scope="session")
def _folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new name for every test, below one folder of the run: most tests write no file, and make no folder."""
    root = tmp_path_factory.mktemp("files")
    return (root / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_files(_folders: Iterator[Path], settings: Any) -> None:
    """Uploads and mails of a test stay in its own folder."""
    settings.MEDIA_ROOT = next(_folders)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def _default_language() -> None:
    """Every test begins in the default language."""
    from django.utils import translation

    translation.activate("zh-hans")

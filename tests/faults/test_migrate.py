"""Fault 27: a migration is interrupted and run again; code of yesterday works on tables of tomorrow."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, CreateModel
from django.test import Client

from deadlines import services as deadlines
from tests.conftest import _drop, _maintenance
from tests.faults import doors, processes, tickets
from tests.faults.counts import FULL, times
from tests.faults.sound import assert_sound
from tests.faults.tickets import Crew

# An app with tables, guards, seeds and others below it; in full counts everything is migrated.
SOME = "deadlines"
_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
WHERE table_schema = 'public' AND table_name LIKE %s ORDER BY 1, 2
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text LIKE %s ORDER BY 1, 2
"""
_INDEXES = """
SELECT tablename, indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename LIKE %s ORDER BY 1, 2
"""
_TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE %s ORDER BY 1, 2
"""


@contextmanager
def empty_database() -> Iterator[str]:
    """The address of a database without anything in it."""
    name = f"sc_t_{os.getpid()}_fresh"
    with closing(_maintenance()) as admin, admin.cursor() as cursor:
        _drop(cursor, name)
        cursor.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield os.environ["DATABASE_URL"].replace(f"/{connection.settings_dict['NAME']}?", f"/{name}?")
    finally:
        with closing(_maintenance()) as admin, admin.cursor() as cursor:
            _drop(cursor, name)


def applied(url: str) -> int:
    """How many migrations are noted as done."""
    with closing(psycopg2.connect(url)) as there, there.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT count(*) FROM django_migrations")
        return int(cursor.fetchone()[0])


def shape(cursor: Any, tables: str) -> list[Any]:
    """Columns, constraints, indexes and triggers of the tables whose names are so."""
    found: list[Any] = []
    for statement in (_COLUMNS, _CONSTRAINTS, _INDEXES, _TRIGGERS):
        cursor.execute(statement, [tables])
        found += cursor.fetchall()
    return found


def killed_in(url: str, arguments: list[str], more: int) -> bool:
    """`migrate`, killed a moment after so many more migrations are done; whether it was still at work."""
    enough = applied(url) + more
    process = subprocess.Popen(
        [sys.executable, "manage.py", "migrate", *arguments, "--verbosity", "0"],
        cwd=processes.ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None and applied(url) < enough:
        time.sleep(0.02)
    time.sleep(random.uniform(0, 0.5))
    at_work = process.poll() is None
    if at_work:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return at_work


def test_a_migration_that_is_killed_anywhere_is_run_again_and_gives_the_same_tables(committed: None) -> None:
    """Fault 27: each is one transaction with the note that it is done."""
    arguments = [] if FULL else [SOME]
    with empty_database() as url:
        kills = [killed_in(url, arguments, random.randint(1, 3)) for _n in range(times(1, 12))]
        assert kills[0], "the first was over before it could be killed"
        processes.manage("migrate", *arguments, "--verbosity", "0", DATABASE_URL=url)
        again = processes.manage("migrate", *arguments, DATABASE_URL=url)
        assert "No migrations to apply" in again
        tables = "%" if FULL else f"{SOME}%"
        with closing(psycopg2.connect(url)) as there, there.cursor() as theirs, connection.cursor() as ours:
            made, wanted = shape(theirs, tables), shape(ours, tables)
            assert len(made) > 30
            # a higher app may have put a guard of its own on the tables of a lower one
            assert (made == wanted) if FULL else (set(made) <= set(wanted))
            theirs.execute("SELECT count(*) FROM organization_role")
            # roles are seeded once, however often it was begun
            assert theirs.fetchone()[0] > 5
            theirs.execute("SELECT count(DISTINCT code) = count(*) FROM organization_role")
            assert theirs.fetchone() == (True,)


def test_yesterdays_code_works_on_tables_that_tomorrows_migration_has_widened(crew: Crew) -> None:
    """Fault 27: a new version adds columns with a default and tables; what still runs of the old one goes on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" ADD COLUMN of_tomorrow integer NOT NULL DEFAULT 7')
        cursor.execute("CREATE TABLE tomorrows_table (id bigint PRIMARY KEY)")
    intake = tickets.matter()
    tickets.register(intake, crew.agent)
    tickets.register(intake, crew.other)
    (first, _second) = tickets.assert_registered(intake, 2, crew)
    deadlines.sweep()
    client = doors.client_of(crew.agent)
    assert client.get(f"/complaints/{first.number}/").status_code == 200
    assert client.get("/complaints/").status_code == 200
    assert Client().get("/login/").status_code == 200
    assert_sound()


# Table and column → why what still runs of the version before is never without it.
NEEDS_NO_DEFAULT: dict[tuple[str, str], str] = {}


def added_later() -> set[tuple[str, str]]:
    """Table and column of each field that a migration gives to a table that an earlier one has made."""
    found, made = set(), {}
    loader = MigrationLoader(None)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app not in settings.LOCAL_APPS:
            continue
        for operation in migration.operations:
            if isinstance(operation, CreateModel):
                made[app, operation.name_lower] = name
            elif isinstance(operation, AddField) and made[app, operation.model_name_lower] != name:
                meta = apps.get_model(app, operation.model_name)._meta
                column = meta.get_field(operation.name).column
                if column:
                    found.add((meta.db_table, column))
    return found


def test_a_column_added_to_a_table_has_a_default_in_the_database(db: None) -> None:
    """Fault 27: yesterday's code leaves the column out of what it writes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'"
        )
        without = {(table, column) for table, column in cursor.fetchall()}
    added = added_later()
    assert ("customers_waybill", "freight_terms") in added
    assert added & without == set(NEEDS_NO_DEFAULT)

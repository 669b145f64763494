"""Data with the shape of life, made by SQL: complaints with history and clocks, customers, waybills.

`fill()` works in any migrated, empty database: the tests fill theirs with a thousand tickets, the benchmarks with
ten thousand to a million. The same size gives the same rows, but for the instants, which lie around `now`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from organization.demo import seed
from organization.models import Assignment, Department, Role, User
from servicecenter.clock import business_date, now_db

TABLES = "^(complaints|customers|deadlines|servicecenter)_"
FILES = sorted((Path(__file__).parent / "sql").glob("*.sql"))
LEAST_CUSTOMERS = 400
TICKETS_PER_CUSTOMER = 5
# Who looks at the pages: an agent, the administrator of all, a handler of three departments.
AGENT, SUPERVISOR, EVERYTHING, HANDLER = "0217", "0102", "0001", "3106"
HANDLER_ALSO_IN = ("branch_west", "operations")
SEQUENCES = {
    "number_complaint": "SELECT 10000 + count(*) FROM complaints_complaint",
    "number_service_incident": "SELECT 1000 + count(*) FROM complaints_serviceincident",
    "number_customer": "SELECT 200000 + count(*) FROM customers_customer",
    "number_document": "SELECT 10000 + count(*) FROM complaints_complaint",
}


def fill(size: int, *, bulk: bool = False) -> None:
    """The organization and `size` tickets with all that belongs to them, one transaction.

    `bulk` leaves out triggers and foreign keys and builds the indexes at the end; it needs the server's superuser.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        at = now_db()
        people(at)
        if bulk:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(
            "CREATE TEMP TABLE knobs ON COMMIT DROP AS"
            " SELECT %s::bigint AS size, %s::bigint AS customers, %s AS now_at",
            [size, max(LEAST_CUSTOMERS, size // TICKETS_PER_CUSTOMER), at],
        )
        if bulk:
            _renew_empty_tables(cursor)
        with _indexes_last(cursor) if bulk else _as_they_are():
            for path in FILES:
                cursor.execute(path.read_text())
        _set_sequences(cursor)
        _forget_helpers(cursor)


def people(at: datetime) -> None:
    """The demonstration's organization, and a handler who answers for three departments."""
    seed(at=at)
    handler = User.objects.get(work_number=HANDLER)
    role = Role.objects.get(code="handler")
    for code in HANDLER_ALSO_IN:
        Assignment.objects.get_or_create(
            employee_id=handler.employee_id,
            role=role,
            department=Department.objects.get(code=code),
            valid_from=business_date(at),
        )


def _renew_empty_tables(cursor: Any) -> None:
    """Truncate what is empty: into files begun by this transaction PostgreSQL writes no log (wal_level minimal).

    A table goes along only with all that refer to it, which are empty then as well.
    """
    cursor.execute(
        "SELECT c.oid::regclass::text, array_agg(DISTINCT r.conrelid::regclass::text) FROM pg_class c"
        " LEFT JOIN pg_constraint r ON r.confrelid = c.oid AND r.contype = 'f'"
        f" WHERE c.relkind = 'r' AND c.relname ~ '{TABLES}' GROUP BY 1"
    )
    referring = {table: {one for one in tables if one} for table, tables in cursor.fetchall()}
    empty = set()
    for table in referring:
        cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {table})")
        if cursor.fetchone()[0]:
            empty.add(table)
    while kept := {table for table in empty if not referring[table] <= empty}:
        empty -= kept
    cursor.execute(f"TRUNCATE {', '.join(sorted(empty))}")


@contextmanager
def _indexes_last(cursor: Any) -> Iterator[None]:
    """Without the indexes that no constraint needs meanwhile: building them once is many times faster."""
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public'"
        f" AND i.tablename ~ '{TABLES}' AND NOT EXISTS ("
        "   SELECT FROM pg_constraint c WHERE c.conindid = format('%I.%I', i.schemaname, i.indexname)::regclass)"
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
    for _name, definition in found:
        cursor.execute(definition)


@contextmanager
def _as_they_are() -> Iterator[None]:
    yield


def _set_sequences(cursor: Any) -> None:
    """Let every sequence go on behind the rows that were given their ids here."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        f" AND is_identity = 'YES' AND table_name ~ '{TABLES}'"
    )
    for table, column in cursor.fetchall():
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), greatest(max({column}), 1)) FROM {table}"
        )
    for sequence, figure in SEQUENCES.items():
        cursor.execute(f"SELECT setval('{sequence}', ({figure}))")


def _forget_helpers(cursor: Any) -> None:
    """Temporary tables and functions go, so that a second fill in one session begins anew."""
    cursor.execute(
        "SELECT format('DROP TABLE pg_temp.%I', relname) FROM pg_class"
        " WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r' AND relname <> 'knobs'"
    )
    for (command,) in cursor.fetchall():
        cursor.execute(command)
    cursor.execute(
        "SELECT format('DROP FUNCTION pg_temp.%I(%s)', proname, pg_get_function_identity_arguments(oid))"
        " FROM pg_proc WHERE pronamespace = pg_my_temp_schema()"
    )
    for (command,) in cursor.fetchall():
        cursor.execute(command)

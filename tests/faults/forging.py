"""Rows that nothing but one guard stands against: made from the catalogue, past everything else of their table."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from tests.faults.guards import catalogue

COLUMNS = """
SELECT a.attname, format_type(a.atttypid, NULL), a.attnotnull AND NOT a.atthasdef
FROM pg_attribute a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
"""
VALUES = {
    "boolean": "false",
    "timestamp with time zone": "'2026-11-18 02:07:00+00'",
    "date": "'2026-11-01'",
    "jsonb": "'{}'",
}
NUMBERS = ("integer", "bigint", "smallint", "numeric")


def alone(table: str, guard: str) -> None:
    """Take every other guard of the table away, for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for other in catalogue():
            if other.table == table and other.name != guard:
                cursor.execute(other.drop)


def forge(table: str, **columns: str) -> None:
    """Insert a row: `columns` as SQL, the others that need a value by their type. Raises what the database refuses."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [table])
        values = {name: _value(kind) for name, kind, needed in cursor.fetchall() if needed} | columns
        names = ", ".join(f'"{name}"' for name in values)
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(values.values())})")


def _value(kind: str) -> str:
    if kind in VALUES:
        return VALUES[kind]
    if kind in NUMBERS:
        return "1"
    return "'{}'" if kind.endswith("[]") else "'x'"


def refuse_twin(guard: str, table: str, columns: dict[str, str]) -> None:
    """A second row like the first is refused by that guard alone."""
    alone(table, guard)
    with transaction.atomic():
        forge(table, **columns)
        with pytest.raises(IntegrityError, match=guard), transaction.atomic():
            forge(table, **columns)
        transaction.set_rollback(True)


def refuse_row(guard: str, table: str, columns: dict[str, str]) -> None:
    """The row is refused by that guard alone."""
    alone(table, guard)
    with transaction.atomic():
        with pytest.raises(IntegrityError, match=guard), transaction.atomic():
            forge(table, **columns)
        transaction.set_rollback(True)


def refuse_emptying(guard: str, table: str) -> None:
    """The table is never emptied, not even where no row points at one of its own."""
    with connection.cursor() as cursor, transaction.atomic():
        for other in catalogue():
            if other.name.endswith("_no_truncate") and other.name != guard:
                cursor.execute(other.drop)
        with pytest.raises(IntegrityError, match=f"{table} is append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
        transaction.set_rollback(True)

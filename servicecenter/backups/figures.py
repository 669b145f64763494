"""Every table in two figures: how many rows, and one digest of all of them that does not depend on their order."""

from __future__ import annotations

from django.db import connection

from servicecenter.backups.manifest import Figures, Progress

# A row as text must be the same on every server, whatever its sessions are set to.
_PLAIN = """
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;
SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0
"""
_TABLES = """
SELECT c.relname, pg_total_relation_size(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
# The sum of the rows' own hashes: 64 bits each, so neither a changed nor a swapped cell goes unseen.
_FIGURES = """
SELECT count(*), coalesce(sum(('x' || left(md5(whole_row::text), 16))::bit(64)::bigint), 0)::text
FROM {table} AS whole_row
"""


def settle() -> None:
    """Set the open transaction up for reading rows as text, however long that takes."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN)


def tables() -> dict[str, int]:
    """The tables of the database with their size in bytes."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return dict(cursor.fetchall())


def figures(progress: Progress) -> dict[str, Figures]:
    """The figures of every table, as the open transaction sees them (`settle` first)."""
    sizes = tables()
    total, done = max(sum(sizes.values()), 1), 0
    found: dict[str, Figures] = {}
    for name, size in sizes.items():
        with connection.cursor() as cursor:
            cursor.execute(_FIGURES.format(table=connection.ops.quote_name(name)))
            rows, digest = cursor.fetchone()
        found[name] = Figures(rows, digest)
        done += size
        progress("counting rows", done / total)
    return found

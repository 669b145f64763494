"""The frame of a report's statements: several periods at once, each with the moment up to which it knows the records.

Every statement of a report begins with the CTE `period (n, first, last, since, until, as_of)`: n = 0 is the period of
the report, 1 the one before it, and so on. One statement answers for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from organization.models import Department
from reports.domain.period import Period
from servicecenter.clock import centre_zone

PERIODS = """period AS (
  SELECT * FROM unnest(%(n)s::int[], %(first)s::date[], %(last)s::date[], %(since)s::timestamptz[],
                       %(until)s::timestamptz[], %(as_of)s::timestamptz[])
    AS p (n, first, last, since, until, as_of))"""
# The department concerned: responsible by the finding, else complained of, else the one routed to (CMP-43).
CONCERNED = "coalesce(c.responsible_department_id, c.respondent_department_id, c.department_id)"


@dataclass(frozen=True)
class Frame:
    """The periods of a report, n = 0 first, and its scope (None: the whole company)."""

    periods: tuple[tuple[int, Period, datetime], ...]
    department: Department | None = None

    def values(self, only: Sequence[int] | None = None) -> dict[str, Any]:
        """The parameters of a statement; `only` names the n's wanted."""
        zone = centre_zone()
        rows = [row for row in self.periods if only is None or row[0] in only]
        return {
            "n": [n for n, _period, _as_of in rows],
            "first": [period.start for _n, period, _as_of in rows],
            "last": [period.end for _n, period, _as_of in rows],
            "since": [period.since(zone) for _n, period, _as_of in rows],
            "until": [period.until(zone) for _n, period, _as_of in rows],
            "as_of": [as_of for _n, _period, as_of in rows],
            "path": f"{self.department.path}%" if self.department else "%",
        }

    def scope(self, column: str) -> str:
        """SQL that keeps what concerns the department of `column` and below; nothing for the whole company."""
        if self.department is None:
            return ""
        return f"AND EXISTS (SELECT FROM organization_department s WHERE s.id = {column} AND s.path LIKE %(path)s)"

    def ask(self, sql: str, *, only: Sequence[int] | None = None, **more: Any) -> list[tuple[Any, ...]]:
        """The rows of one statement; `{periods}` stands for the CTE of the periods."""
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("{periods}", PERIODS), {**self.values(only), **more})
            return list(cursor.fetchall())


@contextmanager
def one_moment() -> Iterator[None]:
    """All statements of a report in one snapshot of the database that cannot write; inside a transaction, as it is."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SET LOCAL statement_timeout = '300s'")
                cursor.execute("SET LOCAL work_mem = '128MB'")
        yield

"""Sanctions and lost merit of a period (RPT-02, SAN-11, SAN-13)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.queries.frame import Frame

# Confirmed as the report knows it: what was withdrawn later was still in force.
CONFIRMED = """FROM period p JOIN conduct_sanction x ON x.month BETWEEN date_trunc('month', p.first) AND p.last
  AND x.confirmed_at <= p.as_of AND (x.withdrawn_at IS NULL OR x.withdrawn_at > p.as_of)
LEFT JOIN organization_employee e ON e.id = x.target_employee_id"""
LOST = """FROM period p JOIN conduct_meritdisqualification x ON x.month BETWEEN date_trunc('month', p.first) AND p.last
  AND x.created_at <= p.as_of AND (x.withdrawn_at IS NULL OR x.withdrawn_at > p.as_of)
LEFT JOIN organization_employee e ON e.id = x.target_employee_id"""
WHOSE = "coalesce(x.target_department_id, e.department_id)"


@dataclass(frozen=True)
class Sanctions:
    """Confirmed sanctions of one period, the fines among them in yuan, and departments and people without merit."""

    count: int = 0
    fines: Decimal = Decimal(0)
    disqualified: int = 0


def sanctions(frame: Frame) -> dict[int, Sanctions]:
    """Sums of every period of the frame, by n."""
    sql = f"""WITH {{periods}},
s AS (SELECT p.n, count(*) AS count, coalesce(sum(x.amount), 0) AS fines
      {CONFIRMED} WHERE true {frame.scope(WHOSE)} GROUP BY p.n),
d AS (SELECT p.n, count(DISTINCT (x.target_department_id, x.target_employee_id)) AS count
      {LOST} WHERE true {frame.scope(WHOSE)} GROUP BY p.n)
SELECT p.n, coalesce(s.count, 0), coalesce(s.fines, 0), coalesce(d.count, 0)
FROM period p LEFT JOIN s USING (n) LEFT JOIN d USING (n)"""
    return {n: Sanctions(*sums) for n, *sums in frame.ask(sql)}


def sheet(frame: Frame) -> list[tuple[Any, ...]]:
    """SAN-13: per department and person what was imposed: (department id, work number, name, violation code, measure,
    how many, amount in yuan)."""
    sql = f"""WITH {{periods}}
SELECT {WHOSE}, coalesce(e.work_number, ''), coalesce(e.name, ''), v.code, x.measure, count(*), sum(x.amount)
{CONFIRMED} JOIN conduct_violation v ON v.id = x.violation_id
WHERE true {frame.scope(WHOSE)}
GROUP BY 1, 2, 3, 4, 5, v.ordinal ORDER BY 1, 2, v.ordinal, 5"""
    return frame.ask(sql, only=(0,))


def lost_merit(frame: Frame) -> list[tuple[Any, ...]]:
    """SAN-11: who lost the merit of the period: (department id, work number, name, month, sources)."""
    sql = f"""WITH {{periods}}
SELECT {WHOSE}, coalesce(e.work_number, ''), coalesce(e.name, ''), x.month,
       string_agg(x.source_number, ', ' ORDER BY x.source_number)
{LOST} WHERE true {frame.scope(WHOSE)} GROUP BY 1, 2, 3, 4 ORDER BY 4, 1, 2"""
    return frame.ask(sql, only=(0,))

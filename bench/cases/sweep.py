"""The sweep (D4): ten and a hundred thousand due clocks with all effects, and the look when nothing is due.

Every turn is rolled back, so that the next one finds the same clocks due.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from bench.floors import fetch
from bench.ground import Ground
from bench.harness import Case, Target
from deadlines.services import sweep
from servicecenter.clock import now_db

TEN, HUNDRED = 10_000, 100_000
TARGET = Target(speed=0.8)
# Past their due time, warned already: one step each, which tells the owner and the supervisor on duty.
DUE = """
WITH made AS (
  INSERT INTO deadlines_clock
    (kind, subject_kind, subject_id, number, part, round, department_id, owner_id, owner_right, supervisor_right,
     basis, limit_seconds, warn_percent, manager_after_seconds, enterprise_after_seconds, state, generation,
     started_at, warn_at, due_at, next_at, paused_seconds)
  SELECT 'outside', 'complaints.complaint', c.id, c.number, 'b' || n, 1, (
           SELECT id FROM organization_department WHERE code = 'service_centre'),
         c.owner_id, '', 'complaints.supervise_complaint', 'elapsed', 14400, 75, 86400, 172800, 'running', 1,
         %(due)s - interval '4 hours', %(due)s - interval '1 hour', %(due)s, %(due)s, 0
  FROM generate_series(%(first)s::int, %(last)s::int) AS n
  JOIN complaints_complaint c ON c.id = 1 + n %% (SELECT count(*) FROM complaints_complaint)
  RETURNING id, due_at)
INSERT INTO deadlines_step (clock_id, generation, ordinal, kind, due_at, fired_at)
SELECT m.id, 1, s.n, s.kind, m.due_at + s.after, CASE WHEN s.n = 1 THEN m.due_at + s.after END
FROM made m CROSS JOIN (VALUES (1, 'warning', interval '-1 hour'), (2, 'breach', interval '0'),
  (3, 'ladder_manager', interval '24 hours'), (4, 'ladder_enterprise', interval '48 hours')) AS s (n, kind, after)
"""


def cases(ground: Ground) -> Iterator[Case]:
    """Ten thousand due at either size, a hundred thousand at the larger ones."""
    sweep()  # what fell due since the data were made
    now = now_db()
    earlier, later = now - timedelta(hours=2), now - timedelta(hours=1)
    _make(0, TEN, earlier)
    yield _case("sweep.10k", f"sweep of {TEN:,} due, all effects", now - timedelta(minutes=90), TEN, 7)
    if ground.size != "10k":
        _make(TEN, HUNDRED, later)
        yield _case("sweep.100k", f"sweep of {HUNDRED:,} due, all effects", now, HUNDRED, 3)
    yield Case(
        "sweep.idle",
        "sweep when nothing is due",
        lambda: sweep(at=now - timedelta(days=1000)),
        target=Target(milliseconds=5),
    )


def _make(first: int, last: int, due: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"first": first, "last": last - 1, "due": due})
        cursor.execute("ANALYZE deadlines_clock")
        cursor.execute("ANALYZE deadlines_step")


def _case(name: str, work: str, at: datetime, clocks: int, rounds: int) -> Case:
    values = {"at": at, "supervisor": _on_duty(at)}

    def run() -> None:
        with transaction.atomic():
            done = sweep(at=at)
            assert done.clocks >= clocks, done
            transaction.set_rollback(True)

    def floor() -> None:
        with transaction.atomic():
            [(fired, told)] = fetch("sweep", values)
            assert fired >= clocks and told >= 2 * fired, (fired, told)
            transaction.set_rollback(True)

    def tidy() -> tuple[()]:
        # What was rolled back lies about as dead rows: away with them, for both alike.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM deadlines_clock, deadlines_step")
        return ()

    return Case(name, work, run, floor, TARGET, prepare=tidy, calls=1, rounds=rounds, rows=False)


def _on_duty(at: datetime) -> Any:
    """Whom a breach is told beside the owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.id FROM organization_duty d JOIN organization_user u ON u.employee_id = d.employee_id"
            " WHERE d.kind = 'supervisor' AND d.starts_at <= %s AND d.ends_at > %s LIMIT 1",
            [at, at],
        )
        return cursor.fetchone()[0]

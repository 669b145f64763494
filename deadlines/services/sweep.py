"""The sweep: do what is due, in batches, by the database's clock (CMP-37, D4)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from deadlines.services.firing import Batch, fire_batch

log = logging.getLogger(__name__)
BATCH = 500
BEGINNING: tuple[str, int] = ("-infinity", 0)
HEARTBEAT = "sweep"


@dataclass(frozen=True)
class SweepResult:
    """What a sweep did. `failed`: clocks whose consequences raised; they stay due and are tried by every sweep."""

    clocks: int = 0
    steps: int = 0
    batches: int = 0
    failed: int = 0


def sweep(*, limit: int = BATCH, max_batches: int | None = None, at: datetime | None = None) -> SweepResult:
    """Do every due step: `limit` clocks a batch, each batch its own transaction, until nothing is due.

    Any number may run at once; none does a step twice, none waits for another. `at` is for tests and demo; the
    database's clock counts otherwise. A clock whose consequence fails (a defect in a subject's app) is passed
    over and logged, so that it holds up no other.
    """
    clocks = steps = batches = failed = 0
    after: tuple[datetime | str, int] = BEGINNING
    single = 0  # so many clocks are still taken one by one, after a batch that failed
    while max_batches is None or batches < max_batches:
        try:
            with transaction.atomic():
                batch = fire_batch(limit=1 if single else limit, after=after, at=at)
        except (OperationalError, InterfaceError):
            raise  # the database is away or stopped us: the next sweep begins anew
        except Exception:
            if not single:
                single = limit
                continue
            failed += 1
            batch = _passed_over(after, at)
        single = max(single - 1, 0)
        if batch.last is None:
            break
        clocks, steps, batches, after = clocks + batch.clocks, steps + batch.steps, batches + 1, batch.last
    _note_life(failed)
    return SweepResult(clocks, steps, batches, failed)


def sweep_once() -> SweepResult:
    """One whole sweep; the clock loop's job."""
    return sweep()


def _passed_over(after: tuple[datetime | str, int], at: datetime | None) -> Batch:
    """Step behind the clock that has just failed by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT next_at, id FROM deadlines_clock WHERE next_at <= coalesce(%s, clock_timestamp())"
            " AND (next_at, id) > (%s, %s) ORDER BY next_at, id LIMIT 1",
            [at, *after],
        )
        row = cursor.fetchone()
    if row is None:
        return Batch(0, 0, None)
    log.exception("the consequences of clock %s failed; it stays due", row[1])
    return Batch(0, 0, (row[0], row[1]))


def _note_life(failed: int) -> None:
    """Say that deadlines are being looked after, and since when (health, doctor)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO servicecenter_heartbeat (name, at, detail)"
            " VALUES (%s, clock_timestamp(), jsonb_build_object('failed', %s::int))"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at, detail = excluded.detail",
            [HEARTBEAT, failed],
        )

"""The sweep: do what is due, in batches, by the database's clock (CMP-37, D4)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from deadlines.services.firing import fire_batch
from servicecenter import heartbeat

log = logging.getLogger(__name__)
BATCH = 2000
# After a batch that failed the next ones are so many times smaller, until the clock is found that fails.
SMALLER = 10
# Batches of one turn of the loop: seconds of work, so that a backlog never looks like a loop that hangs.
TURN = 15
# Where a batch begins: behind this `next_at` and id.
Place = tuple[datetime | str, int]
BEGINNING: Place = ("-infinity", 0)
HEARTBEAT = "sweep"


@dataclass(frozen=True)
class SweepResult:
    """What a sweep did. `failed`: clocks whose consequences raised; they stay due and are tried by every sweep.
    `more`: it stopped at its number of batches, with clocks still due."""

    clocks: int = 0
    steps: int = 0
    batches: int = 0
    failed: int = 0
    more: bool = False


def sweep(*, limit: int = BATCH, max_batches: int | None = None, at: datetime | None = None) -> SweepResult:
    """Do every due step: `limit` clocks a batch, each batch its own transaction, until nothing is due.

    Any number may run at once; none does a step twice, none waits for another. `at` is for tests and demo; the
    database's clock counts otherwise. A clock whose consequence fails (a defect in a subject's app) is passed
    over and logged, so that it holds up no other.
    """
    clocks = steps = batches = failed = 0
    after: Place | None = BEGINNING if _anything_due(at) else None
    size = limit
    while after is not None and (max_batches is None or batches < max_batches):
        try:
            with transaction.atomic():
                batch = fire_batch(limit=size, after=after, at=at)
        except (OperationalError, InterfaceError):
            raise  # the database is away or stopped us: the next sweep begins anew
        except Exception:
            if size > 1:
                size = max(size // SMALLER, 1)
                continue
            failed += 1
            after, size = _behind_failed(after, at), limit
        else:
            clocks, steps, batches = clocks + batch.clocks, steps + batch.steps, batches + 1
            # Fewer than asked for: what else is due is in another sweeper's hands, or falls due only now.
            after = batch.last if batch.clocks == size else None
    heartbeat.beat(HEARTBEAT, clocks=clocks, failed=failed)
    return SweepResult(clocks, steps, batches, failed, more=after is not None)


def sweep_once() -> SweepResult:
    """A sweep of bounded length; the clock loop's job, which calls again at once while there is more."""
    return sweep(max_batches=TURN)


# One look at the head of the partial index. (An EXISTS over `next_at <= …` reads the whole table when nothing is due.)
QUESTION = """
SELECT next_at <= coalesce(%(at)s::timestamptz, clock_timestamp()) FROM deadlines_clock
WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1
"""


def _anything_due(at: datetime | None) -> bool:
    """The cheap question that an idle sweep is."""
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, {"at": at})
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def _behind_failed(after: Place, at: datetime | None) -> Place | None:
    """The place behind the clock that has just failed by itself; None when it is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT next_at, id FROM deadlines_clock"
            " WHERE next_at <= (SELECT coalesce(%s::timestamptz, clock_timestamp())) AND (next_at, id) > (%s, %s)"
            " ORDER BY next_at, id LIMIT 1",
            [at, *after],
        )
        row: Place | None = cursor.fetchone()
    if row is not None:
        log.exception("the consequences of clock %s failed; it stays due", row[1])
    return row

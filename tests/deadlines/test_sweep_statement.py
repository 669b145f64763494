"""The statement of the sweep under concurrency: exactly once, of the present generation alone (I2, faults 1, 11, 12).

The hardest moment is made to happen, not hoped for: the statement takes its snapshot, waits, and locks its clocks only
after another session has changed and committed them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from deadlines import services
from deadlines.invariants import twice, undone, untold
from deadlines.models import Clock, Step
from deadlines.services import firing
from servicecenter.clock import now_db
from servicecenter.models import Notice, OutboxMessage, TrailEntry
from tests import people
from tests.faults.clocks import wait_for
from tests.faults.races import somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
H = timedelta(hours=1)
GATE = 4_711_001


def in_threads(count: int, act: Callable[[], None]) -> None:
    """Run `act` in so many threads at once, each with its own connection; a failure fails the test."""
    problems: list[BaseException] = []
    start = threading.Barrier(count)

    def run() -> None:
        try:
            start.wait(30)
            act()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert problems == []


def test_two_thousand_clocks_and_four_sweepers_every_step_once(running):
    """Warning, breach, manager and enterprise of each; one notice of each to each, and nothing twice."""
    agent, supervisor, manager, enterprise = (
        people.user(role, email=True)
        for role in ("agent", "supervisor", "centre_manager", "enterprise_management")
    )
    centre = people.department("service_centre")
    services.start_many(
        [
            services.Start("resolution", "tests.subject", 9_000_000 + n, f"TS-{n}", centre, owner=agent)
            for n in range(2_000)
        ],
        at=now_db() - 72 * H,
    )
    done: list[int] = []

    def sweep_all() -> None:
        while result := services.sweep(limit=100).steps:
            done.append(result)

    in_threads(4, sweep_all)
    services.sweep()
    assert sum(done) <= 8_000
    assert Step.objects.filter(fired_at__isnull=False).count() == 8_000
    for step, people_told in {
        "warning": {agent},
        "breach": {agent, supervisor, manager},  # the centre manager may supervise too, and nobody is on duty
        "ladder_manager": {manager},
        "ladder_enterprise": {enterprise},
    }.items():
        code = f"clock.{step}"
        assert TrailEntry.objects.filter(code=code).count() == 2_000
        for user in people_told:
            assert Notice.objects.filter(code=code, user=user).count() == 2_000
            assert OutboxMessage.objects.filter(code=code, user=user).count() == 2_000
        assert Notice.objects.filter(code=code).count() == 2_000 * len(people_told)
    assert not Clock.objects.filter(next_at__isnull=False).exists()
    assert [*twice(), *untold(), *undone()] == []


@contextmanager
def a_sweep_that_has_seen_but_not_locked() -> Iterator[Callable[[], firing.Batch]]:
    """A sweep's statement in another session, stopped between its snapshot and its locks; call to let it go on."""
    gate = f"pg_advisory_xact_lock_shared({GATE})"
    marked = firing._DUE.replace("clock_timestamp()) AS t)", f"clock_timestamp()) AS t, {gate})")
    assert marked != firing._DUE
    found: list[firing.Batch] = []

    def run() -> None:
        try:
            with transaction.atomic():
                found.append(
                    firing._run(
                        marked, at=None, params={"limit": 500, "after_at": "-infinity", "after_id": 0}
                    )
                )
        finally:
            connections.close_all()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        thread = threading.Thread(target=run)
        thread.start()
        wait_for(lambda: somebody_waits(gate), 30, "the sweep never came to the gate")

        def let_go() -> firing.Batch:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])
            thread.join(60)
            return found[0]

        yield let_go
        if thread.is_alive():
            let_go()


def history(clock: Clock) -> list[str]:
    rows = TrailEntry.objects.filter(object_id=clock.subject_id).order_by("id")
    return list(rows.values_list("code", flat=True))


def test_a_generation_written_after_the_sweeps_snapshot_is_left_for_the_next_sweep(running):
    """Fault 11: shortened into the past meanwhile; the sweep must neither fire the old steps nor lose the new due."""
    clock = running("resolution", at=now_db() - 19 * H)
    with a_sweep_that_has_seen_but_not_locked() as let_go:
        clock = services.shorten(clock, by=None, reason="x", due_at=now_db() - H)
        assert history(clock) == ["clock.warning", "clock.shortened"]
        assert let_go() == firing.Batch(1, 0, (clock.next_at, clock.pk))
    clock.refresh_from_db()
    assert clock.next_at == clock.due_at
    assert services.sweep().steps == 1
    assert history(clock) == ["clock.warning", "clock.shortened", "clock.breach"]
    assert [*undone(), *twice(), *untold()] == []


def test_a_clock_moved_away_after_the_sweeps_snapshot_is_not_touched(running):
    """Fault 11: re-based meanwhile, nothing is due any more."""
    clock = running("statement", at=now_db() - 3.5 * H)
    with a_sweep_that_has_seen_but_not_locked() as let_go:
        clock = services.rebase(clock, due_at=now_db() + 20 * H, by=None)
        assert let_go().clocks == 0
    assert history(clock) == ["clock.warning", "clock.rebased"]
    assert Step.objects.filter(clock=clock, fired_at__isnull=False).count() == 1


def test_a_clock_paused_after_the_sweeps_snapshot_is_not_touched(running):
    clock = running("statement", at=now_db() - 3.5 * H)
    with a_sweep_that_has_seen_but_not_locked() as let_go:
        services.pause(clock)
        assert let_go().steps == 0
    assert history(clock) == ["clock.warning"]


def test_a_clock_met_after_the_sweeps_snapshot_is_not_touched(running):
    """Fault 12: the meeting came first; it did what was due itself."""
    clock = running("statement", at=now_db() - 5 * H)
    with a_sweep_that_has_seen_but_not_locked() as let_go:
        services.meet(clock, by=None)
        assert let_go().clocks == 0
    assert history(clock) == ["clock.warning", "clock.breach", "clock.met_late"]
    assert [*twice(), *untold()] == []


def test_a_step_that_another_sweep_did_after_the_snapshot_is_not_done_again(running):
    clock = running("statement", at=now_db() - 5 * H)
    with a_sweep_that_has_seen_but_not_locked() as let_go:
        assert services.sweep().steps == 2
        assert let_go().steps == 0
    assert history(clock) == ["clock.warning", "clock.breach"]


def test_a_clock_that_is_being_changed_is_passed_over_and_swept_afterwards(running):
    """Fault 12: the ticket is being closed while the sweep comes by."""
    closing, other = running("statement", at=now_db() - 5 * H), running("statement", at=now_db() - 5 * H)
    results: list[int] = []

    def sweep() -> None:
        try:
            results.append(services.sweep().clocks)
        finally:
            connections.close_all()

    with transaction.atomic():
        services.meet(closing, by=None)
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join(60)
    assert results == [1]
    assert history(other) == ["clock.warning", "clock.breach"]
    assert history(closing) == ["clock.warning", "clock.breach", "clock.met_late"]
    assert services.sweep().clocks == 0


def test_meeting_a_clock_that_is_being_swept_waits_and_is_late(running):
    """Fault 12, the other order: the sweep holds the clock, the meeting comes second."""
    clock = running("statement", at=now_db() - 5 * H)
    met: list[str] = []

    def meet() -> None:
        try:
            met.append(services.meet(clock, by=None).state)
        finally:
            connections.close_all()

    with transaction.atomic():
        assert firing.fire_batch(limit=500, after=("-infinity", 0)).steps == 2
        thread = threading.Thread(target=meet)
        thread.start()
        wait_for(lambda: somebody_waits("deadlines_clock"), 30, "the meeting does not wait")
        assert met == []
    thread.join(60)
    assert met == ["met_late"]
    assert history(clock) == ["clock.warning", "clock.breach", "clock.met_late"]
    assert [*twice(), *untold()] == []


def test_a_sweep_that_is_rolled_back_has_done_nothing(running):
    clock = running("statement", at=now_db() - 5 * H)
    with pytest.raises(RuntimeError), transaction.atomic():
        assert firing.fire_batch(limit=500, after=("-infinity", 0)).steps == 2
        raise RuntimeError
    clock.refresh_from_db()
    assert (history(clock), clock.next_at == clock.warn_at, OutboxMessage.objects.count()) == ([], True, 0)
    assert services.sweep().steps == 2

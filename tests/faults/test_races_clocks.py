"""Clocks change while they are swept: every step happens once, of the present generation alone (faults 11, 12)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from deadlines import services
from deadlines.models import Clock, Step
from deadlines.services import firing
from organization.models import User
from servicecenter import policies
from servicecenter.clock import now_db
from servicecenter.models import TrailEntry
from tests import people
from tests.faults import clocks
from tests.faults.clocks import H, Staff, wait_for
from tests.faults.counts import times
from tests.faults.races import PATIENCE_SECONDS, Held, race, somebody_waits, values
from tests.faults.sound import assert_sound

pytestmark = pytest.mark.usefixtures("committed")
REPEATS = times(10, 200)
SWEEP = "WITH moment AS"
GATE = 7_241_199


def state(clock: Clock) -> Clock:
    return Clock.objects.get(pk=clock.pk)


def recorded(clock: Clock) -> list[str]:
    rows = TrailEntry.objects.filter(object_id=clock.subject_id, code__startswith="clock.").order_by("id")
    return list(rows.values_list("code", flat=True))


def supervisor() -> User:
    return people.user("supervisor")


# -- at once, again and again


def test_pausing_a_clock_that_is_being_swept_fires_what_was_due_once_and_nothing_after_it() -> None:
    """Fault 11: 25 hours are over, warning and breach are due; the ladder lies ahead."""
    for _n in range(REPEATS):
        clock = clocks.begin(ago=25 * H)
        values(race(services.sweep, lambda clock=clock: services.pause(clock), services.sweep))
        assert recorded(clock) == ["clock.warning", "clock.breach"]
        paused = state(clock)
        assert (paused.state, paused.next_at) == ("paused", None)
        ahead = Step.objects.filter(clock=clock, fired_at=None)
        assert sorted(ahead.values_list("kind", flat=True)) == ["ladder_enterprise", "ladder_manager"]
        assert not ahead.filter(void_at=None).exists()
    assert services.sweep().steps == 0
    assert_sound()


def test_resuming_a_clock_beside_sweeps_fires_neither_twice_nor_the_old_generation() -> None:
    """Fault 11: what lay ahead moves by the pause; its old steps stay void."""
    for _n in range(REPEATS):
        clock = services.pause(clocks.begin(ago=25 * H))
        values(race(services.sweep, lambda clock=clock: services.resume(clock, by=None), services.sweep))
        assert recorded(clock) == ["clock.warning", "clock.breach", "clock.resumed"]
        resumed = state(clock)
        live = Step.objects.filter(clock=clock, generation=resumed.generation, void_at=None).order_by(
            "due_at"
        )
        assert list(live.values_list("kind", "fired_at")) == [
            ("ladder_manager", None),
            ("ladder_enterprise", None),
        ]
        assert resumed.next_at == live[0].due_at
    assert_sound()


def test_a_due_moved_into_the_past_beside_sweeps_is_not_missed() -> None:
    """Fault 11: a supervisor shortens a clock (CMP-39) so that its warning and breach are due at this moment."""
    by = supervisor()
    for _n in range(REPEATS):
        clock = clocks.begin(ago=10 * H)
        values(
            race(
                services.sweep,
                lambda clock=clock: services.shorten(clock, by=by, reason="A", due_at=now_db()),
                services.sweep,
            )
        )
        services.sweep()
        assert recorded(clock) == ["clock.shortened", "clock.warning", "clock.breach"]
    assert_sound()


def test_a_clock_met_while_it_is_swept_is_met_late_with_its_breach_once() -> None:
    """Fault 12: one order or the other, never both."""
    for _n in range(REPEATS):
        clock = clocks.begin(ago=25 * H)
        values(race(services.sweep, lambda clock=clock: services.meet(clock, by=None), services.sweep))
        assert sorted(recorded(clock)) == ["clock.breach", "clock.met_late", "clock.warning"]
        met = state(clock)
        assert (met.state, met.next_at) == ("met_late", None)
    assert services.sweep().steps == 0
    assert_sound()


def test_a_clock_cancelled_twice_at_once_ends_once() -> None:
    for _n in range(REPEATS):
        clock = clocks.begin(ago=H)
        ended = values(race(*[lambda clock=clock: services.cancel(clock, by=None)] * 2))
        assert {row.state for row in ended} == {"cancelled"}
        assert ended[0].ended_at == ended[1].ended_at
        assert recorded(clock) == []


def test_four_sweeps_at_once_do_every_step_once(staff: Staff, settings: Any) -> None:
    """Fault 1."""
    clocks.listen(settings)
    for _n in range(times(3, 60)):
        begun = [clocks.begin(staff.agent) for _clock in range(20)]
        swept = values(race(*[lambda: services.sweep(limit=3)] * 4, at=SWEEP))
        services.sweep()
        assert sum(result.clocks for result in swept) <= 20
        clocks.assert_each_once(begun, clocks.told_by(staff, staff.agent))
    assert_sound()


# -- exactly between


def test_a_clock_met_after_the_sweep_has_fired_it_waits_and_is_met_late() -> None:
    clock = clocks.begin(ago=25 * H)
    held = Held(services.sweep, after=SWEEP)
    meeting = threading.Thread(target=in_thread(lambda: services.meet(clock, by=None)))
    meeting.start()
    wait_for(lambda: somebody_waits("deadlines_clock"), PATIENCE_SECONDS, "the meeting does not wait")
    assert state(clock).state == "running"
    assert held.let_go().value.steps == 2
    meeting.join(PATIENCE_SECONDS)
    assert recorded(clock) == ["clock.warning", "clock.breach", "clock.met_late"]
    assert_sound()


def test_a_sweep_passes_over_a_clock_that_is_being_met() -> None:
    clock, other = clocks.begin(ago=25 * H), clocks.begin(ago=25 * H)
    held = Held(lambda: services.meet(clock, by=None), after=r"FOR NO KEY UPDATE")
    assert services.sweep().clocks == 1
    assert recorded(other) == ["clock.warning", "clock.breach"]
    held.let_go()
    assert recorded(clock) == ["clock.warning", "clock.breach", "clock.met_late"]
    assert services.sweep().steps == 0
    assert_sound()


@contextmanager
def sweeping_slowly(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Any]]:
    """A sweep that has taken its snapshot, and chooses its clocks only when it is let go on; yields what ends it."""
    gate = f"pg_advisory_xact_lock_shared({GATE})"
    slow = firing._DUE.replace(" AS t),", f" AS t FROM {gate}),", 1)
    assert slow != firing._DUE
    found: list[Any] = []
    thread = threading.Thread(target=in_thread(lambda: found.append(services.sweep(max_batches=1))))
    with monkeypatch.context() as patch, connection.cursor() as cursor:
        patch.setattr(firing, "_DUE", slow)
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])

        def end() -> Any:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])
            assert cursor.fetchone() == (True,), "the sweep was not held as long as the change took"
            thread.join(PATIENCE_SECONDS)
            assert found, "the sweep failed"
            return found[0]

        try:
            thread.start()
            wait_for(lambda: somebody_waits(gate), PATIENCE_SECONDS, "the sweep never came to the gate")
            yield end
        finally:
            cursor.execute("SELECT pg_advisory_unlock_all()")
            thread.join(PATIENCE_SECONDS)


def in_thread(act: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    return run


@pytest.mark.parametrize(
    ("change", "then"),
    [
        pytest.param(
            lambda clock: services.rebase(clock, due_at=now_db() + 9 * H, by=None),
            ["clock.warning", "clock.breach", "clock.rebased"],
            id="moved-on",
        ),
        pytest.param(
            lambda clock: services.pause(clock), ["clock.warning", "clock.breach"], id="paused"
        ),
        pytest.param(
            lambda clock: services.resume(services.pause(clock), by=None),
            ["clock.warning", "clock.breach", "clock.resumed"],
            id="paused-and-resumed",
        ),
        pytest.param(
            lambda clock: services.meet(clock, by=None),
            ["clock.warning", "clock.breach", "clock.met_late"],
            id="met",
        ),
    ],
)  # fmt: skip
def test_a_change_that_commits_between_the_sweeps_snapshot_and_its_lock_leaves_one_of_each_step(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Clock], Any], then: list[str]
) -> None:
    """Fault 11: the sweep has seen the old generation; the row it locks is the new one."""
    clock = clocks.begin(ago=25 * H)
    with sweeping_slowly(monkeypatch) as end:
        change(clock)
        assert recorded(clock) == then
        assert end().steps == 0
    services.sweep()
    assert recorded(clock) == then
    assert_sound()


def test_a_due_moved_into_the_past_between_snapshot_and_lock_fires_with_the_next_sweep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by = supervisor()
    clock = clocks.begin(ago=19 * H)
    with sweeping_slowly(monkeypatch) as end:
        services.shorten(clock, by=by, reason="A", due_at=now_db() - timedelta(seconds=1))
        assert end().steps == 0
    assert state(clock).next_at is not None
    services.sweep()
    assert recorded(clock) == ["clock.warning", "clock.shortened", "clock.breach"]
    assert_sound()


# -- the tier


def test_a_clock_shortened_for_its_tier_beside_sweeps_fires_by_the_shorter_term_once() -> None:
    """Fault 11, CMP-39: tier A has 16 hours, 17 are over; tier C had 24."""
    policies.set_policy(
        code="deadlines.clock", key="resolution|tier=A", value={"limit_seconds": 16 * 3600}, by=None,
        reason="A", valid_from=now_db() - 90 * H,
    )  # fmt: skip
    by = supervisor()
    for _n in range(REPEATS):
        clock = clocks.begin(ago=17 * H, tier="C")

        def shorten(clock: Clock = clock) -> list[Clock]:
            return services.shorten_for_tier(
                subject_kind=clocks.SUBJECT, subject_id=clock.subject_id, tier="A",
                registered_at=clock.started_at, by=by, reason="A",
            )  # fmt: skip

        _swept, changed, _again = values(race(services.sweep, shorten, services.sweep))
        services.sweep()
        assert [row.due_at for row in changed] == [clock.started_at + 16 * H]
        assert recorded(clock) == ["clock.shortened", "clock.warning", "clock.breach"]
    assert_sound()

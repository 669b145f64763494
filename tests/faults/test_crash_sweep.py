"""The sweep is killed at every statement, beside others that are not (fault 1; I1 to I3)."""

from __future__ import annotations

from typing import Any

import pytest

from deadlines import services
from deadlines.models import Clock, Step
from deadlines.services import SweepResult
from servicecenter.models import TrailEntry
from tests.faults import clocks
from tests.faults.clocks import H, Staff
from tests.faults.counts import times
from tests.faults.crash import Act, Child, Crash, crash_everywhere
from tests.faults.sound import assert_sound

pytestmark = pytest.mark.usefixtures("committed")


def test_a_sweep_killed_at_any_statement_leaves_every_step_to_be_done_once(
    staff: Staff, settings: Any
) -> None:
    clocks.listen(settings)
    begun: dict[int, list[Any]] = {}

    def prepare(point: int) -> Act:
        begun[point] = [clocks.begin(staff.agent), clocks.begin(), clocks.begin(staff.agent)]
        return lambda: services.sweep(limit=2)

    def recovered(point: int, crash: Crash) -> None:
        # nothing half: a clock has all its four steps with all their effects, or none
        for clock in begun[point]:
            done = sum(clocks.fired([clock]).values())
            assert done in (0, 4)
            assert TrailEntry.objects.filter(object_id=clock.subject_id).count() == 2 * done
        services.sweep()
        for clock in begun[point]:
            clocks.assert_each_once([clock], clocks.told_by(staff, clock.owner))
        assert_sound()

    crashes = crash_everywhere(prepare, recovered)
    places = [crash.place for crash in crashes]
    # two batches, each with its consequences and its commit, and the heartbeat
    assert (places.count("before COMMIT"), places.count("after COMMIT")) == (2, 2)
    assert "servicecenter_heartbeat" in " ".join(places)


def test_a_sweep_killed_beside_another_leaves_every_step_to_be_done_once(staff: Staff, settings: Any) -> None:
    """At every point that a sweep of the same clocks has when nobody helps it."""
    clocks.listen(settings)

    def six_clocks() -> list[Clock]:
        return [clocks.begin(staff.agent) for _n in range(6)]

    def sweep() -> SweepResult:
        return services.sweep(limit=1)

    begun = six_clocks()
    alone = Child(sweep).wait()
    clocks.assert_each_once(begun, clocks.told_by(staff, staff.agent))
    # six batches, each with what it writes and its commit, and the heartbeat
    assert alone.points > 6 * 3
    crashes = []
    for point in range(1, alone.points + 1, times(-(-alone.points // 5), 1)):
        begun = six_clocks()
        killed, beside = Child(sweep, point=point), Child(sweep)
        # which of the two takes which batch is left to them: the later points may find nothing left to be killed in
        crashes.append(killed.wait())
        assert not beside.wait().killed
        services.sweep()
        clocks.assert_each_once(begun, clocks.told_by(staff, staff.agent))
    assert_sound()
    assert crashes[0].killed


def test_a_sweep_killed_while_it_catches_up_three_days_keeps_the_order_of_what_it_did(
    staff: Staff, settings: Any
) -> None:
    """The oldest first, clock by clock: what was committed before the kill is a beginning of the whole."""
    clocks.listen(settings)
    for hours in (80, 75, 70, 90, 85):
        clocks.begin(staff.agent, ago=hours * H)
    oldest_first = list(
        Step.objects.filter(kind="warning").order_by("due_at").values_list("clock", flat=True)
    )
    for point in range(1, 60, 7):
        Child(lambda: services.sweep(limit=1, max_batches=2), point=point).wait()
        done = set(Step.objects.filter(fired_at__isnull=False).values_list("clock", flat=True))
        assert done == set(oldest_first[: len(done)])
    services.sweep()
    assert Step.objects.filter(fired_at=None).count() == 0
    assert_sound()

"""Tickets end and are answered while their clocks are swept: one order or the other, never both (fault 12)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from complaints import services
from complaints.models import Complaint, Handover
from deadlines.models import Clock
from deadlines.services import sweep
from servicecenter.clock import now_db
from servicecenter.models import TrailEntry
from tests.faults import tickets
from tests.faults.clocks import H
from tests.faults.counts import times
from tests.faults.races import race, values
from tests.faults.sound import assert_sound
from tests.faults.tickets import Crew

pytestmark = pytest.mark.usefixtures("committed")
REPEATS = times(5, 200)
KIND = "complaints.complaint"


def registered(crew: Crew, hours: float, **given: Any) -> Complaint:
    """A ticket of so many hours ago; nothing of it has been swept."""
    return services.register(intake=tickets.matter(**given), by=crew.agent, at=now_db() - hours * H)


def lines(row: Complaint, code: str) -> int:
    return TrailEntry.objects.filter(kind=KIND, object_id=row.pk, code=code).count()


def clocks_of(row: Complaint, kind: str) -> list[str]:
    rows = Clock.objects.filter(subject_kind=KIND, subject_id=row.pk, kind=kind)
    return list(rows.values_list("state", flat=True))


def test_a_statement_handed_in_while_its_breach_is_swept_is_late_and_the_breach_stands_once(
    crew: Crew,
) -> None:
    """CMP-22, CMP-32: the four hours are over by one; the clock is met late, never met in time."""
    for _n in range(REPEATS):
        row = registered(crew, 5)
        handover = row.handovers.get(department__code="branch_east")
        hand_in = partial(
            services.hand_in_statement,
            handover=handover,
            text="A",
            employee=crew.handler.employee,
            by=crew.handler,
        )
        _swept, statement, _again = values(race(sweep, hand_in, sweep))
        assert statement.is_late
        handover.refresh_from_db()
        assert (handover.state, handover.is_late) == ("answered", True)
        clock = Clock.objects.get(pk=handover.clock_id)
        assert clock.state == "met_late"
        breaches = TrailEntry.objects.filter(kind=KIND, object_id=row.pk, code="clock.breach")
        assert breaches.filter(params__part=clock.part).count() == 1
    sweep()
    assert_sound()


def test_a_ticket_cancelled_while_it_is_swept_runs_by_no_clock(crew: Crew) -> None:
    for _n in range(REPEATS):
        row = registered(crew, 5)
        cancel = partial(services.cancel, complaint=row, reason="A", by=crew.supervisor)
        values(race(sweep, cancel, sweep))
        row.refresh_from_db()
        assert (row.state, row.clock_id) == ("cancelled", None)
        assert set(clocks_of(row, "statement")) == {"cancelled"}
        assert not Handover.objects.filter(complaint=row, state="waiting").exists()
    assert sweep().steps == 0
    assert_sound()


def test_a_follow_up_recorded_while_it_is_overdue_and_swept_closes_the_ticket_once(crew: Crew) -> None:
    """CMP-25: 50 hours after the result, two calls at once."""
    for _n in range(times(2, 30)):
        row = registered(crew, 50, settle="on_spot", resolution="A")
        services.notify_customer(complaint=row, way="letter", text="A", by=crew.agent)
        record = partial(services.record_follow_up, complaint=row, result="satisfied", by=crew.agent)
        _swept, one, two = race(sweep, record, record)
        assert sorted(outcome.won for outcome in (one, two)) == [False, True]
        row.refresh_from_db()
        assert (row.state, row.clock_id, row.follow_ups.count()) == ("closed", None, 1)
        assert clocks_of(row, "follow_up") == ["met_late"]
        assert lines(row, "clock.breach") == 1
    assert sweep().steps == 0
    assert_sound()


def test_a_ticket_paused_and_resumed_beside_sweeps_keeps_owner_step_and_clock(crew: Crew) -> None:
    """CMP-38, I11: the pause is a running clock of its own."""
    for _n in range(REPEATS):
        row = registered(crew, 1)
        pause = partial(
            services.pause, complaint=row, reason="A", promised_until=now_db() + 2 * H, by=crew.agent
        )
        values(race(sweep, pause, sweep))
        row.refresh_from_db()
        assert (row.is_paused, clocks_of(row, "waiting")) == (True, ["running"])
        values(race(sweep, partial(services.resume, complaint=row, by=crew.agent), sweep))
        row.refresh_from_db()
        assert (row.is_paused, clocks_of(row, "waiting")) == (False, ["met"])
        assert row.clock_id is not None
    assert_sound()


def test_two_agents_resolve_one_ticket_at_once_and_the_second_is_told_that_it_is_done(crew: Crew) -> None:
    """CMP-20, CMP-51."""
    for _n in range(REPEATS):
        row = registered(crew, 1, category="other", respondent_department_id=None)
        settle = partial(services.settle_on_spot, complaint=row, resolution="A", by=crew.agent)
        one, two = race(settle, settle)
        assert one.won != two.won
        row.refresh_from_db()
        assert row.state == "resolved"
        assert lines(row, "complaint.settle_on_spot") == 1
    assert_sound()

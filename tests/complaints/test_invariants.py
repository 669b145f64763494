"""`manage.py verify` finds what no service would leave behind (I8, I11, I12)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from complaints.invariants import events_miscounted, states_not_reached, tickets_without_drive
from complaints.models import Complaint, ServiceIncident
from servicecenter import trail
from servicecenter.invariants import Violation
from servicecenter.models import TrailEntry
from tests.complaints.cases import Crew, after, against_east, notified, register

pytestmark = pytest.mark.django_db
FINDERS = (states_not_reached, tickets_without_drive, events_miscounted)


def unguard() -> None:
    """The triggers off, as for a repair by hand; constraints stay on."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in (
            "complaints_complaint",
            "complaints_event",
            "complaints_serviceincident",
            "servicecenter_trailentry",
        ):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def found(find: Callable[[], object]) -> list[Violation]:
    return list(find())  # type: ignore[call-overload]


def test_nothing_is_wrong_after_a_whole_life(crew: Crew) -> None:
    against_east(crew.agent)
    notified(crew)
    for find in FINDERS:
        assert found(find) == []


def test_a_state_that_no_history_tells(crew: Crew) -> None:
    """I8."""
    row = register(crew.agent)
    unguard()
    Complaint.objects.filter(pk=row.pk).update(state="investigating")
    assert found(states_not_reached) == [
        Violation(row.number, "it is investigating, its history says routed"),
    ]


def test_a_history_that_leaps(crew: Crew) -> None:
    """I8: every transition is recorded, none is skipped silently (CMP-20)."""
    row = register(crew.agent)
    trail.record(row, "complaint.resolve", by=None, at=after(), changes={"state": ["routed", "resolved"]})
    problems = [one.problem for one in found(states_not_reached)]
    assert "its history goes from routed to resolved (complaint.resolve)" in problems


def test_an_imported_one_needs_no_history_of_states(crew: Crew) -> None:
    row = register(crew.agent)
    unguard()
    TrailEntry.objects.filter(object_id=row.pk, kind="complaints.complaint")._raw_delete("default")
    assert len(found(states_not_reached)) == 1
    trail.record(row, "complaint.imported", by=None, at=after(), line=2)
    assert found(states_not_reached) == []


def test_a_ticket_driven_by_the_wrong_clock(crew: Crew) -> None:
    """I11, CMP-24."""
    row, other = register(crew.agent), register(crew.agent, waybill_number="86204417400")
    unguard()
    rows = Complaint.objects.filter(pk=row.pk)
    for columns, problem in (
        ({"due_at": after(days=9)}, "is due"),
        ({"clock_id": other.clock_id, "due_at": other.due_at}, "runs by the clock of another record"),
    ):
        before = rows.values(*columns).get()
        rows.update(**columns)
        (one,) = found(tickets_without_drive)
        assert one.subject == row.number
        assert one.problem.startswith(problem)
        rows.update(**before)
    assert found(tickets_without_drive) == []


def test_an_ended_ticket_whose_clock_runs_on(crew: Crew) -> None:
    row = register(crew.agent)
    unguard()
    Complaint.objects.filter(pk=row.pk).update(state="cancelled", clock=None, next_step="")
    assert {one.problem for one in found(tickets_without_drive)} == {
        "has ended, and a clock of it runs on",
        "a handover waits although its round is over",
    }


def test_places_that_are_missing(crew: Crew) -> None:
    """I12."""
    row = register(crew.agent)
    unguard()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE complaints_event SET last_sequence = 3 WHERE id = %s", [row.event_id])
    assert found(events_miscounted) == [Violation(row.number, "its event counts 3, there are 1")]


def test_two_live_complaints_without_service_incident(crew: Crew) -> None:
    """I12, CMP-44."""
    row = against_east(crew.agent)
    against_east(crew.agent)
    unguard()
    ServiceIncident.objects.update(state="withdrawn", withdrawn_at=after(), withdrawn_reason="x")
    assert found(events_miscounted) == [
        Violation(row.number, "2 live complaints of one event and 0 service incidents"),
    ]


def test_a_service_incident_that_rests_on_one(crew: Crew) -> None:
    """I12, CMP-45."""
    row = against_east(crew.agent)
    second = against_east(crew.agent)
    unguard()
    Complaint.objects.filter(pk=second.pk).update(state="cancelled", clock=None, next_step="")
    assert Violation(row.number, "1 live complaints of one event and 1 service incidents") in found(
        events_miscounted
    )

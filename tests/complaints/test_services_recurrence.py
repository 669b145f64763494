"""The same problem in one department again and again is a service incident too (CMP-41 to CMP-43, CMP-45)."""

from __future__ import annotations

from datetime import date

import pytest

from complaints import services
from complaints.models import Complaint, ServiceIncident
from complaints.services import recurrence
from conduct.models import MeritDisqualification, Sanction
from customers.models import Waybill
from servicecenter.models import Notice, TrailEntry
from servicecenter.policies import set_policy
from tests import people
from tests.complaints.cases import (
    AT,
    Crew,
    after,
    answered,
    assert_sound,
    clock,
    found,
    fresh,
    handover,
    resolved,
)

pytestmark = pytest.mark.django_db


def founded(
    crew: Crew, n: int, *, days: float = 0, result: str = "founded", category: str = "delay"
) -> Complaint:
    """The n-th founded complaint against the east branch, of another waybill and caller each."""
    return found(crew, at=after(days=days), founded=result, **{**apart(n), "category": category})


def apart(n: int) -> dict[str, str]:
    """What makes the n-th a matter of its own."""
    return {
        "category": "delay",
        "waybill_number": f"8620441731{n}",
        "caller_telephone": f"1390000042{n}",
        "caller_name": f"客户{n}",
    }


def standing() -> list[ServiceIncident]:
    return list(ServiceIncident.objects.filter(kind="recurrence").exclude(state="withdrawn").order_by("pk"))


def test_the_third_founded_one_within_thirty_days_opens_it_with_all_consequences(crew: Crew) -> None:
    told = {crew.enterprise, crew.leader}
    rows = [founded(crew, n, days=n * 10) for n in (0, 1)]
    assert standing() == []
    rows.append(founded(crew, 2, days=20))
    (incident,) = standing()
    assert (incident.state, incident.department.code, incident.category.code) == (
        "confirmed",
        "branch_east",
        "delay",
    )
    assert incident.month == date(2026, 12, 1), "the month of the one that completed it (SAN-19)"
    assert set(incident.complaints.all()) == set(rows)
    for row in Complaint.objects.all():
        assert (row.is_incident, row.rank) == (True, 0)
    assert Sanction.objects.get().target_department.code == "branch_east"
    assert MeritDisqualification.objects.get().month == date(2026, 12, 1)
    assert {notice.user for notice in Notice.objects.filter(code="complaint.recurrence")} == told
    assert TrailEntry.objects.filter(code="complaint.recurrence").count() == 3
    assert_sound()


def test_the_department_that_only_the_finding_names_is_handed_the_ticket_and_told(crew: Crew) -> None:
    """CMP-42: with the finding, in its transaction; asked already, it is not asked again."""
    rows = [answered(crew, at=after(days=n), **apart(n)) for n in range(3)]
    west = people.department("branch_west")
    handler = crew.west
    for n, row in enumerate(rows):
        services.record_finding(
            complaint=row, founded="founded", text="城西分公司错分。", department=west, by=crew.agent,
            at=after(days=n, hours=3),
        )  # fmt: skip
        handed = row.handovers.filter(department=west)
        assert handed.count() == (1 if n == 2 else 0)
    last = fresh(rows[2])
    assert (last.state, last.answered_at, last.next_step) == ("investigating", None, "await_statement")
    assert clock(last, "statement").due_at == after(days=2, hours=7)
    assert [one.params["number"] for one in Notice.objects.filter(user=handler)] == [last.number]
    assert_sound()
    services.hand_in_statement(
        handover=handover(last, "branch_west"),
        text="错分属实。",
        employee=handler.employee,
        by=handler,
        at=after(days=2, hours=4),
    )
    assert fresh(last).state == "answered"
    services.record_finding(
        complaint=fresh(last), founded="founded", text="再次核实。", department=west, by=crew.agent,
        at=after(days=2, hours=5),
    )  # fmt: skip
    assert last.handovers.filter(department=west).count() == 1
    assert_sound()


def test_of_a_ticket_resolved_already_the_department_that_only_the_finding_names_is_told(
    crew: Crew,
) -> None:
    """CMP-42: a handled ticket is handed to nobody any more."""
    handler, west = crew.west, people.department("branch_west")
    for n in range(3):
        row = resolved(crew, at=after(days=n), **apart(n), founded="unfounded")
        services.record_finding(
            complaint=row, founded="founded", text="城西分公司错分。", department=west, by=crew.agent,
            at=after(days=n, hours=5),
        )  # fmt: skip
        assert row.handovers.filter(department=west).count() == 0
    (incident,) = standing()
    told = Notice.objects.filter(user=handler)
    assert [(one.code, one.params["number"]) for one in told] == [("complaint.recurrence", incident.number)]
    assert fresh(row).state == "resolved"
    assert_sound()


@pytest.mark.parametrize(
    "third",
    [
        pytest.param({"days": 31}, id="too-late"),
        pytest.param({"days": 5, "category": "attitude"}, id="other-category"),
        pytest.param({"days": 5, "result": "unfounded"}, id="not-founded"),
    ],
)
def test_what_does_not_complete_it(crew: Crew, third: dict[str, object]) -> None:
    for n in (0, 1):
        founded(crew, n)
    founded(crew, 2, **third)  # type: ignore[arg-type]
    assert standing() == []
    assert Sanction.objects.count() == 0


def test_partly_founded_counts(crew: Crew) -> None:
    for n in range(3):
        founded(crew, n, result="partly")
    assert len(standing()) == 1


def test_a_later_one_joins_and_sanctions_nobody_twice(crew: Crew) -> None:
    """One recurrence per category and department is open at a time."""
    for n in range(3):
        founded(crew, n)
    founded(crew, 3, days=29)
    (incident,) = standing()
    assert incident.complaints.count() == 4
    assert (Sanction.objects.count(), MeritDisqualification.objects.count()) == (1, 1)
    assert_sound()


def test_it_ends_after_thirty_quiet_days_and_another_may_begin(crew: Crew) -> None:
    for n in range(3):
        founded(crew, n)
    assert services.end_recurrences(at=after(days=29)) == 0
    assert services.end_recurrences(at=after(days=30)) == 1
    (incident,) = standing()
    assert (incident.state, incident.ended_at) == ("ended", after(days=30))
    for n in (3, 4):
        founded(crew, n, days=40)
    assert len(standing()) == 1
    founded(crew, 5, days=41)
    first, second = standing()
    assert (first.state, second.state) == ("ended", "confirmed")
    assert second.complaints.count() == 3
    assert_sound()


def test_after_a_quiet_time_nobody_ended_it_the_next_finding_does(crew: Crew) -> None:
    for n in range(3):
        founded(crew, n)
    founded(crew, 3, days=45)
    (incident,) = standing()
    assert incident.state == "ended"
    assert incident.complaints.count() == 3


def test_a_finding_taken_back_withdraws_what_rested_on_it(crew: Crew) -> None:
    rows = [founded(crew, n) for n in range(3)]
    services.record_finding(
        complaint=rows[1], founded="unfounded", text="查无此事", by=crew.agent, at=after(days=1)
    )
    assert standing() == []
    incident = ServiceIncident.objects.get()
    assert (incident.state, incident.withdrawn_reason) == ("withdrawn", rows[1].number)
    assert Sanction.objects.get().state == "withdrawn"
    assert MeritDisqualification.objects.get().withdrawn_at is not None
    assert {(row.is_incident, row.rank) for row in Complaint.objects.all()} == {(False, 5)}
    assert_sound()


def test_a_merged_ticket_withdraws_it_too(crew: Crew) -> None:
    """CMP-45."""
    rows = [founded(crew, n) for n in range(3)]
    services.merge(complaint=rows[2], into=rows[1], reason="同一通电话", by=crew.supervisor, at=after(days=1))
    assert standing() == []
    assert Sanction.objects.get().state == "withdrawn"
    assert_sound()


def test_of_four_one_may_go(crew: Crew) -> None:
    rows = [founded(crew, n) for n in range(4)]
    services.cancel(complaint=rows[3], reason="登记错了", by=crew.supervisor, at=after(days=1))
    (incident,) = standing()
    assert incident.complaints.count() == 3
    assert Sanction.objects.get().state == "proposed"
    assert_sound()


def test_against_another_department_it_moves(crew: Crew) -> None:
    """The responsible department counts, not the one routed to."""
    rows = [founded(crew, n) for n in range(3)]
    services.record_finding(
        complaint=rows[0],
        founded="founded",
        text="实为城西",
        department=people.department("branch_west"),
        by=crew.agent,
        at=after(days=1),
    )
    assert standing() == []


def test_where_volumes_are_known_a_rate_decides(crew: Crew) -> None:
    set_policy(
        code="complaints.recurrence", reason="按千单", valid_from=AT, by=None,
        value={"count": 3, "days": 30, "per_thousand": 1000, "quiet_days": 30},
    )  # fmt: skip
    Waybill.objects.bulk_create(
        Waybill(
            number=f"77{n:09}", is_stub=True, shipped_on=date(2026, 11, 10), source="hand", source_at=AT,
            destination=people.department("branch_east"), created_at=AT,
        )
        for n in range(4)
    )  # fmt: skip
    for n in range(3):
        founded(crew, n)
    assert standing() == [], "three of four waybills are less than 1 000 per 1 000"
    founded(crew, 3)
    assert len(standing()) == 1


def test_the_policy_of_the_day_decides(crew: Crew) -> None:
    set_policy(
        code="complaints.recurrence", reason="从严", valid_from=AT, by=None,
        value={"count": 2, "days": 30, "per_thousand": None, "quiet_days": 30},
    )  # fmt: skip
    assert recurrence.policy_at(after(days=1)).count == 2
    for n in range(2):
        founded(crew, n)
    assert len(standing()) == 1

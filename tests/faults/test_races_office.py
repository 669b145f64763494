"""Two people decide one thing at once: one does it, the other is told; nothing is done twice or lost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from complaints import services
from complaints.models import Complaint, CorrectiveAction, ServiceIncident
from complaints.services import Measure
from conduct import services as conduct
from conduct.models import MeritDisqualification, Sanction
from customers import services as customers
from organization import services as organization
from organization.choices import DutyKind
from organization.models import Duty, User
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests import people
from tests.faults import tickets
from tests.faults.clocks import H
from tests.faults.counts import times
from tests.faults.races import Outcome, race, values
from tests.faults.sound import assert_sound
from tests.faults.tickets import Crew

pytestmark = pytest.mark.usefixtures("committed")
REPEATS = times(5, 100)


def one_is_told(outcomes: list[Outcome], *codes: str) -> None:
    """All but one were refused, with these words."""
    refused = [outcome.problem for outcome in outcomes if not outcome.won]
    assert len(refused) == len(outcomes) - 1, outcomes
    for problem in refused:
        assert isinstance(problem, RuleBroken), problem
        assert problem.code in codes


def lines(code: str, pk: int) -> int:
    return TrailEntry.objects.filter(code=code, object_id=pk).count()


# -- service incidents


def suspected(crew: Crew) -> tuple[Complaint, ServiceIncident]:
    """A second complaint by the online form, which nobody has confirmed."""
    intake = tickets.matter(channel="online")
    tickets.register(intake, crew.agent)
    row = tickets.register(intake, crew.agent)
    return row, ServiceIncident.objects.get(event_id=row.event_id)


def test_of_two_agents_one_confirms_and_one_refutes_a_suspicion(crew: Crew) -> None:
    """CMP-40."""
    for _n in range(REPEATS):
        row, incident = suspected(crew)
        event = row.event_id
        outcomes = race(
            partial(services.confirm_incident, incident=incident, by=crew.agent),
            partial(services.refute, complaint=row, reason="A", by=crew.supervisor),
        )
        one_is_told(outcomes, "complaint.not_suspected", "lifecycle.refused", "lifecycle.wrong_state")
        row.refresh_from_db()
        confirmed = outcomes[0].won
        assert (row.is_incident, row.event_id == event) == (confirmed, confirmed)
        assert Sanction.objects.filter(source_id=incident.pk).count() == confirmed
    assert_sound()


def test_a_suspicion_confirmed_twice_at_once_has_its_consequences_once(crew: Crew) -> None:
    for _n in range(REPEATS):
        _row, incident = suspected(crew)
        confirm = partial(services.confirm_incident, incident=incident, by=crew.agent)
        one_is_told(race(confirm, confirm), "complaint.not_suspected")
        assert Sanction.objects.filter(source_id=incident.pk).count() == 1
        assert MeritDisqualification.objects.filter(source_id=incident.pk).count() == 1
        assert lines("incident.confirmed", incident.pk) == 1
    assert_sound()


def test_two_findings_that_each_complete_a_recurrence_open_one(crew: Crew) -> None:
    """CMP-41: the third and the fourth founded complaint against one department, found at once."""
    department = people.department("branch_east")
    for turn in range(times(2, 20)):
        category = ("delay", "attitude", "price", "clerical_error")[turn % 4]
        if turn >= 4:
            break
        rows = [tickets.register(tickets.matter(category=category), crew.agent) for _n in range(4)]
        find = [
            partial(
                services.record_finding, complaint=row, founded="founded", text="A", department=department,
                by=crew.agent,
            )
            for row in rows
        ]  # fmt: skip
        find[0]()
        find[1]()
        values(race(find[2], find[3]))
        (incident,) = ServiceIncident.objects.filter(kind="recurrence", category__code=category)
        assert set(incident.complaints.all()) == set(rows)
        assert Sanction.objects.filter(source_id=incident.pk).count() == 1
    assert_sound()


# -- measures and sanctions


def test_a_measure_reported_as_done_twice_at_once_is_done_once(crew: Crew) -> None:
    """CMP-27."""
    department = people.department("branch_east")
    for _n in range(REPEATS):
        row = tickets.register(tickets.matter(), crew.agent)
        services.record_finding(
            complaint=row, founded="founded", text="A", department=department, by=crew.agent,
            actions=[Measure("A", department, business_date(now_db()) + timedelta(days=3))],
        )  # fmt: skip
        action = CorrectiveAction.objects.get(complaint=row)
        done = partial(services.complete_action, action=action, by=crew.handler)
        one_is_told(race(partial(done, result="A"), partial(done, result="B")), "complaint.action_done")
        assert lines("complaint.action_completed", row.pk) == 1
    assert_sound()


def test_of_confirming_and_withdrawing_a_sanction_at_once_one_wins(crew: Crew) -> None:
    """SAN-10."""
    other = people.user("inspector")
    for _n in range(REPEATS):
        intake = tickets.matter()
        tickets.register(intake, crew.agent)
        row = tickets.register(intake, crew.agent)
        incident = ServiceIncident.objects.get(event_id=row.event_id)
        draft = Sanction.objects.get(source_id=incident.pk)
        weighed = conduct.set_amount(
            sanction=draft, measure="warning", amount=None, reason="A", by=crew.inspector
        )
        outcomes = race(
            partial(conduct.confirm, sanction=weighed, by=other),
            partial(conduct.confirm, sanction=weighed, by=other),
        )
        one_is_told(outcomes, "lifecycle.wrong_state")
        settle, withdraw = race(
            partial(conduct.settle, sanction=weighed, by=other),
            partial(conduct.withdraw, sanction=weighed, reason="A", by=other),
        )
        one_is_told([settle, withdraw], "lifecycle.wrong_state")
        draft.refresh_from_db()
        assert draft.state == ("settled" if settle.won else "withdrawn")
        assert draft.amount in (None, Decimal(0))
    assert_sound()


# -- customers


def test_of_two_who_saw_the_same_customer_the_second_to_save_is_told(crew: Crew) -> None:
    """CMP-51."""
    for turn in range(REPEATS):
        made = customers.register_customer(name=f"客户{turn}", kind="company", by=crew.agent)
        save = partial(customers.change_customer, customer=made, version=made.version, by=crew.agent)
        one_is_told(race(partial(save, name="甲"), partial(save, name="乙")), "lifecycle.stale")
        assert lines("customer.changed", made.pk) == 1


# -- the organization


def test_two_administrators_who_lock_each_other_at_once_leave_one() -> None:
    """ORG-05: somebody can always administer."""
    one, two = people.user("administrator"), people.user("administrator")
    for _n in range(REPEATS):
        lock = partial(organization.lock, reason="A")
        one_is_told(
            race(partial(lock, user=two, by=one), partial(lock, user=one, by=two)), "administrator.last"
        )
        assert User.objects.filter(pk__in=[one.pk, two.pk], is_active=True).count() == 1
        User.objects.filter(pk__in=[one.pk, two.pk]).update(is_active=True)


def test_of_two_planned_for_one_turn_of_duty_one_is_taken_and_the_other_told_who(crew: Crew) -> None:
    """ORG-08."""
    one, two = people.user("supervisor"), people.user("supervisor")
    for turn in range(REPEATS):
        starts_at = now_db() + turn * 12 * H
        plan = partial(
            organization.plan_duty, kind=DutyKind.SUPERVISOR, team=None, starts_at=starts_at,
            ends_at=starts_at + 6 * H, by=crew.supervisor,
        )  # fmt: skip
        outcomes = race(partial(plan, employee=one.employee), partial(plan, employee=two.employee))
        one_is_told(outcomes, "duty.taken")
        assert Duty.objects.filter(starts_at=starts_at).count() == 1

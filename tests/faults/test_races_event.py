"""Several complaints of one event at once: places 1…n, one service incident, consequences once (faults 13 and 14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from complaints import services
from complaints.domain.intake import Intake
from complaints.models import Complaint, ServiceIncident
from complaints.services import hand_in_statement
from customers.models import Customer, Waybill
from organization.models import User
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests.faults import tickets
from tests.faults.counts import times
from tests.faults.races import race, values
from tests.faults.sound import assert_sound
from tests.faults.tickets import Crew

pytestmark = pytest.mark.usefixtures("committed")
REPEATS = times(10, 200)
# The first statement of a registration that two can meet at: the waybill's lock, or its making.
WAYBILL = r'(?s)customers_waybill.*FOR NO KEY UPDATE|INSERT INTO "customers_waybill"'
# … and the one that two meet at who bring the same new caller.
CALLER = r"hashtextextended\(%s, 5\)"


def registering(intake: Intake, by: User) -> Callable[[], Complaint]:
    return partial(tickets.register, intake, by)


def test_of_two_agents_with_one_event_one_registers_the_first_and_one_the_second_complaint(
    crew: Crew,
) -> None:
    """Fault 13, CMP-40, CMP-44: caller and waybill are unknown before; both agents make them at once."""
    for _n in range(REPEATS):
        intake = tickets.matter()
        made = values(race(registering(intake, crew.agent), registering(intake, crew.other), at=WAYBILL))
        assert sorted(row.sequence for row in made) == [1, 2]
        tickets.assert_registered(intake, 2, crew)
        assert Waybill.objects.filter(number=intake.waybill_number).count() == 1
        assert Customer.objects.filter(telephones__number__contains=intake.caller_telephone).count() == 1
    assert_sound()


def test_one_new_caller_about_two_waybills_at_once_is_one_customer(crew: Crew) -> None:
    """CMP-01: found by telephone number, made when new."""
    for _n in range(times(5, 100)):
        one = tickets.matter(party_role="other")
        two = replace(tickets.matter(party_role="other"), caller_telephone=one.caller_telephone)
        made = values(race(registering(one, crew.agent), registering(two, crew.other), at=CALLER))
        assert len({row.customer_id for row in made}) == 1
        assert Customer.objects.filter(telephones__number=one.caller_telephone).count() == 1
    assert_sound()


def test_two_complaints_beside_a_third_of_another_party_make_two_events(crew: Crew) -> None:
    """CMP-40: consignor and consignee of a waybill are two; the third begins an event of its own."""
    for _n in range(times(3, 60)):
        intake = tickets.matter()
        other = replace(tickets.matter(), waybill_number=intake.waybill_number, party_role="consignee")
        acts = [registering(one, crew.agent) for one in (intake, other, intake)]
        values(race(*acts, at=WAYBILL))
        places = sorted((row.party_role, row.sequence, row.is_incident) for row in tickets.of(intake))
        assert places == [("consignee", 1, False), ("consignor", 1, True), ("consignor", 2, True)]
    assert_sound()


def test_a_complaint_of_no_feedback_beside_a_further_one_joins_the_same_event(crew: Crew) -> None:
    """CMP-40: `no_feedback` joins the open event of that party and waybill, whoever is first."""
    for _n in range(times(3, 60)):
        intake = tickets.matter()
        tickets.register(intake, crew.agent)
        silent = replace(intake, category="no_feedback")
        values(race(registering(silent, crew.agent), registering(intake, crew.other), at=WAYBILL))
        tickets.assert_registered(intake, 3, crew)
    assert_sound()


def test_silence_beside_its_cause_joins_it_unless_it_was_first(crew: Crew) -> None:
    """CMP-40: nobody answered, and why; `no_feedback` joins the event that is open when it is registered."""
    for _n in range(times(5, 60)):
        cause = tickets.matter()
        # waybill and caller are known from other matters: neither is made, which would part the two by itself
        tickets.register(tickets.matter(caller_telephone=cause.caller_telephone), crew.agent)
        tickets.register(
            tickets.matter(waybill_number=cause.waybill_number, party_role="consignee"), crew.agent
        )
        silence = replace(cause, category="no_feedback")
        late, silent = values(
            race(
                registering(cause, crew.agent),
                registering(silence, crew.other),
                at=r'FROM "customers_waybill"',
            )
        )
        if silent.event_id == late.event_id:
            assert (late.sequence, silent.sequence) == (1, 2)
        else:
            assert silent.registered_at < late.registered_at
    assert_sound()


def test_two_complaints_linked_to_one_ticket_at_once_take_two_places(crew: Crew) -> None:
    """CMP-40, CMP-44: about no waybill, so that the event alone parts them."""
    for _n in range(times(5, 100)):
        first = tickets.register(tickets.matter(waybill_number=""), crew.agent)
        linked = [tickets.matter(waybill_number="", linked_number=first.number) for _one in range(2)]
        acts = [registering(linked[0], crew.agent), registering(linked[1], crew.other)]
        made = values(race(*acts, at=r"UPDATE complaints_event"))
        assert sorted(row.sequence for row in made) == [2, 3]
    assert_sound()


def test_fifty_registrations_of_one_event_at_once_take_the_places_one_to_fifty(crew: Crew) -> None:
    """CMP-44: none fails, no place twice or missing; what the second complaint brings, it brings once."""
    for _n in range(times(1, 5)):
        intake = tickets.matter()
        made = values(race(*[registering(intake, crew.agent)] * 50, at=WAYBILL))
        assert sorted(row.sequence for row in made) == list(range(1, 51))
        tickets.assert_registered(intake, 50, crew)
    assert_sound()


# -- the event changes meanwhile


def test_the_first_is_cancelled_while_the_second_is_registered_one_order_or_the_other(crew: Crew) -> None:
    """CMP-45: with one live complaint there is no service incident; what was opened is withdrawn visibly."""
    for _n in range(times(5, 100)):
        intake = tickets.matter()
        first = tickets.register(intake, crew.agent)
        cancel = partial(services.cancel, complaint=first, reason="重复登记", by=crew.supervisor)
        cancelled, second = race(cancel, registering(intake, crew.other))
        assert cancelled.won, cancelled.problem
        assert second.won, second.problem
        first.refresh_from_db()
        assert first.state == "cancelled"
        standing = ServiceIncident.objects.filter(event_id=first.event_id).exclude(state="withdrawn")
        assert standing.count() == 0
        row = Complaint.objects.get(pk=second.value.pk)
        assert (row.is_incident, row.sequence) == (False, 2 if row.event_id == first.event_id else 1)
    assert_sound()


def test_two_supervisors_merge_two_complaints_into_each_other_and_one_of_them_is_told_no(crew: Crew) -> None:
    """CMP-45: never both, or no live complaint were left."""
    for _n in range(times(5, 100)):
        intake = tickets.matter()
        one, two = tickets.register(intake, crew.agent), tickets.register(intake, crew.other)

        merge = partial(services.merge, reason="重复登记", by=crew.supervisor)
        outcomes = race(partial(merge, complaint=one, into=two), partial(merge, complaint=two, into=one))
        refused = [outcome.problem for outcome in outcomes if not outcome.won]
        assert [type(problem) for problem in refused] == [RuleBroken]
        states = {Complaint.objects.get(pk=row.pk).state for row in (one, two)}
        assert "merged" in states
        assert len(states) == 2
    assert_sound()


def test_a_statement_handed_in_twice_at_once_is_one_statement_and_one_correction(crew: Crew) -> None:
    """CMP-21, CMP-22: the handover ends once and the 24 hours are re-based once."""
    for _n in range(times(5, 100)):
        row = tickets.register(tickets.matter(), crew.agent)
        handover = row.handovers.get(department__code="branch_east")
        hand_in = partial(
            hand_in_statement, handover=handover, text="A", employee=crew.handler.employee, by=crew.handler
        )
        made = values(race(hand_in, hand_in))
        assert sorted(statement.ordinal for statement in made) == [1, 2]
        handover.refresh_from_db()
        assert handover.state == "answered"
        lines = TrailEntry.objects.filter(kind="complaints.complaint", object_id=row.pk)
        assert lines.filter(code="complaint.hand_in").count() == 1
        assert lines.filter(code="complaint.statement_corrected").count() == 1
    assert_sound()

"""Second complaints that are suspected, contested or withdrawn (CMP-40, CMP-44, CMP-45)."""

from __future__ import annotations

from datetime import date

import pytest

from complaints import services
from complaints.models import Complaint, Event, ServiceIncident
from conduct.models import MeritDisqualification, Sanction
from deadlines.models import Clock
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Notice, TrailEntry
from tests.complaints.cases import (
    Crew,
    after,
    against_east,
    assert_sound,
    clock,
    fresh,
    incident_of,
    register,
    targets,
)

pytestmark = pytest.mark.django_db


def incident_of_or_none(row: Complaint) -> ServiceIncident | None:
    return ServiceIncident.objects.filter(event_id=fresh(row).event_id).exclude(state="withdrawn").first()


class TestSuspected:
    """On a machine channel nobody speaks with the customer: an agent confirms or refutes (CMP-40, CMP-35d)."""

    def suspected(self, crew: Crew) -> tuple[Complaint, Complaint]:
        first = against_east(crew.agent)
        _owner = crew.supervisor
        return first, register(None, at=after(hours=2), channel="online")

    def test_it_is_suspected_for_an_hour_and_brings_nothing_yet(self, crew: Crew) -> None:
        first, second = self.suspected(crew)
        incident = incident_of(second)
        assert (incident.state, second.sequence, second.is_suspected, second.is_incident) == (
            "suspected",
            2,
            True,
            False,
        )
        assert clock(second, "suspected").due_at == after(hours=3)
        assert (fresh(first).is_incident, fresh(first).rank) == (False, 5)
        assert (Sanction.objects.count(), MeritDisqualification.objects.count()) == (0, 0)
        assert not Notice.objects.filter(code="complaint.second_complaint").exists()
        assert second.rank == 5
        assert_sound()

    def test_without_a_rule_where_it_goes_it_goes_to_the_department_concerned_when_confirmed(
        self, crew: Crew
    ) -> None:
        """CMP-10k, CMP-42."""
        _asked = crew.supervisor, crew.handler
        against_east(crew.agent, category="other")
        second = register(None, at=after(hours=2), channel="online", category="other")
        assert (second.state, second.handovers.count()) == ("registered", 0)
        assert not Notice.objects.filter(code="complaint.handed_over").exists()
        services.confirm_incident(incident=incident_of(second), by=crew.agent, at=after(hours=2.5))
        second = fresh(second)
        assert (second.state, second.handovers.get().department.code) == ("routed", "branch_east")
        assert clock(second, "statement").due_at == after(hours=6.5)
        assert Notice.objects.get(code="complaint.handed_over").user == crew.handler
        assert_sound()

    def test_confirmed_everything_follows(self, crew: Crew) -> None:
        _told = crew.enterprise
        first, second = self.suspected(crew)
        services.confirm_incident(incident=incident_of(second), by=crew.agent, at=after(hours=2, minutes=30))
        incident = incident_of(second)
        assert (incident.state, incident.confirmed_by) == ("confirmed", crew.agent)
        second = fresh(second)
        assert (second.is_suspected, second.is_incident, second.rank) == (False, True, 0)
        assert (fresh(first).is_incident, fresh(first).rank) == (True, 0)
        assert clock(second, "suspected").state == "met"
        assert targets(Sanction, incident) == [("branch_east", None)]
        assert MeritDisqualification.objects.get().month == date(2026, 11, 1)
        assert Notice.objects.filter(code="complaint.second_complaint").count() == 1
        assert_sound()

    def test_refuted_the_complaint_begins_an_event_of_its_own_and_keeps_its_former_number(
        self, crew: Crew
    ) -> None:
        """CMP-40, CMP-45."""
        first, second = self.suspected(crew)
        incident = incident_of(second)
        services.refute(complaint=second, reason="另一批货", by=crew.agent, at=after(hours=2, minutes=30))
        second = fresh(second)
        assert second.event_id != first.event_id
        assert (second.sequence, second.refuted_from_id, second.refuted_sequence) == (1, first.event_id, 2)
        assert (second.refuted_by, second.is_suspected) == (crew.agent, False)
        incident.refresh_from_db()
        assert (incident.state, incident.withdrawn_reason) == ("withdrawn", "另一批货")
        assert clock(second, "suspected").ended_at is not None
        assert second.state == "routed"
        assert_sound()

    def test_after_a_refuted_one_the_next_is_number_three_of_the_first_event_or_two_of_the_latest(
        self, crew: Crew
    ) -> None:
        first, second = self.suspected(crew)
        services.refute(complaint=second, reason="另一批货", by=crew.agent, at=after(hours=3))
        third = register(crew.agent, at=after(hours=4))
        # The latest live ticket of the same party, waybill and category is the refuted one: its event goes on.
        assert (third.event_id, third.sequence) == (fresh(second).event_id, 2)
        assert Event.objects.get(pk=first.event_id).last_sequence == 2
        assert_sound()

    def test_a_call_on_a_live_channel_confirms_a_suspected_one(self, crew: Crew) -> None:
        _told = crew.enterprise
        first, second = self.suspected(crew)
        third = against_east(crew.agent, at=after(hours=3))
        assert incident_of(third).state == "confirmed"
        assert (fresh(first).rank, third.rank) == (0, 0)
        assert fresh(second).is_suspected, "this one still waits to be confirmed or refuted"
        assert targets(Sanction, incident_of(third)) == [("branch_east", None)]
        assert_sound()

    def test_refuting_one_of_three_leaves_the_service_incident_standing(self, crew: Crew) -> None:
        first, second = self.suspected(crew)
        third = against_east(crew.agent, at=after(hours=3))
        services.refute(complaint=second, reason="另一批货", by=crew.agent, at=after(hours=4))
        incident = incident_of(third)
        assert incident.state == "confirmed"
        assert set(incident.complaints.all()) == {first, third}
        assert_sound()

    def test_what_is_not_suspected_is_neither_confirmed_nor_refuted(self, crew: Crew) -> None:
        rows = [against_east(crew.agent) for _n in range(2)]
        for act in (
            lambda: services.confirm_incident(incident=incident_of(rows[1]), by=crew.agent),
            lambda: services.refute(complaint=rows[1], reason="不是", by=crew.agent),
        ):
            with pytest.raises(RuleBroken) as refused:
                act()
            assert refused.value.code == "complaint.not_suspected"
        assert incident_of(rows[1]).state == "confirmed"

    def test_a_suspected_ticket_is_not_resolved_before_somebody_has_decided(self, crew: Crew) -> None:
        _first, second = self.suspected(crew)
        with pytest.raises(RuleBroken) as refused:
            services.settle_on_spot(complaint=second, resolution="好", by=crew.supervisor)
        assert refused.value.code in {"complaint.suspected_first", "lifecycle.wrong_state"}
        assert fresh(second).is_suspected


class TestContested:
    """The agent says it is another matter although the book's test finds the same event: another one decides."""

    def test_it_needs_a_reason_and_is_suspected(self, crew: Crew) -> None:
        first = against_east(crew.agent)
        with pytest.raises(RuleBroken) as refused:
            against_east(crew.agent, other_matter=True)
        assert (refused.value.code, refused.value.field) == (
            "complaint.contest_reason_needed",
            "other_matter_reason",
        )
        second = against_east(crew.agent, other_matter=True, other_matter_reason="另外两件货")
        assert (second.event_id, second.is_suspected, second.contest_reason) == (
            first.event_id,
            True,
            "另外两件货",
        )
        assert Sanction.objects.count() == 0

    def test_who_contested_does_not_decide(self, crew: Crew) -> None:
        against_east(crew.agent)
        second = against_east(crew.agent, other_matter=True, other_matter_reason="另外两件货")
        with pytest.raises(RuleBroken) as refused:
            services.refute(complaint=second, reason="我说了", by=crew.agent)
        assert refused.value.code == "complaint.contested_by_you"
        services.refute(complaint=second, reason="确是另一件事", by=crew.other)
        assert incident_of_or_none(second) is None
        assert_sound()

    def test_for_a_mere_candidate_it_is_only_recorded(self, crew: Crew) -> None:
        against_east(crew.agent, category="attitude")
        row = against_east(crew.agent, other_matter=True)
        assert (row.sequence, row.is_suspected, row.contest_reason) == (1, False, "")
        assert TrailEntry.objects.filter(code="complaint.other_matter", object_id=row.pk).exists()


class TestWithdrawal:
    """Merged and cancelled tickets count no more, and what rested on them is withdrawn visibly (CMP-45)."""

    def two(self, crew: Crew) -> tuple[Complaint, Complaint]:
        _told = crew.enterprise
        return against_east(crew.agent), against_east(crew.other, at=after(minutes=3))

    def test_the_same_call_registered_twice_is_merged(self, crew: Crew) -> None:
        first, second = self.two(crew)
        incident = incident_of(second)
        services.merge(
            complaint=second, into=first, reason="同一通电话", by=crew.supervisor, at=after(minutes=10)
        )
        second, first = fresh(second), fresh(first)
        assert (second.state, second.merged_into, second.sequence) == ("merged", first, 2)
        assert (second.clock, second.next_step, second.is_incident) == (None, "", False)
        assert not Clock.objects.open().of("complaints.complaint", second.pk).exists()
        assert set(second.handovers.values_list("state", flat=True)) == {"withdrawn"}
        incident.refresh_from_db()
        assert (incident.state, incident.withdrawn_by, incident.withdrawn_reason) == (
            "withdrawn", crew.supervisor, "同一通电话",
        )  # fmt: skip
        assert targets(Sanction, incident) == targets(MeritDisqualification, incident) == []
        assert (first.is_incident, first.rank) == (False, 5)
        assert TrailEntry.objects.filter(object_id=first.pk, code="complaint.incident_withdrawn").count() == 1
        assert Notice.objects.filter(code="complaint.incident_withdrawn", user=crew.enterprise).count() == 1
        assert_sound()

    def test_with_three_one_may_go_and_the_service_incident_stands(self, crew: Crew) -> None:
        _first, second = self.two(crew)
        third = against_east(crew.agent, at=after(hours=1))
        services.cancel(complaint=second, reason="登记错了", by=crew.supervisor, at=after(hours=2))
        assert incident_of(third).state == "confirmed"
        assert targets(Sanction, incident_of(third)) == [("branch_east", None)]
        assert_sound()

    def test_after_the_withdrawal_the_next_complaint_opens_a_new_one(self, crew: Crew) -> None:
        first, second = self.two(crew)
        services.merge(
            complaint=second, into=first, reason="同一通电话", by=crew.supervisor, at=after(minutes=10)
        )
        third = against_east(crew.agent, at=after(days=1))
        assert (third.sequence, third.is_incident) == (3, True)
        assert ServiceIncident.objects.filter(event_id=first.event_id).count() == 2
        assert targets(Sanction, incident_of(third)) == [("branch_east", None)]
        assert_sound()

    def test_the_last_of_a_suspected_pair_is_suspected_no_more(self, crew: Crew) -> None:
        first = against_east(crew.agent)
        _owner = crew.supervisor
        second = register(None, at=after(hours=1), channel="online")
        services.cancel(complaint=first, reason="登记错了", by=crew.supervisor, at=after(hours=2))
        second = fresh(second)
        assert not second.is_suspected
        assert clock(second, "suspected").state == "cancelled"
        assert_sound()

    def test_when_only_a_suspected_one_is_left_beside_the_first_it_is_suspected_again(
        self, crew: Crew
    ) -> None:
        first, second = self.two(crew)
        register(None, at=after(hours=1), channel="online")
        incident = incident_of(first)
        services.cancel(complaint=second, reason="登记错了", by=crew.supervisor, at=after(hours=2))
        incident.refresh_from_db()
        assert incident.state == "suspected"
        assert targets(Sanction, incident) == []
        assert (fresh(first).is_incident, fresh(first).rank) == (False, 5)
        assert_sound()

    @pytest.mark.parametrize("into", ["itself", "merged"])
    def test_into_what_a_ticket_cannot_be_merged(self, crew: Crew, into: str) -> None:
        first, second = self.two(crew)
        target, code = first, "complaint.merge_itself"
        if into == "merged":
            services.merge(complaint=second, into=first, reason="同一通电话", by=crew.supervisor)
            third = against_east(crew.agent, at=after(days=1))
            first, target, code = third, second, "complaint.merge_dead"
        with pytest.raises(RuleBroken) as refused:
            services.merge(complaint=first, into=target, reason="x", by=crew.supervisor)
        assert refused.value.code == code
        assert fresh(first).state == "routed"

    def test_an_agent_merges_nothing(self, crew: Crew) -> None:
        first, second = self.two(crew)
        with pytest.raises(RuleBroken) as refused:
            services.merge(complaint=second, into=first, reason="x", by=crew.agent)
        assert refused.value.code == "lifecycle.no_right"
        assert fresh(second).state == "routed"

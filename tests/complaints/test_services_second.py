"""Second complaints (CMP-40 to CMP-45): a second complaint is a service incident."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from complaints import services
from complaints.models import Complaint, Event, Handover, ServiceIncident
from conduct.models import MeritDisqualification, Sanction
from conduct.services import set_amount
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Notice
from tests import people
from tests.complaints.cases import (
    AT,
    Crew,
    after,
    against_east,
    answered,
    assert_sound,
    clock,
    found,
    fresh,
    handover,
    incident_of,
    register,
    targets,
)

pytestmark = pytest.mark.django_db


class TestSecondComplaint:
    def test_it_opens_a_service_incident_with_everything_in_one_transaction(self, crew: Crew) -> None:
        """CMP-42, CMP-43, SAN-09, SAN-11, SAN-19."""
        told = {crew.enterprise, crew.manager, crew.leader}
        driver = people.employee("branch_east", name="杨勇")
        first = against_east(crew.agent)
        second = against_east(
            crew.other, at=after(days=1), category="no_feedback", respondent_employee_id=driver.pk
        )
        incident = incident_of(second)
        assert (incident.kind, incident.state, incident.confirmed_by) == (
            "second_complaint",
            "confirmed",
            crew.other,
        )
        assert incident.month == date(2026, 11, 1)
        assert incident.number.startswith("SG2611-")
        assert set(incident.complaints.all()) == {first, second}
        assert (second.sequence, second.event_id, second.is_incident, second.rank) == (
            2,
            first.event_id,
            True,
            0,
        )
        assert (fresh(first).is_incident, fresh(first).rank) == (True, 0)
        assert {notice.user for notice in Notice.objects.filter(code="complaint.second_complaint")} == told
        assert Notice.objects.filter(code="complaint.second_complaint", level="grave").count() == 3
        assert targets(Sanction, incident) == [("branch_east", None), (None, "杨勇")]
        assert targets(MeritDisqualification, incident) == [("branch_east", None), (None, "杨勇")]
        assert {one.amount for one in Sanction.objects.all()} == {None}
        assert all(one.source_confirmed for one in Sanction.objects.all())
        assert handover(second, "branch_east").state == "waiting"
        assert_sound()

    def test_without_a_rule_where_it_goes_it_goes_to_the_department_concerned(self, crew: Crew) -> None:
        """CMP-42, CMP-10k: the supervisor decides of the rest."""
        _asked = crew.handler, crew.supervisor
        first = against_east(crew.agent, category="other")
        assert (first.state, first.handovers.count()) == ("registered", 0)
        second = register(crew.other, at=after(days=1), category="other")
        assert (second.state, second.department) == ("routed", people.department("branch_east"))
        waiting = second.handovers.get()
        assert (waiting.department.code, waiting.state, waiting.statement_required, waiting.by_category) == (
            "branch_east",
            "waiting",
            True,
            False,
        )
        assert clock(second, "statement").due_at == after(days=1, hours=4)
        assert clock(second, "supervisor_takes").due_at == after(days=1, hours=1)
        told = Notice.objects.filter(code="complaint.handed_over", user=crew.handler)
        assert [one.params["number"] for one in told] == [second.number]
        assert Notice.objects.filter(code="complaint.reported", user=crew.supervisor).count() == 2
        assert_sound()

    def test_nobody_concerned_is_known_the_supervisor_decides_alone(self, crew: Crew) -> None:
        """CMP-10k."""
        _supervisor = crew.supervisor
        register(crew.agent, category="other")
        second = register(crew.other, at=after(days=1), category="other")
        assert (second.is_incident, second.state, second.handovers.count()) == (True, "registered", 0)
        assert clock(second, "routing").due_at == after(days=1, minutes=30)
        assert_sound()

    def test_a_first_complaint_opens_none_of_it(self, crew: Crew) -> None:
        against_east(crew.agent)
        assert (
            ServiceIncident.objects.count(),
            Sanction.objects.count(),
            MeritDisqualification.objects.count(),
        ) == (0, 0, 0)

    @pytest.mark.parametrize(
        "given",
        [
            pytest.param({"waybill_number": "86204417310"}, id="other-waybill"),
            pytest.param({"category": "attitude"}, id="other-category"),
            pytest.param(
                {"party_role": "consignee", "caller_telephone": "13711112222", "caller_name": "吴建军"},
                id="other-party",
            ),
        ],
    )
    def test_what_is_another_event(self, crew: Crew, given: dict[str, object]) -> None:
        against_east(crew.agent)
        other = against_east(crew.agent, **given)
        assert (other.sequence, other.is_incident) == (1, False)
        assert ServiceIncident.objects.count() == 0

    def test_the_same_number_at_another_customer_is_the_same_party(self, crew: Crew) -> None:
        """CMP-40: found by customer or by telephone number."""
        first = register(crew.agent)
        from customers import services as customers

        other = customers.register_customer(name="新禾食品", kind="company", by=None, at=AT)
        second = register(crew.agent, customer_id=other.pk)
        assert second.customer != first.customer
        assert (second.event_id, second.sequence) == (first.event_id, 2)

    def test_a_complaint_that_nobody_answered_is_against_the_department_that_did_not(
        self, crew: Crew
    ) -> None:
        """CMP-10j: routed to inspection, the statement comes from the department of the first ticket."""
        register(crew.agent, category="damage_shortage")
        second = register(crew.agent, category="no_feedback")
        assert second.department.code == "inspection"
        assert second.respondent_department.code == "claims"
        assert handover(second, "claims").statement_required
        assert not handover(second, "inspection").statement_required
        assert targets(Sanction, incident_of(second)) == [("claims", None)]

    def test_the_third_joins_the_service_incident_and_sanctions_nobody_twice(self, crew: Crew) -> None:
        """CMP-44."""
        _told = crew.enterprise
        rows = [against_east(crew.agent, at=after(hours=n)) for n in range(3)]
        incident = incident_of(rows[2])
        assert ServiceIncident.objects.count() == 1
        assert incident.complaints.count() == 3
        assert targets(Sanction, incident) == [("branch_east", None)]
        assert MeritDisqualification.objects.count() == 1
        assert Notice.objects.filter(code="complaint.second_complaint").count() == 2

    def test_the_third_against_somebody_else_adds_only_that_one(self, crew: Crew) -> None:
        for n in range(2):
            against_east(crew.agent, at=after(hours=n))
        west = people.department("branch_west").pk
        third = register(crew.agent, at=after(hours=2), respondent_department_id=west)
        assert targets(Sanction, incident_of(third)) == [("branch_east", None), ("branch_west", None)]

    def test_merit_counts_in_the_month_of_the_second_complaint_at_the_centre(self, crew: Crew) -> None:
        """SAN-19, D17: 16:30 UTC on the 30th is the 1st at the centre."""
        register(crew.agent, at=datetime(2026, 11, 29, 2, 0, tzinfo=UTC))
        second = register(crew.agent, at=datetime(2026, 11, 30, 16, 30, tzinfo=UTC))
        assert incident_of(second).month == date(2026, 12, 1)
        assert MeritDisqualification.objects.get().month == date(2026, 12, 1)

    def test_it_is_not_settled_on_the_spot(self, crew: Crew) -> None:
        """CMP-42: it goes to the department."""
        register(crew.agent)
        with pytest.raises(RuleBroken) as refused:
            register(crew.agent, settle="on_spot", resolution="已致歉")
        assert refused.value.code == "complaint.second_not_on_spot"
        assert (Complaint.objects.count(), ServiceIncident.objects.count()) == (1, 0)
        assert Event.objects.get().last_sequence == 1

    def test_reported_upward_it_goes_to_the_department_all_the_same(self, crew: Crew) -> None:
        register(crew.agent)
        second = register(crew.agent, settle="report")
        assert (second.state, second.department.code) == ("routed", "inspection")
        assert clock(second, "supervisor_takes").ended_at is None

    def test_what_the_agent_links_is_the_same_event(self, crew: Crew) -> None:
        """CMP-40: whatever waybill and category."""
        first = register(crew.agent)
        second = register(
            crew.agent,
            waybill_number="",
            category="price",
            caller_telephone="13711112222",
            linked_number=first.number,
        )
        assert (second.event_id, second.sequence, second.linked_to) == (first.event_id, 2, first)
        assert incident_of(second).complaints.count() == 2
        assert_sound()

    def test_a_cancelled_ticket_makes_no_second_complaint_but_keeps_its_number(self, crew: Crew) -> None:
        """CMP-45."""
        supervisor = crew.supervisor
        first = register(crew.agent)
        services.cancel(complaint=first, reason="登记错了", by=supervisor, at=after(minutes=5))
        second = register(crew.agent, at=after(hours=1))
        assert (second.sequence, second.event_id, second.is_incident) == (2, first.event_id, False)
        assert ServiceIncident.objects.count() == 0
        assert_sound()

    def test_the_department_and_enterprise_management_see_it(self, crew: Crew) -> None:
        from complaints.queries import visible_to

        second = [against_east(crew.agent) for _n in range(2)][1]
        assert second in visible_to(crew.handler)
        assert second in visible_to(crew.enterprise)
        assert second not in visible_to(crew.west)


def against(row: Complaint, crew: Crew, *, at: datetime, **named: Any) -> None:
    """A finding for the customer that names a department or a person."""
    services.record_finding(
        complaint=row, founded="founded", text="查明：装卸时摔货。", by=crew.agent, at=at, **named
    )


class TestAttribution:
    def test_the_finding_moves_the_drafts_to_whom_it_names(self, crew: Crew) -> None:
        """CMP-43: by the finding, not by the routing."""
        first = register(crew.agent)
        second = register(crew.agent, at=after(hours=1))
        incident = incident_of(second)
        assert targets(Sanction, incident) == [("inspection", None)]
        loader = people.employee("branch_east", name="周强")
        services.hand_in_statement(
            handover=handover(first, "inspection"),
            text="查明",
            employee=crew.inspector.employee,
            by=crew.inspector,
            at=after(hours=2),
        )
        against(first, crew, at=after(hours=3), employee=loader)
        assert targets(Sanction, incident) == [("branch_east", None), (None, "周强")]
        assert targets(MeritDisqualification, incident) == [("branch_east", None), (None, "周强")]
        withdrawn = Sanction.objects.get(state="withdrawn")
        assert (withdrawn.target_department.code, withdrawn.withdrawn_reason) == ("inspection", first.number)
        incident.refresh_from_db()
        assert (incident.department.code, incident.employee) == ("branch_east", loader)

    def test_a_finding_that_names_the_same_changes_nothing(self, crew: Crew) -> None:
        against_east(crew.agent, at=AT - timedelta(hours=1))
        second = found(crew)
        assert not Sanction.objects.filter(state="withdrawn").exists()
        assert targets(Sanction, incident_of(second)) == [("branch_east", None)]

    def test_the_department_that_only_the_finding_names_is_handed_the_ticket_and_told(
        self, crew: Crew
    ) -> None:
        """CMP-42, CMP-43, SAN-11, SAN-19: the service incident moves with all that it does, in the finding's month or
        not."""
        west, handler = people.department("branch_west"), crew.west
        against_east(crew.agent, at=AT - timedelta(hours=1))
        second = answered(crew)
        incident = incident_of(second)
        against(second, crew, at=after(days=14, hours=3), department=west)
        incident.refresh_from_db()
        assert (incident.state, incident.department, incident.employee, incident.month) == (
            "confirmed", west, None, date(2026, 11, 1),
        )  # fmt: skip
        assert (
            targets(Sanction, incident) == targets(MeritDisqualification, incident) == [("branch_west", None)]
        )
        kept = MeritDisqualification.objects.values_list("target_department__code", "month", "withdrawn_at")
        assert list(kept.order_by("pk")) == [
            ("branch_east", date(2026, 11, 1), after(days=14, hours=3)),
            ("branch_west", date(2026, 11, 1), None),
        ]
        row = fresh(second)
        assert (row.state, row.answered_at, row.next_step) == ("investigating", None, "await_statement")
        handed = row.handovers.get(department=west)
        assert (handed.statement_required, handed.state) == (True, "waiting")
        assert clock(row, "statement").due_at == after(days=14, hours=7)
        assert [one.params["number"] for one in Notice.objects.filter(user=handler)] == [row.number]
        assert_sound()
        services.hand_in_statement(
            handover=handed, text="属实", employee=handler.employee, by=handler, at=after(days=14, hours=4)
        )
        against(fresh(row), crew, at=after(days=14, hours=5), department=west)
        assert row.handovers.filter(department=west).count() == 1
        assert Sanction.objects.count() == 2
        assert_sound()

    def test_a_suspected_one_moves_and_asks_nobody_before_it_is_confirmed(self, crew: Crew) -> None:
        """CMP-40: what follows, follows the confirmation."""
        west = people.department("branch_west")
        first = answered(crew, at=AT - timedelta(hours=3))
        second = register(None, channel="online", category="late_delivery")
        against(first, crew, at=after(hours=1), department=west)
        incident = incident_of(second)
        assert (incident.state, incident.department) == ("suspected", west)
        assert not Sanction.objects.exists()
        assert not Handover.objects.filter(department=west).exists()
        services.confirm_incident(incident=incident, by=crew.agent, at=after(hours=2))
        assert targets(Sanction, incident) == [("branch_west", None)]
        assert [one.complaint for one in Handover.objects.filter(department=west)] == [second]

    def test_who_stays_concerned_keeps_the_draft_with_its_amount_and_whoever_else_was_loses_it(
        self, crew: Crew
    ) -> None:
        """CMP-43, SAN-10: what the inspector has decided is not undone where the finding only adds a person."""
        against_east(crew.agent, at=AT - timedelta(hours=1))
        second = answered(crew)
        register(crew.agent, at=after(hours=2), respondent_department_id=people.department("branch_west").pk)
        incident = incident_of(second)
        draft = Sanction.objects.get(target_department__code="branch_east")
        draft = set_amount(sanction=draft, amount=Decimal("300"), reason="二次投诉", by=crew.inspector)
        loader = people.employee("branch_east", name="周强")
        against(second, crew, at=after(hours=3), employee=loader)
        assert targets(Sanction, incident) == [("branch_east", None), (None, "周强")]
        assert targets(MeritDisqualification, incident) == [("branch_east", None), (None, "周强")]
        draft.refresh_from_db()
        assert (draft.state, draft.amount) == ("proposed", Decimal("300"))
        assert Sanction.objects.get(state="withdrawn").target_department.code == "branch_west"
        assert_sound()

    def test_a_finding_that_is_replaced_by_one_that_names_nobody_holds_nobody_any_more(
        self, crew: Crew
    ) -> None:
        """CMP-43: without a finding it is whoever was complained of."""
        west = people.department("branch_west")
        against_east(crew.agent, at=AT - timedelta(hours=1))
        second = answered(crew)
        incident = incident_of(second)
        against(second, crew, at=after(hours=3), department=west)
        services.record_finding(
            complaint=fresh(second), founded="unfounded", text="查无此事。", by=crew.agent, at=after(hours=4)
        )
        incident.refresh_from_db()
        assert incident.department == people.department("branch_east")
        assert (
            targets(Sanction, incident) == targets(MeritDisqualification, incident) == [("branch_east", None)]
        )
        assert {one.department.code for one in second.handovers.all()} == {
            "branch_east",
            "branch_west",
            "inspection",
        }
        assert_sound()

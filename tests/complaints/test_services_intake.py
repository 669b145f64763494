"""Registering a complaint (CMP-01 to CMP-11), and what is shown before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.models import Complaint, Contact, Event, Handover, Round, ServiceIncident
from customers import services as customers
from customers.models import Customer, Waybill
from deadlines.models import Clock
from organization.choices import DutyKind
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.models import Notice, OutboxMessage, TrailEntry
from tests import people
from tests.complaints.cases import AT, TELEPHONE, WAYBILL, Crew, after, against_east, clock, register

pytestmark = pytest.mark.django_db


def trail(row: Complaint) -> list[str]:
    """The codes of a ticket's history, first to last."""
    return list(
        TrailEntry.objects.filter(kind="complaints.complaint", object_id=row.pk)
        .order_by("pk")
        .values_list("code", flat=True)
    )


def clocks(row: Complaint) -> dict[str, timedelta]:
    """kind → from start to due, of the open clocks."""
    rows = Clock.objects.open().of("complaints.complaint", row.pk)
    return {one.kind: one.due_at - one.started_at for one in rows}


class TestFirstComplaint:
    def test_a_call_about_late_delivery_is_routed_and_its_clocks_run(self, crew: Crew) -> None:
        """CMP-06, CMP-10c, CMP-32, CMP-33: one screen, one saving."""
        row = register(crew.agent)
        assert row.number.startswith("TS261118-")
        assert (row.state, row.sequence, row.round, row.rank) == ("routed", 1, 1, 5)
        assert row.department == people.department("inspection")
        assert row.owner == crew.agent
        assert row.accepted_at == AT
        assert row.registered_on == date(2026, 11, 18)
        assert row.summary == "说好上午送到，等到晚上也没人联系"
        assert clocks(row) == {"resolution": timedelta(hours=24), "statement": timedelta(hours=4)}
        assert (row.due_at, row.next_step) == (after(hours=4), "await_statement")
        assert trail(row) == ["complaint.registered", "complaint.route"]
        (handed,) = row.handovers.all()
        assert (handed.department.code, handed.statement_required, handed.state) == (
            "inspection",
            True,
            "waiting",
        )
        assert handed.due_at == after(hours=4)
        assert ServiceIncident.objects.count() == 0
        assert not row.is_incident

    def test_the_contact_keeps_channel_time_agent_and_caller(self, crew: Crew) -> None:
        """CMP-01."""
        contact = register(crew.agent).contact
        assert (contact.kind, contact.channel, contact.at, contact.agent) == (
            "complaint",
            "telephone",
            AT,
            crew.agent,
        )
        assert (contact.caller_name, contact.caller_telephone) == ("刘海涛", TELEPHONE)
        assert contact.customer == Customer.objects.get()

    def test_the_respondent_gives_the_statement_and_the_department_routed_to_answers(
        self, crew: Crew
    ) -> None:
        """CMP-21, CMP-35b."""
        row = against_east(crew.agent)
        assert row.department.code == "inspection"
        handed = {one.department.code: one for one in row.handovers.select_related("department")}
        assert handed["branch_east"].statement_required
        assert handed["branch_east"].due_at == after(hours=4)
        assert not handed["inspection"].statement_required
        assert handed["inspection"].due_at == after(hours=12)
        assert trail(row)[-1] == "complaint.statement_asked"

    def test_the_departments_people_are_told_and_nobody_else(self, crew: Crew) -> None:
        handler, west, inspector = crew.handler, crew.west, crew.inspector
        row = against_east(crew.agent)
        told = Notice.objects.filter(code="complaint.handed_over", object_id=row.pk)
        assert set(told.values_list("user", flat=True)) == {handler.pk, inspector.pk}
        assert west.pk not in told.values_list("user", flat=True)
        assert OutboxMessage.objects.filter(code="complaint.handed_over").count() == 2

    def test_a_known_customer_s_tier_is_fixed_on_the_ticket(self, crew: Crew) -> None:
        """CMP-39; ORG-06: the VIP team's tickets are those of A and B."""
        vip = people.team("vip")
        people.team("telephone")
        customers.register_customer(
            name="杭州华茂五金有限公司", kind="company", telephone=TELEPHONE, tier="A", tier_since=date(2026, 1, 1),
            by=None, at=AT,
        )  # fmt: skip
        row = register(crew.agent)
        assert (row.tier, row.rank, row.team) == ("A", 2, vip)
        assert row.customer.name == "杭州华茂五金有限公司"
        assert clock(row, "resolution").warn_percent == 50
        assert Customer.objects.count() == 1

    def test_an_unknown_waybill_becomes_a_stub_and_blocks_nothing(self, crew: Crew) -> None:
        """WBL-08."""
        row = register(crew.agent, waybill_number="８６２０ 4417 309")
        assert row.waybill.number == WAYBILL
        assert row.waybill.is_stub

    def test_a_contact_without_waybill_and_number_is_an_event_of_its_own(self, crew: Crew) -> None:
        given = {"channel": "letter", "caller_telephone": "", "caller_name": "", "waybill_number": ""}
        one, other = register(crew.agent, **given), register(crew.agent, **given)
        assert one.event_id != other.event_id
        assert one.event.key is None
        assert one.customer is None
        assert (other.sequence, other.is_incident) == (1, False)

    def test_on_a_channel_that_is_not_live_the_customer_is_answered_within_five_minutes(
        self, crew: Crew
    ) -> None:
        """CMP-30."""
        row = register(crew.agent, channel="email")
        assert clocks(row)["first_response"] == timedelta(minutes=5)
        assert (row.due_at, row.next_step) == (after(minutes=5), "reply")
        assert "first_response" not in clocks(register(crew.agent, waybill_number="86204417310"))

    @pytest.mark.parametrize(
        ("category", "subcase", "department"),
        [
            pytest.param("attitude", "", "inspection", id="CMP-10a"),
            pytest.param("branch_procedure", "released_before_cod", "branch_management", id="CMP-10b"),
            pytest.param("late_delivery", "", "inspection", id="CMP-10c"),
            pytest.param("late_remittance", "", "settlement", id="CMP-10d"),
            pytest.param("delay", "", "inspection", id="CMP-10e"),
            pytest.param("misrouted", "label_wrong", "business", id="CMP-10f-label"),
            pytest.param("misrouted", "sorting_wrong", "operations", id="CMP-10f-sorting"),
            pytest.param("misrouted", "cause_unknown", "operations", id="CMP-10f-unknown"),
            pytest.param("misrouted", "wrong_person", "branch_management", id="CMP-10f-person"),
            pytest.param("misrouted", "", "operations", id="CMP-10f"),
            pytest.param("damage_shortage", "in_transit", "claims", id="CMP-10g"),
            pytest.param("clerical_error", "freight_altered", "business", id="CMP-10h"),
            pytest.param("price", "", "business", id="CMP-10i"),
            pytest.param("no_feedback", "", "inspection", id="CMP-10j"),
        ],
    )
    def test_the_category_says_where_it_goes(
        self, crew: Crew, category: str, subcase: str, department: str
    ) -> None:
        assert register(crew.agent, category=category, subcase=subcase).department.code == department

    def test_where_no_rule_says_where_it_goes_the_supervisor_decides(self, crew: Crew) -> None:
        """CMP-10k."""
        supervisor = crew.supervisor
        row = register(crew.agent, category="other")
        assert (row.state, row.department, row.next_step) == ("registered", None, "decide_department")
        assert clocks(row) == {
            "resolution": timedelta(hours=24),
            "routing": timedelta(minutes=30),
            "supervisor_takes": timedelta(hours=1),
        }
        assert Notice.objects.get(code="complaint.reported").user == supervisor
        assert Handover.objects.count() == 0

    @pytest.mark.parametrize(
        ("state", "category", "department"),
        [
            pytest.param("collected", "branch_procedure", "branch_management", id="CMP-10b-with-branch"),
            pytest.param("handed_in", "late_remittance", "settlement", id="CMP-10d-handed-in"),
            pytest.param("unknown", "late_remittance", "settlement", id="CMP-10d-unknown"),
        ],
    )
    def test_for_cod_money_the_waybill_s_state_decides(
        self, crew: Crew, state: str, category: str, department: str
    ) -> None:
        """CMP-11, WBL-05."""
        waybill = customers.register_stub_waybill(number=WAYBILL, by=None, at=AT)
        if state != "unknown":
            customers.set_cod(waybill=waybill, state=state, amount=Decimal("4860.00"), by=None, at=AT)
        row = register(crew.agent, category="late_remittance")
        assert (row.category.code, row.department.code) == (category, department)

    def test_another_way_than_by_category_is_kept_with_its_reason(self, crew: Crew) -> None:
        """CMP-11."""
        row = register(
            crew.agent, department_id=people.department("operations").pk, route_reason="运营部已在处理"
        )
        assert row.department.code == "operations"
        handed = row.handovers.get()
        assert (handed.by_category, handed.reason) == (False, "运营部已在处理")
        entry = TrailEntry.objects.get(code="complaint.route", object_id=row.pk)
        assert entry.params["reason"] == "运营部已在处理"

    def test_settled_on_the_spot_the_follow_up_remains(self, crew: Crew) -> None:
        """CMP-04, CMP-20, CMP-25."""
        row = register(crew.agent, settle="on_spot", resolution="查到已签收，已告知客户。")
        assert (row.state, row.department, row.next_step) == ("resolved", None, "notify")
        assert clocks(row) == {"follow_up": timedelta(hours=48)}
        assert trail(row) == ["complaint.registered", "complaint.settle_on_spot"]
        assert Round.objects.get(complaint=row).resolution == "查到已签收，已告知客户。"
        assert Handover.objects.count() == 0

    def test_confirmed_in_the_same_contact_it_closes_at_once(self, crew: Crew) -> None:
        """CMP-20: no statement and no follow-up."""
        row = register(crew.agent, settle="on_spot", resolution="已告知。", customer_confirmed=True)
        assert (row.state, row.close_mark, row.clock, row.next_step) == ("closed", "on_spot", None, "")
        assert clocks(row) == {}
        assert trail(row)[-1] == "complaint.close_on_spot"

    def test_beyond_the_agent_s_authority_the_supervisor_has_an_hour(self, crew: Crew) -> None:
        """CMP-05, CMP-31."""
        supervisor = crew.supervisor
        row = register(crew.agent, settle="report")
        assert (row.state, row.owner) == ("registered", crew.agent)
        assert clocks(row)["supervisor_takes"] == timedelta(hours=1)
        assert trail(row) == ["complaint.registered", "complaint.report_upward"]
        assert Notice.objects.get(code="complaint.reported").user == supervisor

    def test_what_a_machine_brings_is_the_duty_agent_s_and_not_taken_yet(self, crew: Crew) -> None:
        """CMP-07, CMP-24, ORG-08: never without owner."""
        team = people.team("online", members=(crew.other,))
        people.duty(DutyKind.AGENT, crew.other, AT - timedelta(hours=1), after(hours=8), team=team)
        row = register(None, channel="online")
        assert (row.owner, row.accepted_at, row.team) == (crew.other, None, team)
        assert Notice.objects.get(code="complaint.unassigned").user == crew.other

    def test_without_a_rota_a_supervisor_owns_it_and_without_people_nothing_is_saved(
        self, crew: Crew
    ) -> None:
        with pytest.raises(RuleBroken) as refused:
            register(None, channel="online")
        assert refused.value.code == "complaint.no_owner"
        assert (Complaint.objects.count(), Contact.objects.count(), Event.objects.count()) == (0, 0, 0)
        supervisor = crew.supervisor
        assert register(None, channel="online").owner == supervisor


class TestRefusals:
    def test_everything_wrong_is_told_at_once_and_nothing_is_saved(self, crew: Crew) -> None:
        with pytest.raises(RulesBroken) as refused:
            register(crew.agent, category="", text="", caller_telephone="139", waybill_number="86")
        assert {one.field for one in refused.value.broken} == {"category", "text", "telephone", "waybill"}
        assert all(one.status == 400 for one in refused.value.broken)
        assert (Complaint.objects.count(), Waybill.objects.count(), Customer.objects.count()) == (0, 0, 0)

    @pytest.mark.parametrize(
        ("given", "field", "code"),
        [
            ({"category": "nonsense"}, "category", "complaint.category_unknown"),
            ({"subcase": "label_wrong"}, "subcase", "complaint.subcase_unknown"),
            ({"occurred_on": date(2026, 11, 19)}, "occurred_on", "complaint.in_the_future"),
            ({"customer_id": 0}, "customer", "complaint.customer_unknown"),
            ({"respondent_department_id": 0}, "respondent_department", "complaint.department_unknown"),
            ({"respondent_employee_id": 0}, "respondent", "complaint.employee_unknown"),
            ({"linked_number": "TS261118-1"}, "linked_number", "complaint.link_unknown"),
            ({"department_id": 0, "route_reason": "x"}, "department", "complaint.department_unknown"),
        ],
    )
    def test_what_is_not_there_is_refused_with_its_field(
        self, crew: Crew, given: dict[str, object], field: str, code: str
    ) -> None:
        with pytest.raises(RuleBroken) as refused:
            register(crew.agent, **given)
        assert (refused.value.code, refused.value.field) == (code, field)
        assert Complaint.objects.count() == 0

    def test_a_number_of_several_customers_asks_which_one(self, crew: Crew) -> None:
        for name in ("新禾食品", "鼎立建材"):
            customers.register_customer(name=name, kind="company", telephone=TELEPHONE, by=None, at=AT)
        with pytest.raises(RuleBroken) as refused:
            register(crew.agent)
        assert (refused.value.code, refused.value.field) == ("caller.ambiguous", "customer")
        chosen = Customer.objects.get(name="新禾食品")
        assert register(crew.agent, customer_id=chosen.pk).customer == chosen

    def test_a_handler_registers_nothing(self, crew: Crew) -> None:
        with pytest.raises(RuleBroken) as refused:
            register(crew.handler)
        assert (refused.value.code, refused.value.status) == ("lifecycle.no_right", 403)

    def test_the_same_key_from_outside_comes_in_once(self, crew: Crew) -> None:
        register(crew.agent, external_key="web:17")
        with pytest.raises(RuleBroken) as refused:
            register(crew.agent, external_key="web:17")
        assert refused.value.code == "complaint.known_key"
        assert Complaint.objects.count() == 1

    def test_rare_characters_and_emoji_are_kept_as_typed(self, crew: Crew) -> None:
        row = register(crew.agent, text="𠮷野家的货送错了😡，䶮先生很生气", caller_name="䶮𠮷")
        row.refresh_from_db()
        assert row.text == "𠮷野家的货送错了😡，䶮先生很生气"
        assert row.caller_name == "䶮𠮷"

    def test_personal_values_enter_the_history_masked(self, crew: Crew) -> None:
        """PRV-09."""
        row = register(crew.agent)
        entry = TrailEntry.objects.get(code="complaint.registered", object_id=row.pk)
        assert entry.params["telephone"]["masked"] == "139****0421"
        assert TELEPHONE not in str(entry.params)
        assert "刘海涛" not in str(entry.params)


class TestStatements:
    """One transaction, at most 15 statements for a first complaint, 30 for a second, at any size."""

    def count(self, crew: Crew) -> int:
        branch = people.department("branch_east").pk
        with CaptureQueriesContext(connection) as asked:
            register(crew.agent, at=None, respondent_department_id=branch)
        own = [one for one in asked if "SAVEPOINT" not in one["sql"]]
        assert sum("SAVEPOINT" in one["sql"] for one in asked) == 2, "one transaction, nothing nested"
        return len(own)

    def prepare(self, crew: Crew) -> None:
        _people = crew.handler, crew.inspector, crew.enterprise, crew.leader, crew.manager
        # The door has asked for the agent's rights.
        assert crew.agent.rights
        against_east(crew.agent, category="attitude")

    def test_a_first_complaint_of_a_known_caller(self, crew: Crew) -> None:
        self.prepare(crew)
        assert self.count(crew) <= 15

    def test_a_second_complaint_with_all_its_consequences(self, crew: Crew) -> None:
        self.prepare(crew)
        against_east(crew.agent)
        assert self.count(crew) <= 30

    def test_the_twentieth_complaint_of_the_event_costs_no_more_than_the_third(self, crew: Crew) -> None:
        self.prepare(crew)
        for _n in range(2):
            against_east(crew.agent)
        third = self.count(crew)
        for _n in range(16):
            against_east(crew.agent)
        assert self.count(crew) <= third <= 30


def test_the_business_day_is_the_centre_s(crew: Crew) -> None:
    """D17: 23:30 UTC on the 30th is the 1st at the centre."""
    row = register(crew.agent, at=datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    assert row.registered_on == date(2026, 12, 1)
    assert row.number.startswith("TS261201-")

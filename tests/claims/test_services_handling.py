"""Opening, investigating, pricing, approving: what may be done, and what is refused (CLM-01 to CLM-08, CLM-13)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from claims import services
from claims.models import Claim, ClaimFact, Offer
from claims.queries import claims_visible_to
from claims.services import FactInput, LineInput
from complaints.models import Complaint
from servicecenter.models import TrailEntry
from tests import people
from tests.claims import cases
from tests.claims.cases import AT, Crew, after
from tests.complaints import cases as complaints
from tests.refusals import refused

pytestmark = pytest.mark.django_db


class TestOpening:
    """CLM-01, CLM-13, CLM-17."""

    def test_a_complaint_about_damage_gives_its_waybill_and_caller(self, crew: Crew) -> None:
        complaint = complaints.register(complaints.Crew().agent, category="damage_shortage")
        claim = services.open_claim(
            intake=cases.intake(claimant=""), complaint=complaint, by=crew.agent, at=after(hours=1)
        )
        assert (claim.complaint, claim.waybill.number) == (complaint, complaints.WAYBILL)
        assert (claim.claimant, claim.customer_id) == ("刘海涛", complaint.customer_id)
        assert (claim.state, claim.liability_state, claim.adjuster) == ("reported", "open", None)
        assert Complaint.objects.get().state == complaint.state, "the complaint goes its own way"

    def test_the_reserve_is_what_is_claimed_else_by_kind(self, crew: Crew) -> None:
        assert cases.opened(crew).reserve == Decimal("1500.00")
        assert cases.opened(crew, pieces_group="B", claimed_amount=Decimal("90")).reserve == Decimal("90.00")

    def test_a_second_live_claim_for_the_same_pieces_is_refused_and_named(self, crew: Crew) -> None:
        first = cases.opened(crew)
        problem = refused("claim.duplicate", cases.opened, crew=crew)
        assert problem.params["number"] == first.number
        assert cases.opened(crew, pieces_group="后到的一件").pk != first.pk
        assert cases.opened(crew, kind="damage").pk != first.pk
        services.withdraw_claim(claim=first, reason="找到了", by=crew.adjuster, at=AT)
        assert cases.opened(crew).pk != first.pk

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"kind": "theft"}, "claim.kind"),
            ({"gravity": "odd"}, "claim.gravity"),
            ({"incident_on": date(2026, 11, 19)}, "claim.incident_later"),
            ({"claimed_amount": Decimal("-1")}, "claim.amount"),
            ({"declared_value": Decimal("1.001")}, "claim.amount"),
            ({"weight": Decimal("-2")}, "claim.amount"),
            ({"branch_id": 0}, "claim.branch"),
            ({"incident_report": "长" * 8_001}, "claim.too_long"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_what_does_not_fit_is_refused_by_field(
        self, crew: Crew, given: dict[str, Any], code: str
    ) -> None:
        assert refused(code, cases.opened, crew=crew, **given).status == 400
        assert not Claim.objects.exists()

    def test_a_claim_needs_a_waybill_and_the_right(self, crew: Crew) -> None:
        refused("claim.no_waybill", services.open_claim, intake=cases.intake(), by=crew.agent, at=AT)
        answer = refused(
            "lifecycle.no_right", services.open_claim, intake=cases.intake(), waybill=cases.waybill(),
            by=crew.cashier, at=AT,
        )  # fmt: skip
        assert answer.status == 403

    def test_an_ended_claim_is_opened_again_as_a_linked_new_one(self, crew: Crew) -> None:
        """CLM-02: the former stays as it is."""
        former = cases.opened(crew)
        services.reject_claim(claim=former, reason="包装不合格", by=crew.supervisor, at=AT)
        again = services.reopen_claim(claim=former, reason="补交了照片", by=crew.adjuster, at=after(days=1))
        assert (again.former, again.state, cases.fresh(former).state) == (former, "reported", "rejected")
        refused(
            "lifecycle.wrong_state", services.reopen_claim, claim=again, reason="x", by=crew.adjuster, at=AT
        )


class TestInvestigation:
    """CLM-03, CLM-04."""

    def test_the_first_act_takes_the_claim(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        services.record_facts(claim=claim, facts=[FactInput("entered", True)], by=crew.other, at=AT)
        claim = cases.fresh(claim)
        assert (claim.state, claim.adjuster) == ("investigating", crew.other)
        claim = services.take_claim(claim=claim, by=crew.adjuster, at=AT)
        assert (claim.state, claim.adjuster) == ("investigating", crew.adjuster)

    def test_facts_keep_their_evidence_and_who_recorded_them(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        first = FactInput("driver_record", "copied", "loading_record", "运营部原件")
        services.record_facts(claim=claim, facts=[first], by=crew.adjuster, at=AT)
        services.record_facts(
            claim=claim, facts=[first, FactInput("slip", "no")], by=crew.other, at=after(hours=1)
        )
        fact = ClaimFact.objects.get(name="driver_record")
        assert (fact.value, fact.evidence_note, fact.recorded_by) == ("copied", "运营部原件", crew.adjuster)
        trail = TrailEntry.objects.filter(code="claim.record_facts").order_by("pk")
        assert [entry.changes for entry in trail] == [
            {"driver_record": [None, "copied"]},
            {"slip": [None, "no"]},
        ]

    def test_evidence_may_come_before_the_answer(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        services.record_facts(
            claim=claim, facts=[FactInput("noter", None, "account", "已送笔迹比对")], by=crew.adjuster, at=AT
        )
        assert ClaimFact.objects.get().value is None
        services.record_facts(claim=claim, facts=[FactInput("noter", None)], by=crew.adjuster, at=AT)
        assert not ClaimFact.objects.exists()

    @pytest.mark.parametrize(
        ("fact", "code"),
        [
            (FactInput("colour", "red"), "fact.unknown"),
            (FactInput("position", "moon"), "fact.value"),
            (FactInput("off_post", "driver"), "fact.value"),
            (FactInput("slip", "no", "hearsay"), "fact.evidence"),
        ],
        ids=["name", "value", "no-list", "EV-01-word-of-mouth"],
    )
    def test_the_list_of_facts_is_closed(self, crew: Crew, fact: FactInput, code: str) -> None:
        claim = cases.opened(crew)
        refused(
            code,
            services.record_facts,
            claim=claim,
            facts=[FactInput("entered", True), fact],
            by=crew.adjuster,
            at=AT,
        )
        assert not ClaimFact.objects.exists(), "all or nothing"

    def test_a_party_is_a_person_a_department_or_somebody_outside(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        hired = services.bind_party(
            claim=claim, role="driver", outside=" 外请司机  老许 ", by=crew.adjuster, at=AT
        )
        assert (hired.who, hired.key) == ("外请司机 老许", "outside:外请司机 老许")
        again = services.bind_party(claim=claim, role="driver", employee=crew.driver, by=crew.adjuster, at=AT)
        assert (again.pk, again.who) == (hired.pk, "周建国")
        for wrong in ({}, {"outside": "x", "employee": crew.driver}):
            refused(
                "party.one", services.bind_party, claim=claim, role="loader", by=crew.adjuster, at=AT, **wrong
            )
        refused(
            "party.role",
            services.bind_party,
            claim=claim,
            role="company",
            outside="x",
            by=crew.adjuster,
            at=AT,
        )
        services.unbind_party(claim=claim, role="driver", by=crew.adjuster, at=AT)
        assert not claim.parties.exists()

    def test_a_line_assessed_lower_says_why(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        line = LineInput("果酱", 2, Decimal("100"), assessed=Decimal("0"))
        problem = refused(
            "line.reason", services.set_lines, claim=claim, lines=[line], by=crew.adjuster, at=AT
        )
        assert problem.params == {"line": 1}
        line = LineInput("果酱", 2, Decimal("100"), assessed=Decimal("0"), reduction="unproven")
        services.set_lines(claim=claim, lines=[line], by=crew.adjuster, at=AT)
        assert claim.lines.get().assessed == Decimal("0.00"), "an award of zero stays zero"
        assert cases.fresh(claim).claimed_amount == Decimal("100.00")

    def test_two_people_at_once_are_told(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        services.take_claim(claim=claim, by=crew.adjuster, at=AT, version=claim.version)
        refused(
            "lifecycle.stale", services.take_claim, claim=claim, by=crew.other, at=AT, version=claim.version
        )


class TestPrice:
    """CLM-05, CLM-06."""

    def test_every_step_of_the_computation_is_kept(self, crew: Crew) -> None:
        claim = cases.opened(crew, declared_value=Decimal("3000"), goods_value=Decimal("4500"))
        services.set_lines(claim=claim, lines=[LineInput("果酱", 2, Decimal("900"))], by=crew.adjuster, at=AT)
        made = services.assess(claim=claim, by=crew.adjuster, at=AT)
        assert (made.method, made.amount, made.ordinal) == ("underinsured", Decimal("600.00"), 1)
        assert [step["code"] for step in made.steps] == ["payout.loss", "payout.proportion"]
        assert cases.fresh(claim).assessed_amount == Decimal("600.00")

    def test_without_goods_nothing_is_worked_out(self, crew: Crew) -> None:
        refused("claim.no_lines", services.assess, claim=cases.opened(crew), by=crew.adjuster, at=AT)

    def test_offers_are_kept_in_order_and_the_agreement_fixes_the_price(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        services.set_lines(claim=claim, lines=[LineInput("果酱", 2, Decimal("900"))], by=crew.adjuster, at=AT)
        services.assess(claim=claim, by=crew.adjuster, at=AT)
        for move, amount, way in (
            ("offer", "700", ""),
            ("counter", "900", ""),
            ("refuse", None, ""),
            ("agree", "800", "call"),
        ):
            services.negotiate(
                claim=claim,
                move=move,
                amount=Decimal(amount) if amount else None,
                way=way,
                by=crew.adjuster,
                at=AT,
            )
        claim = cases.fresh(claim)
        assert list(Offer.objects.values_list("ordinal", "move")) == [
            (1, "offer"),
            (2, "counter"),
            (3, "refuse"),
            (4, "agree"),
        ]
        assert (claim.state, claim.agreed_amount, claim.agreed_way) == (
            "negotiated",
            Decimal("800.00"),
            "call",
        )
        assert claim.due_at == AT + timedelta(days=7), "CLM-14: paid within seven days of the agreement"
        services.negotiate(claim=claim, move="counter", amount=Decimal("850"), by=crew.adjuster, at=AT)
        claim = cases.fresh(claim)
        assert (claim.state, claim.agreed_amount) == ("assessed", None)

    def test_an_agreement_carries_the_customers_confirmation(self, crew: Crew) -> None:
        claim = cases.agreed(crew)
        refused(
            "offer.way",
            services.negotiate,
            claim=claim,
            move="agree",
            amount=Decimal(1),
            by=crew.adjuster,
            at=AT,
        )
        refused(
            "offer.move",
            services.negotiate,
            claim=claim,
            move="shout",
            amount=Decimal(1),
            by=crew.adjuster,
            at=AT,
        )


class TestWhoSees:
    """ORG-04, D7."""

    def test_a_department_sees_what_it_pays_out_or_is_a_party_of(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        east, west = (
            people.user("department_manager"),
            people.user("department_manager", department="branch_west"),
        )
        operations = people.user("department_manager", department="operations")
        assert list(claims_visible_to(east)) == [claim]
        assert list(claims_visible_to(west)) == list(claims_visible_to(operations)) == []
        services.bind_party(claim=claim, role="driver", employee=crew.driver, by=crew.adjuster, at=AT)
        assert list(claims_visible_to(operations)) == [claim]
        assert list(claims_visible_to(people.user("storekeeper"))) == []
        for who in (crew.adjuster, crew.agent, crew.leader, crew.finance):
            assert list(claims_visible_to(who)) == [claim], who

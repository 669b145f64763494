"""Who signs what, what is warned of, and how a claim ends (CLM-08, CLM-13)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from claims import services
from claims.models import ApprovalRequest
from claims.queries import warnings_of
from claims.services import PartInput
from servicecenter.clock import now_db
from servicecenter.policies import set_policy
from tests import people
from tests.claims import cases
from tests.claims.cases import AT, Crew
from tests.refusals import refused

pytestmark = pytest.mark.django_db


class TestApproval:
    """CLM-08."""

    @pytest.mark.parametrize(
        ("amount", "levels"),
        [
            ("500.00", ["supervisor"]), ("500.01", ["centre_manager"]), ("20000.00", ["management"]),
            ("20000.01", ["management", "finance"]),
        ],
    )  # fmt: skip
    def test_the_sum_decides_who_signs(self, crew: Crew, amount: str, levels: list[str]) -> None:
        request = services.request_approval(claim=cases.agreed(crew, amount), by=crew.adjuster, at=AT)
        assert list(request.steps.order_by("ordinal").values_list("level", flat=True)) == levels

    def test_the_sum_is_cumulative_over_the_waybill(self, crew: Crew) -> None:
        cases.agreed(crew, "400.00")
        second = cases.agreed(crew, "300.00", pieces_group="B")
        request = services.request_approval(claim=second, by=crew.adjuster, at=AT)
        assert (request.amount, request.cumulative) == (Decimal("300.00"), Decimal("700.00"))
        assert request.steps.get().level == "centre_manager"

    def test_neither_maker_nor_a_lower_level_signs(self, crew: Crew) -> None:
        request = services.request_approval(claim=cases.agreed(crew), by=crew.adjuster, at=AT)
        step = request.steps.get()
        people.assign(crew.adjuster, "centre_manager", "service_centre")
        for who in (crew.adjuster, crew.supervisor, crew.finance):
            refused("approval.not_yours", services.sign, step=step, approved=True, by=who, at=AT)
        assert cases.fresh(request.claim).state == "negotiated"
        services.sign(step=step, approved=True, by=crew.leader, at=AT)
        assert cases.fresh(request.claim).state == "approved", "a higher level may sign for a lower one"

    def test_two_people_sign_in_their_order(self, crew: Crew) -> None:
        request = services.request_approval(claim=cases.agreed(crew, "30000.00"), by=crew.adjuster, at=AT)
        first, second = request.steps.order_by("ordinal")
        refused("approval.order", services.sign, step=second, approved=True, by=crew.finance, at=AT)
        services.sign(step=first, approved=True, by=crew.leader, at=AT)
        assert cases.fresh(request.claim).state == "negotiated"
        people.assign(crew.leader, "finance", "finance")
        refused("approval.twice", services.sign, step=second, approved=True, by=crew.leader, at=AT)
        services.sign(step=second, approved=True, by=crew.finance, at=AT)
        assert cases.fresh(request.claim).approved_amount == Decimal("30000.00")
        refused("approval.done", services.sign, step=second, approved=True, by=crew.finance, at=AT)

    def test_a_refusal_says_why_and_opens_the_price_again(self, crew: Crew) -> None:
        request = services.request_approval(claim=cases.agreed(crew), by=crew.adjuster, at=AT)
        step = request.steps.get()
        refused("lifecycle.reason_needed", services.sign, step=step, approved=False, by=crew.manager, at=AT)
        services.sign(step=step, approved=False, remark="缺发票", by=crew.manager, at=AT)
        claim = cases.fresh(request.claim)
        assert (claim.state, claim.agreed_amount, claim.approved_amount) == ("assessed", None, None)
        assert ApprovalRequest.objects.get().state == "declined"

    def test_what_waits_is_not_changed_until_it_is_taken_back(self, crew: Crew) -> None:
        claim = cases.agreed(crew)
        services.request_approval(claim=claim, by=crew.adjuster, at=AT)
        refused(
            "claim.waits_for_approval", services.negotiate, claim=claim, move="offer", amount=Decimal(1),
            by=crew.adjuster, at=AT,
        )  # fmt: skip
        refused("claim.waits_for_approval", services.request_approval, claim=claim, by=crew.adjuster, at=AT)
        services.withdraw_request(claim=claim, by=crew.adjuster, at=AT)
        services.negotiate(claim=claim, move="offer", amount=Decimal(1), by=crew.adjuster, at=AT)

    def test_a_payout_of_nothing_is_paid_at_once(self, crew: Crew) -> None:
        """CLM-04: an award of zero stays zero."""
        claim = cases.approved(crew, "0.00")
        assert (claim.state, claim.approved_amount) == ("paid", Decimal("0.00"))

    def test_the_limits_are_policy(self, crew: Crew) -> None:
        set_policy(code="claims.approval", value={"supervisor": "2000"}, by=None, reason="试行")
        request = services.request_approval(claim=cases.agreed(crew), by=crew.adjuster)
        assert request.steps.get().level == "supervisor"
        assert request.policy is not None


class TestWarnings:
    """CLM-13, CLM-19: they warn and refuse nothing."""

    def test_payouts_above_the_declared_value(self, crew: Crew) -> None:
        claim = cases.agreed(crew, "900.00", declared_value=Decimal("800"), goods_value=Decimal("800"))
        assert len(warnings_of(claim)) == 1

    def test_the_same_payee_within_thirty_days(self, crew: Crew) -> None:
        now = now_db()
        before = now - timedelta(days=31)
        (old,) = cases.parted(
            crew, "100.00", bill=cases.waybill("86204398119"), at=before, incident_on=before.date()
        )
        (recent,) = cases.parted(crew, "100.00", at=now)
        claim = cases.approved(crew, "100.00", bill=cases.waybill("86204398118"), at=now)
        assert warnings_of(claim) == []
        services.set_parts(
            claim=claim,
            parts=[PartInput("别人", Decimal("100.00"), telephone="13900000421")],
            by=crew.adjuster,
            at=now,
        )
        (warning,) = warnings_of(claim)
        assert recent.claim.number in warning
        assert old.claim.number not in warning


class TestEnds:
    """CLM-02."""

    def test_a_claim_goes_to_court_and_comes_back(self, crew: Crew) -> None:
        claim = cases.agreed(crew)
        services.go_to_court(claim=claim, reason="客户起诉", by=crew.supervisor, at=AT)
        assert (cases.fresh(claim).state, cases.fresh(claim).agreed_amount) == ("litigation", None)
        services.leave_court(claim=claim, reason="调解结案", by=crew.supervisor, at=AT)
        assert cases.fresh(claim).state == "investigating"

    def test_a_paid_claim_stays_open_while_the_liability_is(self, crew: Crew) -> None:
        claim = cases.approved(crew, "0.00")
        refused("claim.liability_open", services.close_claim, claim=claim, by=crew.adjuster, at=AT)

    def test_an_approved_claim_is_neither_rejected_nor_withdrawn(self, crew: Crew) -> None:
        claim = cases.approved(crew)
        refused(
            "lifecycle.wrong_state", services.reject_claim, claim=claim, reason="x", by=crew.supervisor, at=AT
        )
        refused(
            "lifecycle.wrong_state", services.withdraw_claim, claim=claim, reason="x", by=crew.adjuster, at=AT
        )

"""The whole story of one claim, from the incident to the closed file (issue: money and goods)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims import services
from claims.models import Claim, LiabilityEntry, Voucher
from conduct.models import Sanction
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Notice, TrailEntry
from tests.claims import cases
from tests.claims.cases import AT, Crew, after

pytestmark = pytest.mark.django_db


def test_a_loss_is_determined_agreed_approved_paid_recovered_and_closed() -> None:
    crew = Crew()
    made = cases.determined(crew)
    claim = cases.fresh(made.claim)
    assert (made.status, made.outcome) == ("final", "LR-03b")
    assert (claim.state, claim.liability_state) == ("investigating", "determined")
    assert not LiabilityEntry.objects.exists(), "nothing is charged before the payout is approved"

    voucher = cases.issued(crew, claim=claim, at=after(hours=1))
    claim = cases.fresh(claim)
    assert (claim.state, claim.approved_amount) == ("voucher_issued", Decimal("1680.32"))
    assert [(share.party, share.who, str(share.fraction)) for share in made.shares.order_by("ordinal")] == [
        ("loader", "马强", "1/3"), ("driver", "周建国", "1/3"), ("branch", "城东分公司", "1/3"),
    ]  # fmt: skip
    entries = LiabilityEntry.objects.order_by("pk")
    assert [(entry.share.party, entry.kind, entry.amount) for entry in entries] == [
        ("loader", "charge", Decimal("560.11")), ("driver", "charge", Decimal("560.11")),
        ("branch", "charge", Decimal("560.10")),
    ]  # fmt: skip

    paid = cases.pay(voucher, crew.cashier, at=after(hours=2))
    claim = cases.fresh(claim)
    assert (paid.state, claim.state, claim.liability_state) == ("paid", "paid", "determined")

    final = services.finalise_due(at=after(days=7))
    assert (final, cases.fresh(claim).liability_state) == (1, "final")
    for share in made.shares.order_by("ordinal"):
        owed = LiabilityEntry.objects.get(share=share, kind="charge").amount
        services.record_recovery(share=share, amount=owed, by=crew.adjuster, at=after(days=8))
    claim = cases.fresh(claim)
    assert (claim.state, claim.liability_state) == ("paid", "recovered")

    with pytest.raises(RuleBroken, match=r"claim\.papers_missing"):
        services.close_claim(claim=claim, by=crew.adjuster, at=after(days=9))
    services.receive_papers(claim=claim, papers=["release"], by=crew.adjuster, at=after(days=9))
    claim = services.close_claim(claim=cases.fresh(claim), by=crew.adjuster, at=after(days=9))
    assert claim.state == "closed"
    codes = list(
        TrailEntry.objects.filter(kind="claims.claim", object_id=claim.pk)
        .order_by("pk")
        .values_list("code", flat=True)
    )
    assert codes[0] == "claim.opened" and codes[-1] == "claim.close"
    assert {"claim.record_facts", "liability.determine", "claim.approve", "claim.pay_voucher"} <= set(codes)


def test_the_fine_of_a_rule_becomes_a_sanction_of_its_own() -> None:
    """LR-20, SAN-07: beside the shares, on the person the rule names."""
    crew = Crew()
    made = cases.determined(crew)
    fine = made.fines.get()
    assert (fine.rule, fine.party, fine.who, fine.minimum) == ("LR-02", "driver", "周建国", Decimal("100.00"))
    sanction = Sanction.objects.get()
    assert fine.sanction == sanction
    assert (sanction.violation.code, sanction.target_employee, sanction.amount) == (
        "SAN-07", crew.driver, Decimal("100.00"),
    )  # fmt: skip
    assert (sanction.state, sanction.proposed_by, sanction.month) == ("proposed", None, date(2026, 11, 1))
    assert sanction.source_number == made.claim.number


def test_the_payout_never_waits_for_the_liability() -> None:
    """CLM-07."""
    crew = Crew()
    voucher = cases.issued(crew)
    cases.pay(voucher, crew.cashier)
    claim = cases.fresh(voucher.claim)
    assert (claim.state, claim.liability_state) == ("paid", "open")
    assert Claim.objects.get().determinations.count() == 0


def test_a_determination_after_the_approval_charges_at_once() -> None:
    crew = Crew()
    claim = cases.investigated(crew)
    cases.approved(crew, "100.00", claim=claim)
    services.determine(claim=cases.fresh(claim), by=crew.adjuster, at=AT)
    amounts = LiabilityEntry.objects.order_by("pk").values_list("share__party", "amount")
    assert list(amounts) == [
        ("loader", Decimal("33.34")), ("driver", Decimal("33.33")), ("branch", Decimal("33.33")),
    ]  # fmt: skip


def test_nobody_is_told_twice_and_the_approver_is() -> None:
    crew = Crew()
    assert crew.manager
    row = cases.agreed(crew)
    services.request_approval(claim=row, by=crew.adjuster, at=AT)
    told = Notice.objects.filter(code="claim.to_approve")
    assert [notice.user for notice in told] == [crew.manager]
    assert Voucher.objects.count() == 0

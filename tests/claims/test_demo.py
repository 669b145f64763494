"""The claims of the demonstration: every state of both tracks and of vouchers is there, and nothing is broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from claims.choices import LiabilityState, PayoutState, VoucherState
from claims.demo import months, play
from claims.invariants import CHECKS
from claims.models import Claim, Voucher
from customers.demo import seed as customers
from organization.demo import seed as organization


@pytest.mark.django_db
def test_every_state_of_a_claim_and_of_a_voucher_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """CLM-02, CLM-09: whoever looks for a state in the demonstration finds a case of it."""
    # the scenes of today; those of the months before repeat their course
    monkeypatch.setattr(months, "PAST", ())
    # the demonstration also stands three weeks after the longest holiday, whose days are no working days of any term
    at = datetime(2026, 10, 22, 12, 0, tzinfo=UTC)
    organization(at=at)
    customers(at=at)
    play(at=at)
    assert set(Claim.objects.values_list("state", flat=True)) == set(PayoutState.values)
    liability = set(Claim.objects.values_list("liability_state", flat=True))
    assert liability == set(LiabilityState.values)
    assert set(Voucher.objects.values_list("state", flat=True)) == set(VoucherState.values)
    assert not Claim.objects.filter(reported_at__lt=at - timedelta(days=92)).exists()
    assert [violation for check in CHECKS for violation in check.find()] == []

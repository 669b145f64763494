"""How a claim ends: closed on both tracks, rejected, withdrawn, or goes to court (CLM-02)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from claims.models import Claim
from claims.services.acting import Act
from organization.models import User


def _end(
    claim: Claim, action: str, *, reason: str = "", by: User | None, at: Any, version: int | None
) -> Claim:
    act = Act.begin(claim, action, by=by, at=at, version=version, reason=reason)
    act.set(closed_at=act.at, closed_by=by, end_reason=act.reason[:300], due_at=act.at)
    if action != "close":
        act.set(agreed_amount=None, agreed_at=None, agreed_way="", answered_at=None)
    act.move(action)
    return act.finish()


@transaction.atomic
def close_claim(
    *, claim: Claim, by: User | None, at: datetime | None = None, version: int | None = None
) -> Claim:
    """Close: paid, and what was to be recovered is recovered or written off. RuleBroken `claim.liability_open`."""
    return _end(claim, "close", by=by, at=at, version=version)


@transaction.atomic
def reject_claim(
    *, claim: Claim, reason: str, by: User | None, at: datetime | None = None, version: int | None = None
) -> Claim:
    """Refuse the claim, with a reason that the customer is told."""
    return _end(claim, "reject", reason=reason, by=by, at=at, version=version)


@transaction.atomic
def withdraw_claim(
    *, claim: Claim, reason: str, by: User | None, at: datetime | None = None, version: int | None = None
) -> Claim:
    """The customer takes the claim back."""
    return _end(claim, "withdraw", reason=reason, by=by, at=at, version=version)


@transaction.atomic
def go_to_court(
    *, claim: Claim, reason: str, by: User | None, at: datetime | None = None, version: int | None = None
) -> Claim:
    """The matter is before a court; the price is open again."""
    act = Act.begin(claim, "go_to_court", by=by, at=at, version=version, reason=reason)
    act.set(agreed_amount=None, agreed_at=None, agreed_way="", answered_at=None)
    act.move("go_to_court")
    return act.finish()


@transaction.atomic
def leave_court(
    *, claim: Claim, reason: str, by: User | None, at: datetime | None = None, version: int | None = None
) -> Claim:
    """The court has decided or the parties have settled: the claim is handled on."""
    act = Act.begin(claim, "leave_court", by=by, at=at, version=version, reason=reason)
    act.move("leave_court")
    return act.finish()

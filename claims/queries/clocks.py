"""When a claim's next step is due (CLM-14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from claims.domain.policy import ClaimPolicy
from claims.models import Claim

Days = Callable[[datetime, int], datetime]


def due_of(row: Claim, *, policy: ClaimPolicy, days: Days) -> datetime:
    """Acknowledged, answered, then paid within the term after the price was agreed; `days` adds working days."""
    if row.state == "reported":
        return days(row.reported_at, policy.acknowledge_days)
    if row.agreed_at is not None:
        return row.agreed_at + timedelta(days=policy.pay_days)
    serious = row.gravity == "serious"
    return days(row.reported_at, policy.answer_days_serious if serious else policy.answer_days_simple)

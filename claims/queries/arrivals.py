"""Goods that did not arrive in time: whether they count as lost by now (CLM-19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from claims.choices import ClaimKind
from claims.domain.arrival import counts_as_lost, days_missing
from claims.domain.policy import ClaimPolicy
from claims.models import Claim
from customers.models import Waybill, WaybillEvent
from servicecenter import policies
from servicecenter.clock import business_date, now_db


@dataclass(frozen=True)
class Missing:
    """A consignment that has not arrived: days since the promised one, and after how many it counts as lost."""

    waybill: Waybill
    days: int
    after: int


def lost_by_time(waybill: Waybill | None, *, at: datetime | None = None) -> Missing | None:
    """The goods if they count as lost by now, and no live claim for their loss has been opened yet.

    At most three statements; one where nothing is promised or the term has not passed.
    """
    if waybill is None or waybill.promised_at is None:
        return None
    now = at or now_db()
    policy: ClaimPolicy = policies.value("claims.handling", at=now)
    promised_on, today = business_date(waybill.promised_at), business_date(now)
    # asked first without the events: most goods are not that late
    if not counts_as_lost(
        days_missing(promised_on=promised_on, events=(), today=today), after=policy.lost_days
    ):
        return None
    events = WaybillEvent.objects.filter(waybill=waybill, is_void=False, correction=None)
    days = days_missing(promised_on=promised_on, events=events.values_list("kind", flat=True), today=today)
    if not counts_as_lost(days, after=policy.lost_days):
        return None
    if Claim.objects.live().filter(waybill=waybill, kind=ClaimKind.LOSS).exists():
        return None
    return Missing(waybill, days, policy.lost_days)

"""Goods that do not come: how long after the promised day they count as lost (CLM-19)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

# Whatever of this has happened to a consignment, it has come to the end of its way.
ARRIVED = frozenset({"arrived", "notified", "out_for_delivery", "delivered", "signed", "refused", "returned"})


def days_missing(*, promised_on: date | None, events: Iterable[str], today: date) -> int:
    """Whole days since the promised day of goods that have not arrived; 0 where nothing is promised or they have.

    `events` are the kinds of those that stand.
    """
    if promised_on is None or not ARRIVED.isdisjoint(events):
        return 0
    return max((today - promised_on).days, 0)


def counts_as_lost(days: int, *, after: int) -> bool:
    """Goods missing for so many days are a loss once `after` days are full (policy; Railway Law art. 16)."""
    return days >= after

"""Standing of a customer (CUS-04): derived from the day of the last waybill sent, except that closing is an act."""

from __future__ import annotations

from datetime import date, timedelta

from customers.choices import Standing


def standing_on(
    day: date, *, last_shipped_on: date | None, closed: bool, dormant_after_days: int
) -> Standing:
    """The standing on a day. Dormant: no waybill for `dormant_after_days` days, the day itself counted."""
    if closed:
        return Standing.CLOSED
    if last_shipped_on is None:
        return Standing.PROSPECT
    if day - last_shipped_on >= timedelta(days=dormant_after_days):
        return Standing.DORMANT
    return Standing.ACTIVE

"""Months of the stock: opened by their first posting, closed in their order with a snapshot (LED-05, LED-08)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from inventory.choices import PeriodState
from inventory.models import Period
from inventory.permissions import Right, may
from inventory.queries.periods import closing_obstacles, is_open
from inventory.queries.scope import stock_policy
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.months import month_of, next_month

# What lay in each warehouse at the end of the month: on hand now, less everything dated later.
_SNAPSHOT = """
INSERT INTO inventory_periodbalance (period_id, warehouse_id, item_id, quantity)
SELECT %(period)s, b.warehouse_id, b.item_id, b.quantity - coalesce(later.quantity, 0)
FROM inventory_balance b LEFT JOIN (
  SELECT warehouse_id, item_id, sum(quantity) AS quantity FROM inventory_ledgerentry
  WHERE business_date >= %(next)s GROUP BY warehouse_id, item_id) later
  ON later.warehouse_id = b.warehouse_id AND later.item_id = b.item_id
WHERE b.quantity - coalesce(later.quantity, 0) <> 0
"""


def lock_open(day: date) -> Period:
    """The period of that day, held open until the transaction ends; the first posting of a month makes its row.

    First of all locks (LED-04). Raises RuleBroken `period.closed`.
    """
    month = month_of(day)
    rows = Period.objects.filter(month=month)
    found = _shared(month)
    if found is None:
        if not is_open(day):
            raise RuleBroken("period.closed", field="business_date", month=f"{month:%Y-%m}")
        rows.bulk_create([Period(month=month)], ignore_conflicts=True)
        found = _shared(month)
    if found is None or found.state != PeriodState.OPEN:
        raise RuleBroken("period.closed", field="business_date", month=f"{month:%Y-%m}")
    return found


def _shared(month: date) -> Period | None:
    """The row under a lock that posters share and a closing does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, state FROM inventory_period WHERE month = %s FOR SHARE", [month])
        row = cursor.fetchone()
    return Period(pk=row[0], month=month, state=row[1]) if row else None


@transaction.atomic
def close_period(*, month: date, by: Any | None, at: datetime | None = None) -> Period:
    """Close a month and write its closing stock (LED-08).

    Refused while documents of it wait or goods are too long in transit: `period.obstacles` names them; in any other
    order than one month after the other: `period.in_order`, `period.running`.
    """
    if not may(by, Right.CLOSE_PERIOD):
        raise RuleBroken("lifecycle.no_right", status=403, action="close")
    with connection.cursor() as cursor:
        # Nobody opens a further month meanwhile.
        cursor.execute("LOCK TABLE inventory_period IN SHARE ROW EXCLUSIVE MODE")
    first = month_of(month)
    row = Period.objects.select_for_update().filter(month=first).first()
    moment = at or now_db()
    if first >= month_of(business_date(moment)):
        raise RuleBroken("period.running", field="month", month=f"{first:%Y-%m}")
    if row is None:
        if not is_open(first):
            raise RuleBroken("period.closed_already", month=f"{first:%Y-%m}")
        row = Period.objects.create(month=first)
    if row.state == PeriodState.CLOSED:
        raise RuleBroken("period.closed_already", month=f"{first:%Y-%m}")
    if Period.objects.filter(month__lt=first, state=PeriodState.OPEN).exists():
        raise RuleBroken("period.in_order", field="month")
    obstacles = closing_obstacles(first, days=stock_policy(at=moment).transit_days, at=moment)
    if obstacles:
        raise RuleBroken("period.obstacles", numbers=", ".join(obstacles[:50]), count=len(obstacles))
    row.state, row.closed_at, row.closed_by = PeriodState.CLOSED, moment, by
    row.save()
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT, {"period": row.pk, "next": next_month(first)})
    trail.record(
        row,
        "period.closed",
        by=by,
        at=moment,
        changes={"state": [PeriodState.OPEN, PeriodState.CLOSED]},
        month=f"{first:%Y-%m}",
    )
    return row


@transaction.atomic
def reopen_period(*, month: date, reason: str, by: Any | None, at: datetime | None = None) -> Period:
    """Open the latest closed month again, with a reason; its snapshot goes (LED-08).

    Raises RuleBroken `period.not_latest`, `period.not_closed`, `lifecycle.reason_needed`.
    """
    if not may(by, Right.REOPEN_PERIOD):
        raise RuleBroken("lifecycle.no_right", status=403, action="reopen")
    if not reason.strip():
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action="reopen")
    first = month_of(month)
    row = Period.objects.select_for_update().filter(month=first, state=PeriodState.CLOSED).first()
    if row is None:
        raise RuleBroken("period.not_closed", field="month", month=f"{first:%Y-%m}")
    if Period.objects.filter(month__gt=first, state=PeriodState.CLOSED).exists():
        raise RuleBroken("period.not_latest", field="month")
    moment = at or now_db()
    row.balances.all().delete()
    row.state, row.closed_at, row.closed_by = PeriodState.OPEN, None, None
    row.reopened_at, row.reopened_by = moment, by
    row.save()
    trail.record(
        row,
        "period.reopened",
        by=by,
        at=moment,
        changes={"state": [PeriodState.CLOSED, PeriodState.OPEN]},
        month=f"{first:%Y-%m}",
        reason=reason.strip()[:300],
    )
    return row

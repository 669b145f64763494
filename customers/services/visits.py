"""Visits that were held (CUS-21)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from customers.models import Customer, Visit
from customers.services.rows import locked_customer
from organization.models import Employee
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken

LONGEST = 500


@transaction.atomic
def record_visit(
    *,
    customer: Customer,
    held_on: date,
    visitor: Employee,
    summary: str,
    by: Any | None,
    at: datetime | None = None,
) -> Visit:
    """Note that somebody visited the customer; the next visit is due from that day on.

    The same visit again is answered with the one that is there. Raises RuleBroken `visit.future`, `visit.summary`,
    `customer.closed`.
    """
    row = locked_customer(customer)
    moment = at or now_db()
    words = " ".join(summary.split())
    if not words or len(words) > LONGEST:
        raise RuleBroken("visit.summary", field="summary", status=400, most=LONGEST)
    if held_on > business_date(moment):
        raise RuleBroken("visit.future", field="held_on", status=400)
    same = Visit.objects.filter(customer=row, held_on=held_on, visitor=visitor).first()
    if same is not None:
        return same
    made = Visit.objects.create(
        customer=row, held_on=held_on, visitor=visitor, summary=words, recorded_at=moment, recorded_by=by
    )
    trail.record(row, "customer.visited", by=by, at=moment, day=held_on, name=visitor.name)
    return made

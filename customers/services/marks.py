"""The mark of a difficult or dishonest customer: set by an agent, confirmed by a supervisor, lifted (CUS-03)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from customers.choices import CustomerKind, Difficulty
from customers.models import Customer
from customers.permissions import Right
from customers.services.rows import change, locked_customer
from organization.queries import holders
from servicecenter import notices
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.masking import mask_name


@transaction.atomic
def mark_difficult(
    *, customer: Customer, reason: str, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Customer:
    """Mark a customer as difficult; the mark shows at intake, and supervisors are told to confirm or lift it.

    Raises RuleBroken `lifecycle.reason_needed`, `mark.already`.
    """
    words = reason.strip()
    if not words:
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action="mark")
    row = locked_customer(customer, version=version)
    if row.difficult_mark != Difficulty.NONE:
        raise RuleBroken("mark.already", number=row.number)
    moment = at or now_db()
    after = {
        "difficult_mark": Difficulty.MARKED,
        "difficult_reason": words,
        "marked_at": moment,
        "marked_by": by,
    }
    change(row, after, "customer.marked", by=by, at=moment, reason=words)
    notices.tell(
        holders(Right.CONFIRM_MARK, at=moment),
        "customer.marked",
        about=row,
        at=moment,
        key=f"{row.pk}:{row.version}",
        name=row.name if row.kind == CustomerKind.COMPANY else mask_name(row.name),
    )
    return row


@transaction.atomic
def confirm_mark(
    *, customer: Customer, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Customer:
    """Confirm the mark. Raises RuleBroken `mark.none`, `mark.confirmed`, `mark.own` (who marked cannot confirm)."""
    row = locked_customer(customer, version=version)
    if row.difficult_mark == Difficulty.NONE:
        raise RuleBroken("mark.none", number=row.number)
    if row.difficult_mark == Difficulty.CONFIRMED:
        raise RuleBroken("mark.confirmed", number=row.number)
    if by is not None and row.marked_by_id == by.pk:
        raise RuleBroken("mark.own", number=row.number)
    moment = at or now_db()
    after = {"difficult_mark": Difficulty.CONFIRMED, "confirmed_at": moment, "confirmed_by": by}
    change(row, after, "customer.mark_confirmed", by=by, at=moment)
    return row


@transaction.atomic
def lift_mark(
    *, customer: Customer, reason: str, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Customer:
    """Take the mark away, with a reason; the trail keeps that there was one. Raises RuleBroken `mark.none`."""
    words = reason.strip()
    if not words:
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action="lift")
    row = locked_customer(customer, version=version, closed=True)
    if row.difficult_mark == Difficulty.NONE:
        raise RuleBroken("mark.none", number=row.number)
    after = {
        "difficult_mark": Difficulty.NONE,
        "difficult_reason": "",
        "marked_at": None,
        "marked_by": None,
        "confirmed_at": None,
        "confirmed_by": None,
    }
    change(row, after, "customer.mark_lifted", by=by, at=at or now_db(), reason=words)
    return row

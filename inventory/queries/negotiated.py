"""The transfers that departments agreed between themselves in a month, for the planning office (INV-43)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from inventory.choices import DocumentState, TransferKind
from inventory.models import Transfer, TransferLine
from inventory.queries.scope import transfers_visible_to


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def months_back(today: date, count: int) -> list[date]:
    """First days of this month and those before it, the latest first."""
    at = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(at, at - count, -1)]


def negotiated_of(user: Any, first: date) -> QuerySet[Transfer]:
    """The audited negotiated transfers of the month that begins on `first`, with a side that the user sees."""
    lines = TransferLine.objects.select_related("item").order_by("ordinal")
    return (
        transfers_visible_to(user)
        .filter(
            kind=TransferKind.NEGOTIATED,
            state=DocumentState.AUDITED,
            business_date__gte=first,
            business_date__lt=next_month(first),
        )
        .select_related(
            "source__department", "target__department", "created_by__employee", "audited_by__employee"
        )
        .prefetch_related(Prefetch("lines", lines))
        .order_by("business_date", "number")
    )

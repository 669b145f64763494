"""The transfers that departments agreed between themselves in a month, for the planning office (INV-43)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from inventory.choices import DocumentState, TransferKind
from inventory.models import Transfer, TransferLine
from inventory.queries.scope import transfers_visible_to
from servicecenter.kernel.months import next_month


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

"""What claims know of the life of a customer and of a waybill (ports customers.timeline and .waybill_life)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.models import Claim
from claims.queries.desk import row_queryset
from customers.ports import Entry, Mark, older
from servicecenter.subjects import kind_of


def life_of_customer(*, customer_id: int, user: Any, before: Mark | None, limit: int) -> list[Entry]:
    """The customer's claims, at the day they were reported, as far as the user sees them."""
    return _claims(row_queryset(user).filter(customer_id=customer_id), before, limit)


def life_of_waybill(*, waybill_id: int, user: Any, limit: int) -> list[Entry]:
    """The waybill's claims, likewise (WBL-09)."""
    return _claims(row_queryset(user).filter(waybill_id=waybill_id), None, limit)


def _claims(rows: QuerySet[Claim], before: Mark | None, limit: int) -> list[Entry]:
    kind = kind_of(Claim)
    return [
        Entry(
            Mark(row.reported_at, kind, row.pk),
            what=_("Claim"),
            number=row.number,
            url=reverse("claim-detail", args=[row.number]),
            text=f"{row.get_kind_display()}·{row.get_state_display()}",
            icon="claim",
            tone="amber",
        )
        for row in older(rows, "reported_at", kind, before)[:limit]
    ]

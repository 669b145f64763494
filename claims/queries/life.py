"""What claims know of a customer's life (port customers.timeline)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from claims.models import Claim
from claims.queries.desk import row_queryset
from customers.ports import Entry, Mark, older
from servicecenter.subjects import kind_of


def life_of_customer(*, customer_id: int, user: Any, before: Mark | None, limit: int) -> list[Entry]:
    """The customer's claims, at the day they were reported, as far as the user sees them."""
    kind = kind_of(Claim)
    rows = row_queryset(user).filter(customer_id=customer_id)
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

"""Finding tickets by number, waybill, telephone, words of two characters (CMP-50, D11, PRV-10)."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.urls import reverse

from complaints.domain.searchable import APART
from complaints.models import Complaint
from complaints.permissions import scope_of
from complaints.queries.scope import row_queryset
from customers.models import Telephone
from servicecenter.numbering import spelled
from servicecenter.ports import Hit
from servicecenter.search import fold, holds, is_last_four, last_four, matching
from servicecenter.subjects import kind_of

DIGITS = frozenset("0123456789")
SHORTEST_NUMBER = 4


def search_rows(rows: QuerySet[Complaint], text: str, *, user: Any) -> QuerySet[Complaint]:
    """The rows that answer `text`: a ticket number or its running figure, a waybill or telephone number, words.

    Whoever may not see who complained does not find by telephone or name either.
    """
    words = " ".join(text.split())
    if not words:
        return rows
    unlimited = scope_of(user).is_unlimited
    plain = fold(words).upper().replace(" ", "")
    figures = plain.replace("-", "").removeprefix("+86")
    if plain.startswith("TS") and any(sign.isdigit() for sign in plain):
        return rows.filter(number__startswith=spelled(plain))
    if unlimited and len(figures) >= SHORTEST_NUMBER and set(figures) <= DIGITS:
        # Ticket and waybill numbers stand in the search text, telephones only in their own column.
        written = matching(Complaint.objects.all(), figures)
        called = (Complaint.objects.filter(way).values("pk") for way in _called(figures))
        return rows.filter(pk__in=written.values("pk").union(*called))
    found = matching(rows, figures if figures and set(figures) <= DIGITS else words)
    return found if unlimited else _open_part(found, words)


def _called(figures: str) -> list[Q]:
    """Of that number, or of one that begins so; four figures are the last of the caller's or a customer's number.

    Each way has its own index.
    """
    if not is_last_four(figures):
        return [Q(caller_telephone__startswith=figures)]
    numbers = Telephone.objects.filter(last_four("number", figures))
    return [last_four("caller_telephone", figures), Q(customer__in=numbers.values("customer_id"))]


def _open_part(rows: QuerySet[Complaint], words: str) -> QuerySet[Complaint]:
    """Only rows that hold every word before the sign behind which the names stand."""
    shown = Func(F("search_text"), Value(APART), Value(1), function="split_part", output_field=CharField())
    plain = fold(words)
    compact = plain.replace(" ", "").replace("-", "")
    for word in [compact] if set(compact) <= DIGITS else plain.split():
        rows = rows.filter(holds(shown, word))
    return rows


def search_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """Tickets for the global search box, newest first."""
    rows = search_rows(row_queryset(user), text, user=user).order_by("-registered_at", "-pk")[:limit]
    kind = kind_of(Complaint)
    return [
        Hit(
            kind=kind,
            number=row.number,
            title=row.summary,
            detail=str(row.category),
            url=reverse("complaint-detail", args=[row.number]),
        )
        for row in rows
    ]

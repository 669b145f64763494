"""Finding claims by number, waybill, voucher, words of two characters, pinyin (D11)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from claims.models import Claim
from claims.queries.desk import row_queryset
from claims.queries.vouchers import voucher_hits
from customers.models import Waybill
from servicecenter.numbering import spelled
from servicecenter.ports import Hit
from servicecenter.search import fold, is_last_four, last_four
from servicecenter.subjects import kind_of

DIGITS = frozenset("0123456789")
SHORTEST_NUMBER = 4


def search_claims(rows: QuerySet[Claim], text: str) -> QuerySet[Claim]:
    """The rows that answer `text`: a claim, waybill or voucher number or its last four, words of who claims and what,
    the claimant's name in pinyin or initials."""
    words = " ".join(text.split())
    if not words:
        return rows
    plain = fold(words).upper().replace(" ", "")
    figures = plain.replace("-", "")
    if plain.startswith("LC") and any(sign.isdigit() for sign in plain):
        return rows.filter(number__startswith=spelled(plain))
    if plain.startswith("LP") and any(sign.isdigit() for sign in plain):
        return rows.filter(vouchers__number__startswith=plain).distinct()
    if len(figures) >= SHORTEST_NUMBER and set(figures) <= DIGITS:
        if is_last_four(figures):
            waybills = Waybill.objects.filter(last_four("number", figures))
            return rows.filter(Q(waybill__in=waybills.values("pk")) | last_four("number", figures))
        waybills = Waybill.objects.filter(number__startswith=figures)
        return rows.filter(Q(waybill__in=waybills.values("pk")) | Q(number__endswith=f"-{figures}"))
    for word in fold(words).split():
        rows = rows.filter(search_text__contains=word)
    return rows


def search_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """Claims, then vouchers, for the global search box, newest first; at most `limit` of each."""
    rows = search_claims(row_queryset(user), text).order_by("-reported_at", "-pk")[:limit]
    claims = [
        Hit(
            kind=kind_of(Claim),
            number=row.number,
            title=" ".join(part for part in (row.claimant, str(row.get_kind_display())) if part),
            detail=row.waybill.number,
            url=reverse("claim-detail", args=[row.number]),
        )
        for row in rows
    ]
    return [*claims, *voucher_hits(user=user, text=text, limit=limit)]

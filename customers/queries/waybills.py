"""Waybills: the list, one waybill's line of life (WBL-09), hits of the global search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Right
from django.urls import reverse

from customers.choices import EventKind
from customers.domain import waybills as numbers
from customers.domain.lookup import read
from customers.models import Customer, Waybill, WaybillEvent
from customers.queries.cards import VerifyCard, WaybillCard, waybill_card, what_to_verify
from customers.queries.scope import waybills_visible_to
from servicecenter.clock import business_date
from servicecenter.kernel.errors import RuleBroken
from servicecenter.keyset import Order
from servicecenter.ports import Hit
from servicecenter.search import fold, matching
from servicecenter.subjects import Subject, kind_of

ORDERS = {"newest": Order("newest", ("created_at",), descending=True), "number": Order("number", ("number",))}


def find_waybill(number: str) -> Waybill | None:
    """The waybill of a number in any spelling; None when it is unknown or no number. The caller asks the rights."""
    try:
        kept = numbers.normalise(number)
    except RuleBroken:
        return None
    return Waybill.objects.filter(number=kept).first()


def waybill_rows(rows: QuerySet[Waybill]) -> QuerySet[Waybill]:
    """The rows of a list with all that it shows: the branches' names."""
    return rows.select_related("origin", "destination")


@dataclass(frozen=True)
class LineEntry:
    """One entry of a waybill's line of life. `corrected_by`: what corrects this one, which is struck out; `day`: its
    day, at the first entry of each."""

    event: WaybillEvent
    corrected_by: WaybillEvent | None
    day: date | None

    @property
    def stands(self) -> bool:
        """Neither corrected nor itself a note that something did not happen."""
        return self.corrected_by is None and not self.event.is_void

    @property
    def icon(self) -> str:
        """The icon of what happened."""
        return str(EventKind.icon[self.event.kind])  # type: ignore[attr-defined]

    @property
    def tone(self) -> str:
        """Its colour, while it stands."""
        return str(EventKind.tone[self.event.kind]) if self.stands else ""  # type: ignore[attr-defined]


def life_line(card: WaybillCard) -> list[LineEntry]:
    """All events newest first, the corrected ones with what corrects them: nothing is hidden (WBL-02)."""
    found: list[LineEntry] = []
    last: date | None = None
    for event in sorted(card.events, key=lambda event: (event.occurred_at, event.pk), reverse=True):
        day = business_date(event.occurred_at)
        found.append(LineEntry(event, card.line.corrected.get(event.pk), day if day != last else None))
        last = day
    return found


def search_waybills(rows: QuerySet[Waybill], text: str) -> QuerySet[Waybill]:
    """Waybills of a number (whole, beginning, last four), of a telephone, or by names, goods and places (WBL-07).

    Every branch uses an index of its own; words alone are matched in the rows themselves.
    """
    reading = read(text)
    if reading.is_empty:
        return rows if not text.strip() else rows.none()
    if reading.last_four:
        return rows.annotate(last_four=Right("number", 4)).filter(last_four=reading.last_four)
    condition = Q(pk__in=[])
    if reading.waybill:
        condition |= Q(number=reading.waybill)
    if reading.telephone:
        condition |= Q(consignor_telephone=reading.telephone) | Q(consignee_telephone=reading.telephone)
    if reading.digits:
        condition |= Q(number__startswith=reading.digits)
    if reading.customer:
        customer = Customer.objects.filter(number=reading.customer).values("pk")
        condition |= Q(consignor__in=customer) | Q(consignee__in=customer)
    named = bool(reading.name) and len(fold(reading.name)) > 1
    if named and not reading.waybill:
        return matching(rows, reading.name)
    if named:
        condition |= Q(pk__in=matching(Waybill.objects.all(), reading.name).values("pk"))
    return rows.filter(condition)


@dataclass(frozen=True)
class WaybillPage:
    """Everything the waybill's page shows besides the slots of other apps."""

    waybill: Waybill
    card: WaybillCard
    verify: VerifyCard


def waybill_page(waybill: Waybill, user: Any) -> WaybillPage:
    """The page of a waybill the user may see; a constant number of statements."""
    return WaybillPage(waybill, waybill_card(waybill, user), what_to_verify(waybill, user))


def waybill_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """Waybills for the global search box."""
    rows = search_waybills(waybills_visible_to(user), text).order_by("-created_at", "-id")[:limit]
    return [
        Hit(
            kind=kind_of(row),
            number=row.number,
            title=" → ".join(part for part in (row.consignor_name, row.consignee_name) if part),
            detail=row.goods,
            url=reverse("waybill", args=[row.number]),
        )
        for row in rows
    ]


def subject_waybill(*, object_id: int, user: Any | None) -> Subject | None:
    """The waybill for notices, files and clocks (port servicecenter.subject)."""
    rows = Waybill.objects.all() if user is None else waybills_visible_to(user)
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    title = " → ".join(part for part in (row.consignor_name, row.consignee_name) if part)
    return Subject(kind_of(row), row.pk, row.number, title, reverse("waybill", args=[row.number]))

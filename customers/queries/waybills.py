"""Waybills: the list, one waybill's line of life (WBL-09), hits of the global search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Right
from django.urls import reverse

from customers.choices import EventKind
from customers.domain import waybills as numbers
from customers.domain.lookup import read
from customers.models import Customer, Waybill, WaybillEvent
from customers.ports import Entry, Mark
from customers.queries.cards import VerifyCard, WaybillCard, waybill_card, what_to_verify
from customers.queries.scope import waybills_visible_to
from servicecenter import ports
from servicecenter.clock import business_date
from servicecenter.kernel.errors import RuleBroken
from servicecenter.keyset import Order
from servicecenter.ports import Hit
from servicecenter.search import fold, matching
from servicecenter.subjects import Subject, kind_of

# A line of life is one page: further contacts than these are found in the lists.
TOLD_AT_MOST = 50
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
class Happening:
    """An event of a waybill on its line of life. `corrected_by`: what corrects this one, which is struck out."""

    event: WaybillEvent
    corrected_by: WaybillEvent | None

    @property
    def stands(self) -> bool:
        """Neither corrected nor itself a note that something did not happen."""
        return self.corrected_by is None and not self.event.is_void

    @property
    def mark(self) -> Mark:
        """Its place on the line."""
        return Mark(self.event.occurred_at, kind_of(self.event), self.event.pk)

    @property
    def icon(self) -> str:
        """The icon of what happened."""
        return str(EventKind.icon[self.event.kind])  # type: ignore[attr-defined]

    @property
    def tone(self) -> str:
        """Its colour, while it stands."""
        return str(EventKind.tone[self.event.kind]) if self.stands else ""  # type: ignore[attr-defined]


@dataclass(frozen=True)
class LifeDay:
    """A day of a waybill's line of life, newest first: its events, and what other apps know of it."""

    day: date
    entries: tuple[Happening | Entry, ...]


def life_line(card: WaybillCard, user: Any) -> list[LifeDay]:
    """Everything that happened with a waybill, newest first: events, contacts, complaints, claims (WBL-09).

    Nothing is hidden: corrected events stand beside what corrects them (WBL-02). Each app tells what the user may
    see, its newest `TOLD_AT_MOST`.
    """
    found: list[Happening | Entry] = [
        Happening(event, card.line.corrected.get(event.pk)) for event in card.events
    ]
    for ask in ports.implementations("customers.waybill_life").values():
        found += ask(waybill_id=card.waybill.pk, user=user, limit=TOLD_AT_MOST)
    found.sort(key=lambda entry: entry.mark, reverse=True)
    return [
        LifeDay(day, tuple(entries))
        for day, entries in groupby(found, key=lambda entry: business_date(entry.mark.at))
    ]


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

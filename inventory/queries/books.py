"""What lies where and how it came there: on hand, in-out balance, item card, day book, in transit (INV-09, INV-60)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from inventory.choices import DocumentState
from inventory.models import Balance, Item, LedgerEntry, Place, TransferLine, Warehouse
from inventory.queries.scope import transfers_visible_to, warehouse_ids
from servicecenter.kernel.errors import RuleBroken
from servicecenter.keyset import Order

QUANTITY: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=3)
ZERO = Value(Decimal("0.000"), output_field=QUANTITY)
ON_HAND_ORDERS = {"place": Order("place", ("warehouse__code", "item__code"))}
LEDGER_ORDERS = {
    "newest": Order("newest", ("business_date",), descending=True),
    "oldest": Order("oldest", ("business_date",)),
}
# The card of one item in one warehouse is read whole; more than this is asked to be narrowed.
MOST_ROWS = 5_000


def _balances(user: Any) -> QuerySet[Balance]:
    rows = Balance.objects.select_related("warehouse__department", "item")
    ids = warehouse_ids(user)
    return rows if ids is None else rows.filter(warehouse_id__in=ids)


def on_hand(user: Any, *, empty: bool = False) -> QuerySet[Balance]:
    """现存量: quantity and location of every item that lies in a visible warehouse, and what is on its way there.

    `location` is where it lies, `coming` what is in transit to this warehouse. Rows at zero are
    left out unless `empty` asks for them.
    """
    coming = (
        TransferLine.objects.filter(
            transfer__state=DocumentState.AUDITED,
            transfer__target_id=OuterRef("warehouse_id"),
            item_id=OuterRef("item_id"),
            issued__gt=F("received") + F("lost"),
        )
        .order_by()
        .values("item_id")
        .annotate(total=Sum(F("issued") - F("received") - F("lost")))
        .values("total")
    )
    places = Place.objects.filter(warehouse_id=OuterRef("warehouse_id"), item_id=OuterRef("item_id"))
    rows = _balances(user) if empty else _balances(user).filter(quantity__gt=0)
    return rows.annotate(
        location=Coalesce(Subquery(places.values("location")[:1]), Value("")),
        coming=Coalesce(Subquery(coming, output_field=QUANTITY), ZERO),
    )


def _moved(*conditions: Q, amount: Any) -> Coalesce:
    """The sum of an amount over the ledger rows of a balance's key."""
    rows = LedgerEntry.objects.filter(
        *conditions, warehouse_id=OuterRef("warehouse_id"), item_id=OuterRef("item_id")
    )
    total = rows.order_by().values("item_id").annotate(total=Sum(amount, output_field=QUANTITY))
    return Coalesce(Subquery(total.values("total"), output_field=QUANTITY), ZERO)


# A red letter counts on its own side, below zero; an un-audit takes its audit off the same side again.
IS_IN = Q(document__direction="in", leg=1) | Q(document__direction="out", leg=2)


def in_out_balance(user: Any, first: date, last: date) -> QuerySet[Balance]:
    """收发存: opening, incoming, outgoing and closing stock of every key that had or moved anything in the days.

    opening + incoming - outgoing = closing. Correlated sums over the card's index: a page costs its rows.
    """
    during = Q(business_date__range=(first, last))
    after = _moved(Q(business_date__gt=last), amount=F("quantity"))
    incoming = _moved(during, IS_IN, amount=F("quantity"))
    outgoing = _moved(during, ~IS_IN, amount=-F("quantity"))
    rows = _balances(user).annotate(incoming=incoming, outgoing=outgoing)
    rows = rows.annotate(closing=F("quantity") - after)
    rows = rows.annotate(opening=F("closing") - F("incoming") + F("outgoing"))
    moved = LedgerEntry.objects.filter(
        during, warehouse_id=OuterRef("warehouse_id"), item_id=OuterRef("item_id")
    )
    return rows.filter(~Q(closing=0) | Exists(moved))


@dataclass(frozen=True)
class CardRow:
    """One movement of the card and what lay there after it."""

    entry: LedgerEntry
    incoming: Decimal | None
    outgoing: Decimal | None
    running: Decimal


@dataclass(frozen=True)
class ItemCard:
    """物料卡账: one item in one warehouse, day by day."""

    warehouse: Warehouse
    item: Item
    opening: Decimal
    rows: tuple[CardRow, ...]
    incoming: Decimal
    outgoing: Decimal
    closing: Decimal


def item_card(user: Any, warehouse: Warehouse, item: Item, first: date, last: date) -> ItemCard | None:
    """The card of an item in a warehouse; None if the warehouse is unseen. Three statements.

    Raises RuleBroken `stock.card_long` when the days hold too many rows.
    """
    ids = warehouse_ids(user)
    if ids is not None and warehouse.pk not in ids:
        return None
    rows = LedgerEntry.objects.filter(warehouse=warehouse, item=item)
    before = rows.filter(business_date__lt=first).aggregate(total=Sum("quantity"))["total"]
    entries = list(
        _joined(rows.filter(business_date__range=(first, last))).order_by("business_date", "id")[
            : MOST_ROWS + 1
        ]
    )
    if len(entries) > MOST_ROWS:
        raise RuleBroken("stock.card_long", field="first", status=400, limit=MOST_ROWS)
    opening = before or Decimal("0.000")
    running, came, went, found = opening, Decimal("0.000"), Decimal("0.000"), []
    for entry in entries:
        running += entry.quantity
        is_in = (entry.document.direction == "in") == (entry.leg == 1)
        came, went = (came + entry.quantity, went) if is_in else (came, went - entry.quantity)
        found.append(
            CardRow(entry, entry.quantity if is_in else None, None if is_in else -entry.quantity, running)
        )
    return ItemCard(warehouse, item, opening, tuple(found), came, went, running)


def day_book(user: Any, first: date, last: date) -> QuerySet[LedgerEntry]:
    """出入库流水账: every movement of the days in the visible warehouses; narrow it by warehouse yourself.

    `incoming` and `outgoing` are the two columns of the book; reversals stand in it, as the ledger is never rewritten.
    """
    rows = LedgerEntry.objects.filter(business_date__range=(first, last))
    ids = warehouse_ids(user)
    if ids is not None:
        rows = rows.filter(warehouse_id__in=ids)
    return _joined(rows).annotate(
        incoming=Case(When(IS_IN, then=F("quantity")), output_field=QUANTITY),
        outgoing=Case(When(~IS_IN, then=-F("quantity")), output_field=QUANTITY),
    )


def _joined(rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    return rows.select_related("document", "item", "warehouse__department", "posted_by__employee")


def in_transit(user: Any) -> QuerySet[TransferLine]:
    """在途: the lines of visible transfers with something on its way."""
    return (
        TransferLine.objects.filter(
            transfer__in=transfers_visible_to(user), issued__gt=F("received") + F("lost")
        )
        .select_related("transfer__source", "transfer__target", "item")
        .annotate(under_way=F("issued") - F("received") - F("lost"))
        .order_by("transfer__business_date", "transfer_id", "ordinal")
    )

"""Items, suppliers and warehouses: lists, search, the picker of the grid, stock facts of a line (INV-09, INV-15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from inventory.models import Balance, Item, Place, Supplier, Warehouse
from inventory.queries.documents import url_of
from inventory.queries.named import supplier_found
from inventory.queries.scope import items_visible_to, warehouses_visible_to
from inventory.queries.shortages import coming_to
from servicecenter.i18n import say
from servicecenter.keyset import Order
from servicecenter.ports import Hit
from servicecenter.search import fold, matching
from servicecenter.subjects import Subject, kind_of

ITEM_ORDERS = {"code": Order("code", ("code",))}
SUPPLIER_ORDERS = {"code": Order("code", ("code",))}
WAREHOUSE_ORDERS = {"code": Order("code", ("code",))}


def search_items(rows: QuerySet[Item], text: str) -> QuerySet[Item]:
    """Items by the beginning of their code, by name, pinyin, initials or specification."""
    word = text.strip()
    if not word:
        return rows
    condition = Q(code__startswith=word.upper()) | Q(name_key__startswith=fold(word))
    if len(fold(word)) > 1:
        condition |= Q(pk__in=matching(Item.objects.all(), word).values("pk"))
    return rows.filter(condition)


def search_suppliers(rows: QuerySet[Supplier], text: str) -> QuerySet[Supplier]:
    """Suppliers by code, name, pinyin or initials."""
    word = text.strip()
    if not word:
        return rows
    return rows.filter(supplier_found(word))


def pick_items(text: str, limit: int = 20) -> list[Item]:
    """Items still in use that fit what is typed into a cell (F2), in the order of their codes."""
    return list(search_items(Item.objects.filter(closed_on=None), text).order_by("code")[:limit])


def open_suppliers() -> QuerySet[Supplier]:
    """The suppliers still in use, by code."""
    return Supplier.objects.filter(closed_on=None).order_by("code")


@dataclass(frozen=True)
class StockFacts:
    """What the foot of the grid shows of an item in a warehouse, before it is deducted (INV-34)."""

    item: Item
    on_hand: Decimal
    in_transit: Decimal
    reserve_least: Decimal | None
    reserve_most: Decimal | None
    location: str


def stock_facts(user: Any, warehouse: Warehouse, codes: Iterable[str]) -> dict[str, StockFacts]:
    """Stock of these items in a warehouse the user sees, by code; four statements however many."""
    wanted = {code.strip().upper() for code in codes}
    if not warehouses_visible_to(user).filter(pk=warehouse.pk).exists():
        return {}
    items = list(Item.objects.filter(code__in=wanted))
    ids = [item.pk for item in items]
    held = dict(
        Balance.objects.filter(warehouse=warehouse, item_id__in=ids).values_list("item_id", "quantity")
    )
    places = dict(
        Place.objects.filter(warehouse=warehouse, item_id__in=ids).values_list("item_id", "location")
    )
    coming = coming_to([(warehouse.pk, pk) for pk in ids]) if ids else {}
    return {
        item.code: StockFacts(
            item=item,
            on_hand=held.get(item.pk, Decimal(0)),
            in_transit=coming.get((warehouse.pk, item.pk), Decimal(0)),
            reserve_least=item.reserve_least,
            reserve_most=item.reserve_most,
            location=places.get(item.pk, ""),
        )
        for item in items
    }


def items_by_code(codes: Iterable[str]) -> dict[str, Item]:
    """The items of these codes; one statement."""
    wanted = {code.strip().upper() for code in codes}
    return {item.code: item for item in Item.objects.filter(code__in=wanted)}


def item_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """Items for the global search box."""
    rows = search_items(items_visible_to(user), text).order_by("code")[:limit]
    return [
        Hit(kind_of(row), row.code, f"{row.code} {say(row.names)}", row.spec, url_of("stock-item", row.code))
        for row in rows
    ]


def subject_item(*, object_id: int, user: Any | None) -> Subject | None:
    """The item for trail and notices (port servicecenter.subject)."""
    rows = Item.objects.all() if user is None else items_visible_to(user)
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    return Subject(kind_of(row), row.pk, row.code, say(row.names), url_of("stock-item", row.code))


def subject_warehouse(*, object_id: int, user: Any | None) -> Subject | None:
    """The warehouse for trail and notices (port servicecenter.subject)."""
    rows = Warehouse.objects.all() if user is None else warehouses_visible_to(user)
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    return Subject(kind_of(row), row.pk, row.code, say(row.names), url_of("stock-warehouse", row.code))

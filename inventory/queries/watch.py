"""What the stores must see to: unchecked arrivals, damaged goods to return, goods under way, low stock (RPT-23).

Each is one or two statements, for the warehouses that the user sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from inventory.choices import Colour, DocumentState, WarehouseKind
from inventory.domain.categories import TABLE
from inventory.domain.watch import day_before_working_days
from inventory.models import Balance, Document, Item, LedgerEntry, Transfer, TransferLine, Warehouse
from inventory.queries.books import QUANTITY, ZERO, on_hand
from inventory.queries.facts import WAITING
from inventory.queries.scope import documents_visible_to, stock_policy, transfers_visible_to, warehouse_ids
from organization.choices import DepartmentKind
from organization.models import Department
from organization.queries import calendar_for
from servicecenter.clock import business_date, now_db

# Of each damaged item the oldest day of which something still lies there: what came last is taken to lie there
# first, so the rows that cover what is on hand are its newest inbound ones.
_OLDEST = """
WITH lying AS (
  SELECT b.warehouse_id, b.item_id, b.quantity
  FROM inventory_balance b JOIN inventory_warehouse w ON w.id = b.warehouse_id
  WHERE w.kind = %(kind)s AND b.quantity > 0 AND (%(every)s OR b.warehouse_id = ANY(%(ids)s))),
came AS (
  SELECT l.warehouse_id, l.item_id, l.quantity AS lies, e.business_date,
         sum(e.quantity) OVER (PARTITION BY e.warehouse_id, e.item_id ORDER BY e.business_date DESC, e.id DESC)
         - e.quantity AS newer
  FROM lying l JOIN inventory_ledgerentry e ON e.warehouse_id = l.warehouse_id AND e.item_id = l.item_id
  WHERE e.quantity > 0 AND e.reverses_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM inventory_ledgerentry r WHERE r.reverses_id = e.id))
SELECT warehouse_id, count(DISTINCT item_id), min(business_date) FROM came WHERE newer < lies GROUP BY warehouse_id
"""


# Less lies there than the reserve asks for, down to nothing; what is no longer used is not ordered again (INV-93).
IS_LOW = Q(
    item__reserve_least__gt=F("quantity"),
    item__closed_on=None,
    warehouse__kind=WarehouseKind.SOUND,
    warehouse__closed_on=None,
)


@dataclass(frozen=True)
class DamagedStock:
    """Damaged goods that lie in one warehouse: how many items, since when, and whether they must go back now."""

    warehouse: Warehouse
    items: int
    quantity: Decimal
    since: date
    days: int
    is_due: bool


def documents_waiting(user: Any) -> QuerySet[Document]:
    """Saved documents of the visible warehouses that nobody has audited yet, oldest first."""
    rows = documents_visible_to(user).filter(state=DocumentState.SAVED)
    return rows.select_related("warehouse__department", "created_by__employee").order_by(
        "business_date", "pk"
    )


def transfers_on_the_way(user: Any) -> QuerySet[Transfer]:
    """Transfers of which something has left and not arrived, oldest first (LED-06)."""
    lines = TransferLine.objects.filter(transfer=OuterRef("pk"), issued__gt=F("received") + F("lost"))
    rows = transfers_visible_to(user).filter(Exists(lines))
    return rows.select_related("source__department", "target__department").order_by("business_date", "pk")


def received_not_checked(user: Any, *, at: datetime | None = None) -> QuerySet[Document]:
    """Goods that came more working days ago than they may wait, and are not counted yet (INV-84: five)."""
    rows = documents_visible_to(user).filter(check_is_late(at=at))
    return rows.select_related("warehouse__department", "supplier").order_by("business_date", "pk")


def check_is_late(*, at: datetime | None = None) -> Q:
    """Of documents: goods that came more working days ago than the check may take, and are not counted (INV-84)."""
    moment = at or now_db()
    office = Department.objects.filter(kind=DepartmentKind.BUSINESS_MANAGEMENT).order_by("path").first()
    today = business_date(moment)
    days = stock_policy(at=moment).check_days
    limit = today - timedelta(days=days)
    if office is not None:
        limit = day_before_working_days(today, days, calendar_for(office, moment))
    needing = [str(category) for category, rule in TABLE.items() if rule.needs_count]
    return Q(
        category__in=needing, colour=Colour.BLUE, state__in=WAITING, counted_at=None, business_date__lte=limit
    )


def low_stock(user: Any) -> QuerySet[Balance]:
    """Sound goods of which less lies there than the reserve asks for, with what is on its way (INV-93).

    With what there was once and is no more: nothing at all is the lowest stock.
    """
    return on_hand(user, empty=True).filter(IS_LOW).order_by("warehouse__code", "item__code")


def with_due(rows: QuerySet[Balance], *, at: datetime | None = None) -> QuerySet[Balance]:
    """Balances of damaged goods with `recent`: how much came within the days after which they go back (INV-102).

    What came last lies there last: where more lies than came in these days, something is due (`IS_DUE`).
    """
    moment = at or now_db()
    limit = business_date(moment) - timedelta(days=stock_policy(at=moment).damaged_days)
    undone = LedgerEntry.objects.filter(reverses=OuterRef("pk"))
    came = LedgerEntry.objects.filter(
        ~Exists(undone),
        warehouse_id=OuterRef("warehouse_id"),
        item_id=OuterRef("item_id"),
        quantity__gt=0,
        reverses=None,
        business_date__gt=limit,
    )
    total = came.order_by().values("item_id").annotate(total=Sum("quantity")).values("total")
    damaged = When(
        warehouse__kind=WarehouseKind.DAMAGED,
        then=Coalesce(Subquery(total, output_field=QUANTITY), ZERO),
    )
    return rows.annotate(recent=Case(damaged, default=None, output_field=QUANTITY))


# Of balances that `with_due` has read.
IS_DUE = Q(warehouse__kind=WarehouseKind.DAMAGED, quantity__gt=F("recent"))


def items_out_of_stock(user: Any = None) -> QuerySet[Item]:
    """Items with a reserve of which nothing lies in any sound warehouse that the user sees (INV-93); None sees all."""
    ids = None if user is None else warehouse_ids(user)
    lying = Balance.objects.filter(item=OuterRef("pk"), quantity__gt=0, warehouse__kind=WarehouseKind.SOUND)
    if ids is not None:
        lying = lying.filter(warehouse_id__in=ids)
    return Item.objects.filter(~Exists(lying), reserve_least__gt=0, closed_on=None).order_by("code")


def damaged_to_return(user: Any, *, at: datetime | None = None) -> list[DamagedStock]:
    """Damaged goods by warehouse, those that lie there longest first; due after so many days (INV-102: fifteen)."""
    moment = at or now_db()
    today, limit = business_date(moment), stock_policy(at=moment).damaged_days
    ids = warehouse_ids(user)
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"kind": WarehouseKind.DAMAGED.value, "every": ids is None, "ids": ids or []}
        cursor.execute(_OLDEST, params)
        found = {warehouse: (items, since) for warehouse, items, since in cursor.fetchall()}
    stores = Warehouse.objects.select_related("department").filter(pk__in=found).order_by("pk")
    lying: dict[int, Decimal] = {}
    for warehouse, quantity in Balance.objects.filter(warehouse_id__in=found).values_list(
        "warehouse_id", "quantity"
    ):
        lying[warehouse] = lying.get(warehouse, Decimal(0)) + quantity
    rows = [
        DamagedStock(
            store,
            found[store.pk][0],
            lying[store.pk],
            found[store.pk][1],
            (today - found[store.pk][1]).days,
            (today - found[store.pk][1]).days >= limit,
        )
        for store in stores
    ]
    return sorted(rows, key=lambda row: (row.since, row.warehouse.pk))

"""What the stores must see to: unchecked arrivals, damaged goods to return, low stock (RPT-23).

Conditions that boards and lists share: each narrows the rows that the user sees.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from inventory.choices import Colour, WarehouseKind
from inventory.domain.categories import TABLE
from inventory.domain.watch import day_before_working_days
from inventory.models import Balance, Item, LedgerEntry
from inventory.queries.books import QUANTITY, ZERO
from inventory.queries.facts import WAITING
from inventory.queries.scope import stock_policy, warehouse_ids
from organization.choices import DepartmentKind
from organization.models import Department
from organization.queries import calendar_for
from servicecenter.clock import business_date, now_db

# Less lies there than the reserve asks for, down to nothing; what is no longer used is not ordered again (INV-93).
IS_LOW = Q(
    item__reserve_least__gt=F("quantity"),
    item__closed_on=None,
    warehouse__kind=WarehouseKind.SOUND,
    warehouse__closed_on=None,
)


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

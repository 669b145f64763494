"""A count of 5 000 lines: taken from the books, and approved with every line differing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from django.db import connection

from bench.ground import Ground
from bench.harness import Case, Target
from inventory import services
from inventory.domain.counting import CountHead
from inventory.domain.documents import Head, Line
from inventory.models import Item, Stocktake, Warehouse
from inventory.services.catalogue import prepare
from organization.models import Department
from servicecenter.clock import business_date, now_db

LINES, PLENTY = 5_000, Decimal(1_000_000)
ROUNDS = 5
COUNTED = """
UPDATE inventory_stocktakeline SET counted = book + CASE WHEN ordinal %% 2 = 0 THEN 1 ELSE -1 END, counted_at = now(),
  cause = 'other', reason = 'bench' WHERE stocktake_id = %s
"""


def cases(ground: Ground) -> Iterator[Case]:
    """Taking the sheet, and approving it."""
    store = _store()
    yield Case(
        "stock.count.sheet",
        f"count sheet of {LINES:,} lines from the books",
        partial(_begun, store),
        target=Target(milliseconds=2_000, statements=14),
        prepare=lambda: (_free(store),),
        calls=1,
        rounds=ROUNDS,
        rows=False,
    )
    yield Case(
        "stock.count.approve",
        f"approval of a count of {LINES:,} lines, all differing",
        lambda row: services.approve_count(stocktake=row, by=None),
        target=Target(milliseconds=2_000, statements=34),
        prepare=lambda: (_submitted(store),),
        calls=1,
        rounds=ROUNDS,
        rows=False,
    )


def _store() -> Warehouse:
    """A site's warehouse with so many items."""
    found = Warehouse.objects.filter(code="BENCH-PD").first()
    if found is not None:
        return found
    at = now_db()
    made = services.add_warehouse(
        code="BENCH-PD",
        names={"zh-Hans": "盘点测试库"},
        department=Department.objects.get(code="site_beipo"),
        kind="sound",
        by=None,
        at=at,
    )
    items = Item.objects.bulk_create(
        prepare(
            Item(
                code=f"BENCHPD-{n:05d}",
                names={"zh-Hans": f"存货{n}"},
                item_class="spare",
                unit="只",
                created_at=at,
            )
        )
        for n in range(LINES)
    )
    opening = services.save_document(
        head=Head("opening_in", made.pk, business_date(at)),
        lines=[Line(item.code, PLENTY) for item in items],
        by=None,
        at=at,
    )
    services.audit_document(document=opening, by=None, at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inventory_item, inventory_balance, inventory_ledgerentry")
    return made


def _free(store: Warehouse) -> None:
    """No count is under way there."""
    for row in Stocktake.objects.filter(warehouse=store, state__in=["counting", "counted", "submitted"]):
        services.void_count(stocktake=row, reason="bench", by=None)


def _begun(store: Warehouse, _free: None = None) -> Stocktake:
    head = CountHead(store.pk, "spot", business_date(now_db()))
    return services.begin_count(head=head, by=None)


def _submitted(store: Warehouse) -> Stocktake:
    _free(store)
    row = _begun(store)
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [row.pk])
    row = services.finish_count(stocktake=row, by=None)
    return services.hand_in_count(stocktake=row, liability="bench", proposal="bench", by=None)

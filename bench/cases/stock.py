"""Audit of a stock document of 5, 500 and 1 000 lines, beside the same writes in one call of SQL.

Every turn audits a fresh document and commits. The floor writes the ledger, the state and the trail of such a document
without asking anything; the database's own guards and balances run in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from django.db import connection

from bench.ground import Ground
from bench.harness import Case, Target
from inventory import services
from inventory.choices import Category
from inventory.domain.documents import Head, Line
from inventory.models import Document, Item, Warehouse
from inventory.services.catalogue import prepare
from organization.models import Department, User
from servicecenter.clock import business_date, now_db

SIZES = (5, 500, 1_000)
PLENTY = 1_000_000
# A saved document with its lines, without a service's work: what lies ready before the clock runs.
FRESH = """
WITH made AS (
  INSERT INTO inventory_document (number, category, direction, colour, state, version, warehouse_id, business_date,
    requisition, application, cause, use, red_reason, claim_kind, claim_public_id, remarks, posting_number, print_count,
    created_at, created_by_id, void_reason)
  VALUES ('LY-B' || nextval('number_stock'), 'own_use_out', 'out', 'blue', 'saved', 1, %(warehouse)s, %(day)s,
    '', '', '', 'consumable', '', '', '', '', 0, 0, now(), %(by)s, '') RETURNING id),
lines AS (
  INSERT INTO inventory_documentline (document_id, ordinal, colour, item_id, quantity, location, remarks, returned)
  SELECT made.id, i.n, 'blue', i.id, 1, '', '', 0
  FROM made, (SELECT id, row_number() OVER (ORDER BY code) AS n FROM inventory_item WHERE code LIKE 'BENCH-%%') i
  WHERE i.n <= %(lines)s RETURNING document_id)
SELECT max(document_id) FROM lines
"""
FLOOR = """
INSERT INTO inventory_ledgerentry (document_id, line, posting_number, leg, warehouse_id, item_id, quantity,
                                   business_date, posted_at, posted_by_id)
SELECT l.document_id, l.ordinal, 1, 1, %(warehouse)s, l.item_id, -l.quantity, %(day)s, now(), %(by)s
FROM inventory_documentline l WHERE l.document_id = %(document)s ORDER BY l.ordinal;
UPDATE inventory_document SET state = 'audited', version = 2, posting_number = 1, audited_at = now(),
  audited_by_id = %(by)s, first_audited_at = now() WHERE id = %(document)s AND version = 1;
INSERT INTO servicecenter_trailentry (kind, object_id, number, code, params, changes, by_id, via, request_id, at)
SELECT 'inventory.document', id, number, 'stockdoc.audit', '{}', '{}', %(by)s, '', '', now()
FROM inventory_document WHERE id = %(document)s
"""


def cases(ground: Ground) -> Iterator[Case]:
    """Issues of so many items by an accountant, each of one piece."""
    user = User.objects.get(work_number="1402")
    warehouse = _store()
    for size in SIZES:
        fresh = partial(_fresh, warehouse, user, size)
        yield Case(
            f"stock.audit.{size}",
            f"audit of a stock document of {size:,} lines",
            lambda document, user=user: services.audit_document(document=document, by=user),
            partial(_floor, warehouse, user),
            Target(ratio=4, statements=14) if size == 500 else Target(statements=14),
            prepare=lambda fresh=fresh: (fresh(),),
            calls=1,
            rows=False,
        )


def _store() -> Warehouse:
    """A site's warehouse with plenty of a thousand items."""
    found = Warehouse.objects.filter(code="BENCH-WH").first()
    if found is not None:
        return found
    at = now_db()
    made = services.add_warehouse(
        code="BENCH-WH",
        names={"zh-Hans": "测试库"},
        department=Department.objects.get(code="site_beipo"),
        kind="sound",
        by=None,
        at=at,
    )
    items = Item.objects.bulk_create(
        prepare(
            Item(
                code=f"BENCH-{n:04d}",
                names={"zh-Hans": f"存货{n}"},
                item_class="spare",
                unit="只",
                created_at=at,
            )
        )
        for n in range(max(SIZES))
    )
    opening = services.save_document(
        head=Head(Category.OPENING_IN, made.pk, business_date(at)),
        lines=[Line(item.code, Decimal(PLENTY)) for item in items],
        by=None,
        at=at,
    )
    services.audit_document(document=opening, by=None, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE inventory_item, inventory_balance, inventory_documentline, inventory_ledgerentry"
        )
    return made


def _fresh(warehouse: Warehouse, user: User, lines: int) -> Document:
    values = {"warehouse": warehouse.pk, "day": business_date(now_db()), "by": user.pk, "lines": lines}
    with connection.cursor() as cursor:
        cursor.execute(FRESH, values)
        return Document.objects.get(pk=cursor.fetchone()[0])


def _floor(warehouse: Warehouse, user: User, document: Document) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            FLOOR,
            {
                "warehouse": warehouse.pk,
                "day": document.business_date,
                "by": user.pk,
                "document": document.pk,
            },
        )

"""The approval of a count: surplus and shortage posted in the same moment (INV-55, LED-07)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from inventory.choices import Category, Colour, DocumentState
from inventory.domain.categories import rule_of
from inventory.models import Document, Stocktake
from inventory.services.counts import check, locked_count, perform_count, run
from inventory.services.periods import lock_open
from inventory.services.posting import post_locked
from inventory.services.rows import next_numbers
from servicecenter import notices, trail
from servicecenter.clock import business_date, now_db

_LINES = """
INSERT INTO inventory_documentline (document_id, ordinal, colour, item_id, quantity, location, remarks, returned)
SELECT %(document)s, row_number() OVER (ORDER BY l.ordinal), 'blue', l.item_id, abs(l.difference), l.location,
       l.reason, 0
FROM inventory_stocktakeline l WHERE l.stocktake_id = %(stocktake)s AND sign(l.difference) = %(sign)s
"""
# All goods of both documents at once: locked one document after the other they could lock each other out (LED-04).
_LOCK = """
SELECT count(*) FROM (
  SELECT b.id FROM inventory_balance b JOIN inventory_stocktakeline l ON l.item_id = b.item_id
  WHERE l.stocktake_id = %(stocktake)s AND b.warehouse_id = %(warehouse)s AND l.difference <> 0
  ORDER BY b.warehouse_id, b.item_id FOR UPDATE OF b) locked
"""
# Where things were found to lie is where they lie (INV-09).
_PLACES = """
INSERT INTO inventory_place (warehouse_id, item_id, location)
SELECT %(warehouse)s, l.item_id, l.location FROM inventory_stocktakeline l
WHERE l.stocktake_id = %(stocktake)s AND l.location <> '' AND l.counted > 0 ORDER BY l.item_id
ON CONFLICT (warehouse_id, item_id) DO UPDATE SET location = excluded.location
WHERE inventory_place.location <> excluded.location
"""


@transaction.atomic
def approve_count(
    *, stocktake: Stocktake, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Stocktake:
    """Approve by another person; surplus and shortage are posted in the same moment (INV-55, LED-07).

    What moved since the sheet was taken does no harm: counted − book is posted, as of today. Raises Shortage naming
    every line where less lies now than is missing, RuleBroken `stocktake.approve_own`, `period.closed`.
    """
    day = business_date(at or now_db())
    lock_open(day)
    row = locked_count(stocktake, version=version)
    totals = check(row, "approve", by)
    run(_LOCK, {"stocktake": row.pk, "warehouse": row.warehouse_id})
    moment = at or now_db()
    perform_count(
        row,
        "approve",
        by,
        moment,
        changes={"approved_at": moment, "approved_by": by},
        differing=totals.differing,
    )
    for category, amount in (
        (Category.SHORTAGE_OUT, totals.shortage),
        (Category.SURPLUS_IN, totals.surplus),
    ):
        if amount:
            _post_difference(row, category, day, by, moment)
    run(_PLACES, {"stocktake": row.pk, "warehouse": row.warehouse_id})
    if row.submitted_by is not None and row.submitted_by != by:
        notices.tell(
            [row.submitted_by],
            "stock.count_approved",
            about=row,
            at=moment,
            key=f"{row.pk}:{row.version}",
            stocktake=row.number,
        )
    return row


def _post_difference(row: Stocktake, category: Category, day: date, by: Any | None, at: datetime) -> Document:
    """The surplus, or the shortage, as a document that is made and posted at once."""
    rule = rule_of(category)
    document = Document.objects.create(
        number=next_numbers(rule.prefix, 1, at=at)[0],
        category=category,
        direction=rule.direction,
        colour=Colour.BLUE,
        state=DocumentState.SAVED,
        warehouse=row.warehouse,
        business_date=day,
        stocktake=row,
        remarks=row.proposal,
        created_at=at,
        created_by=row.submitted_by,
        approved_at=at,
        approved_by=by,
    )
    run(_LINES, {"document": document.pk, "stocktake": row.pk, "sign": Decimal(rule.sign)})
    trail.record(document, "stockdoc.made_by_count", by=by, at=at, stocktake=row.number)
    post_locked(document, by=by, at=at)
    return document

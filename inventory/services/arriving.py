"""The documents a transfer makes: its outbound, and what is received of it (INV-42, LED-06)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection

from inventory.choices import Category, Colour, Direction, DocumentState
from inventory.domain.categories import rule_of
from inventory.models import Document, Transfer
from inventory.queries.facts import WAITING
from inventory.services.rows import next_numbers
from servicecenter import trail

# All of it before the outbound, what is under way after: one line a line of the transfer.
_LINES = """
INSERT INTO inventory_documentline (document_id, ordinal, colour, item_id, quantity, location, remarks, returned,
                                    transfer_line_id)
SELECT %(document)s, row_number() OVER (ORDER BY t.ordinal), 'blue', t.item_id, t.room, '', t.remarks, 0, t.id
FROM (SELECT *, CASE WHEN %(ordered)s THEN quantity ELSE issued - received - lost END AS room
      FROM inventory_transferline WHERE transfer_id = %(transfer)s) t
WHERE t.room > 0
"""


def make_document(
    transfer: Transfer,
    *,
    category: Category,
    day: date,
    ordered: bool,
    by: Any | None,
    at: datetime,
    remarks: str = "",
) -> Document:
    """A saved document of the transfer: with what was ordered, or with what is under way."""
    rule = rule_of(category)
    warehouse = {Category.TRANSIT_LOSS_OUT: transfer.transit}.get(
        category, transfer.target if rule.direction == Direction.IN else transfer.source
    )
    row = Document.objects.create(
        number=next_numbers(rule.prefix, 1, at=at)[0],
        category=category,
        direction=rule.direction,
        colour=Colour.BLUE,
        state=DocumentState.SAVED,
        warehouse=warehouse,
        business_date=day,
        transfer=transfer,
        requisition=transfer.requisition,
        remarks=remarks or transfer.remarks,
        created_at=at,
        created_by=by,
    )
    fill(row, ordered=ordered)
    trail.record(row, "stockdoc.made_by_transfer", by=by, at=at, transfer=transfer.number)
    return row


def fill(row: Document, *, ordered: bool) -> None:
    """The lines of a transfer's document, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"document": row.pk, "transfer": row.transfer_id, "ordered": ordered})


def prepare_inbound(transfer: Transfer) -> None:
    """After the outbound, the waiting inbound holds what was really issued (INV-47: 据实发放)."""
    inbound = Document.objects.filter(
        transfer=transfer, direction=Direction.IN, state__in=WAITING, colour=Colour.BLUE
    ).first()
    if inbound is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM inventory_documentline WHERE document_id = %s", [inbound.pk])
    fill(inbound, ordered=False)
    Document.objects.filter(pk=inbound.pk).update(version=inbound.version + 1)

"""What a posting would move, as SQL: the lines of a document, or the mirror of its last posting (LED-01, LED-02)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from inventory.choices import Category
from inventory.domain.categories import rule_of
from inventory.models import Document

# One leg in the document's own warehouse; a transfer's second leg is in transit (LED-06).
_OF_LINES = """
SELECT l.ordinal AS line, leg, CASE leg WHEN 1 THEN %(warehouse)s ELSE %(transit)s END AS warehouse_id, l.item_id,
       (CASE leg WHEN 1 THEN %(sign)s ELSE -%(sign)s END) * l.quantity AS quantity, NULL::bigint AS reverses_id
FROM inventory_documentline l CROSS JOIN generate_series(1, %(legs)s) AS leg WHERE l.document_id = %(document)s
"""
_MIRROR = """
SELECT e.line, e.leg, e.warehouse_id, e.item_id, -e.quantity AS quantity, e.id AS reverses_id
FROM inventory_ledgerentry e
WHERE e.document_id = %(document)s AND e.posting_number = %(posting)s AND e.reverses_id IS NULL
"""


@dataclass(frozen=True)
class Moves:
    """The rows a posting would write: a SELECT of (line, leg, warehouse_id, item_id, quantity, reverses_id)."""

    document: Document
    sql: str
    params: dict[str, Any] = field(default_factory=dict)


def has_two_legs(document: Document) -> bool:
    """Whether the goods go into transit or come from it."""
    return document.transfer_id is not None and document.category != Category.TRANSIT_LOSS_OUT


def of_lines(document: Document) -> Moves:
    """What an audit of the document would move."""
    two = has_two_legs(document)
    transit = document.transfer.transit_id if two and document.transfer is not None else None
    return Moves(
        document,
        _OF_LINES,
        {
            "document": document.pk,
            "warehouse": document.warehouse_id,
            "transit": transit,
            "sign": rule_of(document.category).sign,
            "legs": 2 if two else 1,
        },
    )


def mirror(document: Document) -> Moves:
    """What an un-audit of the document would move: its last posting, negated."""
    return Moves(document, _MIRROR, {"document": document.pk, "posting": document.posting_number})

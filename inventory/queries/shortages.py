"""Does the stock suffice, now and on every day from the document's date on; if not, the whole report (LED-05, 11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from inventory.choices import DocumentState
from inventory.domain.shortage import Movement, ShortLine
from inventory.models import Document, Item
from inventory.queries.moves import Moves, of_lines
from servicecenter.i18n import say

# Keys that would lose more than there is. `lowest`: the least that lay there at the close of any day from the
# document's date on, worked out backwards from what is on hand: only later rows are read.
_SHORT = """
WITH moves AS ({moves}),
need AS (
  SELECT warehouse_id, item_id, -sum(quantity) AS needed, array_agg(DISTINCT line ORDER BY line) AS lines FROM moves
  GROUP BY warehouse_id, item_id HAVING sum(quantity) < 0),
later AS (
  SELECT n.warehouse_id, n.item_id, e.business_date, sum(e.quantity) AS quantity FROM need n
  JOIN inventory_ledgerentry e ON e.warehouse_id = n.warehouse_id AND e.item_id = n.item_id
    AND e.business_date > %(day)s
  GROUP BY n.warehouse_id, n.item_id, e.business_date),
after AS (
  SELECT warehouse_id, item_id, business_date,
         sum(quantity) OVER (PARTITION BY warehouse_id, item_id ORDER BY business_date DESC) AS came FROM later),
most AS (
  SELECT DISTINCT ON (warehouse_id, item_id) warehouse_id, item_id, business_date, came FROM after WHERE came > 0
  ORDER BY warehouse_id, item_id, came DESC, business_date)
SELECT n.warehouse_id, n.item_id, n.lines, n.needed, coalesce(b.quantity, 0),
       coalesce(b.quantity, 0) - coalesce(m.came, 0), m.business_date
FROM need n
LEFT JOIN inventory_balance b ON b.warehouse_id = n.warehouse_id AND b.item_id = n.item_id
LEFT JOIN most m ON m.warehouse_id = n.warehouse_id AND m.item_id = n.item_id
WHERE coalesce(b.quantity, 0) - coalesce(m.came, 0) < n.needed
ORDER BY n.lines[1], n.warehouse_id
"""
# What is under way to a warehouse, and the last three movements of each key.
_COMING = """
SELECT t.target_id, l.item_id, sum(l.issued - l.received - l.lost)
FROM inventory_transferline l JOIN inventory_transfer t ON t.id = l.transfer_id
WHERE t.state = 'audited' AND t.target_id = ANY(%(warehouses)s) AND l.item_id = ANY(%(items)s)
  AND l.issued > l.received + l.lost
GROUP BY t.target_id, l.item_id
"""
_LAST = """
SELECT k.warehouse_id, k.item_id, e.business_date, d.number, e.quantity
FROM unnest(%(keys_warehouse)s::bigint[], %(keys_item)s::bigint[]) AS k (warehouse_id, item_id)
CROSS JOIN LATERAL (
  SELECT * FROM inventory_ledgerentry e WHERE e.warehouse_id = k.warehouse_id AND e.item_id = k.item_id
  ORDER BY e.business_date DESC, e.id DESC LIMIT 3) e
JOIN inventory_document d ON d.id = e.document_id
ORDER BY e.business_date DESC, e.id DESC
"""
Key = tuple[int, int]


def _rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def short_lines(moves: Moves) -> tuple[ShortLine, ...]:
    """Every item that `moves` would take below zero, on any day from the document's date on.

    One statement when nothing is short, three more for the report.
    """
    short = _rows(_SHORT.format(moves=moves.sql), {**moves.params, "day": moves.document.business_date})
    if not short:
        return ()
    keys = [(row[0], row[1]) for row in short]
    items = {item.pk: item for item in Item.objects.filter(pk__in=[item for _warehouse, item in keys])}
    coming = coming_to(keys)
    last = last_movements(keys)
    return tuple(
        ShortLine(
            lines=tuple(lines),
            code=items[item].code,
            name=say(items[item].names),
            unit=items[item].unit,
            needed=needed,
            on_hand=on_hand,
            lowest=lowest,
            lowest_on=came_on - timedelta(days=1) if came_on is not None else None,
            in_transit=coming.get((warehouse, item), 0),
            last=tuple(last.get((warehouse, item), ())),
        )
        for warehouse, item, lines, needed, on_hand, lowest, came_on in short
    )


def shortages_of(document: Document) -> tuple[ShortLine, ...]:
    """What an audit of a saved document would be refused for; nothing for one that is audited or voided."""
    if document.state not in {DocumentState.SAVED, DocumentState.EDITING}:
        return ()
    return short_lines(of_lines(document))


def coming_to(keys: Sequence[Key]) -> dict[Key, Any]:
    """What is in transit to each (warehouse, item); one statement."""
    rows = _rows(
        _COMING,
        {
            "warehouses": [warehouse for warehouse, _item in keys],
            "items": [item for _warehouse, item in keys],
        },
    )
    return {(warehouse, item): quantity for warehouse, item, quantity in rows}


def last_movements(keys: Sequence[Key]) -> dict[Key, list[Movement]]:
    """The last three movements of each (warehouse, item), newest first; one statement."""
    found: dict[Key, list[Movement]] = {}
    rows = _rows(
        _LAST,
        {
            "keys_warehouse": [warehouse for warehouse, _item in keys],
            "keys_item": [item for _warehouse, item in keys],
        },
    )
    for warehouse, item, day, number, quantity in rows:
        found.setdefault((warehouse, item), []).append(Movement(day, number, quantity))
    return found

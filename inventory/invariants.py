"""What must hold of the stock at any moment (I4, I5, I8), as questions to the database."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from servicecenter.invariants import Check, Violation, rows_of

# I4: the balance is the sum of the ledger, key by key; a key without rows has no balance.
_BALANCES = """
SELECT coalesce(w.code, '?') || ' ' || coalesce(i.code, '?'),
       'has a balance of ' || coalesce(b.quantity, 0) || ', its ledger says ' || coalesce(l.quantity, 0)
FROM inventory_balance b
FULL JOIN (SELECT warehouse_id, item_id, sum(quantity) AS quantity FROM inventory_ledgerentry
           GROUP BY warehouse_id, item_id) l ON l.warehouse_id = b.warehouse_id AND l.item_id = b.item_id
LEFT JOIN inventory_warehouse w ON w.id = coalesce(b.warehouse_id, l.warehouse_id)
LEFT JOIN inventory_item i ON i.id = coalesce(b.item_id, l.item_id)
WHERE coalesce(b.quantity, 0) <> coalesce(l.quantity, 0) ORDER BY 1
"""
# I4: what stands in the ledger is what audited documents say, line by line; nothing of others stands.
_DOCUMENTS = """
SELECT d.number, 'is ' || d.state || ', but ' || coalesce(s.rows, 0) || ' rows of it stand in the ledger'
FROM inventory_document d
LEFT JOIN (SELECT document_id, count(*) AS rows FROM inventory_ledgerentry e
           WHERE e.reverses_id IS NULL
             AND NOT EXISTS (SELECT FROM inventory_ledgerentry r WHERE r.reverses_id = e.id)
           GROUP BY document_id) s ON s.document_id = d.id
WHERE coalesce(s.rows, 0) <> CASE WHEN d.state <> 'audited' THEN 0 ELSE
  (SELECT count(*) FROM inventory_documentline l WHERE l.document_id = d.id)
  * CASE WHEN d.transfer_id IS NULL OR d.category = 'transit_loss_out' THEN 1 ELSE 2 END END
ORDER BY d.id
"""
# I4: transfers and red letters count as the ledger does.
_TRANSFERS = """
SELECT t.number || '/' || l.ordinal, 'counts ' || l.issued || ' issued, ' || l.received || ' received, ' || l.lost
       || ' lost; its documents say ' || coalesce(s.issued, 0) || ', ' || coalesce(s.received, 0) || ', '
       || coalesce(s.lost, 0)
FROM inventory_transferline l JOIN inventory_transfer t ON t.id = l.transfer_id
LEFT JOIN (
  SELECT dl.transfer_line_id AS id,
    sum(CASE WHEN d.direction = 'out' AND d.category <> 'transit_loss_out' THEN dl.quantity ELSE 0 END) AS issued,
    sum(CASE WHEN d.direction = 'in' THEN dl.quantity ELSE 0 END) AS received,
    sum(CASE WHEN d.category = 'transit_loss_out' THEN dl.quantity ELSE 0 END) AS lost
  FROM inventory_documentline dl JOIN inventory_document d ON d.id = dl.document_id
  WHERE d.state = 'audited' AND dl.transfer_line_id IS NOT NULL GROUP BY dl.transfer_line_id) s ON s.id = l.id
WHERE (l.issued, l.received, l.lost) IS DISTINCT FROM
      (coalesce(s.issued, 0), coalesce(s.received, 0), coalesce(s.lost, 0)) ORDER BY 1
"""
_RETURNED = """
SELECT d.number || '/' || o.ordinal, 'counts ' || o.returned || ' returned, its red letters say ' || coalesce(s.q, 0)
FROM inventory_documentline o JOIN inventory_document d ON d.id = o.document_id
LEFT JOIN (SELECT l.original_line_id AS id, -sum(l.quantity) AS q FROM inventory_documentline l
           JOIN inventory_document r ON r.id = l.document_id
           WHERE r.state = 'audited' AND l.original_line_id IS NOT NULL GROUP BY l.original_line_id) s ON s.id = o.id
WHERE o.returned <> coalesce(s.q, 0) ORDER BY 1
"""
# I4: the two legs of a transfer's document cancel out: nothing is made or lost on the way (INV-46).
_CONSERVED = """
SELECT d.number, 'moves ' || sum(e.quantity) || ' more than it takes' FROM inventory_ledgerentry e
JOIN inventory_document d ON d.id = e.document_id
WHERE d.transfer_id IS NOT NULL AND d.category <> 'transit_loss_out'
GROUP BY d.number, e.item_id, e.posting_number HAVING sum(e.quantity) <> 0 ORDER BY 1
"""
_NEGATIVE = """
SELECT w.code || ' ' || i.code, 'is ' || b.quantity FROM inventory_balance b
JOIN inventory_warehouse w ON w.id = b.warehouse_id JOIN inventory_item i ON i.id = b.item_id
WHERE b.quantity < 0 ORDER BY 1
"""
# I8: the state is the one that the newest change in the trail left; without any it is still saved.
_STATES = """
SELECT d.number, 'is ' || d.state || ', its trail says ' || coalesce(newest.state, 'saved')
FROM (SELECT id, number, state, 'inventory.document' AS kind FROM inventory_document
      UNION ALL SELECT id, number, state, 'inventory.transfer' FROM inventory_transfer) AS d
LEFT JOIN LATERAL (
  SELECT entry.changes->'state'->>1 AS state FROM servicecenter_trailentry AS entry
  WHERE entry.kind = d.kind AND entry.object_id = d.id AND entry.changes ? 'state'
  ORDER BY entry.id DESC LIMIT 1) AS newest ON true
WHERE d.state IS DISTINCT FROM coalesce(newest.state, 'saved')
"""


# I4: an approved count posted what it found, item by item; no other has posted anything (INV-55, LED-07).
_COUNTED = """
SELECT s.number, 'found ' || coalesce(f.found, 0) || ' of ' || i.code || ', its documents posted '
       || coalesce(p.posted, 0)
FROM (SELECT l.stocktake_id, l.item_id, l.difference AS found FROM inventory_stocktakeline l
      JOIN inventory_stocktake t ON t.id = l.stocktake_id AND t.state = 'approved' WHERE l.difference <> 0) f
FULL JOIN (SELECT d.stocktake_id, e.item_id, sum(e.quantity) AS posted FROM inventory_ledgerentry e
           JOIN inventory_document d ON d.id = e.document_id AND d.stocktake_id IS NOT NULL
           GROUP BY d.stocktake_id, e.item_id) p ON p.stocktake_id = f.stocktake_id AND p.item_id = f.item_id
JOIN inventory_stocktake s ON s.id = coalesce(f.stocktake_id, p.stocktake_id)
JOIN inventory_item i ON i.id = coalesce(f.item_id, p.item_id)
WHERE f.found IS DISTINCT FROM p.posted ORDER BY 1
"""
# I8: the state of a count, which begins with counting.
_COUNT_STATES = """
SELECT s.number, 'is ' || s.state || ', its trail says ' || coalesce(newest.state, 'counting')
FROM inventory_stocktake s
LEFT JOIN LATERAL (
  SELECT entry.changes->'state'->>1 AS state FROM servicecenter_trailentry AS entry
  WHERE entry.kind = 'inventory.stocktake' AND entry.object_id = s.id AND entry.changes ? 'state'
  ORDER BY entry.id DESC LIMIT 1) AS newest ON true
WHERE s.state IS DISTINCT FROM coalesce(newest.state, 'counting')
"""


def _found(*statements: str) -> Iterable[Violation]:
    for sql in statements:
        for subject, problem in rows_of(sql):
            yield Violation(subject, problem)


def ledger_and_balances() -> Iterable[Violation]:
    """I4: ledger, balances, documents, transfers, red letters and counts agree."""
    return _found(_BALANCES, _DOCUMENTS, _TRANSFERS, _RETURNED, _CONSERVED, _COUNTED)


def negative_balances() -> Iterable[Violation]:
    """I5: nothing lies below zero."""
    return _found(_NEGATIVE)


def states_without_trail() -> Iterable[Violation]:
    """I8: documents, transfers and counts whose state is not what their trail says."""
    return _found(_STATES, _COUNT_STATES)


CHECKS = [
    Check(
        "I4",
        _("ledger sums are the balances, and documents, transfers and returns agree with them"),
        ledger_and_balances,
    ),
    Check("I5", _("no stock is below zero"), negative_balances),
    Check(
        "I8", _("the state of every stock document and transfer is what its trail says"), states_without_trail
    ),
]

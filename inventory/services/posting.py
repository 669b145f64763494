"""Audit and un-audit: the only ways in which stock moves (INV-11, INV-12, LED-01 to LED-06, LED-10, LED-11).

Statements do not grow with the lines: the ledger is written from the lines, and negated from itself, by one INSERT.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from inventory.choices import Colour, Direction
from inventory.domain import lifecycle
from inventory.domain.shortage import Shortage
from inventory.models import Document
from inventory.permissions import Right, can_backdate
from inventory.queries import moves as moving
from inventory.queries.facts import document_facts, document_rights, home_of
from inventory.queries.moves import Moves
from inventory.queries.scope import stock_policy
from inventory.queries.shortages import short_lines
from inventory.services.arriving import prepare_inbound
from inventory.services.periods import lock_open
from inventory.services.rows import check_allowed, locked_document, others, raise_all
from organization.queries import holders
from servicecenter import notices
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.lifecycle import perform

# Every key in the order of LED-04; missing ones are made, at zero, by the ledger's own trigger.
_LOCK_BALANCES = """
SELECT count(*) FROM (
  SELECT b.id FROM inventory_balance b
  JOIN (SELECT DISTINCT warehouse_id, item_id FROM ({moves}) m) k
    ON k.warehouse_id = b.warehouse_id AND k.item_id = b.item_id
  ORDER BY b.warehouse_id, b.item_id FOR UPDATE OF b) locked
"""
_POST = """
INSERT INTO inventory_ledgerentry (document_id, line, posting_number, leg, warehouse_id, item_id, quantity,
                                   business_date, posted_at, posted_by_id, reverses_id)
SELECT %(document)s, m.line, %(number)s, m.leg, m.warehouse_id, m.item_id, m.quantity, %(day)s, %(at)s, %(by)s,
       m.reverses_id
FROM ({moves}) m ORDER BY m.line, m.leg
"""
_LOCK_ORIGINALS = """
SELECT count(*) FROM (
  SELECT o.id FROM inventory_documentline o JOIN inventory_documentline l ON l.original_line_id = o.id
  WHERE l.document_id = %s ORDER BY o.id FOR UPDATE OF o) locked
"""
_BEYOND_ORIGINAL = """
SELECT l.ordinal, o.quantity - o.returned FROM inventory_documentline l
LEFT JOIN inventory_documentline o ON o.id = l.original_line_id AND o.item_id = l.item_id
WHERE l.document_id = %s AND (o.id IS NULL OR -l.quantity > o.quantity - o.returned) ORDER BY l.ordinal
"""
# What the transfer's counts would become, line by line: nothing beyond the order, nothing beyond what is under way.
# `turn` is 1 for an audit, -1 for an un-audit; a red letter's quantities are below zero.
_BEYOND_TRANSFER = """
SELECT ordinal, issued > quantity AS beyond_order, CASE WHEN issued > quantity THEN ordered ELSE under_way END
FROM (
  SELECT l.ordinal, t.quantity, t.quantity - t.issued AS ordered, t.issued - t.received - t.lost AS under_way,
         t.issued + CASE WHEN %(side)s = 'out' THEN %(turn)s * l.quantity ELSE 0 END AS issued,
         t.received + t.lost + CASE WHEN %(side)s = 'out' THEN 0 ELSE %(turn)s * l.quantity END AS arrived
  FROM inventory_documentline l
  LEFT JOIN inventory_transferline t ON t.id = l.transfer_line_id AND t.item_id = l.item_id
  WHERE l.document_id = %(document)s) AS after
WHERE quantity IS NULL OR issued > quantity OR arrived > issued ORDER BY ordinal
"""
# Where an item lies, as the newest inbound line with a location says (INV-09).
_PLACES = """
INSERT INTO inventory_place (warehouse_id, item_id, location)
SELECT DISTINCT ON (l.item_id) %(warehouse)s, l.item_id, l.location FROM inventory_documentline l
WHERE l.document_id = %(document)s AND l.location <> '' ORDER BY l.item_id, l.ordinal DESC
ON CONFLICT (warehouse_id, item_id) DO UPDATE SET location = excluded.location
"""


@transaction.atomic
def audit_document(
    *, document: Document, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Document:
    """审核: post the document's lines to the ledger; from now on it is read-only (INV-11, INV-12).

    Raises Shortage naming every short line (LED-11), RuleBroken `period.closed`, `document.backdate` (LED-05),
    `document.not_counted`, `document.not_approved`, `document.audit_own`, `red.beyond_original`,
    `transfer.beyond_transit`, `transfer.outbound_first`, or what the lifecycle raises.
    """
    lock_open(document.business_date)
    row = _locked(document, version)
    policy = stock_policy(at=at)
    rights = document_rights(by, row, at=at)
    facts = document_facts(row, by, policy=policy, actions=("audit",))
    check_allowed(lifecycle.DOCUMENT, "audit", row, rights=rights, facts=facts)
    if row.colour == Colour.RED:
        _check_red(row)
    _check_transfer(row, turn=1)
    moves = moving.of_lines(row)
    _lock_balances(moves)
    moment = at or now_db()
    _check_date(row, by, moment)
    audited = {
        "audited_at": moment,
        "audited_by": by,
        "first_audited_at": row.first_audited_at or moment,
    }
    _post_and_perform("audit", row, moves, by, moment, rights=rights, facts=facts, changes=audited)
    _after_audit(row, by, moment)
    return row


@transaction.atomic
def unaudit_document(
    *, document: Document, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Document:
    """弃审: post the mirror of the audit, on the same business date; the document can be changed again (LED-02).

    Raises RuleBroken `period.closed`, `document.downstream` (LED-10: offer a red letter), Shortage where the goods
    have gone on, or what the lifecycle raises.
    """
    lock_open(document.business_date)
    row = _locked(document, version)
    policy = stock_policy(at=at)
    rights = document_rights(by, row, at=at)
    facts = document_facts(row, by, policy=policy, actions=("unaudit",))
    check_allowed(lifecycle.DOCUMENT, "unaudit", row, rights=rights, facts=facts)
    if row.colour == Colour.RED:
        _lock_originals(row)
    _check_transfer(row, turn=-1)
    moves = moving.mirror(row)
    _lock_balances(moves)
    taken_back = {"audited_at": None, "audited_by": None}
    _post_and_perform(
        "unaudit", row, moves, by, at or now_db(), rights=rights, facts=facts, changes=taken_back
    )
    return row


def post_locked(document: Document, *, by: Any | None, at: datetime) -> None:
    """Audit what an approval has just made, its goods locked already; no right is asked but the approval's (INV-55).

    Raises Shortage naming every short line (LED-11).
    """
    moves = moving.of_lines(document)
    changes = {"audited_at": at, "audited_by": by, "first_audited_at": at}
    facts = document_facts(document, None, policy=stock_policy(at=at), actions=("audit",))
    rights = document_rights(None, document, at=at)
    _post_and_perform("audit", document, moves, by, at, rights=rights, facts=facts, changes=changes)


def _post_and_perform(
    action: str,
    row: Document,
    moves: Moves,
    by: Any | None,
    at: datetime,
    *,
    rights: Callable[[str], bool],
    facts: Mapping[str, Any],
    changes: Mapping[str, Any],
) -> None:
    """Post what moves, every short line named before, and let the document's state follow (LED-02, LED-11)."""
    if short := short_lines(moves):
        raise Shortage(short)
    number = row.posting_number + 1
    _post(moves, number, by, at)
    perform(
        lifecycle.DOCUMENT,
        row,
        action,
        by=by,
        at=at,
        has_right=rights,
        facts=facts,
        changes={"posting_number": number, **changes},
        posting=number,
    )


def _locked(document: Document, version: int | None) -> Document:
    """The document under lock; its date must be the one whose period was locked."""
    row = locked_document(document, version=version)
    if row.business_date != document.business_date:
        raise RuleBroken("lifecycle.stale", number=row.number)
    return row


def _check_date(row: Document, by: Any | None, at: datetime) -> None:
    """LED-05: nothing ahead of today, and back-dating with the right alone."""
    today = business_date(at)
    if row.business_date > today:
        raise RuleBroken("document.future", field="business_date")
    if row.business_date < today and not can_backdate(by, home_of(row)):
        raise RuleBroken("document.backdate", field="business_date", status=403)


def _lock_originals(row: Document) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_ORIGINALS, [row.pk])


def _check_red(row: Document) -> None:
    """LED-02: what all red letters take back never exceeds the original; every line beyond it is named."""
    _lock_originals(row)
    with connection.cursor() as cursor:
        cursor.execute(_BEYOND_ORIGINAL, [row.pk])
        beyond = cursor.fetchall()
    raise_all(
        [
            RuleBroken("red.beyond_original", field=f"lines.{line}.quantity", line=line, left=left or 0)
            for line, left in beyond
        ]
    )


def _check_transfer(row: Document, *, turn: int) -> None:
    """LED-06: nothing is issued beyond the transfer, nothing arrives beyond what was issued; every line is named."""
    if row.transfer_id is None:
        return
    side = "out" if row.direction == Direction.OUT and moving.has_two_legs(row) else "in"
    with connection.cursor() as cursor:
        cursor.execute(_BEYOND_TRANSFER, {"document": row.pk, "side": side, "turn": turn})
        beyond = cursor.fetchall()
    raise_all(
        [
            RuleBroken(
                "transfer.beyond_order" if of_order else "transfer.beyond_transit",
                field=f"lines.{line}.quantity",
                line=line,
                left=room or 0,
            )
            for line, of_order, room in beyond
        ]
    )


def _lock_balances(moves: Moves) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_BALANCES.format(moves=moves.sql), moves.params)


def _post(moves: Moves, number: int, by: Any | None, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _POST.format(moves=moves.sql),
            {
                **moves.params,
                "number": number,
                "day": moves.document.business_date,
                "at": at,
                "by": by.pk if by is not None else None,
            },
        )


def _after_audit(row: Document, by: Any | None, at: datetime) -> None:
    """Where the goods lie now; and the receiving side is told, its inbound made ready (INV-42)."""
    if row.colour == Colour.RED:
        return
    if row.direction == Direction.IN:
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, {"document": row.pk, "warehouse": row.warehouse_id})
    elif moving.has_two_legs(row) and row.transfer is not None:
        prepare_inbound(row.transfer)
        notices.tell_all(
            others(holders(Right.AUDIT_DOCUMENT, row.transfer.target.department), by),
            "stock.on_its_way",
            about=row.transfer,
            at=at,
            key=f"{row.pk}:{row.posting_number}",
            document=row.number,
            warehouse=row.transfer.target.names,
        )

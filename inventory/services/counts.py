"""Counts: the sheet taken from the books, what was found, and its approval, which posts it (INV-50 to INV-56, LED-07).

Locks in the order of LED-04: period, count, balances by (warehouse, item). Statements do not grow with the lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from inventory.choices import CountState
from inventory.domain import counting
from inventory.domain.counting import Counted, CountHead
from inventory.domain.documents import ItemFacts
from inventory.models import Stocktake, StocktakeLine
from inventory.permissions import Right, can_draft
from inventory.queries.counts import (
    DIFFERS,
    JOINED,
    CountTotals,
    stocktake_facts,
    stocktake_rights,
    stocktake_totals,
)
from inventory.services.rows import (
    COUNT_PREFIX,
    items_of,
    next_numbers,
    others,
    raise_all,
    stale,
    warehouse_of,
)
from organization.queries import holders
from servicecenter import notices, trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.lifecycle import perform

# Who posts at this moment holds its balances: waiting for them, the book quantity and the ledger's position agree.
_HELD = """
SELECT count(*) FROM (
  SELECT b.id FROM inventory_balance b WHERE b.warehouse_id = %(warehouse)s
  ORDER BY b.warehouse_id, b.item_id FOR SHARE OF b) held
"""
_SHEET = """
INSERT INTO inventory_stocktakeline (stocktake_id, ordinal, item_id, location, book, position, round, cause, reason)
SELECT %(stocktake)s, row_number() OVER (ORDER BY p.location NULLS LAST, i.code), b.item_id,
       coalesce(p.location, ''), b.quantity, %(position)s, 1, '', ''
FROM inventory_balance b JOIN inventory_item i ON i.id = b.item_id
LEFT JOIN inventory_place p ON p.warehouse_id = b.warehouse_id AND p.item_id = b.item_id
WHERE b.warehouse_id = %(warehouse)s AND (b.quantity <> 0 OR %(with_empty)s)
  AND (%(item_class)s = '' OR i.item_class = %(item_class)s)
"""
_POSITION = "SELECT coalesce(max(id), 0) FROM inventory_ledgerentry"
# What was typed, in one statement; NULL as text leaves what is there.
_COUNTED = """
UPDATE inventory_stocktakeline l SET
  counted = t.counted, location = coalesce(t.location, l.location), cause = coalesce(t.cause, l.cause),
  reason = coalesce(t.reason, l.reason),
  counted_at = CASE WHEN t.counted IS NULL THEN NULL WHEN t.counted IS DISTINCT FROM l.counted THEN %(at)s
                    ELSE l.counted_at END,
  counted_by_id = CASE WHEN t.counted IS NULL THEN NULL WHEN t.counted IS DISTINCT FROM l.counted THEN %(by)s
                       ELSE l.counted_by_id END
FROM unnest(%(items)s::bigint[], %(counted)s::numeric[], %(locations)s::text[], %(causes)s::text[], %(reasons)s::text[])
     AS t(item_id, counted, location, cause, reason)
WHERE l.stocktake_id = %(stocktake)s AND l.item_id = t.item_id
"""
_ADDED = """
INSERT INTO inventory_stocktakeline (stocktake_id, ordinal, item_id, location, book, position, round, cause, reason)
SELECT %(stocktake)s, %(last)s + row_number() OVER (ORDER BY i.code), i.id, coalesce(p.location, ''),
       coalesce(b.quantity, 0), %(position)s, 1, '', ''
FROM inventory_item i
LEFT JOIN inventory_balance b ON b.warehouse_id = %(warehouse)s AND b.item_id = i.id
LEFT JOIN inventory_place p ON p.warehouse_id = %(warehouse)s AND p.item_id = i.id
WHERE i.id = ANY(%(items)s)
"""
_AGAIN = """
UPDATE inventory_stocktakeline l SET counted = NULL, counted_at = NULL, counted_by_id = NULL, round = l.round + 1,
  book = coalesce((SELECT b.quantity FROM inventory_balance b
                   WHERE b.warehouse_id = %(warehouse)s AND b.item_id = l.item_id), 0), position = %(position)s
WHERE l.stocktake_id = %(stocktake)s AND l.ordinal = ANY(%(lines)s)
"""


def run(sql: str, params: Mapping[str, Any]) -> Any:
    """One statement: its first row, or how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone() if cursor.description else cursor.rowcount


def _position(warehouse: int) -> int:
    """The ledger's position, with nobody posting to this warehouse's goods meanwhile (LED-07)."""
    run(_HELD, {"warehouse": warehouse})
    return int(run(_POSITION, {})[0])


@transaction.atomic
def begin_count(*, head: CountHead, by: Any | None, at: datetime | None = None) -> Stocktake:
    """盘点表: a sheet from what is on hand, with book quantity and ledger position (INV-52, LED-07).

    Raises RuleBroken `lifecycle.no_right`, `stocktake.under_way`, `stocktake.too_many`, `stocktake.warehouse_kind`,
    `stocktake.due_past`, `stocktake.no_lines`.
    """
    warehouse = warehouse_of(head.warehouse_id)
    if not can_draft(by, warehouse):
        raise RuleBroken("lifecycle.no_right", field="warehouse", status=403, action="count")
    today = business_date(at or now_db())
    raise_all(counting.head_faults(head, warehouse_kind=warehouse.kind, today=today))
    other = Stocktake.objects.filter(warehouse=warehouse, state__in=list(counting.OPEN)).first()
    if other is not None:
        raise RuleBroken("stocktake.under_way", field="warehouse", number=other.number)
    position = _position(warehouse.pk)
    moment = at or now_db()
    row = Stocktake.objects.create(
        number=next_numbers(COUNT_PREFIX, 1, at=moment)[0],
        warehouse=warehouse,
        kind=head.kind,
        mode=head.mode,
        is_blind=head.is_blind,
        item_class=head.item_class,
        due_on=head.due_on,
        witness=head.witness.strip()[:60],
        remarks=head.remarks.strip()[:300],
        booked_at=moment,
        created_at=moment,
        created_by=by,
    )
    lines = run(
        _SHEET,
        {
            "stocktake": row.pk,
            "warehouse": warehouse.pk,
            "position": position,
            "item_class": head.item_class,
            "with_empty": head.with_empty,
        },
    )
    if (fault := counting.too_many(lines)) is not None:
        raise fault
    if not lines:
        raise RuleBroken("stocktake.no_lines", field="warehouse")
    trail.record(row, "stocktake.begun", by=by, at=moment, lines=lines, count_kind=head.kind)
    return row


def locked_count(stocktake: Stocktake, *, version: int | None = None) -> Stocktake:
    """A count under lock with its warehouse. Raises RuleBroken `lifecycle.stale`."""
    row = Stocktake.objects.select_for_update(of=("self",)).select_related(*JOINED).get(pk=stocktake.pk)
    stale(row, version)
    return row


@transaction.atomic
def save_counts(
    *, stocktake: Stocktake, entries: Sequence[Counted], by: Any | None, at: datetime | None = None
) -> int:
    """What was found, line by line; an item that is not on the sheet joins it with what the books say now (INV-54).

    Several people may count at once: only the lines named are written, the last one counts. While it is counted
    figures are taken, afterwards explanations alone. Everything wrong is told at once. Returns how many lines.
    """
    row = locked_count(stocktake)
    moment = at or now_db()
    explains = row.state == CountState.COUNTED
    check(row, "explain" if explains else "count", by)
    items, faults = _items(entries, moment)
    faults += counting.entry_faults(entries)
    on_sheet = dict(StocktakeLine.objects.filter(stocktake=row).values_list("item_id", "counted"))
    if explains:
        for entry, item in zip(entries, items, strict=True):
            if item is not None and (item.id not in on_sheet or on_sheet[item.id] != entry.quantity):
                field = f"lines.{entry.at}.quantity"
                faults.append(
                    RuleBroken("stocktake.counted_already", field=field, line=entry.at, item=item.code)
                )
    new = [item.id for item in items if item is not None and item.id not in on_sheet]
    if new and (fault := counting.too_many(len(on_sheet) + len(new))) is not None:
        faults.append(fault)
    raise_all(faults)
    if not entries:
        return 0
    if new:
        last = (
            StocktakeLine.objects.filter(stocktake=row).order_by("-ordinal").values_list("ordinal", flat=True)
        )
        position = _position(row.warehouse_id)
        params = {"stocktake": row.pk, "warehouse": row.warehouse_id, "items": new, "position": position}
        run(_ADDED, params | {"last": last.first() or 0})
    changed = run(
        _COUNTED,
        {
            "stocktake": row.pk,
            "at": moment,
            "by": by.pk if by is not None else None,
            "items": [item.id for item in items if item is not None],
            "counted": [entry.quantity for entry in entries],
            "locations": [_stripped(entry.location) for entry in entries],
            "causes": [entry.cause for entry in entries],
            "reasons": [_stripped(entry.reason) for entry in entries],
        },
    )
    code = "stocktake.explained" if explains else "stocktake.counts"
    trail.record(row, code, by=by, at=moment, lines=changed)
    return int(changed)


def _stripped(text: str | None) -> str | None:
    return text.strip() if text is not None else None


def _items(entries: Sequence[Counted], at: datetime) -> tuple[list[ItemFacts | None], list[RuleBroken]]:
    items = items_of([entry.code for entry in entries], at=at)
    faults = [
        RuleBroken(
            "line.unknown_item",
            field=f"lines.{entry.at}.code",
            status=400,
            line=entry.at,
            item=entry.code[:40],
        )
        for entry, item in zip(entries, items, strict=True)
        if item is None
    ]
    return items, faults


def check(row: Stocktake, action: str, by: Any | None) -> CountTotals:
    """Ask the table, and give back what was counted on the way."""
    totals = stocktake_totals(row)
    answer = counting.STOCKTAKE.decide(
        action,
        state=row.state,
        facts=stocktake_facts(row, by, totals),
        has_right=stocktake_rights(by, row),
        reason="…",
    )
    if answer.refusal is not None:
        params: dict[str, Any] = {"table": "stocktake", **answer.refusal.params}
        raise RuleBroken(answer.refusal.code, status=409 if answer.visible else 403, **params)
    return totals


def perform_count(row: Stocktake, action: str, by: Any | None, at: datetime, **more: Any) -> None:
    """Do an action of the table on a locked count. Raises RuleBroken with the table's refusal."""
    perform(
        counting.STOCKTAKE,
        row,
        action,
        by=by,
        at=at,
        has_right=stocktake_rights(by, row),
        facts=stocktake_facts(row, by, stocktake_totals(row)),
        **more,
    )


@transaction.atomic
def finish_count(
    *, stocktake: Stocktake, version: int | None = None, by: Any | None, at: datetime | None = None
) -> Stocktake:
    """Everything is counted; differences are shown now, to be explained. Raises RuleBroken `stocktake.uncounted`."""
    row = locked_count(stocktake, version=version)
    moment = at or now_db()
    perform_count(row, "finish", by, moment, changes={"counted_at": moment, "counted_by": by})
    return row


@transaction.atomic
def hand_in_count(
    *,
    stocktake: Stocktake,
    liability: str = "",
    proposal: str = "",
    witness: str = "",
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Stocktake:
    """The written report: every difference explained, who answers for it, what is proposed (INV-54, INV-55).

    Whoever may approve it is told. Raises RuleBroken `stocktake.unexplained`, `stocktake.witness_needed`.
    """
    row = locked_count(stocktake, version=version)
    totals = check(row, "hand_in", by)
    watched = (witness or row.witness).strip()[:60]
    raise_all(
        counting.report_faults(
            mode=row.mode,
            witness=watched,
            differing=totals.differing,
            liability=liability,
            proposal=proposal,
        )
    )
    moment = at or now_db()
    changes = {
        "submitted_at": moment,
        "submitted_by": by,
        "witness": watched,
        "liability": liability.strip()[:300],
        "proposal": proposal.strip()[:300],
    }
    perform_count(row, "hand_in", by, moment, changes=changes, differing=totals.differing)
    notices.tell_all(
        others(holders(Right.APPROVE_DOCUMENT, row.warehouse.department), by),
        "stock.count_to_approve",
        about=row,
        at=moment,
        key=f"{row.pk}:{row.version}",
        stocktake=row.number,
        warehouse=row.warehouse.names,
        differing=totals.differing,
    )
    return row


@transaction.atomic
def ask_recount(
    *,
    stocktake: Stocktake,
    reason: str,
    lines: Sequence[int] | None = None,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Stocktake:
    """Back to counting: the lines named, or all that differ, lose their figures and take what the books say now.

    Explanations stay. Raises RuleBroken `stocktake.nothing_again` when no such line differs.
    """
    row = locked_count(stocktake, version=version)
    check(row, "recount", by)
    known = StocktakeLine.objects.filter(stocktake=row)
    chosen = known.filter(DIFFERS) if lines is None else known.filter(ordinal__in=lines)
    again = list(chosen.values_list("ordinal", flat=True))
    if not again or (lines is not None and len(again) != len(set(lines))):
        raise RuleBroken("stocktake.nothing_again", field="lines", status=400)
    position = _position(row.warehouse_id)
    moment = at or now_db()
    changes = {"submitted_at": None, "submitted_by": None, "counted_at": None, "counted_by": None}
    perform_count(
        row, "recount", by, moment, changes={**changes, "booked_at": moment}, reason=reason, lines=len(again)
    )
    params = {"stocktake": row.pk, "warehouse": row.warehouse_id, "lines": again, "position": position}
    run(_AGAIN, params)
    if row.created_by is not None and row.created_by != by:
        notices.tell(
            [row.created_by],
            "stock.count_again",
            about=row,
            at=moment,
            key=f"{row.pk}:{row.version}",
            stocktake=row.number,
            lines=len(again),
            reason=reason.strip()[:300],
        )
    return row


@transaction.atomic
def void_count(
    *,
    stocktake: Stocktake,
    reason: str,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Stocktake:
    """Give a count up; its number and what was counted stay to be read."""
    row = locked_count(stocktake, version=version)
    moment = at or now_db()
    changes = {
        "voided_at": moment,
        "voided_by": by,
        "void_reason": reason.strip()[:300],
        "submitted_at": None,
        "submitted_by": None,
    }
    perform_count(row, "void", by, moment, changes=changes, reason=reason)
    return row


@transaction.atomic
def note_count_print(*, stocktake: Stocktake, by: Any | None, at: datetime | None = None) -> Stocktake:
    """Count a print of the sheet."""
    moment = at or now_db()
    Stocktake.objects.filter(pk=stocktake.pk).update(print_count=F("print_count") + 1)
    stocktake.refresh_from_db(fields=["print_count"])
    trail.record(stocktake, "stocktake.printed", by=by, at=moment, ordinal=stocktake.print_count)
    return stocktake

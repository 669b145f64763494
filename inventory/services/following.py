"""Lines that follow others: a red letter's its original's, a transfer's document's the transfer's (INV-26, INV-42)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inventory.choices import Category, Colour, Direction
from inventory.domain.documents import ItemFacts, Line
from inventory.models import Document, DocumentLine, TransferLine
from servicecenter.kernel.errors import RuleBroken


def followed_lines(
    row: Document, lines: Sequence[Line], items: Sequence[ItemFacts | None]
) -> tuple[list[Any], list[RuleBroken]]:
    """The line each line follows, in order, and what is wrong with that; nothing for an ordinary document.

    One statement. A line without `original_line` follows the only line of the same item.
    """
    if row.colour == Colour.RED and row.original_id is not None:
        originals = DocumentLine.objects.filter(document_id=row.original_id).order_by("ordinal")
        return _matched(list(originals), lines, items, _beyond_original)
    if row.transfer_id is not None:
        rows = TransferLine.objects.filter(transfer_id=row.transfer_id).order_by("ordinal")
        check = _beyond_order if _is_issue(row) else _beyond_transit
        return _matched(list(rows), lines, items, check)
    return [None] * len(lines), []


def _is_issue(row: Document) -> bool:
    return row.direction == Direction.OUT and row.category != Category.TRANSIT_LOSS_OUT


def _matched(
    candidates: list[Any], lines: Sequence[Line], items: Sequence[ItemFacts | None], beyond: Any
) -> tuple[list[Any], list[RuleBroken]]:
    by_ordinal = {candidate.ordinal: candidate for candidate in candidates}
    found: list[Any] = []
    wrong: list[RuleBroken] = []
    taken: set[int] = set()
    for number, (line, item) in enumerate(zip(lines, items, strict=True), 1):
        followed = _one(line, item, candidates, by_ordinal)
        found.append(followed)
        if item is None:
            continue
        field = f"lines.{number}.code"
        if followed is None or followed.item_id != item.id:
            wrong.append(RuleBroken("line.follows_none", field=field, line=number, item=item.code))
        elif followed.pk in taken:
            wrong.append(RuleBroken("line.follows_twice", field=field, line=number, item=item.code))
        elif (fault := beyond(number, line, followed)) is not None:
            wrong.append(fault)
        if followed is not None:
            taken.add(followed.pk)
    return found, wrong


def _one(line: Line, item: ItemFacts | None, candidates: list[Any], by_ordinal: dict[int, Any]) -> Any:
    if line.original_line is not None:
        return by_ordinal.get(line.original_line)
    same = [candidate for candidate in candidates if item is not None and candidate.item_id == item.id]
    return same[0] if len(same) == 1 else None


def _beyond_original(number: int, line: Line, original: DocumentLine) -> RuleBroken | None:
    """LED-02: returned never beyond the original."""
    left = original.quantity - original.returned
    if -line.quantity <= left:
        return None
    return RuleBroken("red.beyond_original", field=f"lines.{number}.quantity", line=number, left=left)


def _beyond_order(number: int, line: Line, ordered: TransferLine) -> RuleBroken | None:
    """No more is issued than the transfer says."""
    left = ordered.quantity - ordered.issued
    if line.quantity <= left:
        return None
    return RuleBroken("transfer.beyond_order", field=f"lines.{number}.quantity", line=number, left=left)


def _beyond_transit(number: int, line: Line, moved: TransferLine) -> RuleBroken | None:
    """LED-06: no more arrives, or is lost, than is under way; before the outbound, than was ordered."""
    left = moved.issued - moved.received - moved.lost if moved.issued else moved.quantity
    if line.quantity <= left:
        return None
    return RuleBroken("transfer.beyond_transit", field=f"lines.{number}.quantity", line=number, left=left)

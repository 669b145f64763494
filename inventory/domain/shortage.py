"""A shortage names every short line, never only the first (LED-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from servicecenter.kernel.errors import RuleBroken, RulesBroken


@dataclass(frozen=True)
class Movement:
    """One of the last movements of an item in a warehouse."""

    on: date
    number: str
    quantity: Decimal


@dataclass(frozen=True)
class ShortLine:
    """What is short: how much is needed, what is on hand, and the lowest stock from the document's date on (LED-05).

    `lines` are the document's lines of that item. `lowest_on` is the day of the lowest stock where it is below what is
    on hand now: then the document is dated too early, not too large. `in_transit` is on its way to this warehouse.
    """

    lines: tuple[int, ...]
    code: str
    name: str
    unit: str
    needed: Decimal
    on_hand: Decimal
    lowest: Decimal
    lowest_on: date | None
    in_transit: Decimal
    last: tuple[Movement, ...]

    @property
    def line(self) -> int:
        """The first of its lines."""
        return self.lines[0]

    @property
    def missing(self) -> Decimal:
        """How much less than needed there is."""
        return self.needed - min(self.on_hand, self.lowest)


class Shortage(RulesBroken):
    """The stock does not suffice: one broken rule a short item, told together."""

    def __init__(self, lines: Sequence[ShortLine]) -> None:
        self.lines = tuple(lines)
        super().__init__([_told(short) for short in self.lines])


def _told(short: ShortLine) -> RuleBroken:
    code = "stock.short" if short.on_hand < short.needed else "stock.short_then"
    return RuleBroken(
        code,
        field=f"lines.{short.line}.quantity",
        line=short.line,
        item=f"{short.code} {short.name}",
        unit=short.unit,
        needed=short.needed,
        on_hand=short.on_hand,
        missing=short.missing,
        lowest=short.lowest,
        lowest_on=short.lowest_on.isoformat() if short.lowest_on else "",
        in_transit=short.in_transit,
        last="; ".join(f"{moved.on:%m-%d} {moved.number} {moved.quantity:+}" for moved in short.last) or "-",
    )

"""The lines of a document as they are typed: read from the form, told wrong cell by cell, never lost (INV-15)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from inventory import queries
from inventory.domain import quantities
from inventory.domain.documents import MOST_LINES, Line
from inventory.domain.import_rows import split_unit
from inventory.forms.parts import figure
from servicecenter.figures import whole
from servicecenter.forms import Day
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.wording import messages_of

NAME = re.compile(r"^lines-(\d{1,5})-(code|quantity|price|location|expires_on|remarks|original_line)$")
BROKEN = re.compile(r"^lines\.(\d+)\.(\w+)$")
COLUMNS = ("code", "quantity", "price", "location", "expires_on", "remarks", "original_line")
TYPED = ("code", "quantity", "price", "location", "expires_on", "remarks")
LONGEST = {"code": 30, "location": 40, "remarks": 200}
BLANK_ROWS = 5


@dataclass
class Row:
    """One line of the grid: what was typed, what is wrong with which cell, and what the master says of the item."""

    values: dict[str, str]
    errors: dict[str, list[str]] = field(default_factory=dict)
    item: Any = None
    source: Any = None

    @property
    def blank(self) -> bool:
        """Nothing was typed."""
        return not any(self.values.get(name, "").strip() for name in TYPED)

    @property
    def is_wrong(self) -> bool:
        """Some cell must be corrected."""
        return bool(self.errors)

    @property
    def messages(self) -> list[str]:
        """Everything that is wrong with it."""
        return [message for messages in self.errors.values() for message in messages]

    def wrong(self, name: str, message: str) -> None:
        """Mark a cell."""
        self.errors.setdefault(name, []).append(message)


class Grid:
    """The rows of one form."""

    def __init__(self, rows: Iterable[Row], *, red: bool = False, fixed: bool = False) -> None:
        self.rows = list(rows)
        self.red, self.fixed = red, fixed
        self.problems: list[str] = []
        self.numbered: list[Row] = []

    @classmethod
    def of_post(cls, post: Mapping[str, str], **kinds: bool) -> Grid:
        """What the form sent, in the order of its numbers."""
        found: dict[int, dict[str, str]] = {}
        for name in post:
            if match := NAME.match(name):
                found.setdefault(int(match[1]), {})[match[2]] = post[name].strip()
        return cls((Row(found[at]) for at in sorted(found)), **kinds)

    @classmethod
    def of_document(cls, lines: Iterable[Any], **kinds: bool) -> Grid:
        """The saved lines."""
        rows = []
        for line in lines:
            price, expires = getattr(line, "price", None), getattr(line, "expires_on", None)
            original = getattr(line, "original_line", None) or getattr(line, "transfer_line", None)
            values = {
                "code": line.item.code,
                "quantity": f"{line.quantity:.3f}",
                "price": "" if price is None else f"{price:.2f}",
                "location": getattr(line, "location", ""),
                "expires_on": expires.isoformat() if expires else "",
                "remarks": line.remarks,
                "original_line": str(original.ordinal) if original is not None else "",
            }
            rows.append(Row(values, item=line.item, source=line))
        return cls(rows, **kinds)

    @classmethod
    def of_lines(cls, lines: Iterable[Line], **kinds: bool) -> Grid:
        """Lines read from a file or a paste."""
        return cls(
            (
                Row(
                    {
                        "code": line.code,
                        "quantity": f"{line.quantity:f}",
                        "price": "" if line.price is None else f"{line.price:.2f}",
                        "location": line.location,
                        "expires_on": line.expires_on.isoformat() if line.expires_on else "",
                        "remarks": line.remarks,
                    }
                )
                for line in lines
            ),
            **kinds,
        )

    def read(self) -> list[Line]:
        """The lines as the service takes them; every wrong cell is marked. Empty rows are passed over."""
        self.numbered = [row for row in self.rows if not row.blank]
        if len(self.numbered) > MOST_LINES:
            self.problems.append(_("At most %(most)s lines in one document.") % {"most": MOST_LINES})
            return []
        self._in_base_units()
        return [line for row in self.numbered if (line := _line(row)) is not None]

    def _in_base_units(self) -> None:
        """`2箱` becomes 24 of the item's own unit (LED-12); one statement where a unit was typed, none else."""
        typed = {
            id(row): split_unit(row.values.get("quantity", "")) for row in self.numbered if not row.is_wrong
        }
        with_unit = [row for row in self.numbered if typed.get(id(row), ("", ""))[1]]
        items = queries.items_by_code([row.values.get("code", "").upper() for row in with_unit])
        for row in with_unit:
            text, unit = typed[id(row)]
            item = items.get(row.values.get("code", "").upper())
            if item is None:
                continue
            try:
                amount = quantities.in_unit(
                    figure(text, places=3), unit, item.unit, item.aux_unit, item.aux_factor
                )
            except RuleBroken as problem:
                for _field, message in messages_of(problem):
                    row.wrong("quantity", message)
            except ValidationError:
                continue
            else:
                row.values["quantity"] = f"{amount:.3f}"

    @property
    def is_wrong(self) -> bool:
        """Something must be corrected."""
        return bool(self.problems) or any(row.is_wrong for row in self.rows)

    def refuse(self, problem: RuleBroken | RulesBroken) -> list[tuple[str | None, str]]:
        """Mark the cells that a refusal names; what names none is given back for the head."""
        rest: list[tuple[str | None, str]] = []
        for name, message in messages_of(problem):
            match = BROKEN.match(name or "")
            if match and 0 < int(match[1]) <= len(self.numbered):
                row = self.numbered[int(match[1]) - 1]
                row.wrong(match[2] if match[2] in COLUMNS else "code", message)
            elif name == "lines":
                self.problems.append(message)
            else:
                rest.append((name, message))
        return rest

    def padded(self) -> Sequence[Row]:
        """The rows with empty ones below, so that a browser without script can go on typing."""
        if self.fixed:
            return self.rows
        blanks = sum(1 for row in self.rows if row.blank)
        least = BLANK_ROWS if self.rows and len(self.rows) - blanks > 3 else BLANK_ROWS + 3
        return [*self.rows, *(Row({}) for _n in range(max(0, least - blanks)))]

    @property
    def count(self) -> int:
        """How many lines are filled in."""
        return sum(1 for row in self.rows if not row.blank)

    @property
    def wrong_rows(self) -> list[tuple[int, Row]]:
        """(number in the grid, row) of every line that is wrong."""
        return [(number, row) for number, row in enumerate(self.rows, start=1) if row.is_wrong]


def _line(row: Row) -> Line | None:
    values = row.values
    code = values.get("code", "").upper()
    if not code:
        row.wrong("code", _("An item code is needed."))
    for name, most in LONGEST.items():
        if len(values.get(name, "")) > most:
            row.wrong(name, _("At most %(most)s characters.") % {"most": most})
    quantity = _figure(row, "quantity", places=3, needed=True)
    price = _figure(row, "price", places=2)
    expires = _day(row)
    if row.is_wrong or quantity is None:
        return None
    return Line(
        code=code,
        quantity=quantity,
        price=price,
        location=values.get("location", ""),
        expires_on=expires,
        remarks=values.get("remarks", ""),
        original_line=whole(values.get("original_line", "")),
    )


def _figure(row: Row, name: str, *, places: int, needed: bool = False) -> Decimal | None:
    text = row.values.get(name, "")
    if not text:
        if needed:
            row.wrong(name, _("A quantity is needed."))
        return None
    try:
        return figure(text, places=places)
    except ValidationError as problem:
        row.errors.setdefault(name, []).extend(problem.messages)
        return None


def _day(row: Row) -> date | None:
    text = row.values.get("expires_on", "")
    if not text:
        return None
    try:
        found: date = Day().clean(text)
    except ValidationError:
        row.wrong("expires_on", _("“%(text)s” is no date; write it as 2026-12-31.") % {"text": text})
        return None
    return found

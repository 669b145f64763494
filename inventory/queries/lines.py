"""Lines of a document from a spreadsheet or from text pasted into the grid, with every error at once (INV-15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from inventory.domain import quantities
from inventory.domain.counting import Counted
from inventory.domain.documents import Line
from inventory.domain.import_rows import (
    COUNT_HEADINGS,
    LINE_HEADINGS,
    ReadLine,
    columns_of,
    pasted_rows,
    read_counted,
    read_line,
)
from inventory.models import Item
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.rows import Problem


@dataclass(frozen=True)
class LinesRead:
    """The lines that could be read, and every problem of the others."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def read_lines(rows: Iterable[tuple[int, Mapping[str, str]]]) -> LinesRead:
    """`rows` are (line, cells by heading), as `spreadsheet.rows` gives them. One statement for all codes.

    Raises RuleBroken `stock.column_missing` when there is no column of codes or of quantities.
    """
    columns: dict[str, str] | None = None
    read: list[ReadLine] = []
    problems: list[Problem] = []
    for at, cells in rows:
        if columns is None:
            columns = needed_columns(cells, LINE_HEADINGS, ("code", "quantity"))
        line, wrong = read_line(at, cells, columns)
        problems += wrong
        if line is not None:
            read.append(line)
    read, wrong = in_base_units(read, columns or {})
    problems += wrong
    return LinesRead(tuple(row.line for row in read), tuple(sorted(problems, key=lambda one: one.line)))


def read_pasted(text: str) -> LinesRead:
    """Cells copied from a spreadsheet; a first row of headings is optional."""
    return read_lines(pasted_rows(text))


def needed_columns(
    cells: Iterable[str], headings: Mapping[str, tuple[str, ...]], needed: Iterable[str]
) -> dict[str, str]:
    """field -> heading. Raises RuleBroken `stock.column_missing` naming the first that is needed and missing."""
    columns = columns_of(cells, headings)
    for name in needed:
        if name not in columns:
            raise RuleBroken("stock.column_missing", field="file", status=400, column=headings[name][0])
    return columns


def in_base_units(
    rows: Iterable[ReadLine], columns: Mapping[str, str]
) -> tuple[list[ReadLine], list[Problem]]:
    """The lines with quantities in their items' own units (LED-12), and a problem for every code that is no item in
    use and every unit that is not the item's. One statement."""
    read = list(rows)
    codes = {row.line.code for row in read}
    items = {item.code: item for item in Item.objects.filter(code__in=codes, closed_on=None)}
    found: list[ReadLine] = []
    problems: list[Problem] = []
    for row in read:
        item = items.get(row.line.code)
        if item is None:
            params = {"value": row.line.code[:40]}
            problems.append(Problem(row.at, columns.get("code", "code"), "stock.import_item", params))
            found.append(row)
            continue
        try:
            quantity = quantities.in_unit(
                row.line.quantity, row.unit, item.unit, item.aux_unit, item.aux_factor
            )
        except RuleBroken as wrong:
            problems.append(Problem(row.at, columns.get("quantity", "quantity"), wrong.code, wrong.params))
            continue
        found.append(replace(row, line=replace(row.line, quantity=quantity)))
    return found, problems


@dataclass(frozen=True)
class CountsRead:
    """What a filled-in count sheet says, and every problem of its other lines."""

    entries: tuple[Counted, ...]
    problems: tuple[Problem, ...]


def read_counts(rows: Iterable[tuple[int, Mapping[str, str]]]) -> CountsRead:
    """The lines of a count sheet that came back; lines without a figure are not counted yet (INV-52).

    One statement. Raises RuleBroken `stock.column_missing`.
    """
    columns: dict[str, str] | None = None
    read: list[tuple[Counted, str]] = []
    problems: list[Problem] = []
    for at, cells in rows:
        if columns is None:
            columns = needed_columns(cells, COUNT_HEADINGS, ("code", "counted"))
        entry, unit, wrong = read_counted(at, cells, columns)
        problems += wrong
        if entry is not None and entry.quantity is not None:
            read.append((entry, unit))
    lines = [
        ReadLine(entry.at, Line(entry.code, entry.quantity or Decimal(0)), unit=unit) for entry, unit in read
    ]
    found, wrong = in_base_units(lines, {"quantity": "counted", **(columns or {})})
    amounts = {row.at: row.line.quantity for row in found}
    entries = tuple(
        replace(entry, quantity=amounts[entry.at]) for entry, _unit in read if entry.at in amounts
    )
    return CountsRead(entries, tuple(sorted(problems + wrong, key=lambda one: one.line)))

"""The shape of an issued report: figures and tables, frozen, without a word of any language in them (chapter 06).

A report is kept as this and drawn from this alone, in whatever language it is asked for: labels are codes that
`reports.wording` words, names of categories and departments are kept in all three languages, amounts are whole fen,
spans are whole seconds, shares are parts of ten thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

# A text in the three languages of the centre, as data keep it: {"zh-Hans": …, "zh-Hant": …, "en": …}.
Localized = Mapping[str, str]
Cell = str | int | None | Localized


class Unit(StrEnum):
    """What a number is of, and so how it is written."""

    COUNT = "count"
    SHARE = "share"  # parts of ten thousand: 9 240 is 92.40 %
    MONEY = "money"  # fen
    SPAN = "span"  # seconds
    RATIO = "ratio"  # hundredths: 432 is 4.32
    TEXT = "text"
    DAY = "day"  # ISO date
    MOMENT = "moment"  # an instant; in lists of rows only
    FLAG = "flag"  # yes or no; in lists of rows only
    CHOICE = "choice"  # a value of an enumeration, worded by its label


@dataclass(frozen=True)
class Figure:
    """One indicator of the period: its value, what it was before, and what is asked of it.

    `value` is None where there is nothing to divide by: an indicator without cases is not nought.
    """

    code: str
    unit: Unit
    value: int | None
    before: int | None = None
    target: int | None = None
    # True: the target is a ceiling (second complaints, cost); False: a floor.
    at_most: bool = False
    # What was divided: (numerator, denominator), shown beside a share.
    parts: tuple[int, int] | None = None
    # Oldest first, the last is this period; None where there was nothing.
    history: tuple[int | None, ...] = ()
    # The sheet of rows behind it.
    rows: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without value or target."""
        if self.value is None or self.target is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target


@dataclass(frozen=True)
class Column:
    """A column of a table: its code, how its cells are written, and for `CHOICE` the enumeration's dotted name."""

    code: str
    unit: Unit = Unit.TEXT
    choices: str = ""


@dataclass(frozen=True)
class Table:
    """A table of a chapter; `chart` names how it may be drawn (bars, lines, heat) or is empty."""

    code: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    # The last row.
    total: tuple[Cell, ...] | None = None
    chart: str = ""
    # The sheet of rows behind its figures.
    detail: str = ""


@dataclass(frozen=True)
class Chapter:
    """A chapter: indicators, then tables, then remarks (code and what fills it)."""

    code: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    remarks: tuple[tuple[str, Mapping[str, Any]], ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """A report as it was drawn: period (both days included), scope, sources and chapters."""

    code: str
    start: date
    end: date
    # The department's names, or None for the whole company.
    scope: Localized | None
    drawn_at: datetime
    # Policy code and version it was drawn under.
    policies: Mapping[str, int] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()
    # Up to which moment the records are known, and on what basis (`reports.choices.Basis`).
    as_of: datetime | None = None
    basis: str = ""

    def figures(self) -> Iterator[Figure]:
        """Every indicator, in the order of the chapters."""
        for chapter in self.chapters:
            yield from chapter.figures

    def as_json(self) -> dict[str, Any]:
        """For the database: plain data, dates as ISO text."""
        plain = asdict(self)
        plain.update(
            start=self.start.isoformat(),
            end=self.end.isoformat(),
            drawn_at=self.drawn_at.isoformat(),
            as_of=self.as_of.isoformat() if self.as_of else None,
        )
        return plain


def from_json(data: Mapping[str, Any]) -> Snapshot:
    """The snapshot that `as_json` wrote."""
    return Snapshot(
        code=data["code"],
        start=date.fromisoformat(data["start"]),
        end=date.fromisoformat(data["end"]),
        scope=data["scope"],
        drawn_at=datetime.fromisoformat(data["drawn_at"]),
        policies=dict(data["policies"]),
        chapters=tuple(_chapter(chapter) for chapter in data["chapters"]),
        as_of=datetime.fromisoformat(data["as_of"]) if data.get("as_of") else None,
        basis=data.get("basis", ""),
    )


def _chapter(data: Mapping[str, Any]) -> Chapter:
    return Chapter(
        code=data["code"],
        figures=tuple(_figure(figure) for figure in data["figures"]),
        tables=tuple(_table(table) for table in data["tables"]),
        remarks=tuple((code, dict(params)) for code, params in data["remarks"]),
    )


def _figure(data: Mapping[str, Any]) -> Figure:
    parts = data["parts"]
    return Figure(
        **{
            **data,
            "unit": Unit(data["unit"]),
            "parts": (parts[0], parts[1]) if parts else None,
            "history": tuple(data["history"]),
        }
    )


def _table(data: Mapping[str, Any]) -> Table:
    return Table(
        code=data["code"],
        columns=tuple(Column(c["code"], Unit(c["unit"]), c["choices"]) for c in data["columns"]),
        rows=tuple(tuple(row) for row in data["rows"]),
        total=tuple(data["total"]) if data["total"] is not None else None,
        chart=data["chart"],
        detail=data["detail"],
    )

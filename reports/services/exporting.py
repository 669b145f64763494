"""A report as a spreadsheet: its figures, and a sheet with the rows behind each (PRV-04, chapter 06)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from reports import labels
from reports.domain.snapshot import Cell, Figure, Snapshot, Table, Unit
from reports.models import ReportRevision
from reports.queries import rows
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.i18n import say
from servicecenter.spreadsheet import XLSX, Column, Export, Formatted, Sheet, write_book

SPOOL_BYTES = 4 * 1024 * 1024
KINDS = {
    Unit.COUNT: "integer",
    Unit.SHARE: "percent",
    Unit.MONEY: "money",
    Unit.SPAN: "integer",
    Unit.RATIO: "money",
    Unit.TEXT: "text",
    Unit.DAY: "date",
    Unit.CHOICE: "text",
    Unit.MOMENT: "moment",
    Unit.FLAG: "text",
}
WIDTHS = {"text": 20, "moment": 18, "money": 14}


@dataclass(frozen=True)
class Terminal:
    """Who exports where nobody is logged in: the command line."""

    work_number: str = "-"

    @property
    def name(self) -> str:
        """As the sheets are signed."""
        return _("command line")


def export_report(*, revision: ReportRevision, by: Any | None, at: datetime | None = None) -> Export:
    """The workbook of a revision in the active language: figures first, then the rows behind them, one sheet a list.

    The figures are those that were frozen; the rows are read anew, known up to the same moment. It is signed with who
    and when, and logged (PRV-04). Memory does not grow with the rows. Raises RuleBroken `export.too_many`.
    """
    at = at or now_db()
    target: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115  (the caller closes it)
    snapshot = revision.figures
    try:
        with transaction.atomic():
            count = write_book(
                target,
                title=revision.number,
                sheets=_sheets(revision, snapshot),
                by=by or Terminal(),
                at=at,
            )
            trail.record(revision.report, "report.exported", by=by, at=at, number=revision.number, rows=count)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return Export(target, f"{revision.number}.xlsx", XLSX, count)


def _sheets(revision: ReportRevision, snapshot: Snapshot) -> Iterator[Sheet]:
    yield _summary(snapshot)
    for chapter in snapshot.chapters:
        for table in chapter.tables:
            yield _table(table)
    for key in rows.sheets_of(snapshot):
        yield _rows(revision, key)


def _summary(snapshot: Snapshot) -> Sheet:
    """Every figure in a row: value, period before, target, what was divided, and how it is reckoned."""
    columns = (
        Column(_("Figure"), lambda figure: labels.figure(figure.code), width=34),
        Column(_("Number in the book"), lambda figure: labels.indicator(figure.code), width=12),
        Column(_("Value"), lambda figure: _figure(figure, figure.value), width=14),
        Column(_("Period before"), lambda figure: _figure(figure, figure.before), width=14),
        Column(_("Target"), lambda figure: _figure(figure, figure.target), width=14),
        Column(_("Counted"), lambda figure: figure.parts[0] if figure.parts else None, "integer", 12),
        Column(_("Of"), lambda figure: figure.parts[1] if figure.parts else None, "integer", 12),
        Column(_("How it is reckoned"), lambda figure: labels.formula(figure.code), width=80),
    )
    name = f"{labels.report(snapshot.code)} {snapshot.start:%Y-%m-%d}"
    return Sheet(name, columns, list(snapshot.figures()))


def _figure(figure: Figure, value: int | None) -> Formatted | None:
    return None if value is None else Formatted(_value(figure.unit, value), KINDS[figure.unit])


def _table(table: Table) -> Sheet:
    columns = tuple(
        Column(
            labels.column(table.code, column.code),
            _Cell(place, column.unit, column.choices),
            KINDS[column.unit],
            WIDTHS.get(KINDS[column.unit], 12),
        )
        for place, column in enumerate(table.columns)
    )
    total: Iterable[tuple[Cell, ...]] = ()
    if table.total is not None:
        total = ((_("Total"), *table.total[1:]),)
    return Sheet(labels.table(table.code), columns, [*table.rows, *total])


def _rows(revision: ReportRevision, key: str) -> Sheet:
    sheet = rows.sheet_of(key)
    columns = tuple(
        Column(
            labels.column(key, column.code),
            _Cell(place, column.unit, column.choices),
            KINDS[column.unit],
            WIDTHS.get(KINDS[column.unit], 12),
        )
        for place, column in enumerate(sheet.columns)
    )
    return Sheet(labels.sheet(key), columns, (row.cells for row in rows.stream_rows(revision, key)))


class _Cell:
    """Reads one place of a row as the spreadsheet wants it."""

    def __init__(self, place: int, unit: Unit, choices: str) -> None:
        self.place, self.unit = place, unit
        self.words = dict(import_string(choices).choices) if choices else {}

    def __call__(self, row: tuple[Any, ...]) -> Any:
        value = row[self.place]
        if isinstance(value, dict):
            return say(value)
        if self.words:
            return None if value is None else str(self.words.get(value, value))
        return _value(self.unit, value)


def _value(unit: Unit, value: Any) -> Any:
    """Fen as yuan, parts of ten thousand as a share, hundredths as they are read, days as days."""
    match unit:
        case Unit.MONEY | Unit.RATIO if isinstance(value, int):
            return Decimal(value) / 100
        case Unit.SHARE if isinstance(value, int):
            return Decimal(value) / 10_000
        case Unit.DAY if isinstance(value, str):
            return parse_date(value)
        case Unit.FLAG:
            return bool(value) if value is not None else None
        case Unit.DAY if isinstance(value, date):
            return value
    return value

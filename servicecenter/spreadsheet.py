"""Lists taken away as files (PRV-04): XLSX and CSV, row by row, with nothing in them that a spreadsheet executes.

Reading them is `servicecenter.tables`; its `rows` and `table` are at hand here too.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servicecenter import trail
from servicecenter.clock import centre_zone, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.tables import Row, Table, rows, table

__all__ = [
    "Column",
    "Export",
    "Formatted",
    "Row",
    "Sheet",
    "Table",
    "export",
    "rows",
    "signature",
    "table",
    "write_book",
    "write_csv",
    "write_xlsx",
]

# What a spreadsheet may take for a formula, half and full width.
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
MOST_ROWS = 500_000
# A cell of XLSX holds no more; XlsxWriter would drop it in silence.
LONGEST_CELL = 32_767
CUT = "……"
SPOOL_BYTES = 4 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS = {
    "text": "@",
    "integer": "#,##0",
    "money": "#,##0.00",
    "quantity": "#,##0.000",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}


@dataclass(frozen=True)
class Column:
    """A column: its title, the attribute or function that gives a row's value, its kind (see FORMATS), its width.

    Values are what the page shows: masked where the page masks.
    """

    title: Any
    value: str | Callable[[Any], Any]
    kind: str = "text"
    width: int = 16

    def __post_init__(self) -> None:
        if self.kind not in FORMATS:
            raise ValueError(f"{self.kind} is no kind of column")

    def of(self, row: Any) -> Any:
        """The value of a row; an attribute may go through relations: `department.name`."""
        if callable(self.value):
            return self.value(row)
        for part in self.value.split("."):
            row = getattr(row, part) if row is not None else None
        return row


@dataclass(frozen=True)
class Formatted:
    """A value of a kind of its own, in a column whose rows are of different kinds."""

    value: Any
    kind: str


@dataclass(frozen=True)
class Sheet:
    """One list of a workbook."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Any]


@dataclass
class Export:
    """A finished file: read `file` from its start, close it after; `filename` is for the browser."""

    file: IO[bytes]
    filename: str
    media_type: str
    rows: int


def export(
    *,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Any],
    by: Any,
    form: str = "xlsx",
    at: datetime | None = None,
) -> Export:
    """Write a list as `xlsx` or `csv`, signed with who and when, and log it (PRV-04).

    Memory does not grow with the rows: pass an iterator (`keyset.iterate`). Raises RuleBroken `export.too_many`.
    """
    at = at or now_db()
    target = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115  (the caller closes it)
    try:
        write = {"xlsx": write_xlsx, "csv": write_csv}[form]
        count = write(target, name=name, columns=columns, rows=rows, by=by, at=at)
        with transaction.atomic():
            trail.record(by, "export", by=by, at=at, list=name, rows=count, form=form)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    stamp = at.astimezone(centre_zone()).strftime("%Y%m%d-%H%M")
    media_type = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    return Export(target, f"{name}-{stamp}.{form}", media_type, count)


def signature(*, by: Any, at: datetime, rows: int) -> str:
    """Who took the list away and when, in the reader's language and the centre's time."""
    moment = date_format(at.astimezone(centre_zone()), "Y-m-d H:i:s")
    return _("Exported by %(name)s (%(number)s), %(moment)s, %(rows)s rows") % {
        "name": by.name,
        "number": by.work_number,
        "moment": moment,
        "rows": f"{rows:,}",
    }


def harmless(text: str) -> str:
    """Text that no program takes for a formula when a CSV is opened: a leading apostrophe where it could."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def write_xlsx(
    target: IO[bytes], *, name: str, columns: Sequence[Column], rows: Iterable[Any], by: Any, at: datetime
) -> int:
    """The list as XLSX; returns the number of rows. Text stays text: as typed, quoted where it looks like a formula."""
    return write_book(target, title=name, sheets=[Sheet(name, columns, rows)], by=by, at=at)


def write_book(target: IO[bytes], *, title: str, sheets: Iterable[Sheet], by: Any, at: datetime) -> int:
    """Several lists as the sheets of one workbook, each signed; returns the number of rows in all.

    The lists are read one after the other, row by row: memory does not grow with them.
    """
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        },
    )
    book.set_properties({"title": title, "author": by.name, "created": at.astimezone(centre_zone())})
    styles = _Styles(book)
    names: set[str] = set()
    try:
        count = sum(_write_sheet(book, sheet, styles, names, by=by, at=at) for sheet in sheets)
    except BaseException:
        # closing lets go of the temporary files that hold the rows so far
        with suppress(Exception):
            book.close()
        raise
    book.close()
    return count


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self.bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        self.plain = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})


def _write_sheet(book: Any, page: Sheet, styles: _Styles, names: set[str], *, by: Any, at: datetime) -> int:
    sheet = book.add_worksheet(_unique(_sheet_name(page.name), names))
    for number, column in enumerate(page.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, str(column.title), styles.bold)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    count = 0
    for row in _capped(page.rows):
        count += 1
        for number, column in enumerate(page.columns):
            value, style = column.of(row), styles.plain[column.kind]
            if isinstance(value, Formatted):
                value, style = value.value, styles.plain[value.kind]
            _write_cell(sheet, count, number, value, style, styles.quoted, styles.plain["text"])
    said = signature(by=by, at=at, rows=count)
    sheet.write_string(count + 2, 0, said, styles.plain["text"])
    sheet.set_footer(f"&L{said.replace('&', '&&')}&R&P / &N")
    return count


def write_csv(
    target: IO[bytes], *, name: str, columns: Sequence[Column], rows: Iterable[Any], by: Any, at: datetime
) -> int:
    """The list as CSV in UTF-8 with a mark, so that Excel reads Chinese; returns the number of rows."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(str(column.title)) for column in columns])
    count = 0
    for row in _capped(rows):
        count += 1
        writer.writerow([_plain_cell(column.of(row), column.kind) for column in columns])
    writer.writerow([])
    writer.writerow([signature(by=by, at=at, rows=count)])
    text.detach()
    return count


def _capped(rows: Iterable[Any]) -> Iterable[Any]:
    for count, row in enumerate(rows):
        if count == MOST_ROWS:
            raise RuleBroken("export.too_many", limit=f"{MOST_ROWS:,}")
        yield row


def _write_cell(
    sheet: Any, line: int, number: int, value: Any, style: Any, quoted: Any, text_style: Any
) -> None:
    match value:
        case None | "":
            return
        case bool():
            sheet.write_string(line, number, _("yes") if value else _("no"), text_style)
        case int() | float() | Decimal():
            sheet.write_number(line, number, value, style)
        case datetime():
            sheet.write_datetime(line, number, value.astimezone(centre_zone()), style)
        case date():
            sheet.write_datetime(line, number, value, style)
        case _:
            text = _cut(str(value))
            sheet.write_string(line, number, text, quoted if text.startswith(DANGEROUS) else text_style)


def _plain_cell(value: Any, kind: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case int() | float() | Decimal():
            return f"{value * 100:.1f}%" if kind == "percent" else str(value)
        case datetime():
            return value.astimezone(centre_zone()).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case _:
            return harmless(str(value).replace("\0", ""))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT


def _sheet_name(name: str) -> str:
    """Excel refuses some characters, more than 31 of them, and an apostrophe at either end."""
    kept = "".join(c for c in name if c not in "[]:*?/\\").strip("' ")[:31].rstrip("' ")
    return kept or "list"


def _unique(name: str, names: set[str]) -> str:
    """Excel knows no two sheets of one name, whatever their case."""
    found, number = name, 1
    while found.lower() in names:
        number += 1
        found = f"{name[:27]} {number}"
    names.add(found.lower())
    return found

"""Tables from outside, CSV or XLSX: read line by line, capped, with the line's number beside every row (imports)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

import openpyxl
from django.template.defaultfilters import filesizeformat
from openpyxl.utils.exceptions import InvalidFileException

from servicecenter.archives import COMPOUND_FILE, check_office_file
from servicecenter.kernel.errors import RuleBroken

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED_BYTES = 512 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
# A spreadsheet's number keeps fifteen digits; a longer waybill number in it is no longer the one that was typed.
SAFE_DIGITS = 10**15
ZIP = b"PK\x03\x04"
Source = str | Path | IO[bytes]


@dataclass(frozen=True)
class Row:
    """One row: the line a user sees in the file, the cells by column, and what is wrong with a cell."""

    line: int
    values: dict[str, str]
    problems: tuple[RuleBroken, ...] = ()


@dataclass(frozen=True)
class Table:
    """The columns, and the rows as they are read."""

    header: list[str]
    rows: Iterator[Row]


def rows(
    source: Source, *, name: str = "", max_rows: int = MOST_ROWS
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column) of every row. Raises the first problem of a cell too; `table` gathers them instead."""
    with table(source, name=name, max_rows=max_rows) as read:
        for row in read.rows:
            if row.problems:
                raise row.problems[0]
            yield row.line, row.values


@contextmanager
def table(source: Source, *, name: str = "", max_rows: int = MOST_ROWS) -> Iterator[Table]:
    """Open a CSV (UTF-8 or GB18030, comma, semicolon or tab) or an XLSX (its first sheet); what it is, its bytes say.

    The first row with content names the columns. Empty rows are passed over, cells are stripped text, dates ISO.
    Raises RuleBroken `import.type`, `.empty`, `.too_large`, `.encoding`, `.broken`, `.header_twice`,
    `.too_many_columns`, and while reading `.too_many_rows`.
    """
    with Path(source).open("rb") if isinstance(source, str | Path) else nullcontext(source) as file:
        _check_size(file)
        head = file.read(8)
        file.seek(0)
        if head.startswith(ZIP):
            with _xlsx(file, name) as lines:
                yield _table(lines, max_rows)
        elif head == COMPOUND_FILE:
            raise RuleBroken("import.broken", status=400)
        else:
            yield _table(_csv(file), max_rows)


def _check_size(file: IO[bytes]) -> None:
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    if size == 0:
        raise RuleBroken("import.empty", status=400)
    if size > MOST_BYTES:
        raise RuleBroken("import.too_large", status=400, limit=filesizeformat(MOST_BYTES))


def _table(lines: Iterator[tuple[int, list[Any]]], max_rows: int) -> Table:
    for _line, cells in lines:
        header = [_text(cell) for cell in cells]
        while header and not header[-1]:
            header.pop()
        if header:
            break
    else:
        raise RuleBroken("import.empty", status=400)
    if len(header) > MOST_COLUMNS:
        raise RuleBroken("import.too_many_columns", status=400, limit=MOST_COLUMNS)
    named = [column for column in header if column]
    if twice := next((column for column in named if named.count(column) > 1), None):
        raise RuleBroken("import.header_twice", status=400, column=twice)
    return Table(header, _rows(header, lines, max_rows))


def _rows(header: list[str], lines: Iterator[tuple[int, list[Any]]], max_rows: int) -> Iterator[Row]:
    count = 0
    for line, cells in lines:
        row = _row(header, line, cells)
        if not any(row.values.values()) and not row.problems:
            continue
        count += 1
        if count > max_rows:
            raise RuleBroken("import.too_many_rows", status=400, limit=f"{max_rows:,}")
        yield row


def _row(header: list[str], line: int, cells: list[Any]) -> Row:
    values: dict[str, str] = {}
    problems: list[RuleBroken] = []
    for column, cell in zip(header, cells, strict=False):
        if not column:
            continue
        text = _text(cell)
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= SAFE_DIGITS:
            problems.append(RuleBroken("import.digits_lost", status=400, line=line, column=column))
        if len(text) > LONGEST_CELL:
            problems.append(
                RuleBroken("import.cell_too_long", status=400, line=line, column=column, limit=LONGEST_CELL)
            )
        values[column] = text
    if any(_text(cell) for cell in cells[len(header) :]):
        problems.append(RuleBroken("import.line_too_wide", status=400, line=line))
    return Row(line, {column: values.get(column, "") for column in header if column}, tuple(problems))


def _text(cell: Any) -> str:
    """A cell as the text a user would have typed."""
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer() and abs(cell) < SAFE_DIGITS:
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell).replace("\0", "").strip().strip("\ufeff")


def _csv(file: IO[bytes]) -> Iterator[tuple[int, list[Any]]]:
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(_Unclosed(file), encoding=encoding, newline="")
    first = text.readline()
    text.seek(0)
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text, delimiter=delimiter)
    return _csv_lines(reader)


def _csv_lines(reader: Any) -> Iterator[tuple[int, list[Any]]]:
    """Each record with the line it begins on: a cell may hold line breaks."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise RuleBroken("import.broken", status=400) from problem
        yield line, cells


def _encoding(file: IO[bytes]) -> str:
    """UTF-16 by its mark, else UTF-8, else GB18030: the whole file must be readable in it."""
    head = file.read(2)
    if head in (b"\xff\xfe", b"\xfe\xff"):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        file.seek(0)
        try:
            with io.TextIOWrapper(_Unclosed(file), encoding=encoding) as text:
                while chunk := text.read(1 << 16):
                    if "\0" in chunk:
                        raise RuleBroken("import.type", status=400)
        except UnicodeError:
            continue
        return encoding
    raise RuleBroken("import.encoding", status=400)


class _Unclosed(io.BufferedReader):
    """A view of a file that leaves the file open when a text wrapper over it is closed or forgotten."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(_Raw(file))


class _Raw(io.RawIOBase):
    """The file's bytes, without the right to close it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def seekable(self) -> bool:
        """It is read twice: for its encoding, then for its rows."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes of the file."""
        chunk = self._file.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there in the file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Where the file stands."""
        return self._file.tell()


@contextmanager
def _xlsx(file: IO[bytes], name: str) -> Iterator[Iterator[tuple[int, list[Any]]]]:
    try:
        check_office_file(file, folder="xl/", name=name, most_bytes=MOST_UNPACKED_BYTES)
    except RuleBroken as problem:
        too_large = problem.code == "attachment.unpacked"
        raise RuleBroken(
            "import.too_large" if too_large else "import.broken",
            status=400,
            limit=filesizeformat(MOST_UNPACKED_BYTES),
        ) from problem
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as problem:
        raise RuleBroken("import.broken", status=400) from problem
    try:
        if not book.worksheets:
            raise RuleBroken("import.empty", status=400)
        sheet = book.worksheets[0]
        # what the file claims about its own size is not believed
        sheet.reset_dimensions()
        yield _xlsx_lines(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1))
    finally:
        book.close()


def _xlsx_lines(found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, list[Any]]]:
    lines = enumerate(found, start=1)
    while True:
        try:
            line, cells = next(lines)
        except StopIteration:
            return
        except (KeyError, ValueError, TypeError, IndexError, SyntaxError, zipfile.BadZipFile) as problem:
            raise RuleBroken("import.broken", status=400) from problem
        yield line, list(cells)

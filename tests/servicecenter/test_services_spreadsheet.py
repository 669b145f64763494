"""Exports carry who and when, hold no formulas and no lost text (PRV-04); imports know every row's line."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from organization.models import User
from servicecenter import spreadsheet, tables
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from servicecenter.spreadsheet import Column, Export
from tests import people

AT = datetime(2026, 11, 18, 7, 20, 33, tzinfo=UTC)
DANGEROUS = ["=1+1", "+86 571", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]


@dataclass
class Line:
    text: Any = ""
    number: Any = None
    day: Any = None
    at: Any = None


COLUMNS = [
    Column("货物", "text"),
    Column("金额", "number", "money"),
    Column("日期", "day", "date"),
    Column("时间", "at", "moment"),
]


@pytest.fixture
def agent(db: None) -> User:
    return people.user("agent", name="陈晓燕")


def export(agent: User, rows: Any, form: str = "xlsx", columns: Any = COLUMNS) -> Export:
    return spreadsheet.export(name="投诉", columns=columns, rows=rows, by=agent, form=form, at=AT)


def cells(made: Export) -> list[list[Any]]:
    with made.file:
        book = openpyxl.load_workbook(io.BytesIO(made.file.read()))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def lines(made: Export) -> list[list[str]]:
    with made.file:
        content = made.file.read()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_an_xlsx_holds_what_the_page_shows_typed(agent: User) -> None:
    made = export(agent, [Line("五金 𠮷", Decimal("1680.32"), date(2026, 11, 18), AT), Line()])
    found = cells(made)
    assert found[0] == ["货物", "金额", "日期", "时间"]
    assert found[1] == ["五金 𠮷", 1680.32, datetime(2026, 11, 18), datetime(2026, 11, 18, 15, 20, 33)]
    assert found[2] == [None] * 4
    assert (made.rows, made.filename) == (2, "投诉-20261118-1520.xlsx")


def test_prv_04_an_export_says_who_when_and_how_many_and_is_logged(agent: User) -> None:
    from django.utils import translation

    with translation.override("en"):
        said = f"Exported by 陈晓燕 ({agent.work_number}), 2026-11-18 15:20:33, 1 rows"
        made = export(agent, [Line("a")])
        with made.file:
            content = made.file.read()
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert [row[0].value for row in book.worksheets[0].iter_rows()][-1] == said
        assert book.properties.creator == "陈晓燕"
        assert said in book.worksheets[0].oddFooter.left.text
        assert lines(export(agent, [Line("a")], "csv"))[-1] == [said]
    logged = TrailEntry.objects.filter(code="export").order_by("id").first()
    assert logged is not None
    assert (logged.by, logged.at) == (agent, AT)
    assert logged.params == {"list": "投诉", "rows": 1, "form": "xlsx"}


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_cell_that_looks_like_a_formula_is_text_in_xlsx_and_stays_so_when_edited(
    agent: User, text: str
) -> None:
    made = export(agent, [Line(text)])
    with made.file:
        content = made.file.read()
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = book.worksheets[0]["A2"]
    assert cell.data_type in {"s", "inlineStr"}
    assert cell.value.replace("_x000D_", "\r").replace("\n", "\r") == text.replace("\n", "\r")
    assert cell.quotePrefix
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_cell_that_looks_like_a_formula_gets_an_apostrophe_in_csv(agent: User, text: str) -> None:
    assert lines(export(agent, [Line(text)], "csv"))[1][0] == f"'{text}"


def test_negative_numbers_stay_numbers(agent: User) -> None:
    rows = [Line("x", Decimal("-12.50"))]
    assert cells(export(agent, rows))[1][1] == -12.5
    assert lines(export(agent, rows, "csv"))[1][1] == "-12.50"


def test_addresses_of_pages_are_text_not_links(agent: User) -> None:
    made = export(
        agent, [Line("http://evil.invalid/"), Line("internal:Sheet1!A1"), Line("mailto:a@b.invalid")]
    )
    with made.file, zipfile.ZipFile(made.file) as archive:
        assert b"hyperlink" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_text_longer_than_a_cell_is_cut_visibly_never_dropped(agent: User) -> None:
    cell = cells(export(agent, [Line("长" * 40_000)]))[1][0]
    assert (len(cell), cell[-2:]) == (32_767, "……")


def test_more_rows_than_a_spreadsheet_serves_are_refused(
    agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 2)
    with pytest.raises(RuleBroken) as caught:
        export(agent, [Line("a")] * 3)
    assert caught.value.code == "export.too_many"
    assert not TrailEntry.objects.filter(code="export").exists()


def test_columns_may_be_functions_and_go_through_relations(agent: User) -> None:
    columns = [
        Column("部门", "employee.department.name"),
        Column("工号", lambda user: f"#{user.work_number}"),
    ]
    found = cells(export(agent, [agent], columns=columns))
    assert found[1] == ["客服中心", f"#{agent.work_number}"]
    with pytest.raises(ValueError, match="pence is no kind"):
        Column("x", "y", "pence")


def test_memory_does_not_grow_with_the_rows(agent: User) -> None:
    import tracemalloc

    def rows(count: int) -> Iterator[Line]:
        return (Line(f"第{number}行", number) for number in range(count))

    peaks = []
    for count in (2_000, 20_000):
        tracemalloc.start()
        export(agent, rows(count)).file.close()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 6_000_000


# Reading


def read(content: bytes, **options: Any) -> list[tuple[int, dict[str, str]]]:
    return list(spreadsheet.rows(io.BytesIO(content), **options))


TEXT = "姓名,电话\r\n张三,13900000421\r\n\r\n李四,\r\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\r\n", "\n").encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "utf-16", "semicolon", "tab", "unix"],
)
def test_a_csv_is_read_whatever_its_encoding_and_delimiter(content: bytes) -> None:
    assert read(content) == [(2, {"姓名": "张三", "电话": "13900000421"}), (4, {"姓名": "李四", "电话": ""})]


def test_an_xlsx_is_read_as_the_text_that_was_typed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([])
    sheet.append(["单号", "数", "日期", "时间", "公式", None])
    sheet.append([86204417309, 2.5, date(2026, 11, 18), datetime(2026, 11, 18, 15, 20), "=1+1", None])
    sheet.append([" 862-044 ", True, None, None, None, None])
    path = tmp_path / "a.xlsx"
    book.save(path)
    found = list(spreadsheet.rows(path))
    assert found[0] == (
        3,
        {"单号": "86204417309", "数": "2.5", "日期": "2026-11-18", "时间": "2026-11-18 15:20:00", "公式": ""},
    )
    assert found[1] == (4, {"单号": "862-044", "数": "1", "日期": "", "时间": "", "公式": ""})


def test_what_was_exported_can_be_read_again(agent: User) -> None:
    for form in ("xlsx", "csv"):
        with export(agent, [Line("五金", Decimal("1.50"))], form).file as file:
            line, values = next(spreadsheet.rows(file))
        assert (line, values["货物"], values["金额"]) == (2, "五金", {"xlsx": "1.5", "csv": "1.50"}[form])


def test_the_line_is_the_one_an_editor_shows_even_after_cells_with_line_breaks() -> None:
    assert [line for line, _ in read(b'a,b\n"one\ntwo\nthree",1\nx,2\n')] == [2, 5]


def test_all_problems_of_a_row_are_gathered_with_line_and_column() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["单号", "说明"])
    sheet.append([1234567890123456789, "长" * 20_001, "zu viel"])
    target = io.BytesIO()
    book.save(target)
    with spreadsheet.table(target) as read_table:
        assert read_table.header == ["单号", "说明"]
        (row,) = list(read_table.rows)
    assert [(broken.code, broken.params["line"]) for broken in row.problems] == [
        ("import.digits_lost", 2),
        ("import.cell_too_long", 2),
        ("import.line_too_wide", 2),
    ]
    with pytest.raises(RuleBroken, match="digits_lost"):
        list(spreadsheet.rows(target))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import.empty"),
        (b"\n\n,,\n", "import.empty"),
        (b"a,b,a\n", "import.header_twice"),
        (b"\xff\xfe\x00\xd8", "import.encoding"),
        (b"a,b\n\xff\xff\xff\n", "import.encoding"),
        (b"a\0b,c\n", "import.type"),
        (b"PK\x03\x04" + b"\0" * 50, "import.broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "import.broken"),
        (b'a,b\n"' + b"x" * 200_000 + b'"\n', "import.broken"),
        (b",".join(b"c%d" % number for number in range(201)), "import.too_many_columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        read(content)
    assert caught.value.code == code


def test_too_many_rows_and_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuleBroken, match="too_many_rows"):
        read(b"a\n1\n2\n3\n", max_rows=2)
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    with pytest.raises(RuleBroken, match="too_large"):
        read(b"a\n1\n2\n3\n4\n5\n")


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.servicecenter import uploads

    monkeypatch.setattr(tables, "MOST_UNPACKED_BYTES", 100_000)
    with pytest.raises(RuleBroken, match="too_large"):
        read(uploads.office("xl", xl__a=b"\0" * 100_001))


def test_a_file_of_the_caller_stays_open(tmp_path: Path) -> None:
    file = io.BytesIO(b"a\n1\n")
    list(spreadsheet.rows(file))
    assert not file.closed

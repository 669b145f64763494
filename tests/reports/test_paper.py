"""The report on paper: what a reader finds on its pages, in three languages (chapter 06, DESIGN §7)."""

from __future__ import annotations

import re
import subprocess
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from reports import labels
from reports.domain.snapshot import Column, Figure, Table, Unit
from reports.paper import charts, compose, faces, saying
from tests.reports import samples

LANGUAGES = ("zh-hans", "zh-hant", "en")


@pytest.fixture(autouse=True)
def _centre(settings: Any) -> None:
    """A name that is written with the same characters everywhere."""
    settings.CENTRE_NAME = "大西物流"


@cache
def october(language: str) -> bytes:
    """The paper is drawn once a language: it takes a second."""
    return compose(samples.OCTOBER, samples.HEAD, earlier=None, language=language)


def text_of(content: bytes, *, first: int = 1, last: int = 0) -> str:
    """The words of its pages, spaces run together."""
    pages = ["-f", str(first), *(["-l", str(last)] if last else [])]
    done = subprocess.run(
        ["pdftotext", "-layout", *pages, "-", "-"], input=content, capture_output=True, check=True
    )
    return " ".join(done.stdout.decode().split())


def unpacked(content: bytes) -> bytes:
    """The objects of the file, readable."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return b"".join(zlib.decompress(one) for one in streams if one[:1] == b"x")


def told(content: bytes, tool: str, where: Path) -> str:
    """What pdfinfo or pdffonts says."""
    file = where / "report.pdf"
    file.write_bytes(content)
    return subprocess.run([tool, file], capture_output=True, check=True, text=True).stdout


def page_count(content: bytes, where: Path) -> int:
    found = re.search(r"Pages:\s+(\d+)", told(content, "pdfinfo", where))
    assert found
    return int(found[1])


@pytest.mark.parametrize(
    ("language", "families"),
    [
        ("zh-hans", {"Noto-Sans-SC", "Noto-Sans-SC-Bold"}),
        ("zh-hant", {"Noto-Sans-TC", "Noto-Sans-TC-Bold"}),
        ("en", {"Noto-Sans-SC", "Noto-Sans-SC-Bold"}),
    ],
)
def test_every_letter_is_of_the_language_s_own_font_and_in_the_file(
    language: str, families: set[str], tmp_path: Path
) -> None:
    """FACTS: embedded and cut down to what is used, text readable; charts and running heads included."""
    lines = [line.split() for line in told(october(language), "pdffonts", tmp_path).splitlines()[2:]]
    assert {line[0].partition("+")[2] for line in lines} == families
    assert all("TrueType" in line and line[-5:-2] == ["yes", "yes", "yes"] for line in lines)
    words = {"zh-hans": "城东分公司", "zh-hant": "城東分公司", "en": "East branch"}
    assert words[language] in text_of(october(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cover_says_what_when_of_whom_and_where_to_find_it(language: str, tmp_path: Path) -> None:
    cover = text_of(october(language), last=1)
    for said in (
        "大西物流",
        "RPT-07",
        "RPT-07-2026-10",
        "2026-11-01 02:00",
        "1,284",
        "92.4%",
        "0.70%",
        "a71c 09d3 e5f2",
    ):
        assert said in cover, said
    # the contents name a page for each chapter, in rising order, and the last is within the file
    numbers = [int(n) for n in re.findall(r"(?:\. ){6,}(\d+)", cover)]
    assert len(numbers) == 2 + len(samples.OCTOBER.chapters)
    assert numbers == sorted(numbers)
    assert numbers[0] == 2
    assert numbers[-1] <= page_count(october(language), tmp_path)


def test_the_file_knows_its_title_author_language_and_chapters(tmp_path: Path) -> None:
    info = told(october("zh-hant"), "pdfinfo", tmp_path)
    assert "2026" in next(line for line in info.splitlines() if line.startswith("Title:"))
    assert re.search(r"Author:\s+大西物流", info)
    assert "RPT-07-2026-10" in next(line for line in info.splitlines() if line.startswith("Keywords:"))
    inside = unpacked(october("zh-hant"))
    assert b"/Lang (zh-Hant)" in inside
    assert inside.count(b"/Title ") >= 2 + len(samples.OCTOBER.chapters), "bookmarks"


def test_pages_are_numbered_and_carry_the_report_s_number() -> None:
    english = text_of(october("en"), first=3, last=3)
    assert re.search(r"Page 3 of \d+", english)
    assert "RPT-07-2026-10 · The whole company" in english


def test_every_figure_stands_with_its_target_the_month_before_and_its_definition() -> None:
    words = text_of(october("en"))
    for said in (
        "96.9%",
        "95%",
        "96.2%",
        "1,511 of 1,559",
        "1,912",
        "2,000",
        "¥86,412.50",
        "1 min 32 s",
        "4.39",
    ):
        assert said in words, said
    # nothing to divide by is not nought
    assert "100.0%" in words
    assert "0 of 0" not in words


def test_the_trail_s_digest_stands_on_the_last_page_with_what_it_proves(tmp_path: Path) -> None:
    """DESIGN §7."""
    last = page_count(october("en"), tmp_path)
    words = text_of(october("en"), first=last)
    assert " ".join(re.findall(".{8}", samples.DIGEST)) in words
    assert "SHA-256" in words


def test_a_month_without_a_complaint_is_a_report_of_few_pages_without_a_wrong_nought(tmp_path: Path) -> None:
    content = compose(samples.nothing_happened(), samples.HEAD, earlier=None, language="en")
    words = text_of(content)
    assert "No complaint was registered." in words
    assert "Nothing was recorded for this chapter in the period." in words
    assert "nan" not in words.lower()
    assert "0.0%" not in words
    assert page_count(content, tmp_path) <= 6


def test_the_longest_names_stay_on_the_paper_and_long_tables_go_to_the_spreadsheet() -> None:
    """DESIGN §6: tables of more than 500 rows."""
    content = compose(samples.long_names(), samples.HEAD, earlier=None, language="en")
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    edges = [float(edge) for edge in re.findall(r'xMax="([\d.]+)"', done.stdout.decode())]
    assert max(edges) <= 595.3 - 48 + 1, "something is cut at the right edge"
    words = text_of(content)
    assert "The 501 lines of this table are in the spreadsheet." in words
    assert "489 others" in words


def test_a_revision_names_what_differs_from_the_one_before() -> None:
    """RPT-25."""
    content = compose(samples.OCTOBER, samples.SECOND, earlier=samples.earlier(), language="en")
    words = text_of(content)
    assert "RPT-07-2026-10 · revision 2" in words
    assert "2 figures differ" in words
    assert "0.62% 0.70%" in words
    assert "1,283 1,284" in words
    assert "周明" in words


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        (Unit.COUNT, 1284, "1,284"),
        (Unit.SHARE, 9240, "92.4%"),
        (Unit.SHARE, 70, "0.70%"),
        (Unit.SHARE, 9984, "99.84%"),
        (Unit.SHARE, 10000, "100.0%"),
        (Unit.RATIO, 439, "4.39"),
        (Unit.SHARE, 0, "0.0%"),
        (Unit.MONEY, 8641250, "¥86,412.50"),
        (Unit.SPAN, 92, "1 min 32 s"),
        (Unit.COUNT, None, "—"),
    ],
)
def test_a_figure_is_written_as_its_unit_is(unit: Unit, value: int | None, said: str) -> None:
    with translation.override("en"):
        assert saying.number(unit, value) == said


def test_changes_are_points_of_a_share_and_per_cent_of_an_amount() -> None:
    with translation.override("en"):
        assert saying.change(Figure("a", Unit.SHARE, 70, 51)) == "+0.19 points"
        assert saying.change(Figure("a", Unit.COUNT, 1284, 1369)) == "−6.2%"
        assert saying.change(Figure("a", Unit.COUNT, 4, 0)) == "+4"
        assert saying.change(Figure("a", Unit.COUNT, 4, None)) == ""


def test_a_period_is_named_as_people_name_it() -> None:
    from datetime import date

    with translation.override("en"):
        assert saying.period(samples.START, samples.END) == "October 2026"
        assert saying.period(date(2026, 7, 1), date(2026, 9, 30)) == "Quarter 3 of 2026"
        assert saying.period(date(2026, 1, 1), date(2026, 12, 31)) == "Year 2026"
        assert saying.period(date(2026, 12, 28), date(2027, 1, 3)) == "2026-12-28 to 2027-01-03"
        assert saying.point_names(samples.START, samples.END, 3) == ["Aug", "Sep", "Oct"]
        assert saying.point_names(date(2026, 2, 1), date(2026, 2, 28), 2) == ["Jan 26", "Feb"]


def test_a_chart_of_nothing_is_not_drawn() -> None:
    table = Table("t", (Column("name"), Column("count", Unit.COUNT)), (("a", 0),), chart="bars")
    assert charts.of_table(table, title="t", width=300, heads=["", ""]) is None
    assert (
        charts.of_history(Figure("a", Unit.SHARE, 1, history=(1, None)), samples.OCTOBER, title="", width=9)
        is None
    )


def test_the_summary_is_written_by_the_figures_alone() -> None:
    with translation.override("en"):
        face = faces.report(samples.OCTOBER)
    assert face.summary.lead.startswith(
        "1,284 complaints were registered, 6.2% fewer than in the period before. 6 of 8 targets are met."
    )
    assert len(face.summary.missed) == 2
    assert len(face.summary.met) == 6
    assert "0.51% to 0.70%" in face.summary.changes[0]


DEPARTMENTS = (Column("department"), Column("registered", Unit.COUNT))


def said_most(*rows: tuple[object, int]) -> tuple[str, ...]:
    """What the summary says of complaints by department."""
    table = Table("complaints.department", DEPARTMENTS, rows, chart="bars")
    chapter = replace(samples.OCTOBER.chapters[1], tables=(table,))
    with translation.override("en"):
        return tuple(faces.report(replace(samples.OCTOBER, chapters=(chapter,))).summary.most)


def test_where_several_are_equal_none_is_the_most() -> None:
    north, west = samples.names("北坡", "北坡", "North"), samples.names("城西", "城西", "West")
    assert said_most((north, 4), (west, 4)) == ()
    assert said_most((north, 5), (west, 4)) == ("By department concerned: most is North, 5, 55.6% of all",)


def test_a_department_that_is_not_known_yet_is_called_so_in_table_and_map() -> None:
    """RPT-01: as long as nobody has found whom a complaint concerns, no dash leads the table."""
    with translation.override("en"):
        face = faces.table_face(Table("complaints.department", DEPARTMENTS, ((None, 22),), total=(None, 22)))
        turned = charts.of_table(
            Table("t", (Column("category"), *DEPARTMENTS), (("late", None, 3),), chart="heat"),
            title="t",
            width=300,
            heads=["", "", ""],
        )
    assert [cell.text for cell in face.rows[0]] == ["not determined yet", "22"]
    assert face.total[0].text == ""
    assert "not determined yet" in str(turned)


def test_a_month_is_written_without_a_day() -> None:
    assert saying.cell(Column("month", Unit.DAY), "2026-10-01") == "2026-10"
    assert saying.cell(Column("reported_on", Unit.DAY), "2026-10-01") == "2026-10-01"


def test_every_code_that_is_drawn_has_its_words() -> None:
    """A report holds codes alone: each indicator, table, column and sheet of rows is worded, shares with a formula."""
    from reports.queries import drawing

    for code, specs in drawing.SPECS.items():
        assert labels.chapter(code)
        for spec in specs:
            assert labels.figure(spec.code)
            assert not spec.rows or labels.sheet(spec.rows)
            assert labels.formula(spec.code) or not spec.rows

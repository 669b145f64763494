"""`manage.py make_report`: makes it, writes both files, takes a language however it is written, says what is wrong."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from reports.models import ReportRevision
from tests.complaints.cases import Crew

pytestmark = pytest.mark.django_db
# 1 November 2026, six o'clock at the centre: October is closed.
CLOSED = datetime(2026, 10, 31, 22, tzinfo=UTC)
LATER = CLOSED + timedelta(days=3)


def test_the_command_makes_it_and_writes_both_files(crew: Crew, tmp_path: Any) -> None:
    paper, book = tmp_path / "r.pdf", tmp_path / "r.xlsx"
    out = io.StringIO()
    call_command(
        "make_report", "rpt-01", "2026-W41", pdf=paper, xlsx=book, lang="en", stdout=out, stderr=io.StringIO()
    )
    assert "RPT-01-2026-W41-r1" in out.getvalue()
    assert paper.read_bytes().startswith(b"%PDF")
    assert openpyxl.load_workbook(book).worksheets
    again = io.StringIO()
    call_command("make_report", "RPT-01", "2026-W41", stdout=again, stderr=io.StringIO())
    assert "RPT-01-2026-W41-r1" in again.getvalue()
    assert ReportRevision.objects.count() == 1


@pytest.mark.parametrize("language", ["zh-Hans", "ZH-HANT", "en"])
def test_the_command_takes_a_language_however_it_is_written(language: str) -> None:
    """Tags are known as zh-Hans in texts and as zh-hans in addresses."""
    out = io.StringIO()
    call_command("make_report", "RPT-01", "2026-W41", "--lang", language, stdout=out, stderr=io.StringIO())
    assert "RPT-01-2026-W41-r1" in out.getvalue()


def test_the_command_knows_three_languages() -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("make_report", "RPT-01", "2026-W41", "--lang", "fr")


@pytest.mark.parametrize(
    "words",
    [
        ("RPT-07", "2026-W43"), ("RPT-XX", "2026-10"), ("RPT-07", "soon"),
        ("RPT-07", "2026-10", "--department", "nowhere"), ("RPT-07", "2026-10", "--by", "9999"),
        ("RPT-07", "2999-01"),
    ],
)  # fmt: skip
def test_the_command_says_what_is_wrong(crew: Crew, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("make_report", *words, stdout=io.StringIO(), stderr=io.StringIO())
    assert not ReportRevision.objects.exists()

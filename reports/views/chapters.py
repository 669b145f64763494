"""How the sheets of a report's chapters stand on its page: two beside each other, and none beside nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.paper.faces import ChapterFace, ReportFace, TableFace

WIDE, HALF = "c12", "c6"


@dataclass(frozen=True)
class PageChapter:
    """A chapter with the width of its indicators and of each of its tables, as classes of the page's columns."""

    face: ChapterFace
    figures: str
    tables: Sequence[tuple[TableFace, str]]


def widths(wide: Iterable[bool]) -> list[str]:
    """The width of each sheet, by whether it needs the whole row: so does one that nothing stands beside."""
    found: list[str] = []
    alone = False  # the sheet before is a half one that begins a row
    for whole in wide:
        if whole and alone:
            found[-1] = WIDE
        found.append(WIDE if whole else HALF)
        alone = not whole and not alone
    if alone:
        found[-1] = WIDE
    return found


def laid_out(report: ReportFace) -> list[PageChapter]:
    """The chapters of a report; the indicators of the first stand in a row of their own at the head of the page."""
    found = []
    for number, chapter in enumerate(report.chapters):
        headed = bool(number and chapter.figures)
        wants = [chapter.has_targets] if headed else []
        sizes = widths([*wants, *(table.is_wide for table in chapter.tables)])
        figures = sizes.pop(0) if headed else WIDE
        found.append(PageChapter(chapter, figures, list(zip(chapter.tables, sizes, strict=True))))
    return found

"""A report as its page and its paper show it: worded and drawn, in the order it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports import labels
from reports.domain.snapshot import Chapter, Figure, Snapshot, Table
from reports.paper import charts as drawn
from reports.paper import saying
from reports.paper.summary import Summary, summary
from reports.queries.rows import line_of
from servicecenter.charts import Chart
from servicecenter.i18n import say

# What a chart may take on the page and on paper, px.
WIDE, HALF = 664, 320
# The bars within a table's lines, px: narrower where there is much beside them.
BAR, NARROW_BAR, MANY_COLUMNS = 150, 84, 6
# DESIGN §6: longer tables go to the spreadsheet.
MOST_ROWS = 500
# Fewer indicators with a past need no table of their own: their line stands beside them.
LEAST_HISTORY = 3
# A text of more signs takes a line of its own on a phone.
SHORT = 12
# What stands beside each other on a phone: three columns, or five figures of so few signs.
PHONE_COLUMNS, SHORT_FIGURE = 3, 6
# A chapter of no more lines begins where there is room for it.
MOST_SHORT_LINES = 20
# Address of the rows behind a sheet, or behind one line of a table.
Rows = Callable[[str], str]


@dataclass(frozen=True)
class FigureFace:
    """An indicator in words; `verdict` is met, missed or '' (no target, or nothing to judge)."""

    figure: Figure
    id: str
    label: str
    value: str
    large: saying.Split
    target: str
    before: str
    change: str
    parts: str
    verdict: str
    spark: SafeString
    formula: str
    url: str

    @property
    def code(self) -> str:
        """The code, for anchors and tests."""
        return self.figure.code

    @property
    def tone(self) -> str:
        """The colour of its tile: red for what is missed."""
        return "hot" if self.verdict == "missed" else ""


@dataclass(frozen=True)
class CellFace:
    """A cell in words; figures stand at the right, a `long` text takes a line of its own where there is little room."""

    text: str
    number: bool = False
    long: bool = False


@dataclass(frozen=True)
class TableFace:
    """A table in words with its chart; `hidden` lines stand in the spreadsheet only."""

    code: str
    title: str
    heads: Sequence[CellFace]
    rows: Sequence[Sequence[CellFace]]
    total: Sequence[CellFace]
    chart: Chart | SafeString | None
    kind: str
    url: str
    hidden: int = 0
    # On paper a bar stands in each line of the table, before its first figure.
    bars: Sequence[SafeString] = ()
    bar_place: int = -1
    # Where each line leads: to the rows behind it alone.
    urls: Sequence[str] = ()

    @property
    def lines(self) -> list[tuple[Sequence[CellFace], SafeString | None, str]]:
        """Each line with its bar and its address."""
        bars: Sequence[SafeString | None] = self.bars or [None] * len(self.rows)
        return list(zip(self.rows, bars, self.urls or [""] * len(self.rows), strict=True))

    @property
    def headed(self) -> list[tuple[list[tuple[CellFace, str]], SafeString | None, str]]:
        """Each line as `lines` gives it, its cells with their heads."""
        return [(self.under_heads(cells), bar, url) for cells, bar, url in self.lines]

    @property
    def headed_total(self) -> list[tuple[CellFace, str]]:
        """The sums with their heads."""
        return self.under_heads(self.total)

    def under_heads(self, cells: Sequence[CellFace]) -> list[tuple[CellFace, str]]:
        """Cells with what stands over them."""
        return [(cell, head.text) for cell, head in zip(cells, self.heads, strict=False)]

    @property
    def is_tight(self) -> bool:
        """So many columns that its letters are smaller."""
        return len(self.heads) > MANY_COLUMNS

    @property
    def is_cellwise(self) -> bool:
        """More columns than stand beside each other on a phone: there a line becomes a card."""
        return len(self.heads) > PHONE_COLUMNS

    @property
    def is_narrow(self) -> bool:
        """Figures so short that five of them stand beside each other on a phone."""
        cells = [cell for line in (*self.rows, self.total) for cell in line if cell.number]
        return max((len(cell.text) for cell in cells), default=0) <= SHORT_FIGURE

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole width of the page."""
        return self.is_heat or len(self.heads) > MANY_COLUMNS

    @property
    def is_heat(self) -> bool:
        """A heat map is a table itself: no second one stands beside it."""
        return self.kind == "heat" and self.chart is not None


@dataclass(frozen=True)
class LineFace:
    """An indicator over time."""

    title: str
    chart: Chart


@dataclass(frozen=True)
class ChapterFace:
    """A chapter with its mark (一, 1, A) and anchor."""

    code: str
    mark: str
    anchor: str
    title: str
    figures: Sequence[FigureFace] = ()
    tables: Sequence[TableFace] = ()
    remarks: Sequence[str] = ()
    lines: Sequence[LineFace] = ()
    history: TableFace | None = None

    @property
    def has_numbers(self) -> bool:
        """Whether its indicators are those of the book, with numbers."""
        return any(figure.id for figure in self.figures)

    @property
    def has_targets(self) -> bool:
        """Whether anything is asked of its indicators."""
        return any(figure.target for figure in self.figures)

    @property
    def is_short(self) -> bool:
        """So short that it follows on the page of the chapter before."""
        lines = sum(3 + max(len(table.rows), 1) for table in self.tables)
        lines += len(self.figures) + len(self.remarks)
        heat = any(table.is_heat for table in self.tables)
        return not self.lines and not heat and lines <= MOST_SHORT_LINES

    @property
    def is_empty(self) -> bool:
        """Nothing happened that this chapter would tell of."""
        return not any(table.rows for table in self.tables) and not self.figures and not self.remarks


@dataclass(frozen=True)
class ReportFace:
    """The whole report in words, in the reader's language."""

    code: str
    title: str
    period: str
    days: str
    scope: str
    this: str
    last: str
    summary: Summary
    chapters: Sequence[ChapterFace]
    tiles: Sequence[FigureFace]
    policies: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def has_formulas(self) -> bool:
        """Whether there is anything to define."""
        return any(figure.formula for figure in self.figures)

    @property
    def figures(self) -> list[FigureFace]:
        """Every indicator."""
        return [figure for chapter in self.chapters for figure in chapter.figures]


def nowhere(key: str) -> str:
    """Paper leads nowhere."""
    return ""


def report(snapshot: Snapshot, *, rows: Rows = nowhere, wide: int = WIDE, half: int = HALF) -> ReportFace:
    """The report's face in the active language. `rows` gives the address of a sheet of rows, '' without."""
    chapters = [
        _chapter(chapter, number, snapshot, rows, wide, half)
        for number, chapter in enumerate(snapshot.chapters, start=1)
    ]
    this, last = saying.before_words(snapshot.start, snapshot.end)
    found = [figure for chapter in chapters for figure in chapter.figures]
    return ReportFace(
        code=snapshot.code,
        title=labels.report(snapshot.code),
        period=saying.period(snapshot.start, snapshot.end),
        days=saying.days(snapshot.start, snapshot.end),
        scope=say(snapshot.scope) if snapshot.scope else _("The whole company"),
        this=this,
        last=last,
        summary=summary(snapshot, labels.figure, labels.table),
        chapters=chapters,
        tiles=tiles_of(found),
        policies=[
            (saying.policy_title(code), str(version) if version else _("built-in version"))
            for code, version in sorted(snapshot.policies.items())
        ],
    )


def tiles_of(found: Sequence[FigureFace]) -> list[FigureFace]:
    """The six figures of the first line: what the wording names as headlines, as far as the report has them."""
    by_code = {face.code: face for face in found}
    return [by_code[code] for code in labels.HEADLINES if code in by_code][:6]


def _chapter(
    chapter: Chapter, number: int, snapshot: Snapshot, rows: Rows, wide: int, half: int
) -> ChapterFace:
    figures = [figure_face(figure, rows) for figure in chapter.figures]
    return ChapterFace(
        code=chapter.code,
        mark=saying.mark_of(number),
        anchor=f"c{number}",
        title=labels.chapter(chapter.code),
        figures=figures,
        tables=[table_face(table, rows=rows, wide=wide, half=half) for table in chapter.tables],
        remarks=[labels.remark(code, saying.words_of(params)) for code, params in chapter.remarks],
        lines=_lines(chapter.figures, snapshot, half),
        history=_history(chapter.figures, snapshot),
    )


def figure_face(figure: Figure, rows: Rows = nowhere) -> FigureFace:
    """One indicator in words."""
    parts = ""
    if figure.parts:
        parts = _("%(part)s of %(whole)s") % {"part": f"{figure.parts[0]:,}", "whole": f"{figure.parts[1]:,}"}
    return FigureFace(
        figure=figure,
        id=labels.indicator(figure.code),
        label=labels.figure(figure.code),
        value=saying.number(figure.unit, figure.value),
        large=saying.split(figure.unit, figure.value),
        target=saying.number(figure.unit, figure.target, target=True) if figure.target is not None else "",
        before=saying.number(figure.unit, figure.before),
        change=saying.change(figure),
        parts=parts,
        verdict={True: "met", False: "missed", None: ""}[figure.met],
        spark=drawn.spark(figure),
        formula=labels.formula(figure.code),
        url=rows(figure.rows) if figure.rows else "",
    )


def table_face(table: Table, *, rows: Rows = nowhere, wide: int = WIDE, half: int = HALF) -> TableFace:
    """One table in words, with its chart."""
    title = labels.table(table.code)
    heads = [labels.column(table.code, column.code) for column in table.columns]
    url = rows(table.detail) if table.detail else ""
    urls = [_line_url(url, table, row) for row in table.rows]
    drawing = drawn.of_table(
        table,
        title=title,
        width=half if table.chart == "bars" else wide,
        heads=heads,
        address=lambda _table, line: (urls[line] if line >= 0 else "") or url,
    )
    shown = table.rows if len(table.rows) <= MOST_ROWS else ()
    bars = drawn.row_bars(table, NARROW_BAR if len(table.columns) > MANY_COLUMNS else BAR) if shown else []
    places = [number for number, column in enumerate(table.columns) if saying.is_number(column)]
    return TableFace(
        code=table.code,
        title=title,
        heads=[
            CellFace(head, saying.is_number(column))
            for head, column in zip(heads, table.columns, strict=True)
        ],
        rows=[_line(table, row) for row in shown],
        total=_sums(table) if table.total else (),
        chart=drawing,
        kind=table.chart,
        url=url,
        urls=urls[: len(shown)],
        hidden=len(table.rows) - len(shown),
        bars=bars,
        bar_place=places[0] if bars and places else -1,
    )


def _line_url(url: str, table: Table, row: Sequence[object]) -> str:
    """Where a line leads: to the rows of the table's sheet that it counts; '' where they cannot be told apart."""
    line = line_of(table, row) if url else {}
    return f"{url}&{urlencode({f'of.{code}': value for code, value in line.items()})}" if line else ""


def _cells(table: Table, row: Sequence[object]) -> list[CellFace]:
    said = [
        (saying.name(column, value), saying.is_number(column))
        for column, value in zip(table.columns, row, strict=True)
    ]
    return [CellFace(text, number, not number and len(text) > SHORT) for text, number in said]


def _sums(table: Table) -> list[CellFace]:
    """The line of sums: it has no names."""
    cells = zip(table.columns, table.total or (), strict=True)
    return [CellFace(saying.cell(column, value), saying.is_number(column)) for column, value in cells]


def _line(table: Table, row: Sequence[object]) -> list[CellFace]:
    """A line of a table; a dash where its name would stand, words where nobody knows it yet."""
    cells = _cells(table, row)
    if not cells[0].text:
        cells[0] = CellFace(saying.NOTHING)
    return cells


def _lines(figures: Sequence[Figure], snapshot: Snapshot, half: int) -> list[LineFace]:
    """Indicators with a target over the last periods, two beside each other."""
    found = []
    for figure in figures:
        if figure.target is None:
            continue
        title = labels.figure(figure.code)
        chart = drawn.of_history(figure, snapshot, title=title, width=half)
        if chart is not None:
            found.append(LineFace(title, chart))
    return found


def _history(figures: Sequence[Figure], snapshot: Snapshot) -> TableFace | None:
    """The figures of the lines, as a table: an indicator a line, a period a column."""
    shown = [figure for figure in figures if sum(value is not None for value in figure.history) > 1]
    if len(shown) < LEAST_HISTORY:
        return None
    count = max(len(drawn.begun(figure.history)) for figure in shown)
    names = saying.point_names(snapshot.start, snapshot.end, count)
    return TableFace(
        code="history",
        title=_("The last %(n)s periods in figures") % {"n": count},
        heads=[CellFace(_("Indicator")), *(CellFace(name, True) for name in names)],
        rows=[
            [
                CellFace(labels.figure(figure.code)),
                *(
                    CellFace("" if value is None else saying.briefly(figure.unit, value), True)
                    for value in ([None] * (count - len(figure.history)) + list(figure.history[-count:]))
                ),
            ]
            for figure in shown
        ],
        total=(),
        chart=None,
        kind="",
        url="",
    )

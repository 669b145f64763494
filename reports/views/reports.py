"""Periodic reports: all of them, one with its revisions, the rows behind a figure (RPT-01 to RPT-07, RPT-25)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from organization.permissions import me
from organization.views.door import needs
from reports import labels
from reports.domain.snapshot import Snapshot
from reports.filters import ReportFilter
from reports.models import Report, ReportRevision, ReportRun
from reports.paper import faces, saying
from reports.paper.differences import differences
from reports.permissions import ANY_VIEW, Right, can_make
from reports.queries import reports as queries
from reports.queries import rows as behind
from reports.views.chapters import laid_out
from servicecenter import keyset
from servicecenter.components import Crumb
from servicecenter.figures import whole
from servicecenter.i18n import LANGUAGE_TAGS, say
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import IssuedDocument, Notice
from servicecenter.subjects import kind_of
from servicecenter.wording import rule_text

# The width of charts on the page, px: a third of it, or two thirds.
THIRD, TWO_THIRDS = 372, 820
PAGE = 50
# Columns of rows in which somebody wrote sentences.
LONG = {"summary", "demand"}
# Readers that are named on the page.
MOST_TOLD = 20
LANGUAGE_NAMES = {"zh-hans": "简体中文", "zh-hant": "繁體中文", "en": "English"}


@dataclass(frozen=True)
class Line:
    """A report in the list: what stands of it, and how its making goes."""

    report: Report
    period: str
    revision: ReportRevision | None
    run: ReportRun | None

    @property
    def making(self) -> bool:
        """A worker has it, or will."""
        return self.run is not None and self.run.is_open

    @property
    def failed(self) -> bool:
        """The last making was given up."""
        return self.run is not None and self.run.state == "failed"

    @property
    def problem(self) -> str:
        """Why, in words."""
        return problem_of(self.run) if self.run is not None and self.failed else ""


def problem_of(run: ReportRun) -> str:
    """Why a making failed, or what its last try ran into."""
    return rule_text(run.problem, **run.problem_params) if run.problem else ""


def report_or_404(request: HttpRequest, number: str) -> Report:
    """The report of that number; one that the user may not read is not there (404)."""
    found = queries.reports_visible_to(me(request)).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def revision_or_404(report: Report, ordinal: str) -> ReportRevision | None:
    """The revision that is asked for, else the newest; None when nothing has been drawn yet."""
    rows = report.revisions.select_related("report__department", "drawn_by__employee")
    if not ordinal:
        return rows.order_by("-ordinal").first()
    number = whole(ordinal)
    found = None if number is None else rows.filter(ordinal=number).first()
    if found is None:
        raise Http404
    return found


@needs(*ANY_VIEW)
@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report one may read, the newest period first."""
    filterset = ReportFilter(request.GET, queryset=queries.reports_visible_to(me(request)), request=request)
    marked = request.GET.copy()
    marked.pop("cursor", None)
    page = keyset.paginate(
        filterset.qs, order=queries.NEWEST, cursor=request.GET.get("cursor", ""), filters=marked.urlencode()
    )
    context = {
        "filterset": filterset,
        "page": page,
        "lines": _lines(page.rows),
        "may_make": me(request).has_right(Right.MAKE_REPORT),
    }
    return render(request, "reports/reports.html", context)


def _lines(rows: list[Report]) -> list[Line]:
    """The reports of a page with their newest revision and run, by two statements."""
    wanted = [row.pk for row in rows]
    revisions = {
        row.report_id: row
        for row in ReportRevision.objects.filter(report__in=wanted)
        .defer("snapshot")
        .order_by("report_id", "-ordinal")
        .distinct("report_id")
    }
    runs = {
        row.report_id: row
        for row in ReportRun.objects.filter(report__in=wanted)
        .order_by("report_id", "-id")
        .distinct("report_id")
    }
    return [
        Line(row, saying.period(row.start, row.end), revisions.get(row.pk), runs.get(row.pk)) for row in rows
    ]


@needs(*ANY_VIEW)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One report: its figures, charts and tables as they were drawn, each leading to its rows."""
    report = report_or_404(request, number)
    revision = revision_or_404(report, request.GET.get("revision", ""))
    line = Line(report, saying.period(report.start, report.end), revision, queries.last_run(report))
    context: dict[str, Any] = {
        "report": report,
        "line": line,
        "run": line.run,
        "revision": revision,
        "crumbs": [Crumb(_("Reports"), reverse("report-list")), Crumb(number)],
        "scope": say(report.department.names) if report.department else _("The whole company"),
        "previous": _neighbour(request, report, report.period.previous.start),
        "next": _neighbour(request, report, report.period.next.start),
        "may_make": can_make(me(request), report.code, report.department),
    }
    if revision is None:
        return render(request, "reports/report_waiting.html", context)
    context |= _drawn(report, revision)
    return render(request, "reports/report.html", context)


def _neighbour(request: HttpRequest, report: Report, start: Any) -> Report | None:
    """The same report of another period, if it is there to be read."""
    return (
        queries.reports_visible_to(me(request))
        .filter(code=report.code, period_kind=report.period_kind, department=report.department, start=start)
        .first()
    )


def _drawn(report: Report, revision: ReportRevision) -> dict[str, Any]:
    """What the page shows of a revision."""
    snapshot = revision.figures

    def rows(key: str) -> str:
        there = reverse("report-rows", args=[report.number, key])
        return f"{there}?revision={revision.ordinal}"

    face = faces.report(snapshot, rows=rows, wide=TWO_THIRDS, half=THIRD)
    revisions = list(
        report.revisions.defer("snapshot").select_related("drawn_by__employee").order_by("-ordinal")
    )
    earlier = revision.earlier()
    return {
        "face": face,
        "chapters": laid_out(face),
        "lead": lead_line(face, snapshot),
        "revisions": revisions,
        "newest": revisions[0],
        "differences": differences(earlier.figures, snapshot, ordinal=revision.ordinal) if earlier else None,
        "papers": papers_of(revision),
        "languages": _languages(revision),
        "told": told_of(report),
    }


def lead_line(face: faces.ReportFace, snapshot: Snapshot) -> faces.LineFace | None:
    """The large chart over time: the first headline that has a past, with its target."""
    for tile in face.tiles:
        chart = faces.drawn.of_history(tile.figure, snapshot, title=tile.label, width=TWO_THIRDS, height=170)
        if chart is not None and tile.figure.target is not None:
            return faces.LineFace(tile.label, chart)
    return None


def _languages(revision: ReportRevision) -> list[tuple[str, str, bool]]:
    """(code, name, whether its PDF has been drawn) of each language."""
    drawn = {paper.language for paper in papers_of(revision)}
    return [(code, LANGUAGE_NAMES[code], code in drawn) for code in LANGUAGE_TAGS]


def papers_of(revision: ReportRevision) -> list[IssuedDocument]:
    """The PDFs that were drawn of a revision, the first one first."""
    return list(
        IssuedDocument.objects.filter(kind=kind_of(ReportRevision), object_id=revision.pk).order_by("pk")
    )


def told_of(report: Report) -> list[Notice]:
    """Who was told of the report, and when; the newest first."""
    rows = Notice.objects.filter(
        kind=kind_of(Report), object_id=report.pk, code__in=("report.ready", "report.ready_again")
    )
    return list(rows.select_related("user__employee").order_by("-at", "-id")[:MOST_TOLD])


@dataclass(frozen=True)
class RowFace:
    """A row behind a figure: the address of its record, and its cells in words."""

    url: str
    cells: list[faces.CellFace]


@needs(*ANY_VIEW)
@require_GET
def rows(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """The rows behind a figure, known up to the same moment as the report, page by page."""
    report = report_or_404(request, number)
    revision = revision_or_404(report, request.GET.get("revision", ""))
    if revision is None:
        raise Http404
    try:
        sheet = behind.sheet_of(key)
    except RuleBroken as problem:
        raise Http404 from problem
    after = request.GET.get("after", "")
    of = {
        column.code: request.GET[f"of.{column.code}"]
        for column in sheet.columns
        if f"of.{column.code}" in request.GET
    }
    found = behind.rows_page(revision, key, of=of, after=whole(after) or 0, size=PAGE + 1)
    context = {
        "report": report,
        "revision": revision,
        "title": labels.sheet(key),
        "period": saying.period(report.start, report.end),
        "crumbs": [
            Crumb(_("Reports"), reverse("report-list")),
            Crumb(number, reverse("report-detail", args=[number]) + f"?revision={revision.ordinal}"),
            Crumb(labels.sheet(key)),
        ],
        "heads": [
            faces.CellFace(labels.column(key, column.code), saying.is_number(column))
            for column in sheet.columns
        ],
        "rows": [_row(sheet, row) for row in found[:PAGE]],
        "count": behind.count_rows(revision, key, of=of),
        "line": _line_words(sheet, key, of, found),
        "all": reverse("report-rows", args=[number, key]) + f"?revision={revision.ordinal}",
        "next": found[PAGE - 1].id if len(found) > PAGE else None,
        "first": not after,
    }
    return render(request, "reports/report_rows.html", context)


def _line_words(
    sheet: behind.Sheet, key: str, of: dict[str, str], found: list[behind.Row]
) -> list[tuple[str, str]]:
    """Which line of a table the rows belong to: column and value in words, as the rows themselves say it."""
    said = []
    for place, column in enumerate(sheet.columns):
        if column.code in of:
            value = found[0].cells[place] if found else of[column.code]
            said.append((labels.column(key, column.code), saying.name(column, value) or saying.NOTHING))
    return said


def _row(sheet: behind.Sheet, row: behind.Row) -> RowFace:
    cells = [
        faces.CellFace(saying.cell(column, value), saying.is_number(column), column.code in LONG)
        for column, value in zip(sheet.columns, row.cells, strict=True)
    ]
    url = reverse(sheet.route, args=[row.cells[0]]) if sheet.route and row.cells[0] else ""
    return RowFace(url, cells)

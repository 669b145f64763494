"""Reports that were made: which a user may read, their revisions, runs and papers, what differs between two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from organization.models import Assignment, User
from organization.queries import valid_assignments, within
from reports.choices import OPEN_RUNS
from reports.domain.difference import Change as Change
from reports.domain.difference import difference as difference
from reports.models import Report, ReportRevision, ReportRun
from reports.permissions import VIEWS, can_read, reaches_all
from reports.queries.drawing import schedule
from servicecenter.clock import business_date
from servicecenter.keyset import Order
from servicecenter.models import IssuedDocument
from servicecenter.subjects import Subject, kind_of

NEWEST = Order("newest", ("end", "id"), descending=True)


def reports_visible_to(user: Any) -> QuerySet[Report]:
    """The reports a user may read (ORG-04): by the right of each, of the company or of the own departments."""
    rows = Report.objects.select_related("department")
    wanted = Q(pk__in=[])
    for code, right in VIEWS.items():
        if reaches_all(user, right):
            wanted |= Q(code=code)
        elif paths := user.rights.paths(right):
            wanted |= Q(code=code, department__isnull=False) & within(paths, "department__path")
    return rows.filter(wanted)


def revisions_visible_to(user: Any) -> QuerySet[ReportRevision]:
    """The revisions of these reports, newest first."""
    return (
        ReportRevision.objects.filter(report__in=reports_visible_to(user))
        .select_related("report__department", "drawn_by__employee")
        .order_by("report_id", "-ordinal")
    )


def issued(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Those that have been made at least once."""
    return rows.filter(Exists(ReportRevision.objects.filter(report=OuterRef("pk"))))


def latest(report: Report) -> ReportRevision | None:
    """The newest revision of a report."""
    return (
        report.revisions.select_related("report__department", "drawn_by__employee")
        .order_by("-ordinal")
        .first()
    )


def open_run(report: Report) -> ReportRun | None:
    """The making that is under way."""
    return report.runs.filter(state__in=OPEN_RUNS).first()


def last_run(report: Report) -> ReportRun | None:
    """The newest making, under way or ended."""
    return report.runs.order_by("-id").first()


def runs_visible_to(user: Any) -> QuerySet[ReportRun]:
    """The makings of the reports a user may read."""
    return ReportRun.objects.filter(report__in=reports_visible_to(user)).select_related(
        "report__department", "revision", "requested_by__employee"
    )


def paper_of(revision: ReportRevision, language: str) -> IssuedDocument | None:
    """The stored PDF of a revision in a language."""
    return IssuedDocument.objects.filter(
        kind=kind_of(ReportRevision), object_id=revision.pk, language=language
    ).first()


def readers(report: Report, at: datetime) -> list[User]:
    """Who is told of a report: holders of the roles of its policy who may read it (RPT-25)."""
    roles = schedule(report.code, at).readers
    held = Assignment.objects.filter(valid_assignments(business_date(at)), role__code__in=roles)
    users = User.objects.filter(is_active=True, employee_id__in=held.values("employee_id")).order_by("pk")
    return [user for user in users if can_read(user, report.code, report.department)]


def subject_report(*, object_id: int, user: User | None) -> Subject | None:
    """A report as subject of trail and notices (port servicecenter.subject), if `user` may read it."""
    rows = Report.objects.all() if user is None else reports_visible_to(user)
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    return Subject(
        kind_of(Report),
        row.pk,
        row.number,
        f"{row.get_code_display()} {row.period}",
        reverse("report-detail", args=[row.number]),
    )


def subject_revision(*, object_id: int, user: User | None) -> Subject | None:
    """A revision as subject of its papers (port servicecenter.subject), if `user` may read the report."""
    rows = ReportRevision.objects.select_related("report")
    if user is not None:
        rows = rows.filter(report__in=reports_visible_to(user))
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    title = f"{row.report.get_code_display()} {row.report.period}"
    return Subject(
        kind_of(ReportRevision), row.pk, row.number, title, reverse("report-detail", args=[row.report.number])
    )

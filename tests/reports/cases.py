"""Reports for tests: drawn from what there is, without their PDF."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from organization.models import Department
from reports.domain.period import parse
from reports.domain.snapshot import Snapshot
from reports.models import Report, ReportRevision
from reports.models.report import digest_of
from reports.queries import drawing
from reports.services import number_of
from servicecenter import trail
from servicecenter.clock import now_db


def report(code: str = "RPT-07", period: str = "2026-10", department: Department | None = None) -> Report:
    """The row of a report, without a revision."""
    about = parse(period)
    found, _made = Report.objects.get_or_create(
        number=number_of(code, about, department),
        defaults={
            "code": code,
            "period_kind": about.kind,
            "start": about.start,
            "end": about.end,
            "department": department,
        },
    )
    return found


def issued(
    code: str = "RPT-07",
    period: str = "2026-10",
    department: Department | None = None,
    *,
    by: Any | None = None,
    now: datetime | None = None,
) -> ReportRevision:
    """The next revision of a report, drawn as the period was closed."""
    row = report(code, period, department)
    now = now or now_db()
    basis, as_of = drawing.basis_of("closing", code=code, period=row.period, now=now)
    snapshot = drawing.draw(drawing.Order(code, row.period, department, basis, as_of), drawn_at=now).as_json()
    made = ReportRevision.objects.create(
        report=row,
        ordinal=row.revisions.count() + 1,
        basis=basis,
        as_of=as_of,
        snapshot=snapshot,
        sha256=digest_of(snapshot),
        trail_digest=trail.newest_digest(),
        drawn_at=now,
        drawn_by=by,
    )
    made.refresh_from_db()
    return made


def issued_sample(snapshot: Snapshot, *, by: Any | None = None) -> ReportRevision:
    """The next revision of a report with these very figures."""
    row = report(snapshot.code, f"{snapshot.start:%Y-%m}")
    plain = snapshot.as_json()
    made = ReportRevision.objects.create(
        report=row,
        ordinal=row.revisions.count() + 1,
        basis=snapshot.basis,
        as_of=snapshot.as_of,
        snapshot=plain,
        sha256=digest_of(plain),
        trail_digest=trail.newest_digest(),
        drawn_at=snapshot.drawn_at,
        drawn_by=by,
    )
    made.refresh_from_db()
    return made

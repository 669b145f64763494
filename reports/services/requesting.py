"""Asking for a report: by a person, or by the clock at the start of the next period (RPT-25)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min, Q

from claims.models import Claim
from complaints.models import Complaint
from organization.models import Department
from reports.choices import OPEN_RUNS, PERIODS, Basis, ReportCode, RunState, RunStep
from reports.domain.period import Period, period_of
from reports.models import Report, ReportRevision, ReportRun
from reports.permissions import can_make
from reports.queries import drawing
from servicecenter import context, trail
from servicecenter.celery import app
from servicecenter.clock import business_date, centre_zone, now_db
from servicecenter.kernel.errors import RuleBroken

log = logging.getLogger("reports")
MAKE = "reports.tasks.make_report"
# A worker is told of a waiting run again after so long: the message may be lost with its broker.
REMIND_SECONDS = 60
MAKES_ITSELF = frozenset({"command", "demo"})
# So many ended periods of each kind are made up for after a standstill.
CATCH_UP = 3


@transaction.atomic
def request_report(
    *,
    code: str,
    period: Period,
    department: Department | None = None,
    by: Any | None,
    again: bool = False,
    basis: str = Basis.CLOSING,
    at: datetime | None = None,
) -> ReportRun:
    """Have a report made; the run that is under way, if there is one. Never twice for a period by accident (RPT-25).

    `again` asks for the next revision of one that has been made. `basis` NOW takes in what was recorded since the
    period was closed; a period not yet closed is drawn as of now. Raises RuleBroken `report.unknown`,
    `report.period_kind`, `report.not_begun`, `report.exists`, `lifecycle.no_right`.
    """
    if code not in ReportCode.values:
        raise RuleBroken("report.unknown", field="code", status=400, report=code[:20])
    if period.kind not in PERIODS[code]:
        raise RuleBroken("report.period_kind", field="period", status=400, report_code=code)
    if not can_make(by, code, department):
        raise RuleBroken("lifecycle.no_right", status=403)
    report = _report(code, period, department)
    at = at or now_db()
    if period.since(centre_zone()) > at:
        raise RuleBroken("report.not_begun", field="period", status=400, period=str(period))
    under_way = report.runs.filter(state__in=OPEN_RUNS).first()
    if under_way is not None:
        return under_way
    basis, as_of = drawing.basis_of(basis, code=code, period=period, now=at)
    if not again and stands(report, at):
        raise RuleBroken("report.exists", field="period", number=report.number)
    run = ReportRun.objects.create(
        report=report,
        basis=basis,
        as_of=as_of,
        languages=[drawing.schedule(code, at).language],
        next_at=at + timedelta(seconds=REMIND_SECONDS),
        requested_at=at,
        requested_by=by,
    )
    trail.record(report, "report.requested", by=by, at=at, number=report.number, report_basis=basis)
    _tell_worker(run)
    return run


@transaction.atomic
def retry_report(*, run: ReportRun, by: Any | None, at: datetime | None = None) -> ReportRun:
    """Try a failed making again, with the same moment of the records. Raises RuleBroken `report.not_failed`."""
    Report.objects.select_for_update().get(pk=run.report_id)
    row = (
        ReportRun.objects.select_for_update(of=("self",)).select_related("report__department").get(pk=run.pk)
    )
    if not can_make(by, row.report.code, row.report.department):
        raise RuleBroken("lifecycle.no_right", status=403)
    if row.state != RunState.FAILED or row.report.runs.filter(state__in=OPEN_RUNS).exists():
        raise RuleBroken("report.not_failed")
    at = at or now_db()
    row.state, row.step, row.done, row.attempt = RunState.WAITING, RunStep.WAIT, 0, 0
    row.problem, row.problem_params, row.finished_at, row.lease_until = "", {}, None, None
    row.next_at = at + timedelta(seconds=REMIND_SECONDS)
    row.save()
    trail.record(
        row.report, "report.requested", by=by, at=at, number=row.report.number, report_basis=row.basis
    )
    _tell_worker(row)
    return row


def stands(report: Report, at: datetime) -> bool:
    """Whether the report has been made: of a closed period, by a revision that knew all of it."""
    closes = drawing.closing(report.code, report.period, at)
    known = Q() if at < closes else Q(as_of__gte=closes)
    return ReportRevision.objects.filter(known, report=report).exists()


def number_of(code: str, period: Period, department: Department | None) -> str:
    """`RPT-07-2026-10`, with a department's code behind it where it is about one."""
    return "-".join(part for part in (code, str(period), department.code if department else "") if part)


def _report(code: str, period: Period, department: Department | None) -> Report:
    """The one row of the period and scope, made if it is not there, and locked."""
    number = number_of(code, period, department)
    Report.objects.bulk_create(
        [
            Report(
                number=number,
                code=code,
                period_kind=period.kind,
                start=period.start,
                end=period.end,
                department=department,
            )
        ],
        ignore_conflicts=True,
    )
    return Report.objects.select_for_update(of=("self",)).select_related("department").get(number=number)


def _tell_worker(run: ReportRun) -> None:
    """Once it is saved; command line and demonstration make it themselves."""
    if context.current().via in MAKES_ITSELF:
        return
    public_id = run.public_id
    transaction.on_commit(lambda: wake(public_id), robust=True)


def wake(public_id: str) -> None:
    """Tell the worker; without a broker the clock tells again later."""
    try:
        app.send_task(MAKE, args=[public_id])
    except Exception as problem:  # the run waits in the database: the message is a wake-up only (D5)
        log.warning("the worker could not be told of run %s: %s", public_id, type(problem).__name__)


# The clock's part ------------------------------------------------------------------------------------------------


def make_due(*, at: datetime | None = None) -> int:
    """Ask for every periodic report whose period is closed and which was never asked for (RPT-25).

    Run it three times or three at once: each is asked for once. After a standstill the last three periods are made up
    for. Periods before the first record are left out. Returns how many were asked for.
    """
    at = at or now_db()
    first = _first_day()
    if first is None:
        return 0
    asked = 0
    for code, kinds in PERIODS.items():
        for kind in kinds:
            for period in _ended(kind, at):
                if period.end >= first and drawing.closing(code, period, at) <= at:
                    asked += _ask_once(code, period, at)
    return asked


def remind(*, at: datetime | None = None) -> int:
    """Tell the worker again of runs that wait, or whose worker is gone (fault 8). Returns how many."""
    at = at or now_db()
    with transaction.atomic():
        waiting = list(
            ReportRun.objects.select_for_update(skip_locked=True)
            .filter(Q(lease_until=None) | Q(lease_until__lt=at), state__in=OPEN_RUNS, next_at__lte=at)
            .order_by("next_at", "id")[:100]
        )
        for run in waiting:
            run.next_at = at + timedelta(seconds=REMIND_SECONDS)
        ReportRun.objects.bulk_update(waiting, ["next_at"])
    for run in waiting:
        wake(run.public_id)
    return len(waiting)


def _first_day() -> Any:
    days = [
        Complaint.objects.aggregate(first=Min("registered_on"))["first"],
        Claim.objects.aggregate(first=Min("reported_on"))["first"],
    ]
    return min((day for day in days if day), default=None)


def _ended(kind: str, at: datetime) -> list[Period]:
    """The last periods of that kind that are over, oldest first."""
    period = period_of(kind, business_date(at))
    ended = []
    for _n in range(CATCH_UP):
        period = period.previous
        ended.append(period)
    return ended[::-1]


def _ask_once(code: str, period: Period, at: datetime) -> int:
    known = ReportRun.objects.filter(report__number=number_of(code, period, None), basis=Basis.CLOSING)
    if known.exists():
        return 0
    try:
        request_report(code=code, period=period, by=None, at=at)
    except RuleBroken as problem:
        if problem.code != "report.exists":
            raise
        return 0
    return 1

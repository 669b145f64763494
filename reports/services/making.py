"""The making of a report: figures, revision, PDF, delivery; once, however often the worker is killed (faults 6, 8).

A worker claims a run for a minute and renews that while it lives. One that is killed leaves the claim to run out; the
next goes on where the database stands: a revision that was kept is not drawn again, a PDF that is stored is not stored
again. `attempt` tells them apart: a slow one that wakes up again writes nothing any more.
"""

from __future__ import annotations

import errno
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, OperationalError, connection, transaction

from reports.choices import RunState, RunStep
from reports.models import Report, ReportRevision, ReportRun
from reports.models.report import digest_of
from reports.queries import drawing
from reports.queries.reports import readers
from reports.services.papers import keep_paper
from servicecenter import notices, ports, trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Notice
from servicecenter.retry import sqlstate

log = logging.getLogger("reports")
LEASE_SECONDS = 60
RENEW_SECONDS = 15
FIGURES_AND_REVISION = 2
# The pause before the next try: 10, 20, 40 … seconds.
FIRST_PAUSE_SECONDS = 10
QUERY_CANCELED = "57014"

_CLAIM = """
UPDATE reports_reportrun
SET state = 'working', attempt = attempt + 1, lease_until = clock_timestamp() + %s * interval '1 second'
WHERE public_id = %s AND state IN ('waiting', 'working')
  AND (lease_until IS NULL OR lease_until < clock_timestamp())
RETURNING id
"""
_RENEW = """
UPDATE reports_reportrun SET lease_until = clock_timestamp() + %s * interval '1 second'
WHERE id = %s AND attempt = %s AND state = 'working'
"""


class Superseded(Exception):
    """Another worker has taken the run over: this one stops and writes nothing."""


def make(public_id: str, *, told: Callable[[ReportRun], None] = lambda run: None) -> ReportRun | None:
    """Make the report of a run; None when it is not this worker's to make (made, given up, or another has it).

    `told` is called after every step. What fails is tried again as often as the policy says, then reported to whoever
    asked and to the administrators.
    """
    run = _claimed(public_id)
    if run is None:
        return None
    work = _Work(run, told)
    if run.attempt > drawing.schedule(run.report.code, now_db()).tries:
        # nobody has ever come back from it: the workers died
        _failed(run, RuleBroken("report.killed"))
        run.refresh_from_db()
        return run
    try:
        with _kept_alive(run):
            work.all()
    except Superseded:
        log.warning("run %s was taken over by another worker", public_id)
        return None
    except Exception as problem:
        log.exception("run %s failed, try %s", public_id, run.attempt)
        _failed(run, problem)
    run.refresh_from_db()
    return run


def _claimed(public_id: str) -> ReportRun | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [LEASE_SECONDS, public_id])
        found = cursor.fetchone()
    if found is None:
        return None
    return ReportRun.objects.select_related(
        "report__department", "revision__report__department", "requested_by__employee"
    ).get(pk=found[0])


@contextmanager
def _kept_alive(run: ReportRun) -> Iterator[None]:
    """Renew the claim while the work goes on, from a thread with a connection of its own."""
    over = threading.Event()

    def renew() -> None:
        try:
            while not over.wait(RENEW_SECONDS):
                try:
                    with connection.cursor() as cursor:
                        cursor.execute(_RENEW, [LEASE_SECONDS, run.pk, run.attempt])
                except OperationalError:
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"report-{run.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(5)


class _Work:
    """One attempt at a run."""

    def __init__(self, run: ReportRun, told: Callable[[ReportRun], None]) -> None:
        self.run = run
        self.told = told
        # the figures, the revision, each language, the delivery
        self.total = FIGURES_AND_REVISION + len(run.languages) + 1
        self.done = 0

    def all(self) -> None:
        """Every step that is not done yet."""
        self.step(RunStep.FIGURES, done=0)
        revision = self.run.revision or self._revision()
        self.step(RunStep.PDF, done=FIGURES_AND_REVISION)
        for language in self.run.languages:
            keep_paper(revision=revision, language=language, by=self.run.requested_by)
            self.step(RunStep.PDF, done=self.done + 1)
        self.step(RunStep.DELIVER)
        self._deliver(revision)
        self.run.refresh_from_db()
        self.told(self.run)

    def step(self, step: RunStep, *, done: int | None = None) -> None:
        """Write down how far it is, in a transaction of its own, so that the page sees it."""
        self.done = self.done if done is None else done
        mine = ReportRun.objects.filter(
            pk=self.run.pk, attempt=self.run.attempt, state=RunState.WORKING
        ).update(step=step, done=self.done, total=self.total)
        if not mine:
            raise Superseded
        self.run.step, self.run.done, self.run.total = step, self.done, self.total
        self.told(self.run)

    def _revision(self) -> ReportRevision:
        run, report = self.run, self.run.report
        assert run.as_of is not None
        order = drawing.Order(report.code, report.period, report.department, run.basis, run.as_of)
        snapshot = drawing.draw(order, drawn_at=now_db()).as_json()
        self.step(RunStep.KEEP, done=1)
        with transaction.atomic():
            self._mine()
            Report.objects.select_for_update().get(pk=report.pk)
            last = report.revisions.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
            made = ReportRevision.objects.create(
                report=report,
                ordinal=last + 1,
                basis=run.basis,
                as_of=run.as_of,
                snapshot=snapshot,
                sha256=digest_of(snapshot),
                trail_digest=trail.newest_digest(),
                drawn_at=snapshot["drawn_at"],
                drawn_by=run.requested_by,
            )
            ReportRun.objects.filter(pk=run.pk).update(revision=made)
            trail.record(
                report,
                "report.drawn",
                by=run.requested_by,
                at=now_db(),
                number=made.number,
                sha256=made.sha256,
            )
        made.refresh_from_db(fields=["drawn_at"])
        run.revision = made
        return made

    def _deliver(self, revision: ReportRevision) -> None:
        """Done, and its readers told, in one transaction."""
        run, report = self.run, self.run.report
        with transaction.atomic():
            self._mine()
            at = now_db()
            ReportRun.objects.filter(pk=run.pk).update(
                state=RunState.DONE,
                step=RunStep.DONE,
                done=self.total,
                total=self.total,
                lease_until=None,
                next_at=None,
                finished_at=at,
            )
            people = readers(report, at)
            if run.requested_by is not None:
                people.append(run.requested_by)
            if people:
                notices.tell(
                    people,
                    "report.ready" if revision.ordinal == 1 else "report.ready_again",
                    about=report,
                    at=at,
                    key=revision.number,
                    report_code=report.code,
                    period=str(report.period),
                    ordinal=revision.ordinal,
                )

    def _mine(self) -> None:
        """Hold the run's row; refuse when another worker has it."""
        row = ReportRun.objects.select_for_update().get(pk=self.run.pk)
        if row.attempt != self.run.attempt or row.state != RunState.WORKING:
            raise Superseded


def _failed(run: ReportRun, problem: Exception) -> None:
    """Note a failed try: the next one after a pause, or the end and whom to tell (RPT-25)."""
    code, params = _problem(problem)
    with transaction.atomic():
        row = ReportRun.objects.select_for_update().get(pk=run.pk)
        if row.attempt != run.attempt or row.state != RunState.WORKING:
            return
        at = now_db()
        tries = drawing.schedule(run.report.code, at).tries
        pause = FIRST_PAUSE_SECONDS * 2 ** (run.attempt - 1)
        if run.attempt < tries:
            row.state, row.step, row.lease_until = RunState.WAITING, RunStep.WAIT, None
            row.next_at = at + timedelta(seconds=pause)
            row.problem, row.problem_params = code, params
            row.save(update_fields=["state", "step", "lease_until", "next_at", "problem", "problem_params"])
            return
        row.state, row.finished_at, row.lease_until, row.next_at = RunState.FAILED, at, None, None
        row.problem, row.problem_params = code, params
        row.save(
            update_fields=["state", "finished_at", "lease_until", "next_at", "problem", "problem_params"]
        )
        report = run.report
        trail.record(report, "report.failed", by=None, at=at, number=report.number, tries=run.attempt)
        people = list(ports.administrators())
        if run.requested_by is not None:
            people.append(run.requested_by)
        notices.tell(
            people,
            "report.failed",
            about=report,
            at=at,
            level=Notice.Level.WARNING,
            key=f"{run.public_id}:{run.attempt}",
            report_code=report.code,
            period=str(report.period),
            report_problem=code,
        )


def _problem(problem: Exception) -> tuple[str, dict[str, Any]]:
    """Why, as a code that `wording` words; never the text of an error, which may hold data."""
    if isinstance(problem, RuleBroken):
        return problem.code, trail.plain(problem.params)
    if isinstance(problem, SoftTimeLimitExceeded) or (
        isinstance(problem, DatabaseError) and sqlstate(problem) == QUERY_CANCELED
    ):
        return "report.too_slow", {}
    if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
        return "report.disk_full", {}
    if isinstance(problem, OperationalError):
        return "report.database", {}
    return "report.unexpected", {"kind": type(problem).__name__}

"""`manage.py make_report CODE PERIOD`: make a report here and now, and write it to files (chapter 06)."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from organization.models import Department, User
from reports import services
from reports.choices import PERIODS, Basis, Language, ReportCode, RunState
from reports.domain.period import parse
from reports.models import Report, ReportRevision, ReportRun
from reports.permissions import can_read
from reports.queries import latest
from servicecenter import context, pdf
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text

WAIT_SECONDS = 600


class Command(BaseCommand):
    """Makes a report once; with --again the next revision of one that has been made."""

    help = "Make a report of chapter 06: RPT-07 2026-10, RPT-01 2026-W43, RPT-03 2026-Q3, RPT-03 2026."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Report, period, where to write it."""
        parser.add_argument("code", help=", ".join(ReportCode.values))
        parser.add_argument("period", help="2026-10, 2026-W43, 2026-Q3 or 2026")
        parser.add_argument("--pdf", type=Path, metavar="FILE", help="write the PDF there")
        parser.add_argument("--xlsx", type=Path, metavar="FILE", help="write the spreadsheet there")
        parser.add_argument(
            "--lang", default="zh-hans", type=str.lower, choices=Language.values, help="language of both"
        )
        parser.add_argument("--department", metavar="CODE", help="of a department, not of the whole company")
        parser.add_argument("--again", action="store_true", help="make it again, as the next revision")
        parser.add_argument(
            "--now", action="store_true", help="with what was recorded since the period was closed"
        )
        parser.add_argument(
            "--by", metavar="WORK_NUMBER", help="who has it made; the system if nobody is named"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or take the one that stands, and write the files."""
        with context.acting("command"), translation.override(options["lang"]):
            try:
                revision = self.revision(options)
                self.stdout.write(
                    _("%(number)s, records as of %(as_of)s, SHA-256 %(sha256)s")
                    % {
                        "number": revision.number,
                        "as_of": revision.as_of.isoformat(timespec="seconds"),
                        "sha256": revision.sha256,
                    }
                )
                self.write_files(revision, options)
            except RuleBroken as problem:
                raise CommandError(rule_text(problem)) from problem

    def revision(self, options: dict[str, Any]) -> ReportRevision:
        """The revision wanted: made now, or the newest one where the report stands already."""
        code, period = options["code"].upper(), parse(options["period"])
        department, by = self.department(options["department"]), self.user(options["by"])
        if code in PERIODS and not can_read(by, code, department):
            raise RuleBroken("lifecycle.no_right")
        try:
            run = services.request_report(
                code=code,
                period=period,
                department=department,
                by=by,
                again=options["again"] or options["now"],
                basis=Basis.NOW if options["now"] else Basis.CLOSING,
            )
        except RuleBroken as problem:
            if problem.code != "report.exists":
                raise
            self.stderr.write(rule_text(problem))
            found = latest(Report.objects.get(number=problem.params["number"]))
            assert found is not None
            return found
        run = self.made(run)
        if run.state == RunState.FAILED or run.revision is None:
            raise CommandError(rule_text(run.problem or "report.unexpected", **run.problem_params))
        return run.revision

    def made(self, run: ReportRun) -> ReportRun:
        """Make it in this process, or wait for the worker that has it."""
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            done = services.make(run.public_id, told=self.told)
            if done is not None and done.state == RunState.WAITING:
                # a failed try: the next one would come after a pause, here it is told at once
                raise CommandError(rule_text(done.problem, **done.problem_params))
            run = ReportRun.objects.select_related("revision__report__department").get(pk=run.pk)
            if not run.is_open:
                return run
            self.told(run)
            time.sleep(0.5)
        raise CommandError(_("The worker that makes it has not come to an end."))

    def told(self, run: ReportRun) -> None:
        """The step, and how many are done."""
        line = f"{run.done}/{run.total} {run.get_step_display()}"
        if sys.stderr.isatty():
            filled = 30 * run.done // run.total
            ending = "" if run.is_open else "\n"
            self.stderr.write(f"\r\x1b[K{'█' * filled}{'·' * (30 - filled)} {line}", ending=ending)
        else:
            self.stderr.write(line)

    def write_files(self, revision: ReportRevision, options: dict[str, Any]) -> None:
        """PDF and spreadsheet, each written whole or not at all."""
        by = self.user(options["by"])
        if options["pdf"]:
            paper = services.keep_paper(revision=revision, language=options["lang"], by=by)
            self.write(options["pdf"], pdf.read(paper))
        if options["xlsx"]:
            export = services.export_report(revision=revision, by=by)
            with export.file as file:
                self.write(options["xlsx"], file.read())

    def write(self, path: Path, content: bytes) -> None:
        """Through a neighbour, so that nobody reads half a file."""
        beside = path.with_name(f".{path.name}.part")
        try:
            beside.write_bytes(content)
            beside.replace(path)
        except OSError as problem:
            beside.unlink(missing_ok=True)
            raise CommandError(f"{path}: {problem.strerror}") from problem
        self.stdout.write(f"{path} ({len(content):,} B)")

    def department(self, code: str | None) -> Department | None:
        """The department of the report; None is the whole company."""
        if code is None:
            return None
        found = Department.objects.filter(code=code).first()
        if found is None:
            raise CommandError(_("There is no department %(code)s.") % {"code": code})
        return found

    def user(self, number: str | None) -> User | None:
        """Who has it made; None is the system."""
        if number is None:
            return None
        found = User.objects.filter(work_number=number).first()
        if found is None:
            raise CommandError(_("There is nobody with the work number %(number)s.") % {"number": number})
        return found

"""`manage.py import_waybills FILE`: waybill facts and events from CSV or XLSX (chapter 08)."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from customers.domain.import_rows import HEADINGS
from customers.services import import_waybills
from organization.models import User
from servicecenter import context, spreadsheet
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.rows import Problem
from servicecenter.wording import rule_text

BAR = 40


class Command(BaseCommand):
    """Loads all of the file or nothing; a second run of the same file changes nothing."""

    help = (
        "Load waybills and their events from a CSV or XLSX file. Every wrong row is named and then nothing is "
        "loaded. Columns are known by their headings; fields: " + ", ".join(HEADINGS) + "."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, --dry-run, --map, --by."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be loaded")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="which field a column is, where its heading does not say it; may be given several times",
        )
        parser.add_argument("--by", metavar="WORK_NUMBER", default="", help="who loads it, for the trail")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check, load, and print the counts."""
        given = dict(self._pair(text) for text in options["map"])
        by = self._user(options["by"])
        try:
            with context.acting("import"):
                found = import_waybills(
                    rows=spreadsheet.rows(options["file"]),
                    columns=given,
                    dry_run=options["dry_run"],
                    progress=self._progress,
                    by=by,
                )
        except RuleBroken as problem:
            raise CommandError(rule_text(problem)) from problem
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror or problem}") from problem
        for column in found.ignored_columns:
            self.stdout.write(_("column ignored: %(column)s") % {"column": column})
        if found.problems:
            for wrong in found.problems:
                self.stderr.write(self._line(wrong))
            lines = len({wrong.line for wrong in found.problems})
            raise CommandError(rule_text("import.failed", count=lines))
        for label, count in (
            (_("new waybills"), found.created),
            (_("stubs completed"), found.completed),
            (_("changed waybills"), found.changed),
            (_("unchanged waybills"), found.unchanged),
            (_("new events"), found.events),
        ):
            self.stdout.write(f"{count:>8}  {label}")
        if options["dry_run"]:
            self.stdout.write(_("Dry run: nothing was loaded."))

    def _pair(self, text: str) -> tuple[str, str]:
        column, sign, field = text.partition("=")
        if not sign or not column.strip() or not field.strip():
            raise CommandError(f"--map {text}: COLUMN=FIELD is needed")
        return column.strip(), field.strip()

    def _user(self, work_number: str) -> User | None:
        if not work_number:
            return None
        try:
            return User.objects.get_by_natural_key(work_number)
        except User.DoesNotExist as unknown:
            raise CommandError(f"--by {work_number}: there is no such user") from unknown

    def _line(self, wrong: Problem) -> str:
        return _("Line %(line)s, %(column)s: %(text)s") % {
            "line": wrong.line,
            "column": wrong.column,
            "text": rule_text(wrong.code, **wrong.params),
        }

    def _progress(self, done: int, of: int) -> None:
        """A bar that is true: what is written, of what will be; on terminals only."""
        if sys.stderr.isatty():
            filled = BAR * done // max(of, 1)
            end = "\n" if done >= of else ""
            self.stderr.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{of}", ending=end)

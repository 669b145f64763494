"""`manage.py import_contacts FILE`: contacts from CSV or XLSX, as history or as intake (CMP-01)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from complaints.models import Category
from complaints.services import imports
from organization.models import User
from servicecenter import context
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.wording import messages_of, rule_text

SHOWN_PROBLEMS = 200


class Command(BaseCommand):
    """Imports contacts; names every bad row at once and then loads nothing."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="mode", choices=["history", "intake"], default="history")
        parser.add_argument(
            "--map", action="append", default=[], metavar="TARGET=COLUMN", help="where a value stands"
        )
        parser.add_argument("--limit", type=int, help="at most so many rows not known yet")
        parser.add_argument("--by", metavar="WORK_NUMBER", help="who imports (needed for --as intake)")
        parser.add_argument(
            "--dry-run", action="store_true", help="check the file and say what would be loaded"
        )
        parser.add_argument("--language", default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]), context.acting("import"):
            self.work(options)

    def work(self, options: dict[str, Any]) -> None:
        """Plan, report, load."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("%(path)s is not a file.") % {"path": path})
        by = self.importer(options)
        try:
            mapping = dict(pair.split("=", 1) for pair in options["map"])
            plan = imports.plan(path, mapping=mapping, as_intake=options["mode"] == "intake")
        except RuleBroken as problem:
            raise CommandError(rule_text(problem)) from problem
        except ValueError as problem:
            raise CommandError(_("--map needs TARGET=COLUMN.")) from problem
        if plan.problems:
            for wrong in plan.problems[:SHOWN_PROBLEMS]:
                text = rule_text(wrong.code, **wrong.params)
                self.stderr.write(_("line %(line)s: %(problem)s") % {"line": wrong.line, "problem": text})
            raise CommandError(
                _("%(count)s rows are wrong; nothing was loaded.")
                % {"count": len({p.line for p in plan.problems})}
            )
        if options["limit"] is not None:
            plan = imports.Plan(plan.rows[: options["limit"]], [], plan.known, plan.total)
        if options["dry_run"]:
            self.stdout.write(
                _("%(new)s rows would be loaded, %(known)s are known already.")
                % {"new": len(plan.rows), "known": plan.known}
            )
            return
        load = imports.load_history if options["mode"] == "history" else imports.load_intake
        try:
            loaded = load(plan, by=by, progress=self.progress)
        except imports.ImportStopped as stopped:
            raise CommandError(self.stopped(stopped, len(plan.rows))) from stopped
        except (RuleBroken, DatabaseError) as problem:
            raise CommandError(
                _("Nothing was loaded: %(problem)s") % {"problem": self.why(problem)}
            ) from problem
        if sys.stderr.isatty() and loaded.added:
            self.stderr.write("")
        names = {category.code: str(category) for category in Category.objects.all()}
        for code, count in loaded.by_category.most_common():
            self.stdout.write(f"{count:7}  {names.get(code, code)}")
        self.stdout.write(
            _("%(added)s rows loaded, %(known)s known before.")
            % {"added": loaded.added, "known": loaded.known}
        )

    def stopped(self, stopped: imports.ImportStopped, total: int) -> str:
        """Which row was refused and why, what is loaded, and how to go on."""
        return _(
            "line %(line)s: %(problem)s\n%(added)s of %(total)s rows are loaded and stay. Run the same command again "
            "when this is put right: it goes on with the rows that are missing."
        ) % {
            "line": stopped.line,
            "problem": self.why(stopped.why),
            "added": stopped.loaded.added,
            "total": total,
        }

    def why(self, problem: RuleBroken | RulesBroken | DatabaseError) -> str:
        """What is wrong, in words."""
        if isinstance(problem, DatabaseError):
            return str(problem).strip()
        return " ".join(text for _field, text in messages_of(problem))

    def importer(self, options: dict[str, Any]) -> User | None:
        """Who imports; a real intake needs somebody who owns the tickets (CMP-07)."""
        if options["by"]:
            user = User.objects.filter(work_number=options["by"]).first()
            if user is None or not user.has_right("complaints.import_contacts"):
                raise CommandError(_("%(number)s may not import contacts.") % {"number": options["by"]})
            return user
        if options["mode"] == "intake":
            raise CommandError(_("--as intake needs --by WORK_NUMBER: somebody must own the tickets."))
        return None

    def progress(self, done: int, of: int) -> None:
        """A true bar on a terminal; a line each thousand rows elsewhere."""
        if sys.stderr.isatty():
            width = 40
            filled = width * done // max(of, 1)
            self.stderr.write(f"\r{'█' * filled}{'·' * (width - filled)} {done}/{of}", ending="")
            self.stderr.flush()
        elif done % 1000 == 0 or done == of:
            self.stderr.write(f"{done}/{of}")

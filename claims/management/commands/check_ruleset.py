"""`manage.py check_ruleset [VERSION]`: what contradicts in a version of the liability rules, what it leaves open."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.domain.ruleset import BadRuleSet
from claims.queries.rulesets import Report, report_of, ruleset_named
from servicecenter import wording
from servicecenter.kernel.errors import RuleBroken


class Command(BaseCommand):
    """Check a version: overlaps (blocking), golden cases (blocking), gaps by pattern with an example each, and how many
    situations it decides differently than the version before (LR-32). Exit code 1 when something blocks."""

    help = "Overlaps and gaps of a version of the liability rules; today's unless named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ruleset", nargs="?", default="", metavar="VERSION")
        parser.add_argument("--json", action="store_true", help="the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = report_of(ruleset_named(options["ruleset"]))
        except RuleBroken as problem:
            raise CommandError(str(wording.rule_text(problem))) from problem
        except BadRuleSet as problem:
            raise CommandError(f"cannot be loaded: {problem}") from problem
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report) | {"is_sound": report.is_sound}, ensure_ascii=False))
        else:
            self._print(report)
        if not report.is_sound:
            raise CommandError("this version cannot be published")

    def _print(self, report: Report) -> None:
        self.stdout.write(f"rule set {report.code}")
        for overlap in report.overlaps:
            self.stdout.write(f"overlap  {overlap.first} and {overlap.second}: {_facts(overlap.example)}")
        if not report.overlaps:
            self.stdout.write(
                "overlaps none: no two rows of one tier and priority hold together with different shares"
            )
        for broken in report.broken_cases:
            self.stdout.write(f"case     {broken}")
        if not report.broken_cases:
            self.stdout.write("cases    all golden cases are decided as they must be")
        for gap in report.gaps:
            name = gap.outcome if gap.code == gap.outcome else f"{gap.outcome} {gap.code}"
            self.stdout.write(f"gap      {name}: {gap.count} situations, such as {_facts(gap.example)}")
        if report.changes is not None:
            self.stdout.write(
                f"changes  {report.changes} situations are decided differently than by {report.former}"
            )


def _facts(example: Any) -> str:
    return ", ".join(f"{name}={value}" for name, value in example.items() if value not in ("no", []))

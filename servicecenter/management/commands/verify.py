"""`manage.py verify`: do the invariants of docs/faults.md hold? Exit code 1 when one does not."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from servicecenter import heartbeat, invariants

# What the clock keeps: while it stands still these are broken, and nothing is damaged.
KEPT_BY_THE_CLOCK = {"I1", "I9", "I10"}
CLOCK_STANDS_SECONDS = 60


class Command(BaseCommand):
    """Check every invariant, each in a read-only snapshot."""

    help = "Checks the invariants (I1 … I12). Exit code 1 when one is violated."

    def add_arguments(self, parser: CommandParser) -> None:
        """--json for machines."""
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each result as it comes; exit 1 on any violation."""
        results = []
        for result in invariants.verify():
            results.append(result)
            if not options["json"]:
                self._show(result)
        broken = [result for result in results if result.count]
        if options["json"]:
            found = {"holds": not broken, "checks": [result.as_json() for result in results]}
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            total = sum(result.count for result in broken)
            end = f"{len(results)} invariants, {total} violations"
            self.stdout.write(self.style.ERROR(end) if broken else self.style.SUCCESS(end))
            if KEPT_BY_THE_CLOCK & {result.code for result in broken}:
                self._show_clock()
        if broken:
            sys.exit(1)

    def _show_clock(self) -> None:
        sweep = heartbeat.signs().get("sweep")
        if sweep is None or sweep.age > CLOCK_STANDS_SECONDS:
            since = f"for {round(sweep.age)} s" if sweep else "at all yet"
            self.stdout.write(
                f"The clock has not swept {since}: start `manage.py run_clock`, then verify again."
            )

    def _show(self, result: invariants.Result) -> None:
        mark = self.style.ERROR("violated") if result.count else self.style.SUCCESS("holds")
        self.stdout.write(f"{result.code:<4} {mark}  {result.sentence}")
        for violation in result.violations:
            self.stdout.write(f"       {violation.subject}: {violation.problem}")
        if result.count > len(result.violations):
            self.stdout.write(f"       … {result.count - len(result.violations)} more")

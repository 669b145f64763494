"""`manage.py doctor`: is this installation sound? Green or red, each red with its remedy; exit code 1 on any red."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from servicecenter import doctor


class Command(BaseCommand):
    """Examine the installation."""

    help = "Examines the installation: database, Redis, clock, fonts, keys … Exit code 1 when something is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """--json for machines."""
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding as it comes."""
        findings = []
        for finding in doctor.examine():
            findings.append(finding)
            if not options["json"]:
                self._show(finding)
        good = all(finding.good for finding in findings)
        if options["json"]:
            found = {"sound": good, "findings": [asdict(finding) for finding in findings]}
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2, default=str))
        if not good:
            sys.exit(1)

    def _show(self, finding: doctor.Finding) -> None:
        mark = self.style.SUCCESS("ok ") if finding.good else self.style.ERROR("BAD")
        self.stdout.write(f"{mark} {finding.name}: {finding.text}")
        if not finding.good:
            self.stdout.write(f"    → {finding.remedy}")

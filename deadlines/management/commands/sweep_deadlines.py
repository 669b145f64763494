"""One sweep by hand: `manage.py sweep_deadlines`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from deadlines import services
from servicecenter import context


class Command(BaseCommand):
    """Does every deadline step that is due, says how many, and ends non-zero when a consequence failed."""

    help = "Do every deadline step that is due now, once."

    def handle(self, *args: Any, **options: Any) -> None:
        with context.acting("command"):
            done = services.sweep()
        self.stdout.write(f"{done.steps} steps of {done.clocks} clocks")
        if done.failed:
            self.stderr.write(f"{done.failed} clocks failed and stay due; the log says why")
            raise SystemExit(1)

"""`manage.py seed_demo`: the demonstration's company, customers and complaints, played through the real services.

Deterministic, with dates relative to now. Refuses production, and a database that is neither empty nor the demo's.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from servicecenter import clockwork, context
from servicecenter.clock import now_db

# What the clock would do first: steps that fell due while the last parts played, messages, seals.
SETTLING = ("sweep", "relay", "seal")


class Command(BaseCommand):
    """Plays the parts named in the settings, in their order."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("Demo data are refused in production."))
        users = get_user_model()._default_manager
        if users.exists() and not users.filter(is_demo=True).exists():
            raise CommandError(_("This database is not the demo's. Demo data go into an empty one alone."))
        at = now_db()
        with context.acting("demo"):
            for path in settings.DEMO_PARTS:
                began = time.monotonic()
                import_string(path)(at=at)
                self._took(path.split(".")[0], began)
        self._settle()

    def _settle(self) -> None:
        """Leave nothing late, unsent or unsealed: `verify` is clean before a clock has ever run (I1, I9, I10)."""
        began = time.monotonic()
        for job in clockwork.configured_jobs():
            if job.name in SETTLING:
                while getattr(job.do(), "more", False):
                    pass
        self._took("clock", began)

    def _took(self, part: str, began: float) -> None:
        self.stdout.write(f"{part:14} {time.monotonic() - began:5.1f} s")

"""`manage.py load_holidays YEAR …`: public holidays and make-up working days into the calendar."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from organization.services import load_holidays
from servicecenter.clock import business_date, now_db


class Command(BaseCommand):
    """Idempotent; days that were set by hand stay as they are (D18)."""

    help = (
        "Load public holidays and make-up working days; days set by hand stay (default: this and next year)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", nargs="*", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        this = business_date(now_db()).year
        for year in options["year"] or [this, this + 1]:
            if not 2000 <= year <= 2100:
                raise CommandError(f"{year}: years from 2000 to 2100")
            counts = load_holidays(year)
            told = ", ".join(f"{count} {name}" for name, count in counts.items())
            self.stdout.write(f"{year}: {told}")

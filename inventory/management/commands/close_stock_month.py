"""`manage.py close_stock_month MONTH`: close a month of the stock, or open the latest closed one again (LED-08)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from inventory import services
from servicecenter import context
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.months import read_month
from servicecenter.wording import rule_text


class Command(BaseCommand):
    """Closes with a snapshot of what lay where; refused while documents wait or goods are too long in transit."""

    help = "Closes a month of the stock (2026-10), or with --reopen opens the latest closed one again."

    def add_arguments(self, parser: CommandParser) -> None:
        """MONTH, --by, --reopen, --reason."""
        parser.add_argument("month", metavar="MONTH", help="year and month: 2026-10")
        parser.add_argument(
            "--by", required=True, metavar="USER", help="work number of who closes; asked for the right"
        )
        parser.add_argument("--reopen", action="store_true", help="open it again")
        parser.add_argument("--reason", default="", help="why it is opened again")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line about the month; what stands in the way is named."""
        users: Any = get_user_model()
        month = read_month(options["month"])
        if month is None:
            raise CommandError(f"{options['month']} is no month; write 2026-10")
        try:
            user = users.objects.get_by_natural_key(options["by"])
        except users.DoesNotExist as problem:
            raise CommandError(f"there is no user {options['by']}") from problem
        try:
            with context.acting("command"):
                if options["reopen"]:
                    period = services.reopen_period(month=month, reason=options["reason"], by=user)
                else:
                    period = services.close_period(month=month, by=user)
        except RuleBroken as problem:
            raise CommandError(rule_text(problem)) from problem
        held = period.balances.count()
        self.stdout.write(f"{period}: {period.get_state_display()}, {held} balances")

"""`manage.py make_token USER`: an API token for a user, shown this once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicecenter import context, tokens
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text


class Command(BaseCommand):
    """Make a token; print it to standard output and everything else to standard error."""

    help = "Makes an API token for a user (work number) and prints it. It is not stored and not shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        """USER, --name, --read-only, --days."""
        parser.add_argument("user", metavar="USER", help="work number")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--read-only", action="store_true", help="the token may only read")
        parser.add_argument("--days", type=int, default=tokens.USUAL_DAYS, help="valid for so many days")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the token alone, so that a script can take it."""
        users: Any = get_user_model()
        try:
            user = users.objects.get_by_natural_key(options["user"])
        except users.DoesNotExist as problem:
            raise CommandError(f"there is no user {options['user']}") from problem
        try:
            with context.acting("command"):
                token, plain = tokens.make(
                    user=user,
                    name=options["name"],
                    read_only=options["read_only"],
                    days=options["days"],
                    by=None,
                )
        except (RuleBroken, OverflowError) as problem:
            told = rule_text(problem) if isinstance(problem, RuleBroken) else str(problem)
            raise CommandError(told) from problem
        self.stderr.write(f"{user.name} ({user.work_number}), until {token.expires_at:%Y-%m-%d}")
        self.stdout.write(plain)

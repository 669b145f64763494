"""`manage.py demo_accounts`: who may log in to the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from organization.demo import PASSWORD, accounts


class Command(BaseCommand):
    """Prints one line a demo login: work number, name, role."""

    help = "Print the demo logins (demo mode only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            return
        users = accounts()
        if not users:
            return
        self.stdout.write(f"Demo logins (one click on the login page; the password of all is {PASSWORD}):")
        for user in users:
            named = []
            for assignment in user.employee.assignments.all():
                with translation.override("en"):
                    english = str(assignment.role)
                with translation.override("zh-hans"):
                    named.append(f"{assignment.role} ({english}), {assignment.department}")
            self.stdout.write(f"  {user.work_number}  {user.name}  {'; '.join(named)}")

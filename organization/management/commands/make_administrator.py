"""`manage.py make_administrator WORK_NUMBER NAME`: the first login of a fresh installation."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from organization import services
from organization.models import Department, Employee, Role, User
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text


class Command(BaseCommand):
    """Hires the person if need be, opens the login, assigns the role at the head office."""

    help = "Make an administrator. The password comes from ADMINISTRATOR_PASSWORD or is asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("work_number")
        parser.add_argument("name")
        parser.add_argument("--company", default="", help="name of the head office, when there is none yet")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("ADMINISTRATOR_PASSWORD") or getpass.getpass("Password: ")
        try:
            user = self._make(options, password)
        except RuleBroken as problem:
            raise CommandError(rule_text(problem)) from problem
        self.stdout.write(f"{user.work_number} {user.name} administers.")

    def _make(self, options: dict[str, Any], password: str) -> User:
        office = self._head_office(options["company"])
        number = options["work_number"]
        person = Employee.objects.filter(work_number__iexact=number).first()
        if person is None:
            person = services.hire(work_number=number, name=options["name"], department=office, by=None)
        user = User.objects.filter(employee=person).first()
        if user is None:
            user = services.open_login(employee=person, password=password, by=None)
        if not user.has_right("organization.administer"):
            services.assign_role(
                employee=person, role=Role.objects.get(code="administrator"), department=office, by=None
            )
        return user

    def _head_office(self, company: str) -> Department:
        office = Department.objects.filter(parent=None).first()
        if office is not None:
            return office
        if not company:
            raise CommandError("There is no head office yet: give its name with --company.")
        return services.add_department(
            code="head_office", names={"zh-Hans": company}, kind="head_office", parent=None, by=None
        )

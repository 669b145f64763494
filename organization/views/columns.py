"""Columns of the exported list of people: what the page shows (PRV-04)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from organization.models import Employee, User
from servicecenter.clock import business_date, now_db
from servicecenter.spreadsheet import Column


@dataclass(frozen=True)
class PersonLine:
    """A person with the login and the roles of today."""

    person: Employee
    login: User | None
    roles: list[str]


def batched(rows: Iterable[Employee], size: int) -> Iterator[list[Employee]]:
    """Rows in lists of at most so many."""
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk


def people_columns() -> list[Column]:
    """The list of people."""
    today = business_date(now_db())

    def login(line: PersonLine) -> str:
        if line.person.left_on is not None and line.person.left_on < today:
            return _("left")
        if line.login is None:
            return _("none")
        return _("usable") if line.login.is_active else _("locked")

    return [
        Column(_("Full name"), "person.name"),
        Column(_("Work number"), "person.work_number"),
        Column(_("Department"), "person.department.name", width=24),
        Column(_("Position"), "person.position"),
        Column(_("Roles today"), lambda line: _(", ").join(line.roles), width=40),
        Column(_("Login"), login),
    ]

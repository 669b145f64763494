"""Rights of the organization, and who may do what with whom (D7)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from organization.models import Department, Employee, User


class Right(StrEnum):
    """Rights of this app. Each is held for a department and what lies below it."""

    ADMINISTER = "organization.administer"
    MANAGE_PEOPLE = "organization.manage_people"
    VIEW_PEOPLE = "organization.view_people"
    PLAN_DUTY = "organization.plan_duty"
    EDIT_CALENDAR = "organization.edit_calendar"
    ANNOUNCE_INTERRUPTION = "organization.announce_interruption"
    CONSENT_POLICIES = "organization.consent_policies"


# Policies are edited by whoever holds this right of the deadlines app (its string, because imports go down only).
EDIT_POLICIES = "deadlines.edit_policies"


def me(request: Any) -> User:
    """Who asks, by page or API: behind a door that needs a right it is always somebody."""
    assert isinstance(request.user, User)
    return request.user


def can_administer(user: User) -> bool:
    """Departments, roles, logins, Django's admin."""
    return user.has_right(Right.ADMINISTER)


def can_manage(user: User, department: Department | None = None) -> bool:
    """Employees, their assignments, teams, logins — of that department, or of any."""
    return user.has_right(Right.MANAGE_PEOPLE, department)


def can_plan_duty(user: User, department: Department | None = None) -> bool:
    """Duty rota and absences of the department's people."""
    return user.has_right(Right.PLAN_DUTY, department)


def can_note_absence(user: User, employee: Employee) -> bool:
    """One's own absence, or of people whose duty one plans."""
    return user.employee_id == employee.pk or can_plan_duty(user, employee.department)


def can_edit_calendar(user: User, department: Department | None = None) -> bool:
    """Service hours and calendar days. The company's days (no department) need the right at the root."""
    if department is not None:
        return user.has_right(Right.EDIT_CALENDAR, department)
    return any(path.count("/") == 2 for path in user.rights.paths(Right.EDIT_CALENDAR))


def can_announce_interruption(user: User) -> bool:
    """Announce that the service is interrupted, and its end (ORG-07)."""
    return user.has_right(Right.ANNOUNCE_INTERRUPTION)


def can_edit_policies(user: User) -> bool:
    """Change policy numbers (D19)."""
    return user.has_right(EDIT_POLICIES)


def people_visible_to(user: User) -> QuerySet[Employee]:
    """Every employee for those who may look people up; oneself for anybody else."""
    rows = Employee.objects.select_related("department")
    return rows if user.has_right(Right.VIEW_PEOPLE) else rows.filter(pk=user.employee_id)

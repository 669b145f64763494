"""What several services of the organization must not do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import QuerySet

from organization.models import Assignment, Department, Employee, Role, User
from organization.permissions import Right
from organization.queries.rights import CentreToday, valid_assignments
from servicecenter.kernel.errors import RuleBroken

# Rights that only an administrator may give away: who holds them can give himself the rest.
REACHING = frozenset(
    {Right.ADMINISTER, Right.MANAGE_PEOPLE, "servicecenter.administer", "deadlines.edit_policies"}
)


@contextmanager
def keep_an_administrator() -> Iterator[None]:
    """Refuse what happens inside when afterwards nobody could administer, though somebody could before.

    Two administrators who lock each other at the same moment come here one after the other. Use it inside the
    act's transaction. Raises RuleBroken `administrator.last`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7241120)")
    before = _lasting_administrators().exists()
    yield
    if before and not _lasting_administrators().exists():
        raise RuleBroken("administrator.last")


def _lasting_administrators() -> QuerySet[User]:
    """Active logins of people who stay, with an assignment that stays."""
    holding = Assignment.objects.filter(
        valid_assignments(CentreToday()), role__rights__contains=[Right.ADMINISTER], valid_until=None
    )
    return User.objects.filter(
        is_active=True, employee__left_on=None, employee__in=holding.values("employee_id")
    )


def check_may_give(role: Role, department: Department, by: User | None) -> None:
    """Nobody gives rights that reach further than the own: such roles are an administrator's to give.

    Raises RuleBroken `assignment.reach` (403).
    """
    if by is None or by.has_right(Right.ADMINISTER):
        return
    if not by.has_right(Right.MANAGE_PEOPLE, department) or REACHING & set(role.rights):
        raise RuleBroken("assignment.reach", field="role", status=403, role=role.names)


def locked_employee(employee: Employee) -> Employee:
    """The employee's row, held until the end of the transaction."""
    rows = Employee.objects.select_for_update(of=("self",), no_key=True).select_related("department")
    return rows.get(pk=employee.pk)

"""Roles and assignments (ORG-03, D7): give a role in a department, end it, change what a role may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from organization.models import Assignment, Department, Employee, Role, User
from organization.services.guards import check_may_give, keep_an_administrator, locked_employee
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def assign_role(
    *,
    employee: Employee,
    role: Role,
    department: Department,
    valid_from: date | None = None,
    valid_until: date | None = None,
    by: User | None,
    at: datetime | None = None,
) -> Assignment:
    """Give an employee a role for a department and all below it; both last days count.

    Raises RuleBroken `assignment.overlap`, `assignment.dates`, `assignment.reach`, `employee.gone`,
    `department.closed`.
    """
    row = locked_employee(employee)
    moment = at or now_db()
    first = valid_from or business_date(moment)
    check_may_give(role, department, by)
    if row.left_on is not None and row.left_on < first:
        raise RuleBroken("employee.gone", name=row.name, day=row.left_on.isoformat())
    if department.closed_on is not None:
        raise RuleBroken("department.closed", field="department", name=department.names)
    if valid_until is not None and valid_until < first:
        raise RuleBroken("assignment.dates", field="valid_until", status=400)
    same = Assignment.objects.filter(Q(valid_until=None) | Q(valid_until__gte=first), employee=row)
    if valid_until is not None:
        same = same.filter(valid_from__lte=valid_until)
    if same.filter(role=role, department=department).exists():
        raise RuleBroken(
            "assignment.overlap", field="role", name=row.name, role=role.names, department=department.names
        )
    made = Assignment.objects.create(
        employee=row, role=role, department=department, valid_from=first, valid_until=valid_until
    )
    trail.record(
        row,
        "role.assigned",
        by=by,
        at=moment,
        name=row.name,
        role=role.names,
        department=department.names,
        since=first,
    )
    return made


@transaction.atomic
def end_assignment(
    *, assignment: Assignment, last_day: date | None = None, by: User | None, at: datetime | None = None
) -> Assignment:
    """End an assignment; `last_day` still counts (default: yesterday, so that the right is gone at once).

    One that began today ends on its first day and with it tonight. Raises RuleBroken `assignment.ended`,
    `assignment.dates`, `assignment.reach`, `administrator.last`.
    """
    person = locked_employee(assignment.employee)
    row = Assignment.objects.select_related("role", "department").get(pk=assignment.pk)
    moment = at or now_db()
    today = business_date(moment)
    check_may_give(row.role, row.department, by)
    if row.valid_until is not None and row.valid_until < today:
        raise RuleBroken("assignment.ended", name=person.name, day=row.valid_until.isoformat())
    if last_day is not None and last_day < row.valid_from:
        raise RuleBroken("assignment.dates", field="last_day", status=400)
    day = last_day or max(row.valid_from, date.fromordinal(today.toordinal() - 1))
    before = row.valid_until
    with keep_an_administrator():
        row.valid_until = day
        row.save(update_fields=["valid_until"])
    trail.record(
        person,
        "role.ended",
        by=by,
        at=moment,
        changes={"valid_until": [before, day]},
        name=person.name,
        role=row.role.names,
        department=row.department.names,
        day=day,
    )
    return row


@transaction.atomic
def change_role(
    *,
    role: Role,
    names: Mapping[str, str],
    rights: Iterable[str],
    needs_second_factor: bool,
    reason: str,
    by: User | None,
    at: datetime | None = None,
) -> Role:
    """Another name, other rights: everybody who holds the role has them from the next click.

    Raises RuleBroken `role.reason`, `role.reach` (403), `administrator.last`.
    """
    if not reason.strip():
        raise RuleBroken("role.reason", field="reason", status=400)
    if by is not None and not by.has_right("organization.administer"):
        raise RuleBroken("role.reach", status=403)
    row = Role.objects.select_for_update().get(pk=role.pk)
    after = {
        "names": dict(names),
        "rights": sorted(set(rights)),
        "needs_second_factor": needs_second_factor,
    }
    before = {name: getattr(row, name) for name in after}
    moment = at or now_db()
    if changes := trail.changes_between(before, after):
        with keep_an_administrator():
            for name, value in after.items():
                setattr(row, name, value)
            row.save(update_fields=list(after))
        trail.record(row, "role.changed", by=by, at=moment, changes=changes, role=row.names, reason=reason)
    return row

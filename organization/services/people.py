"""Employees (ORG-02): hire, correct, transfer, leave, come back. Nobody is deleted."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from organization.models import Assignment, Department, Duty, Employee, User
from organization.services.guards import keep_an_administrator, locked_employee
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.search import fold, name_key


@transaction.atomic
def hire(
    *,
    work_number: str,
    name: str,
    department: Department,
    position: str = "",
    hired_on: date | None = None,
    by: User | None,
    at: datetime | None = None,
) -> Employee:
    """A new employee. Raises RuleBroken `employee.number_taken`, `employee.no_name`, `department.closed`."""
    number = fold(work_number).upper().replace(" ", "")
    if not number:
        raise RuleBroken("employee.no_number", field="work_number", status=400)
    full_name = _name(name)
    _check_open(department)
    if (known := Employee.objects.filter(work_number__iexact=number).first()) is not None:
        raise RuleBroken("employee.number_taken", field="work_number", number=number, name=known.name)
    moment = at or now_db()
    row = Employee.objects.create(
        work_number=number,
        name=full_name,
        name_key=name_key(full_name),
        department=department,
        position=position.strip(),
        hired_on=hired_on or business_date(moment),
    )
    trail.record(
        row, "employee.hired", by=by, at=moment, name=row.name, number=number, department=department.names
    )
    return row


@transaction.atomic
def correct_employee(
    *, employee: Employee, name: str, position: str, by: User | None, at: datetime | None = None
) -> Employee:
    """Another name or position: a marriage, a promotion, a slip of the pen. Raises RuleBroken `employee.no_name`."""
    row = locked_employee(employee)
    after = {"name": _name(name), "position": position.strip()}
    changes = trail.changes_between({"name": row.name, "position": row.position}, after)
    moment = at or now_db()
    if changes:
        row.name, row.position = after["name"], after["position"]
        row.name_key = name_key(row.name)
        row.save(update_fields=["name", "name_key", "position"])
        trail.record(row, "employee.corrected", by=by, at=moment, changes=changes, name=row.name)
    return row


@transaction.atomic
def transfer(
    *,
    employee: Employee,
    department: Department,
    position: str | None = None,
    by: User | None,
    at: datetime | None = None,
) -> Employee:
    """Move an employee to another department. Roles stay until they are ended: they belong to a department each.

    Raises RuleBroken `employee.gone`, `department.closed`.
    """
    row = locked_employee(employee)
    moment = at or now_db()
    _check_employed(row, business_date(moment))
    _check_open(department)
    before = {"department": row.department.name, "position": row.position}
    after = {
        "department": department.name,
        "position": row.position if position is None else position.strip(),
    }
    if changes := trail.changes_between(before, after):
        row.department, row.position = department, after["position"]
        row.save(update_fields=["department", "position"])
        trail.record(
            row,
            "employee.transferred",
            by=by,
            at=moment,
            changes=changes,
            name=row.name,
            department=department.names,
        )
    return row


@transaction.atomic
def leave(
    *, employee: Employee, last_day: date | None = None, by: User | None, at: datetime | None = None
) -> Employee:
    """An employee leaves; `last_day` still counts. Assignments end with it, later duties are struck, teams are left.

    Open tickets are owned by the duty agent after the term of ORG-08; that is the complaints' own sweep.
    Raises RuleBroken `employee.gone`, `employee.dates`, `administrator.last`.
    """
    row = locked_employee(employee)
    moment = at or now_db()
    day = last_day or business_date(moment)
    if row.left_on is not None:
        raise RuleBroken("employee.gone", name=row.name, day=row.left_on.isoformat())
    if day < row.hired_on:
        raise RuleBroken("employee.dates", field="last_day", status=400, day=row.hired_on.isoformat())
    with keep_an_administrator():
        row.left_on = day
        row.save(update_fields=["left_on"])
        # An assignment that would begin after the last day ends on its own first day: it asks for employment too.
        Assignment.objects.filter(Q(valid_until=None) | Q(valid_until__gt=day), employee=row).update(
            valid_until=Greatest(F("valid_from"), Value(day))
        )
    struck = Duty.objects.filter(employee=row, starts_at__date__gt=day).delete()[0]
    row.teams.clear()
    trail.record(
        row,
        "employee.left",
        by=by,
        at=moment,
        changes={"left_on": [None, day]},
        name=row.name,
        day=day,
        duties=struck,
    )
    return row


@transaction.atomic
def come_back(
    *, employee: Employee, department: Department, by: User | None, at: datetime | None = None
) -> Employee:
    """A former employee is employed again under the same work number; roles are given anew.

    Raises RuleBroken `employee.still_here`, `department.closed`.
    """
    row = locked_employee(employee)
    moment = at or now_db()
    if row.left_on is None:
        raise RuleBroken("employee.still_here", name=row.name)
    _check_open(department)
    changes = trail.changes_between(
        {"left_on": row.left_on, "department": row.department.name},
        {"left_on": None, "department": department.name},
    )
    row.left_on, row.department = None, department
    row.save(update_fields=["left_on", "department"])
    trail.record(row, "employee.came_back", by=by, at=moment, changes=changes, name=row.name)
    return row


def _name(name: str) -> str:
    full_name = " ".join(name.split())
    if not full_name:
        raise RuleBroken("employee.no_name", field="name", status=400)
    return full_name


def _check_employed(row: Employee, day: date) -> None:
    if row.left_on is not None and row.left_on < day:
        raise RuleBroken("employee.gone", name=row.name, day=row.left_on.isoformat())


def _check_open(department: Department) -> None:
    if department.closed_on is not None:
        raise RuleBroken("department.closed", field="department", name=department.names)

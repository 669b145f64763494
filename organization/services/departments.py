"""The department tree (ORG-01): add, rename, move, close, open again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from organization.domain.tree import may_stand
from organization.models import Department, Employee, User
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def add_department(
    *,
    code: str,
    names: Mapping[str, str],
    kind: str,
    parent: Department | None,
    by: User | None,
    at: datetime | None = None,
) -> Department:
    """A new department below `parent` (None: the head office). The database writes its path.

    Raises RuleBroken `department.place`, `department.code_taken`, `department.closed`.
    """
    above = _locked(parent) if parent else None
    _check_place(kind, above)
    if Department.objects.filter(code=code).exists():
        raise RuleBroken("department.code_taken", field="code", department=code)
    moment = at or now_db()
    row = Department.objects.create(code=code, names=dict(names), kind=kind, parent=above)
    trail.record(row, "department.added", by=by, at=moment, name=row.names, above=above and above.names)
    return row


@transaction.atomic
def rename_department(
    *, department: Department, names: Mapping[str, str], by: User | None, at: datetime | None = None
) -> Department:
    """Other names; the trail keeps the old ones."""
    row = _locked(department)
    moment = at or now_db()
    if row.names != dict(names):
        changes = {"names": [row.names, dict(names)]}
        row.names = dict(names)
        row.save(update_fields=["names"])
        trail.record(row, "department.renamed", by=by, at=moment, changes=changes, name=row.names)
    return row


@transaction.atomic
def move_department(
    *, department: Department, parent: Department, by: User | None, at: datetime | None = None
) -> Department:
    """Move a department with all below it. Rights held above the new place reach it from now on, others no more.

    Raises RuleBroken `department.circle`, `department.place`, `department.closed`.
    """
    # The rows on both sides in the order of ids: two moves cannot wait for each other.
    rows = {
        row.pk: row
        for row in Department.objects.select_for_update()
        .filter(pk__in=[department.pk, parent.pk])
        .order_by("pk")
    }
    row, above = rows[department.pk], rows[parent.pk]
    if above.path.startswith(row.path):
        raise RuleBroken("department.circle", field="parent", name=row.names, above=above.names)
    _check_place(row.kind, above)
    moment = at or now_db()
    if row.parent_id != above.pk:
        before = row.parent
        row.parent = above
        row.save(update_fields=["parent"])
        row.refresh_from_db(fields=["path"])
        trail.record(
            row,
            "department.moved",
            by=by,
            at=moment,
            changes={"parent": [before.name if before else None, above.name]},
            name=row.names,
            above=above.names,
        )
    return row


@transaction.atomic
def close_department(
    *, department: Department, closed_on: date | None = None, by: User | None, at: datetime | None = None
) -> Department:
    """Close a department from a day on.

    Raises RuleBroken `department.in_use` while people or departments stand in it, `department.closed`.
    """
    row = _locked(department)
    moment = at or now_db()
    day = closed_on or business_date(moment)
    if row.closed_on is not None:
        raise RuleBroken("department.closed", name=row.names)
    people = Employee.objects.filter(Q(left_on=None) | Q(left_on__gte=day), department=row).count()
    children = Department.objects.filter(Q(closed_on=None) | Q(closed_on__gt=day), parent=row).count()
    if people or children:
        raise RuleBroken("department.in_use", name=row.names, people=people, departments=children)
    row.closed_on = day
    row.save(update_fields=["closed_on"])
    trail.record(
        row, "department.closed", by=by, at=moment, changes={"closed_on": [None, day]}, name=row.names
    )
    return row


@transaction.atomic
def reopen_department(*, department: Department, by: User | None, at: datetime | None = None) -> Department:
    """Open a closed department again. Raises RuleBroken `department.closed` when the one above is closed."""
    row = _locked(department)
    if row.parent:
        _check_open(_locked(row.parent))
    moment = at or now_db()
    if row.closed_on is not None:
        changes = {"closed_on": [row.closed_on, None]}
        row.closed_on = None
        row.save(update_fields=["closed_on"])
        trail.record(row, "department.reopened", by=by, at=moment, changes=changes, name=row.names)
    return row


def _locked(department: Department) -> Department:
    return Department.objects.select_for_update().get(pk=department.pk)


def _check_place(kind: str, above: Department | None) -> None:
    if not may_stand(kind, above.kind if above else None):
        raise RuleBroken("department.place", field="parent", above=above.names if above else "")
    if above is not None:
        _check_open(above)
    elif Department.objects.filter(parent=None).exists():
        raise RuleBroken("department.one_root", field="parent")


def _check_open(row: Department) -> None:
    if row.closed_on is not None:
        raise RuleBroken("department.closed", field="parent", name=row.names)

"""Who may what, and for which departments (D7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateField, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from organization.models import Assignment, Department, User
from servicecenter.clock import business_date
from servicecenter.prepared import Prepared, given


class CentreToday(Func):
    """The centre's date now, by the database's clock: no second question to ask it."""

    template = "(statement_timestamp() AT TIME ZONE %(expressions)s)::date"
    output_field = DateField()

    def __init__(self, *expressions: Any) -> None:
        super().__init__(*(expressions or (Value(settings.TIME_ZONE),)))


class TreeOrder(Func):
    """Departments as a tree is read: each below its parent, siblings in the order in which they were made."""

    template = "string_to_array(trim(both '/' from %(expressions)s), '/')::bigint[]"
    output_field = ArrayField(BigIntegerField())

    def __init__(self, column: Any = "path", **extra: Any) -> None:
        super().__init__(column, **extra)


@dataclass(frozen=True)
class Rights:
    """The rights of one user today: right → paths of the departments it is held for (subtree), e.g. `/1/4/`."""

    by_right: dict[str, frozenset[str]] = field(default_factory=dict)
    role_codes: frozenset[str] = frozenset()
    needs_second_factor: bool = False

    def has(self, right: str, department: Department | int | None = None) -> bool:
        """Whether the right is held anywhere, or for that department (its path, or an id looked up once)."""
        paths = self.by_right.get(right)
        if paths is None:
            return False
        if department is None:
            return True
        path = department.path if isinstance(department, Department) else department_path(department)
        return any(path.startswith(held) for held in paths)

    def paths(self, right: str) -> frozenset[str]:
        """The department paths the right is held for, none below another of them; empty when not held."""
        return self.by_right.get(right, frozenset())

    def has_any(self, rights: Iterable[str]) -> bool:
        """Whether one of the rights is held anywhere."""
        return any(right in self.by_right for right in rights)


def department_path(department_id: int) -> str:
    """The path of a department by id."""
    return Department.objects.values_list("path", flat=True).get(pk=department_id)


def ids_of(path: str) -> list[int]:
    """The ids along a path, from the root to the department itself: `/1/4/9/` → 1, 4, 9."""
    return [int(part) for part in path.strip("/").split("/") if part]


def valid_assignments(day: date | CentreToday | Coalesce | given) -> Q:
    """Assignments in force on a day, of people still employed. Both last days count."""
    return (
        Q(valid_from__lte=day)
        & (Q(valid_until=None) | Q(valid_until__gte=day))
        & (Q(employee__left_on=None) | Q(employee__left_on__gte=day))
    )


def _day(at: datetime | None) -> date | CentreToday:
    return business_date(at) if at else CentreToday()


# Every request asks it.
_ASSIGNED = Prepared(
    lambda: Assignment.objects.filter(
        valid_assignments(Coalesce(given("day"), CentreToday(), output_field=DateField())),
        employee_id=given("employee"),
    ).values_list("role__code", "role__rights", "role__needs_second_factor", "department__path")
)


def rights_of(user: User, at: datetime | None = None) -> Rights:
    """All rights of a user at an instant, in one query."""
    rows = _ASSIGNED.rows(employee=user.employee_id, day=business_date(at) if at else None)
    found: dict[str, set[str]] = {}
    roles: set[str] = set()
    second = False
    for code, rights, needs_second, path in rows:
        roles.add(code)
        second = second or needs_second
        for right in rights:
            found.setdefault(right, set()).add(path)
    return Rights({right: topmost(paths) for right, paths in found.items()}, frozenset(roles), second)


def topmost(paths: Iterable[str]) -> frozenset[str]:
    """The paths without those that lie below another one."""
    kept: list[str] = []
    for path in sorted(paths):
        if not any(path.startswith(above) for above in kept):
            kept.append(path)
    return frozenset(kept)


def within(paths: Iterable[str], column: str = "department__path") -> Q:
    """A filter: the department at `column` lies in one of the subtrees. Nothing for no paths."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{column}__startswith": path})
    return condition


def department_ids(paths: Iterable[str]) -> list[int]:
    """The ids of all departments in the subtrees: for queries that must use an index by department."""
    return list(
        Department.objects.filter(within(paths, "path")).order_by("path").values_list("pk", flat=True)
    )


def holders(right: str, department: Department | None = None, at: datetime | None = None) -> QuerySet[User]:
    """Users who hold `right` at an instant: for that department (by an assignment on it or above it), or anywhere."""
    condition = valid_assignments(_day(at)) & Q(role__rights__contains=[right])
    if department is not None:
        condition &= Q(department_id__in=ids_of(department.path))
    employees = Assignment.objects.filter(condition).values("employee_id")
    return User.objects.filter(is_active=True, employee_id__in=employees).order_by("pk")


def administrators() -> list[User]:
    """Everybody who administers the installation: told of parked messages, unusual reveals and the like."""
    return list(holders("organization.administer"))

"""Who is who, who may what, who is on duty: every read of the organization."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet

from organization.models import Assignment, Department, User
from servicecenter.clock import business_date, now_db

ALL = "*"


@dataclass(frozen=True)
class Rights:
    """The rights of one user today: right → paths of the departments it is held for (subtree), e.g. `/1/4/`."""

    by_right: dict[str, frozenset[str]] = field(default_factory=dict)
    role_codes: frozenset[str] = frozenset()

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
        """The department paths the right is held for; empty when not held."""
        return self.by_right.get(right, frozenset())

    def has_any(self, rights: Iterable[str]) -> bool:
        """Whether one of the rights is held anywhere."""
        return any(right in self.by_right for right in rights)


def department_path(department_id: int) -> str:
    """The path of a department by id."""
    return Department.objects.values_list("path", flat=True).get(pk=department_id)


def valid_assignments(day: date) -> Q:
    """Assignments in force on a day, of people still employed."""
    return (
        Q(valid_from__lte=day)
        & (Q(valid_until=None) | Q(valid_until__gte=day))
        & (Q(employee__left_on=None) | Q(employee__left_on__gt=day))
    )


def rights_of(user: User, at: datetime | None = None) -> Rights:
    """All rights of a user at an instant, in one query."""
    day = business_date(at or now_db())
    found: dict[str, set[str]] = {}
    roles: set[str] = set()
    rows = Assignment.objects.filter(valid_assignments(day), employee_id=user.employee_id).values_list(
        "role__code", "role__rights", "department__path"
    )
    for code, rights, path in rows:
        roles.add(code)
        for right in rights:
            found.setdefault(right, set()).add(path)
    return Rights({right: frozenset(paths) for right, paths in found.items()}, frozenset(roles))


def within(paths: Iterable[str], column: str = "department__path") -> Q:
    """A filter: the department at `column` lies in one of the subtrees. Nothing for no paths."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{column}__startswith": path})
    return condition


def holders(right: str, department: Department | None = None, at: datetime | None = None) -> QuerySet[User]:
    """Users who hold `right` at an instant: for that department (by an assignment on it or above it), or anywhere."""
    day = business_date(at or now_db())
    condition = valid_assignments(day) & Q(role__rights__contains=[right])
    if department is not None:
        above = [int(part) for part in department.path.strip("/").split("/") if part]
        condition &= Q(department_id__in=above)
    employees = Assignment.objects.filter(condition).values("employee_id")
    return User.objects.filter(is_active=True, employee_id__in=employees)

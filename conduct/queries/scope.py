"""Whose conduct a person may look at: everybody's, or that of the own departments and below (ORG-04)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from organization.choices import DepartmentKind
from organization.models import Department
from organization.queries import within

# Where conduct is everybody's business; elsewhere a right reaches the own department and what is below it.
CENTRAL = frozenset(
    {
        DepartmentKind.HEAD_OFFICE,
        DepartmentKind.SERVICE_CENTRE,
        DepartmentKind.INSPECTION,
        DepartmentKind.ENTERPRISE_MANAGEMENT,
    }
)


def reach(user: Any, right: str) -> Q | None:
    """A filter on `target_department` and `target_employee`; None is everything, an empty Q never stands for it."""
    paths = user.rights.paths(right)
    if not paths:
        return Q(pk__in=[])
    if Department.objects.filter(path__in=paths, kind__in=CENTRAL).exists():
        return None
    return within(paths, "target_department__path") | within(paths, "target_employee__department__path")

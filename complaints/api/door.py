"""What the endpoints of this app share: rights, repeats told apart, references by their natural keys."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from rest_framework import serializers

from organization.models import Department, Employee, User


class DepartmentReference(serializers.SlugRelatedField):  # type: ignore[type-arg]
    """A department by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Department.objects.filter(closed_on=None), **kwargs)


class EmployeeReference(serializers.SlugRelatedField):  # type: ignore[type-arg]
    """An employee by work number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="work_number", queryset=Employee.objects.filter(left_on=None), **kwargs)


class UserReference(serializers.SlugRelatedField):  # type: ignore[type-arg]
    """A user by work number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="work_number", queryset=User.objects.filter(is_active=True), **kwargs)


def must_hold(user: Any, *rights: str) -> None:
    """403 without one of the rights."""
    if not user.rights.has_any(rights):
        raise PermissionDenied(_("You do not have the right to do this."))

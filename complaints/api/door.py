"""What the endpoints of this app share: rights, repeats told apart, references by their natural keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from rest_framework import permissions, serializers

from complaints.permissions import Right
from organization.models import Department, Employee, User
from servicecenter.idempotency import idempotent

READ = (Right.VIEW_COMPLAINT, Right.VIEW_ALL, Right.HAND_IN_STATEMENT)


class Holds(permissions.BasePermission):
    """Lets in whoever holds one of the rights that the endpoint names in `rights`; rows are `visible_to`'s business."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Login, and one of the rights."""
        rights = getattr(view, "rights_by_action", {}).get(view.action, view.rights)
        return bool(request.user.is_authenticated and request.user.rights.has_any(rights))


def once(method: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a writing endpoint honour `Idempotency-Key`: the same key is done once and answered alike (D20)."""

    @wraps(method)
    def wrapped(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        def act(asked: Any, *more: Any, **named: Any) -> Any:
            response = method(self, asked, *more, **named)
            return response

        return idempotent(act)(request, *args, **kwargs)

    return wrapped


def me(request: Any) -> User:
    """Who asks; behind `Holds` it is always somebody."""
    assert isinstance(request.user, User)
    return request.user


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

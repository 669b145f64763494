"""Roles: the matrix of who may what, and who holds a role (ORG-03)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from organization import queries
from organization.models import Assignment, Role
from organization.permissions import me
from organization.queries import CentreToday, RoleRow, valid_assignments
from organization.right_texts import right_words
from organization.views.door import ADMINISTRATION, needs, places
from organization.views.told import told
from servicecenter import components, trail
from servicecenter.permissions import can_view_trail


@dataclass(frozen=True)
class RightLine:
    """A right with its words and, in the order of the roles, whether each holds it."""

    right: str
    words: str
    held: tuple[bool, ...]


@needs(*ADMINISTRATION)
def matrix(request: HttpRequest) -> HttpResponse:
    """Every right against every role, by part of the application."""
    rows = queries.roles_today()
    return render(
        request,
        "organization/roles.html",
        {"tabs": places(request, "role-list"), "roles": rows, "parts": _parts(rows)},
    )


def _parts(rows: list[RoleRow]) -> list[tuple[str, list[RightLine]]]:
    rights = sorted({right for row in rows for right in row.role.rights})
    parts: dict[str, list[RightLine]] = {}
    for right in rights:
        part, words = right_words(right)
        line = RightLine(right, words, tuple(right in row.role.rights for row in rows))
        parts.setdefault(part, []).append(line)
    return list(parts.items())


@needs(*ADMINISTRATION)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One role: its rights in words, and who holds it."""
    role = get_object_or_404(Role, code=code)
    parts: dict[str, list[str]] = {}
    for right in role.rights:
        part, words = right_words(right)
        parts.setdefault(part, []).append(words)
    holding = (
        Assignment.objects.filter(valid_assignments(CentreToday()), role=role)
        .select_related("employee__department", "department")
        .order_by("department__path", "employee__name_key")
    )
    return render(
        request,
        "organization/role.html",
        {
            "role": role,
            "crumbs": [components.Crumb(_("Roles"), reverse("role-list")), components.Crumb(str(role))],
            "parts": list(parts.items()),
            "holding": list(holding),
            "trail": told(trail.entries_of(role)[:20] if can_view_trail(me(request)) else None),
        },
    )

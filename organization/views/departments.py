"""Departments: the tree, one department, and the acts on it (ORG-01)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from organization import queries, services
from organization.domain import shifts
from organization.forms import people as forms
from organization.forms.fields import NamesForm
from organization.forms.time import DAYS
from organization.models import Assignment, Department
from organization.permissions import Right, can_edit_calendar, can_manage, me
from organization.queries import valid_assignments
from organization.views.door import ADMINISTRATION, ask, data_of, needs, places
from organization.views.told import told
from servicecenter import components, trail
from servicecenter.clock import now_db
from servicecenter.forms import WorkForm
from servicecenter.idempotency import idempotent
from servicecenter.permissions import can_view_trail


@needs(*ADMINISTRATION)
def tree(request: HttpRequest) -> HttpResponse:
    """The department tree with its people counted."""
    closed = request.GET.get("closed") == "1"
    return render(
        request,
        "organization/departments.html",
        {
            "tabs": places(request, "department-list"),
            "nodes": queries.tree(now_db(), closed=closed),
            "closed": closed,
            "may_edit": me(request).has_right(Right.ADMINISTER),
        },
    )


@needs(*ADMINISTRATION)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One department: facts, people, who holds a role in it, what was done."""
    row = get_object_or_404(Department.objects.select_related("parent"), code=code)
    now = now_db()
    user = me(request)
    people = queries.employed(queries.visible_to(user).filter(department=row), now)
    holding = (
        Assignment.objects.filter(valid_assignments(queries.CentreToday()), department=row)
        .select_related("employee", "role")
        .order_by("role_id", "employee__name_key")
    )
    return render(
        request,
        "organization/department.html",
        {
            "department": row,
            "crumbs": [
                components.Crumb(above.name, reverse("department-detail", args=[above.code]))
                for above in queries.line_of(row)[:-1]
            ]
            + [components.Crumb(row.name)],
            "people": list(people.order_by("name_key")[:200]),
            "holding": list(holding[:200]),
            "below": list(Department.objects.filter(parent=row).order_by("pk")),
            "week": [
                (name, shifts.write(day))
                for name, day in zip(DAYS, queries.calendar_for(row, now).week, strict=True)
            ],
            "may_hire": can_manage(user, row),
            "may_edit": user.has_right(Right.ADMINISTER),
            "may_set_hours": can_edit_calendar(user, row),
            "trail": told(trail.entries_of(row)[:20] if can_view_trail(user) else None),
        },
    )


@needs(Right.ADMINISTER)
@idempotent
def add(request: HttpRequest) -> HttpResponse:
    """A new department."""
    form = forms.DepartmentForm(data_of(request), initial={"parent": request.GET.get("parent", "")})
    return ask(
        request,
        form=form,
        question=_("Add a department"),
        verb=_("Add the department"),
        icon="plus",
        act=lambda f: services.add_department(
            code=f.cleaned_data["code"],
            names=f.names(),
            kind=f.cleaned_data["kind"],
            parent=f.cleaned_data["parent"],
            by=me(request),
        ),
        to=lambda made: reverse("department-detail", args=[made.code]),
        toast=_("The department stands in the tree"),
    )


@needs(Right.ADMINISTER)
@idempotent
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Other names."""
    row = get_object_or_404(Department, code=code)
    return ask(
        request,
        form=forms.RenameForm(data_of(request), initial=NamesForm.initial_of(row.names)),
        question=_("Rename %(name)s") % {"name": row.name},
        verb=_("Rename"),
        act=lambda f: services.rename_department(department=row, names=f.names(), by=me(request)),
        to=reverse("department-detail", args=[code]),
        toast=_("Renamed"),
    )


@needs(Right.ADMINISTER)
@idempotent
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Another place in the tree."""
    row = get_object_or_404(Department.objects.select_related("parent"), code=code)
    return ask(
        request,
        form=forms.MoveForm(data_of(request), initial={"parent": row.parent and row.parent.code}),
        question=_("Move %(name)s") % {"name": row.name},
        text=_("Everything below it moves with it. Rights held above the new place reach it from now on."),
        verb=_("Move"),
        icon="route",
        act=lambda f: services.move_department(
            department=row, parent=f.cleaned_data["parent"], by=me(request)
        ),
        to=reverse("department-detail", args=[code]),
        toast=_("Moved"),
    )


@needs(Right.ADMINISTER)
@idempotent
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close an empty department."""
    row = get_object_or_404(Department, code=code)
    return ask(
        request,
        form=forms.CloseForm(data_of(request)),
        question=_("Close %(name)s?") % {"name": row.name},
        text=_("It can be chosen no more; everything recorded for it stays."),
        verb=_("Close the department"),
        keep=_("Keep it open"),
        icon="ban",
        stop=True,
        act=lambda f: services.close_department(
            department=row, closed_on=f.cleaned_data["closed_on"], by=me(request)
        ),
        to=reverse("department-detail", args=[code]),
        toast=_("Closed"),
    )


@needs(Right.ADMINISTER)
@idempotent
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Open a closed department again."""
    row = get_object_or_404(Department, code=code)
    return ask(
        request,
        form=WorkForm(data_of(request)),
        question=_("Open %(name)s again?") % {"name": row.name},
        text=_(
            "It can be chosen again wherever a department is asked for, and people can be employed there."
        ),
        verb=_("Open again"),
        icon="rotate",
        act=lambda f: services.reopen_department(department=row, by=me(request)),
        to=reverse("department-detail", args=[code]),
        toast=_("Open again"),
    )

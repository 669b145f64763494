"""A person's login and roles: open, password, lock, unlock, e-mail; give and end a role (ORG-03)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from organization import services
from organization.forms import people as forms
from organization.models import Assignment, User
from organization.permissions import Right, can_manage, me
from organization.views.door import ask, data_of, demand, needs
from organization.views.people import fields, managed
from servicecenter.forms import WorkForm
from servicecenter.idempotency import idempotent


def _login(request: HttpRequest, number: str) -> User:
    return get_object_or_404(User, employee=managed(request, number))


@needs(Right.MANAGE_PEOPLE)
@idempotent
def open_login(request: HttpRequest, number: str) -> HttpResponse:
    """A login for an employee."""
    person = managed(request, number)
    return ask(
        request,
        form=forms.LoginForm(data_of(request)),
        question=_("Open a login for %(name)s") % {"name": person.name},
        text=_("The login name is the work number %(number)s.") % {"number": person.work_number},
        verb=_("Open the login"),
        icon="user",
        act=lambda f: services.open_login(employee=person, by=me(request), **fields(f, "password", "email")),
        to=reverse("person-detail", args=[number]),
        toast=_("The login is open. It may do nothing until a role is given."),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def password(request: HttpRequest, number: str) -> HttpResponse:
    """Another password for somebody who has forgotten it."""
    login = _login(request, number)
    return ask(
        request,
        form=forms.PasswordForm(data_of(request)),
        question=_("Set another password for %(name)s") % {"name": login.name},
        verb=_("Set the password"),
        icon="lock",
        act=lambda f: services.set_password(user=login, password=f.cleaned_data["password"], by=me(request)),
        to=reverse("person-detail", args=[number]),
        toast=_("The password is set"),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def lock(request: HttpRequest, number: str) -> HttpResponse:
    """Close the login."""
    login = _login(request, number)
    return ask(
        request,
        form=forms.ReasonForm(data_of(request)),
        question=_("Lock the login of %(name)s?") % {"name": login.name},
        text=_("Open sessions end at the next click. The person stays employed and keeps roles and tickets."),
        verb=_("Lock the login"),
        keep=_("Leave it open"),
        icon="lock",
        stop=True,
        act=lambda f: services.lock(user=login, reason=f.cleaned_data["reason"], by=me(request)),
        to=reverse("person-detail", args=[number]),
        toast=_("Locked"),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def unlock(request: HttpRequest, number: str) -> HttpResponse:
    """Open the login again."""
    login = _login(request, number)
    return ask(
        request,
        form=WorkForm(data_of(request)),
        question=_("Unlock the login of %(name)s?") % {"name": login.name},
        text=_("The password used before opens it again, with the same roles."),
        verb=_("Unlock"),
        icon="okcirc",
        act=lambda f: services.unlock(user=login, by=me(request)),
        to=reverse("person-detail", args=[number]),
        toast=_("Unlocked"),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def email(request: HttpRequest, number: str) -> HttpResponse:
    """Where notices go by e-mail."""
    login = _login(request, number)
    return ask(
        request,
        form=forms.EmailForm(data_of(request), initial={"email": login.email}),
        question=_("E-mail address of %(name)s") % {"name": login.name},
        verb=_("Save"),
        icon="send",
        act=lambda f: services.set_email(user=login, email=f.cleaned_data["email"], by=me(request)),
        to=reverse("person-detail", args=[number]),
        toast=_("Saved"),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Give a role."""
    person = managed(request, number)
    return ask(
        request,
        form=forms.AssignForm(data_of(request), initial={"department": person.department.code}),
        question=_("Give %(name)s a role") % {"name": person.name},
        verb=_("Give the role"),
        icon="plus",
        act=lambda f: services.assign_role(
            employee=person, by=me(request), **fields(f, "role", "department", "valid_from", "valid_until")
        ),
        to=reverse("person-detail", args=[number]),
        toast=_("The role is given"),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """End a role."""
    row = get_object_or_404(
        Assignment.objects.select_related("employee", "role", "department"),
        pk=pk,
        employee__work_number=number,
    )
    demand(can_manage(me(request), row.department))
    return ask(
        request,
        form=forms.EndForm(data_of(request)),
        question=_("End the role %(role)s of %(name)s?") % {"role": row.role, "name": row.employee.name},
        verb=_("End the role"),
        keep=_("Keep it"),
        icon="ban",
        stop=True,
        act=lambda f: services.end_assignment(
            assignment=row, last_day=f.cleaned_data["last_day"], by=me(request)
        ),
        to=reverse("person-detail", args=[number]),
        toast=_("The role is ended"),
    )

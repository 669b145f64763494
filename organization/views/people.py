"""People: the list, one person, hiring, transfers, leaving; the picker (ORG-02)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organization import queries, services
from organization.filters import PeopleFilter
from organization.forms import people as forms
from organization.models import Absence, Department, Duty, Employee, User
from organization.permissions import Right, can_manage, can_note_absence, me
from organization.queries.people import ORDERS
from organization.views.columns import PersonLine, batched, people_columns
from organization.views.door import ADMINISTRATION, ask, data_of, demand, needs, places
from organization.views.told import told
from servicecenter import answers, components, keyset, trail
from servicecenter.clock import business_date, now_db
from servicecenter.idempotency import idempotent
from servicecenter.permissions import can_export, can_view_trail


def person_or_404(request: HttpRequest, number: str) -> Employee:
    """The employee of that work number, if the user may look people up."""
    return get_object_or_404(queries.visible_to(me(request)), work_number=number)


def managed(request: HttpRequest, number: str) -> Employee:
    """The employee, if the user may manage the people of that department; 403 else."""
    person = person_or_404(request, number)
    demand(can_manage(me(request), person.department))
    return person


@needs(Right.VIEW_PEOPLE)
def listing(request: HttpRequest) -> HttpResponse:
    """Everybody, by pinyin or number, with filters; the address is the view."""
    filterset, order = _filtered(request)
    address = request.GET.copy()
    cursor = address.pop("cursor", [""])[-1]
    page = keyset.paginate(filterset.qs, order=order, cursor=cursor, filters=address.urlencode())
    logins, roles = queries.users_of(page.rows), queries.role_names(page.rows)
    return render(
        request,
        "organization/people.html",
        {
            "tabs": places(request, "people-list"),
            "filterset": filterset,
            "page": page,
            "people": [(person, logins.get(person.pk), roles.get(person.pk, [])) for person in page.rows],
            "today": business_date(now_db()),
            "may_hire": can_manage(me(request)),
            "export_url": reverse("people-export") if can_export(me(request)) else "",
        },
    )


def _filtered(request: HttpRequest) -> tuple[PeopleFilter, keyset.Order]:
    filterset = PeopleFilter(request.GET, queryset=queries.visible_to(me(request)))
    return filterset, ORDERS.get(request.GET.get("order", ""), ORDERS["name"])


@needs(Right.VIEW_PEOPLE)
@require_POST
def export(request: HttpRequest) -> FileResponse:
    """What the list shows, as XLSX or CSV; logged (PRV-04)."""
    demand(can_export(me(request)))
    filterset, order = _filtered(request)
    rows = _with_roles(keyset.iterate(filterset.qs, order=order))
    return answers.exported(request, name=_("people"), columns=people_columns(), rows=rows)


def _with_roles(people: Iterable[Employee]) -> Iterator[PersonLine]:
    """Each person with login and roles, asked for a thousand at a time."""
    for chunk in batched(people, 1000):
        logins, roles = queries.users_of(chunk), queries.role_names(chunk)
        for person in chunk:
            yield PersonLine(person, logins.get(person.pk), roles.get(person.pk, []))


@needs(Right.VIEW_PEOPLE)
def find(request: HttpRequest) -> HttpResponse:
    """The picker's answers: at most eight people, namesakes told apart by work number. `q`, `department`, `name`."""
    department = Department.objects.filter(code=request.GET.get("department", "")).first()
    found = queries.find_employees(request.GET.get("q", ""), department, user=me(request))
    return render(
        request,
        "organization/_find.html",
        {"found": found, "name": request.GET.get("name", "employee"), "asked": bool(found.text.strip())},
    )


@needs(Right.VIEW_PEOPLE)
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One person: department, login, roles, teams, duties ahead, absences, what was done."""
    person = person_or_404(request, number)
    user = me(request)
    login = User.objects.filter(employee=person).first()
    now = now_db()
    shown = can_view_trail(user)
    return render(
        request,
        "organization/person.html",
        {
            "person": person,
            "login": login,
            "crumbs": [
                components.Crumb(_("People"), reverse("people-list")),
                components.Crumb(person.name),
            ],
            "assignments": list(queries.assignments_of(person)),
            "today": business_date(now),
            "teams": list(queries.shared_teams(person)),
            "duties": list(
                Duty.objects.filter(employee=person, ends_at__gt=now)
                .select_related("team")
                .order_by("starts_at")[:10]
            ),
            "absences": list(Absence.objects.filter(employee=person, ends_at__gt=now).order_by("starts_at")),
            "now": now,
            "may_manage": can_manage(user, person.department),
            "may_note_absence": can_note_absence(user, person),
            "away": queries.is_absent(person, now) and person.left_on is None,
            "may_open_roles": user.rights.has_any(ADMINISTRATION),
            "trail": told(trail.entries_of(person)[:20] if shown else None),
            "login_trail": told(trail.entries_of(login)[:10] if shown and login else None),
        },
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def hire(request: HttpRequest) -> HttpResponse:
    """A new employee."""

    def act(form: Any) -> Employee:
        data = form.cleaned_data
        demand(can_manage(me(request), data["department"]))
        return services.hire(
            work_number=data["work_number"],
            name=data["name"],
            department=data["department"],
            position=data["position"],
            hired_on=data["hired_on"],
            by=me(request),
        )

    return ask(
        request,
        form=forms.HireForm(data_of(request), initial={"department": request.GET.get("department", "")}),
        question=_("Take on an employee"),
        verb=_("Take on"),
        icon="plus",
        act=act,
        to=lambda made: reverse("person-detail", args=[made.work_number]),
        toast=_("Taken on. Next: open a login and give a role."),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Name and position."""
    person = managed(request, number)
    return ask(
        request,
        form=forms.CorrectForm(data_of(request), initial={"name": person.name, "position": person.position}),
        question=_("Correct the data of %(name)s") % {"name": person.name},
        verb=_("Save"),
        act=lambda f: services.correct_employee(
            employee=person, name=f.cleaned_data["name"], position=f.cleaned_data["position"], by=me(request)
        ),
        to=reverse("person-detail", args=[number]),
        toast=_("Saved"),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """Another department."""
    person = managed(request, number)

    def act(form: Any) -> Employee:
        demand(can_manage(me(request), form.cleaned_data["department"]))
        return services.transfer(employee=person, by=me(request), **fields(form, "department", "position"))

    return ask(
        request,
        form=forms.TransferForm(
            data_of(request), initial={"department": person.department.code, "position": person.position}
        ),
        question=_("Move %(name)s to another department") % {"name": person.name},
        text=_("Roles belong to a department each: they stay until they are ended."),
        verb=_("Change department"),
        icon="route",
        act=act,
        to=reverse("person-detail", args=[number]),
        toast=_("Department changed"),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """The person leaves."""
    person = managed(request, number)
    return ask(
        request,
        form=forms.LeaveForm(data_of(request)),
        question=_("%(name)s leaves?") % {"name": person.name},
        text=_(
            "Roles end with the last day, later duties are struck, and the login closes. Nothing that was recorded"
            " is deleted; open tickets go to the duty agent."
        ),
        verb=_("Record the leaving"),
        keep=_("Stays"),
        icon="ban",
        stop=True,
        act=lambda f: services.leave(employee=person, last_day=f.cleaned_data["last_day"], by=me(request)),
        to=reverse("person-detail", args=[number]),
        toast=_("Recorded"),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def come_back(request: HttpRequest, number: str) -> HttpResponse:
    """Employed again."""
    person = managed(request, number)
    return ask(
        request,
        form=forms.ReturnForm(data_of(request), initial={"department": person.department.code}),
        question=_("Employ %(name)s again") % {"name": person.name},
        text=_("The work number stays the same. Roles are given anew."),
        verb=_("Employ again"),
        icon="rotate",
        act=lambda f: services.come_back(
            employee=person, department=f.cleaned_data["department"], by=me(request)
        ),
        to=reverse("person-detail", args=[number]),
        toast=_("Employed again"),
    )


def fields(form: Any, *names: str) -> dict[str, Any]:
    """These cleaned values by name."""
    return {name: form.cleaned_data[name] for name in names}

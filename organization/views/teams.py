"""Teams of agents (ORG-06)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from organization import queries, services
from organization.forms import people as forms
from organization.forms.fields import NamesForm
from organization.models import Team
from organization.permissions import Right, me
from organization.views.door import ADMINISTRATION, ask, data_of, needs, places
from servicecenter.clock import now_db
from servicecenter.idempotency import idempotent


@needs(*ADMINISTRATION)
def listing(request: HttpRequest) -> HttpResponse:
    """Every team with its people and who is on duty now."""
    now = now_db()
    on_duty = queries.agents_on_duty(now)
    rows = [(team, on_duty.get(team.pk)) for team in queries.teams_with_members()]
    return render(
        request,
        "organization/teams.html",
        {
            "tabs": places(request, "team-list"),
            "teams": rows,
            "may_edit": me(request).has_right(Right.MANAGE_PEOPLE),
        },
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def add(request: HttpRequest) -> HttpResponse:
    """A new team."""
    return ask(
        request,
        form=forms.TeamForm(data_of(request), initial={"department": "service_centre"}),
        question=_("Add a team"),
        verb=_("Add the team"),
        icon="plus",
        act=lambda f: services.add_team(
            code=f.cleaned_data["code"],
            names=f.names(),
            department=f.cleaned_data["department"],
            by=me(request),
        ),
        to=reverse("team-list"),
        toast=_("Added. Next: choose its members."),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Other names."""
    team = get_object_or_404(Team, code=code)
    return ask(
        request,
        form=forms.RenameForm(data_of(request), initial=NamesForm.initial_of(team.names)),
        question=_("Rename %(name)s") % {"name": team},
        verb=_("Rename"),
        act=lambda f: services.rename_team(team=team, names=f.names(), by=me(request)),
        to=reverse("team-list"),
        toast=_("Renamed"),
    )


@needs(Right.MANAGE_PEOPLE)
@idempotent
def members(request: HttpRequest, code: str) -> HttpResponse:
    """Who belongs to the team."""
    team = get_object_or_404(Team.objects.select_related("department"), code=code)
    return ask(
        request,
        form=forms.MembersForm(data_of(request), team=team),
        question=_("Members of %(name)s") % {"name": team},
        verb=_("Save"),
        icon="users",
        act=lambda f: services.set_members(team=team, members=f.cleaned_data["members"], by=me(request)),
        to=reverse("team-list"),
        toast=_("Saved"),
    )

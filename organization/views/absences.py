"""Absences and interruptions of service (ORG-07, ORG-08)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from organization import queries, services
from organization.forms import time as forms
from organization.models import Absence, ServiceInterruption
from organization.permissions import Right, can_announce_interruption, can_note_absence, can_plan_duty, me
from organization.views.door import ask, data_of, demand, needs, rota_places
from servicecenter.clock import business_date, centre_zone, now_db
from servicecenter.forms import WorkForm
from servicecenter.idempotency import idempotent


@needs(Right.VIEW_PEOPLE)
def listing(request: HttpRequest) -> HttpResponse:
    """Who is away now and who will be: of the people whose rota one plans, and oneself."""
    now = now_db()
    user = me(request)
    rows = queries.absences_visible_to(user).filter(ends_at__gt=now)
    return render(
        request,
        "organization/absences.html",
        {
            "tabs": rota_places(request, "absence-list"),
            "rows": rows.order_by("starts_at", "id")[:200],
            "now": now,
            "may_plan": can_plan_duty(user),
        },
    )


@needs(Right.VIEW_PEOPLE)
@idempotent
def note(request: HttpRequest) -> HttpResponse:
    """Note an absence: one's own, or of somebody whose rota one plans."""
    user = me(request)
    tomorrow = datetime.combine(business_date(now_db()) + timedelta(days=1), time(), centre_zone())
    number = request.GET.get("employee", user.work_number)
    form = forms.AbsenceForm(
        data_of(request),
        people=forms.duty_people(user, None),
        initial={"employee": number, "starts_at": tomorrow, "ends_at": tomorrow + timedelta(days=1)},
    )

    def act(sent: Any) -> Absence:
        demand(can_note_absence(user, sent.cleaned_data["employee"]))
        return services.note_absence(by=user, **sent.values())

    return ask(
        request,
        form=form,
        question=_("Note an absence"),
        text=_(
            "Open tickets of an absent owner are shown to the duty agent and go to the duty agent after a while."
        ),
        verb=_("Note the absence"),
        icon="calendar",
        act=act,
        to=reverse("absence-list"),
        toast=_("Noted"),
    )


@needs(Right.VIEW_PEOPLE)
@idempotent
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Back earlier."""
    user = me(request)
    row = get_object_or_404(queries.absences_visible_to(user), pk=pk)
    return ask(
        request,
        form=WorkForm(data_of(request)),
        question=_("Is %(name)s back?") % {"name": row.employee.name},
        text=_("An absence that has begun ends now; one still to come is struck."),
        verb=_("Is back"),
        keep=_("Still away"),
        icon="okcirc",
        act=lambda f: services.end_absence(absence=row, by=user),
        to=reverse("absence-list"),
        toast=_("Noted"),
    )


@needs(Right.VIEW_PEOPLE)
def interruptions(request: HttpRequest) -> HttpResponse:
    """What is interrupted now, what was."""
    now = now_db()
    rows = ServiceInterruption.objects.order_by("-starts_at", "-id")[:50]
    return render(
        request,
        "organization/interruptions.html",
        {
            "tabs": rota_places(request, "duty-interruptions"),
            "rows": rows,
            "now": now,
            "may_announce": can_announce_interruption(me(request)),
        },
    )


@needs(Right.VIEW_PEOPLE)
def banner(request: HttpRequest) -> HttpResponse:
    """The fragment every page loads: what is interrupted now, why, until when."""
    return render(request, "organization/_interruptions.html", {"rows": queries.current_interruptions()})


@needs(Right.ANNOUNCE_INTERRUPTION)
@idempotent
def announce(request: HttpRequest) -> HttpResponse:
    """Announce an interruption."""
    soon = now_db().astimezone(centre_zone()).replace(second=0, microsecond=0) + timedelta(hours=2)
    return ask(
        request,
        form=forms.InterruptionForm(data_of(request), initial={"expected_end": soon}),
        question=_("Announce an interruption of service"),
        verb=_("Announce"),
        icon="alert",
        act=lambda f: services.announce_interruption(
            texts=f.texts(),
            starts_at=f.cleaned_data["starts_at"],
            expected_end=f.cleaned_data["expected_end"],
            by=me(request),
        ),
        to=reverse("duty-interruptions"),
        toast=_("Announced on every page"),
    )


@needs(Right.ANNOUNCE_INTERRUPTION)
@idempotent
def prolong(request: HttpRequest, pk: int) -> HttpResponse:
    """Another expected end."""
    row = get_object_or_404(ServiceInterruption, pk=pk)
    return ask(
        request,
        form=forms.ProlongForm(data_of(request), initial={"expected_end": row.expected_end}),
        question=_("When does the service run again?"),
        verb=_("Save"),
        icon="clock",
        act=lambda f: services.prolong_interruption(
            interruption=row, expected_end=f.cleaned_data["expected_end"], by=me(request)
        ),
        to=reverse("duty-interruptions"),
        toast=_("Saved"),
    )


@needs(Right.ANNOUNCE_INTERRUPTION)
@idempotent
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """The service runs again."""
    row = get_object_or_404(ServiceInterruption, pk=pk)
    return ask(
        request,
        form=WorkForm(data_of(request)),
        question=_("Does the service run again?"),
        verb=_("It runs again"),
        keep=_("Not yet"),
        icon="okcirc",
        act=lambda f: services.end_interruption(interruption=row, by=me(request)),
        to=reverse("duty-interruptions"),
        toast=_("The banner is gone"),
    )

"""Corrective and preventive actions: carried out, reviewed by the department, verified by the centre (CMP-27)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import forms, queries, services
from complaints.models import CorrectiveAction
from complaints.permissions import HANDLING, Right
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


def measure_or_404(request: HttpRequest, pk: int) -> CorrectiveAction:
    """An action of a ticket that the user may see, or of the own department."""
    found = queries.measure(user=me(request), pk=pk)
    if found is None:
        raise Http404
    return found


@needs(Right.HAND_IN_STATEMENT)
@idempotent
def carried_out(request: HttpRequest, pk: int) -> HttpResponse:
    """The department has carried it out: with what result."""
    measure = measure_or_404(request, pk)
    form = forms.MeasureDoneForm(request.POST or None, user=me(request))

    def act() -> str:
        services.complete_action(action=measure, result=form.cleaned_data["result"], by=me(request))
        return _("Recorded as carried out.")

    return _ask(request, form, act, measure, "complaints/measure_done.html")


@needs(Right.REVIEW_ACTION)
@require_POST
@idempotent
def reviewed(request: HttpRequest, pk: int) -> HttpResponse:
    """The department manager has reviewed it."""
    measure = measure_or_404(request, pk)
    services.review_action(action=measure, by=me(request))
    return answers.done(request, to=_back(request, measure), toast=_("Reviewed."))


@needs(*HANDLING)
@idempotent
def verified(request: HttpRequest, pk: int) -> HttpResponse:
    """The centre has seen that it works."""
    measure = measure_or_404(request, pk)
    form = forms.VerifyForm(request.POST or None, user=me(request))

    def act() -> str:
        services.verify_action(action=measure, effect=form.cleaned_data["effect"], by=me(request))
        return _("Verified.")

    return _ask(request, form, act, measure, "complaints/measure_verified.html")


def _ask(
    request: HttpRequest, form: Any, act: Callable[[], str], measure: CorrectiveAction, template: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                toast = act()
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                return answers.done(request, to=_back(request, measure), toast=toast)
        status = 422
    return render(request, template, {"form": form, "measure": measure}, status=status)


def _back(request: HttpRequest, measure: CorrectiveAction) -> str:
    if me(request).rights.has_any(HANDLING):
        return reverse("complaint-detail", args=[measure.complaint.number]) + "?tab=statements"
    return reverse("inbox") + "?tab=rectify"

"""The view of every act on a claim: its dialog, and what was refused (D20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from claims import queries
from claims.models import Claim
from claims.views.door import claim_or_404, kept_files, refused
from claims.views.table import ACTS, Act
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.kernel.lifecycle import Answer


def answers_of(claim: Claim, user: Any) -> dict[str, Answer]:
    """What may be done with the claim now, of both tracks, by the action's code."""
    offered = [*queries.actions_of(claim, user), *queries.liability_actions_of(claim, user)]
    return {answer.action.code: answer for answer in offered}


def view_of(act: Act) -> Callable[..., HttpResponse]:
    """The view of one act: shows the dialog, does the act, comes back with what was refused."""

    @needs(*act.rights)
    @idempotent
    def view(request: HttpRequest, number: str) -> HttpResponse:
        claim = claim_or_404(request, number)
        allowed(claim, me(request), act.code, asking=request.method == "GET")
        more = act.asks(claim) if act.asks else {}
        form = act.form(request.POST or None, user=me(request), claim=claim, **more)
        if request.method == "POST" and form.is_valid():
            try:
                toast = act.done(form, claim, me(request))
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                return answers.done(request, to=back_to(claim, act), toast=toast)
        params = {"number": claim.number}
        context = {
            "act": act,
            "form": form,
            "claim": claim,
            "question": str(act.question) % params,
            "says": str(act.says) % params if act.says else "",
            "files": kept_files(request) if act.files else (),
        }
        return render(request, "claims/act.html", context, status=refused(form))

    view.__name__ = view.__qualname__ = act.url_name.replace("-", "_")
    return view


def allowed(claim: Claim, user: Any, code: str, *, asking: bool = True) -> None:
    """Refuses as the button would have: 403 without the right, 409 with the reason.

    Not `asking`: what was typed comes back with the service's refusal, so only the right is asked here.
    """
    answer = answers_of(claim, user).get(code)
    if answer is None:
        return
    if not answer.visible:
        raise PermissionDenied
    if asking and answer.refusal is not None:
        params: dict[str, Any] = dict(answer.refusal.params)
        raise RuleBroken(answer.refusal.code, **params)


def back_to(claim: Claim, act: Act) -> str:
    """Where an act leads: to the claim, at the part it belongs to."""
    here = reverse("claim-detail", args=[claim.number])
    return f"{here}?tab={act.tab}" if act.tab else here


VIEWS = {act.code: view_of(act) for act in ACTS}

"""The view of every act on a ticket: its dialog, its refusals, and who changed what meanwhile (D20, CMP-51)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from complaints import queries
from complaints.models import Complaint
from complaints.views import templates
from complaints.views.door import complaint_or_404
from complaints.views.table import ACTS, Act
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers
from servicecenter.figures import whole
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken

BACK = ("desk", "complaint-list", "follow-up-list", "incident-list", "inbox")


def view_of(act: Act) -> Callable[..., HttpResponse]:
    """The view of one act: shows the dialog, does the act, comes back with what was refused."""

    @needs(*act.rights)
    @idempotent
    def view(request: HttpRequest, number: str) -> HttpResponse:
        complaint = complaint_or_404(request, number)
        allowed(complaint, me(request), act.code, asking=request.method == "GET")
        form = act.form(request.POST or None, user=me(request), complaint=complaint)
        status = 200
        if request.method == "POST":
            begun = templates.inserted(request, act.form, complaint)
            if begun is not None:
                return render(request, act.template, dialog(act, begun, complaint), status=422)
            if form.is_valid():
                form.cleaned_data["attachments"] = tuple(request.POST.getlist("attachments"))
                try:
                    toast = act.done(form, complaint, me(request))
                except (RuleBroken, RulesBroken) as problem:
                    form.refuse(problem)
                else:
                    return answers.done(request, to=back_to(request, complaint), toast=toast)
            status = 422
        return render(request, act.template, dialog(act, form, complaint), status=status)

    view.__name__ = view.__qualname__ = act.url_name.replace("-", "_")
    return view


def dialog(act: Act, form: Any, complaint: Complaint) -> dict[str, Any]:
    """What the dialog's template needs; after a refusal because of a newer version also who changed what."""
    params = {"number": complaint.number}
    return {
        "act": act,
        "form": form,
        "complaint": complaint,
        "question": str(act.question) % params,
        "says": str(act.says) % params if act.says else "",
        "stale": stale_changes(form, complaint),
        **templates.offered(complaint, form),
    }


def stale_changes(form: Any, complaint: Complaint) -> list[Any]:
    """What others did since the version this form was opened with (CMP-51)."""
    seen = whole(str(form.data.get("version") or "")) if form.is_bound else None
    if seen is None or seen == complaint.version:
        return []
    return list(queries.changes_since(complaint, seen))


def allowed(complaint: Complaint, user: Any, code: str, *, asking: bool = True) -> None:
    """Refuses as the button would have: 403 without the right, 409 with the reason.

    Not `asking`: what was typed comes back with the service's refusal, so only the right is asked here.
    """
    answer = queries.allowed_actions(complaint, user)[code]
    if not answer.visible:
        raise PermissionDenied
    if asking and answer.refusal is not None:
        params: dict[str, Any] = dict(answer.refusal.params)
        raise RuleBroken(answer.refusal.code, **params)


def back_to(request: HttpRequest, complaint: Complaint) -> str:
    """Where an act leads: to the ticket, or back to the list it was begun from."""
    back = request.GET.get("back", "")
    if back in BACK:
        return reverse(back)
    return reverse("complaint-detail", args=[complaint.number])


VIEWS = {act.code: view_of(act) for act in ACTS}

"""The door of every page of this app: who may enter, what an administration page carries, how an act is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from organization.permissions import EDIT_POLICIES, Right, me
from servicecenter import answers, components
from servicecenter.kernel.errors import RuleBroken, RulesBroken

View = Callable[..., Any]
ADMINISTRATION = (Right.ADMINISTER, Right.MANAGE_PEOPLE, EDIT_POLICIES, Right.EDIT_CALENDAR)

# Rights of the complaints' catalogue, whose pages stand among these tabs.
CATALOGUE = ("complaints.edit_categories", "complaints.view_all")


def needs(*rights: str) -> Callable[[View], View]:
    """Lets in whoever holds one of the rights, anywhere; the row is checked by `visible_to` inside."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not me(request).rights.has_any(rights):
                raise PermissionDenied
            response: HttpResponseBase = view(request, *args, **kwargs)
            return response

        guarded.rights = frozenset(rights)  # type: ignore[attr-defined]
        return guarded

    return decorate


def demand(allowed: bool) -> None:
    """403 unless allowed."""
    if not allowed:
        raise PermissionDenied


def places(request: HttpRequest, current: str) -> list[components.Tab]:
    """The tabs of administration that this user may open; `current` is a URL name."""
    user = me(request)
    known = [
        ("administration", _("Overview"), ADMINISTRATION),
        ("department-list", _("Departments"), ADMINISTRATION),
        ("people-list", _("People"), (Right.VIEW_PEOPLE,)),
        ("role-list", _("Roles"), ADMINISTRATION),
        ("team-list", _("Teams"), ADMINISTRATION),
        ("calendar-year", _("Working calendar"), ADMINISTRATION),
        ("calendar-hours", _("Service hours"), ADMINISTRATION),
        ("policy-list", _("Policies"), ADMINISTRATION),
        ("category-list", _("Categories and routing"), CATALOGUE),
        ("reply-template-list", _("Reply templates"), CATALOGUE),
    ]
    return [
        components.Tab(label, reverse(name), current=name == current)
        for name, label, rights in known
        if user.rights.has_any(rights)
    ]


def rota_places(request: HttpRequest, current: str) -> list[components.Tab]:
    """The tabs of the rota workspace."""
    user = me(request)
    known = [
        ("duty-rota", _("Duty rota"), (Right.VIEW_PEOPLE,)),
        ("absence-list", _("Absences"), (Right.VIEW_PEOPLE,)),
        ("duty-interruptions", _("Interruptions"), (Right.VIEW_PEOPLE,)),
    ]
    return [
        components.Tab(label, reverse(name), current=name == current)
        for name, label, rights in known
        if user.rights.has_any(rights)
    ]


def ask(
    request: HttpRequest,
    *,
    form: Form,
    question: str,
    verb: str,
    act: Callable[[Any], Any],
    to: str | Callable[[Any], str],
    toast: str,
    icon: str = "pencil",
    text: str = "",
    keep: str = "",
    stop: bool = False,
    template: str = "organization/ask.html",
    **context: Any,
) -> HttpResponse:
    """One act in a dialog: show the form; when it is sent and sound, do `act(form)` and go to `to`.

    A broken rule comes back in the form (422) with everything that was typed.
    """
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form)
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)  # type: ignore[attr-defined]
        else:
            return answers.done(request, to=to(made) if callable(to) else to, toast=toast)
    context |= {
        "form": form,
        "question": question,
        "text": text,
        "verb": verb,
        "keep": keep,
        "icon_name": icon,
        "stop": stop,
    }
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def data_of(request: HttpRequest) -> Any:
    """What was posted, or None for a fresh form."""
    return request.POST if request.method == "POST" else None

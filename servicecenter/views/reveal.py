"""Showing a masked personal value: asks why, records it, then shows it (PRV-02)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from servicecenter import ports, reveals
from servicecenter.forms import WorkForm
from servicecenter.kernel.errors import RuleBroken
from servicecenter.permissions import can_reveal
from servicecenter.subjects import found_by_number


class RevealForm(WorkForm):
    """Why the value must be seen."""

    reason = forms.CharField(label=_("Why do you need it?"), max_length=200)


def subject_of(request: HttpRequest) -> tuple[Any, str]:
    """(record, field) that the address names; 404 as `personal_field`."""
    name, key = request.GET.get("what", ""), request.GET.get("id", "")
    if not key.isdigit() or len(key) > 18:
        raise Http404
    return personal_field(request.user, kind=request.GET.get("kind", ""), what=name, pk=int(key)), name


def personal_field(user: Any, *, kind: str, what: str, pk: int | None, number: str = "") -> Any:
    """The record of a personal field, one that the user may see with whom it is about; 404 otherwise.

    Without its key a record is found by its number, unless the number itself is what is masked.
    """
    app, _dot, model_name = kind.partition(".")
    try:
        model = apps.get_model(app, model_name)
    except (LookupError, ValueError) as unknown:
        raise Http404 from unknown
    if what not in getattr(model, "PERSONAL", {}):
        raise Http404
    obj = found_by_number(kind, number) if pk is None else model._default_manager.filter(pk=pk).first()
    if obj is None:
        raise Http404
    subject = ports.call("servicecenter.subject", kind, object_id=obj.pk, user=user)
    if subject is None or subject.is_masked:
        raise Http404
    return obj


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reveal(request: HttpRequest) -> HttpResponse:
    """The question, then the value. Values never stand in a page that did not ask for them."""
    if not can_reveal(request.user):
        raise PermissionDenied
    obj, name = subject_of(request)
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            value = reveals.reveal(user=request.user, what=name, obj=obj, reason=form.cleaned_data["reason"])
        except RuleBroken as problem:
            form.refuse(problem)
        else:
            return render(request, "servicecenter/_revealed.html", {"value": value, "obj": obj, "name": name})
    label = obj._meta.get_field(name).verbose_name
    return render(
        request,
        "servicecenter/reveal.html",
        {"form": form, "label": label, "masked": type(obj).PERSONAL[name](str(getattr(obj, name)))},
        status=422 if request.method == "POST" else 200,
    )

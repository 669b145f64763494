"""Showing a masked personal value: asks why, records it, then shows it (PRV-02)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from servicecenter import reveals
from servicecenter.forms import WorkForm
from servicecenter.kernel.errors import RuleBroken
from servicecenter.permissions import can_reveal


class RevealForm(WorkForm):
    """Why the value must be seen."""

    reason = forms.CharField(label=_("Why do you need it?"), max_length=200)


def subject_of(request: HttpRequest) -> tuple[Any, str]:
    """(record, field) that the address names; 404 where `reveals.personal_field` finds none."""
    name, key = request.GET.get("what", ""), request.GET.get("id", "")
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    found = reveals.personal_field(request.user, kind=request.GET.get("kind", ""), what=name, pk=int(key))
    if found is None:
        raise Http404
    return found, name


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

"""Pages for tests of the scripts: one with everything on it, and doors that misbehave on demand."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from servicecenter import answers, drafts
from servicecenter.forms import WorkForm
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken
from servicecenter.urls import handler400, handler403, handler404, handler500
from servicecenter.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler500"]

# What happened behind the pages, for the tests to look at.
seen = SimpleNamespace(saved=[], files=[], undone=0, away=0, slow=0.0)


def reset() -> None:
    """Forget what happened."""
    seen.saved, seen.files, seen.undone, seen.away, seen.slow = [], [], 0, 0, 0.0


class TryForm(WorkForm):
    """A text that must not be empty, a choice, a tick."""

    text = forms.CharField(label="事由", widget=forms.Textarea)
    kind = forms.ChoiceField(label="类别", choices=[("late", "晚送"), ("damage", "货损")])
    outside = forms.BooleanField(label="外部", required=False)


PAGE = """{% extends "base.html" %}{% block title %}try{% endblock %}{% block content %}
<div class="head"><div><h1>试验</h1>
<div class="meta"><span data-presence="organization.department:{{ department }}"></span></div></div>
<div class="acts"><a class="btn btn-plain" href="/try/dialog/" data-dialog id="open">问…</a></div></div>
<form class="stack-sm" method="post" action="/try/" data-draft="try.form" id="form">{% form_head form %}
{% field form.text %}{% field form.kind %}{% field form.outside %}{% upload "attachments" %}
<span data-draft-state></span>
<button class="btn btn-primary" type="submit" name="how" value="now">保存</button></form>
<form method="post" action="/try/fragment/" hx-post="/try/fragment/" hx-target="#answer" id="live-form">
{% csrf_token %}<input class="form-control" name="text" aria-label="小">
<button class="btn btn-plain" type="submit">发</button></form>
<div id="answer"></div>
<input class="form-control" data-live hx-get="/try/find/" hx-trigger="wb:live" hx-target="#hits"
 name="q" aria-label="找" id="find">
<div id="hits"></div>
<textarea class="form-control" data-compose aria-label="备注" id="note"></textarea>
<button class="btn btn-plain" type="button" data-copy="8620 4417 309" id="copy">复制</button>
{% endblock %}"""
DIALOG = """{% extends "components/dialog.html" %}{% block question %}作废 TS261118-0117?{% endblock %}
{% block body %}{% field form.text rows=2 %}{% endblock %}{% block verb %}作废{% endblock %}"""


def draw(request: HttpRequest, source: str, status: int = 200, **context: Any) -> HttpResponse:
    """A template out of a string."""
    return HttpResponse(engines["django"].from_string(source).render(context, request), status=status)


@login_required
@idempotent
def page(request: HttpRequest) -> HttpResponse:
    """The page; its form saves the text."""
    if seen.away:
        seen.away -= 1
        raise OperationalError("away")
    time.sleep(seen.slow)
    form = TryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        seen.saved.append((form.cleaned_data["text"], request.POST.get("how")))
        seen.files += request.POST.getlist("attachments")
        drafts.discard(user=request.user, form="try.form")
        return answers.done(request, to="/try/", toast="已保存", undo="/try/undo/")
    status = 422 if request.method == "POST" else 200
    return draw(request, PAGE, status, form=form, department=request.user.employee.department_id)


@login_required
@idempotent
def dialog(request: HttpRequest) -> HttpResponse:
    """A question that wants a reason."""
    if seen.away:
        seen.away -= 1
        raise OperationalError("away")
    form = TryForm(request.POST or None)
    if request.POST.get("text") == "stale":
        raise RuleBroken("lifecycle.stale", number="TS261118-0117")
    if request.method == "POST" and request.POST.get("text", "").strip():
        seen.saved.append((request.POST["text"], "dialog"))
        return answers.changed(request, events=["thing-changed"], toast="已作废", to="/try/")
    return draw(request, DIALOG, 422 if request.method == "POST" else 200, form=form)


@login_required
def fragment(request: HttpRequest) -> HttpResponse:
    """A small form without leaving the page; away as often as told."""
    if seen.away:
        seen.away -= 1
        raise OperationalError("away")
    seen.saved.append((request.POST["text"], "fragment"))
    return HttpResponse(f"<h2>收到 {len(seen.saved)}</h2>")


@login_required
def find(request: HttpRequest) -> HttpResponse:
    """What a live search asks."""
    seen.saved.append((request.GET["q"], "find"))
    return HttpResponse("1")


def undo(request: HttpRequest) -> HttpResponse:
    """Takes it back."""
    seen.undone += 1
    return HttpResponse(status=204)


urlpatterns = [
    *real,
    path("try/", page),
    path("try/dialog/", dialog),
    path("try/fragment/", fragment),
    path("try/find/", find),
    path("try/undo/", undo),
]

"""The search box: each app's provider is asked, at most eight hits each, each through its own visibility (D11)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from servicecenter import ports

log = logging.getLogger(__name__)
PER_APP = 8
MOST_SIGNS = 80


@dataclass(frozen=True)
class Group:
    """Hits of one kind of record."""

    label: str
    hits: list[ports.Hit]


def hits_for(user: Any, text: str) -> list[Group]:
    """Hits by kind, in the apps' order. Nothing for less than two signs that are not a number."""
    text = text.strip()[:MOST_SIGNS]
    if len(text) < 2:
        return []
    groups: dict[str, list[ports.Hit]] = {}
    for find in ports.implementations("servicecenter.search").values():
        for hit in find(user=user, text=text, limit=PER_APP):
            groups.setdefault(hit.kind, []).append(hit)
    return [Group(_label(kind), hits) for kind, hits in groups.items()]


def _label(kind: str) -> str:
    app, _dot, model = kind.partition(".")
    return str(apps.get_model(app, model)._meta.verbose_name_plural)


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """All hits of the box. A single one that is exactly the number typed is opened at once."""
    text = request.GET.get("q", "").strip()[:MOST_SIGNS]
    groups = hits_for(request.user, text)
    every = [hit for group in groups for hit in group.hits]
    exact = [hit for hit in every if hit.number and hit.number.lower() == text.lower()]
    if len(exact) == 1 and not request.headers.get("HX-Request"):
        return redirect(exact[0].url)
    template = (
        "servicecenter/_search_hits.html"
        if request.headers.get("HX-Request")
        else "servicecenter/search.html"
    )
    return render(request, template, {"q": text, "groups": groups, "total": len(every)})

"""What is kept for a user while working: drafts, saved views, presence."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from servicecenter import answers, dates, drafts, finding, ports, saved_views, shell
from servicecenter.components import ViewLink
from servicecenter.kernel.errors import RuleBroken
from servicecenter.permissions import can_unshare
from servicecenter.search import fold, name_key
from servicecenter.wording import rule_text

FORM_NAME = re.compile(r"[a-z0-9_.:/-]{1,120}", re.IGNORECASE)
UNKEPT = re.compile("[\0\ud800-\udfff]")
KIND = re.compile(r"([a-z_]+\.[a-z_]+):(\d{1,18})")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def draft(request: HttpRequest) -> HttpResponse:
    """GET ?form= reads the draft, POST (JSON) keeps it, or drops it when its data are null."""
    if request.method == "POST":
        return _keep_draft(request)
    name = request.GET.get("form", "")
    if not FORM_NAME.fullmatch(name):
        return HttpResponseBadRequest()
    found = drafts.find(user=request.user, form=name)
    if found is None:
        return JsonResponse({"data": None})
    return JsonResponse(
        {"data": found.data, "saved_at": found.saved_at.timestamp(), "when": dates.say_when(found.saved_at)}
    )


def _keep_draft(request: HttpRequest) -> HttpResponse:
    if len(request.body) > drafts.MAX_BYTES:
        raise RuleBroken("draft.too_large", status=413)
    try:
        sent = json.loads(request.body)
        name, data = sent["form"], sent["data"]
    except (ValueError, TypeError, KeyError):
        return HttpResponseBadRequest()
    if not isinstance(name, str) or not FORM_NAME.fullmatch(name) or not _is_draft(data):
        return HttpResponseBadRequest()
    if data is None:
        drafts.discard(user=request.user, form=name)
        return JsonResponse({"data": None})
    kept = drafts.keep(user=request.user, form=name, data=data)
    return JsonResponse({"when": dates.say_when(kept.saved_at), "saved_at": kept.saved_at.timestamp()})


def _is_draft(data: Any) -> bool:
    """Names with lists of texts that the database can keep, nothing else."""
    if data is None:
        return True
    return isinstance(data, dict) and all(
        _is_text(name) and isinstance(values, list) and all(_is_text(value) for value in values)
        for name, values in data.items()
    )


def _is_text(value: Any) -> bool:
    """JSON can write what no text holds: NUL, and half of a pair of surrogates."""
    return isinstance(value, str) and not UNKEPT.search(value)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def views(request: HttpRequest) -> HttpResponse:
    """The user's views of one list as a fragment; POST keeps the present one under a name."""
    route = request.POST.get("route") or request.GET.get("route", "")
    query = saved_views.normal(request.POST.get("query") or request.GET.get("query", ""))
    problem = ""
    if request.method == "POST":
        try:
            saved_views.save_view(
                by=request.user, route=route, name=request.POST.get("name", ""), query=query
            )
        except RuleBroken as broken:
            problem = rule_text(broken)
    saved, teams = saved_views.views_of(request.user, route), saved_views.teams_of(request.user)
    shared = saved_views.shared_with(request.user, route, teams)
    # of what other teams share only the names stand there: each figure is a count of its own
    counted = [*saved, *(view for view in shared if view.team_code in teams)]
    asked = list(dict.fromkeys(view.query for view in counted))
    counts = shell.view_counts(request.user, route, asked) if asked else {}
    links, of_others = (
        [
            ViewLink(
                label=view.name,
                url=saved_views.address(route, view.query),
                icon="star",
                current=view.query == query and bool(query),
                count=counts.get(view.query) if view in counted else None,
                delete_url=str(view.pk),
                maker="" if view.user_id == request.user.pk else str(view.user),
                team=teams.get(view.team_code, ""),
            )
            for view in rows
        ]
        for rows in (saved, shared)
    )
    context = {
        "links": links,
        "shared": of_others,
        "teams": teams,
        "may_unshare": can_unshare(request.user),
        "route": route,
        "query": query,
        "problem": problem,
        "menu": "menu" in request.GET,
        "known": any(link.current for link in links),
    }
    return render(request, "components/_saved_views.html", context, status=422 if problem else 200)


@require_POST
@login_required
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a view; the toast undoes it."""
    view = saved_views.delete_view(by=request.user, pk=pk)
    restore = shell.address_of("saved-view-restore")
    request.session["deleted_view"] = {
        "route": view.route,
        "name": view.name,
        "query": view.query,
        "team": view.team_code,
    }
    return answers.changed(
        request,
        events=["saved-views-changed"],
        toast=_("The view %(name)s is deleted.") % {"name": view.name},
        undo=restore,
    )


@require_POST
@login_required
def view_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one's own view to a team, or with no team named to nobody else any more; the toast undoes it."""
    team = request.POST.get("team") or request.GET.get("team", "")
    view, before = saved_views.share_view(by=request.user, pk=pk, team=team)
    told = _("The view %(name)s is shared.") if team else _("The view %(name)s is shared no more.")
    undo = reverse("saved-view-share", args=[pk]) + (f"?{urlencode({'team': before})}" if before else "")
    return answers.changed(
        request, events=["saved-views-changed"], toast=told % {"name": view.name}, undo=undo
    )


@require_POST
@login_required
def view_unshare(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody's view away from the team; it stays its maker's."""
    view = saved_views.unshare_view(by=request.user, pk=pk)
    told = _("The view %(name)s is shared no more.") % {"name": view.name}
    return answers.changed(request, events=["saved-views-changed"], toast=told)


@require_POST
@login_required
def view_restore(request: HttpRequest) -> HttpResponse:
    """The view deleted last is back."""
    gone = request.session.pop("deleted_view", None)
    if gone is None:
        raise RuleBroken("view.unknown", status=404)
    saved_views.restore_view(by=request.user, **gone)
    return answers.changed(request, events=["saved-views-changed"])


@require_POST
@login_required
def presence(request: HttpRequest) -> HttpResponse:
    """The user has a record open; answers who else has. Only for records the user may see."""
    match = KIND.fullmatch(request.POST.get("subject", ""))
    if match is None:
        return HttpResponseBadRequest()
    kind, object_id = match.group(1), int(match.group(2))
    if request.POST.get("gone"):
        saved_views.gone(user=request.user, kind=kind, object_id=object_id)
        return HttpResponse(status=204)
    if ports.call("servicecenter.subject", kind, object_id=object_id, user=request.user) is None:
        return HttpResponse(status=404)
    finding.note_recent(request.session, kind, object_id)
    others = saved_views.here(user=request.user, kind=kind, object_id=object_id)
    return JsonResponse({"others": [other.name for other in others]})


@require_safe
@login_required
def palette(request: HttpRequest) -> HttpResponse:
    """Ctrl K: every place and act by typing its first signs; numbers and names through the search.

    While nothing is typed, the records opened last.
    """
    text = request.GET.get("q", "").strip()
    here = shell.Shell(request)
    context = {
        "q": text,
        "recent": [] if text else finding.recent(request.user, request.session),
        "places": [place for place in here.places if _called(place.label, text)],
        "commands": [command for command in here.commands if _called(command.label, text)],
        "answer": finding.search(request.user, text),
    }
    template = "servicecenter/_palette_hits.html" if "q" in request.GET else "servicecenter/palette.html"
    return render(request, template, context)


def _called(label: str, text: str) -> bool:
    """Whether a place may be meant: by a part of its name, or by pinyin and its initials."""
    wanted = fold(text)
    return not wanted or wanted in fold(label) or wanted.replace(" ", "") in name_key(label).replace(" ", "")

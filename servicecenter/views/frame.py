"""What belongs to the frame: home, help, palette, figures at the rail, language, theme and row height, gallery."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import activate
from django.views.decorators.http import require_GET, require_POST, require_safe

from servicecenter import answers
from servicecenter import gallery as samples
from servicecenter import shell as frame
from servicecenter.views.logins import set_language_cookie

LANGUAGES = {code for code, _name in settings.LANGUAGES}
YEAR = 365 * 86_400


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the workspace of the role."""
    return redirect(frame.Shell(request).home_url)


@require_safe
@login_required
def help_sheet(request: HttpRequest) -> HttpResponse:
    """All keys, and what the colours mean."""
    return render(request, "servicecenter/help.html")


@require_safe
@login_required
def counts(request: HttpRequest) -> JsonResponse:
    """Figures at the rail, unread notices, the state of the machine, the server's time."""
    here = frame.Shell(request)
    return JsonResponse(
        {
            "counts": frame.counts_for(request.user),
            "unread": here.unread,
            "warnings": frame.machine_warnings(),
            "now": here.now.timestamp(),
            "user": request.user.pk,
        }
    )


@require_safe
@login_required
def knock(request: HttpRequest) -> HttpResponse:
    """Asked before a page form is sent: is the session alive and the database there? Nothing typed is risked."""
    return HttpResponse(status=204)


def back(request: HttpRequest) -> str:
    """The page the request came from, within this site."""
    return answers.inside(request, request.POST.get("next") or request.headers.get("Referer", "")) or "/"


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language of the pages: of the user, and in a cookie for the login page."""
    code = request.POST.get("language", "")
    if code not in LANGUAGES:
        return HttpResponseBadRequest()
    activate(code)
    if request.user.is_authenticated:
        _keep(request.user, "language", code)
    response = redirect(back(request))
    set_language_cookie(response, code)
    return response


@require_POST
def taste(request: HttpRequest) -> HttpResponse:
    """Theme and row height: of the user, and in a cookie for the login page."""
    response: HttpResponse = HttpResponse(status=204)
    if request.headers.get("X-Requested-With") != "fetch":
        response = redirect(back(request))
    known = 0
    for name, cookie, values in (
        ("theme", frame.COOKIE_THEME, frame.THEMES),
        ("density", frame.COOKIE_DENSITY, frame.DENSITIES),
    ):
        value = request.POST.get(name)
        if value is None:
            continue
        if value not in values:
            return HttpResponseBadRequest()
        known += 1
        if request.user.is_authenticated:
            _keep(request.user, name, value)
        response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True)
    return response if known else HttpResponseBadRequest()


def _keep(user: Any, name: str, value: str) -> None:
    if getattr(user, name) != value:
        setattr(user, name, value)
        user.save(update_fields=[name])


@require_GET
@login_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every part in all its states: what pages are made of."""
    return render(request, "servicecenter/gallery.html", samples.context(request))

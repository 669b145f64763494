"""Error answers: what is wrong, then what to do; in the user's language; JSON for the API, a page else."""

from __future__ import annotations

import logging
import sys

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from servicecenter import context
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.retry import (
    DEADLOCK,
    LOCK_TIMEOUT,
    SERIALIZATION_FAILURE,
    STATEMENT_TIMEOUT,
    is_away,
    sqlstate,
)
from servicecenter.wording import messages_of

log = logging.getLogger(__name__)


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def answer(
    request: HttpRequest, *, status: int, code: str, title: str, text: str, template: str = "errors/page.html"
) -> HttpResponse:
    """One error, for page, fragment or API."""
    if _wants_json(request):
        return JsonResponse({"code": code, "message": text, "fields": {}}, status=status)
    if not hasattr(request, "user"):
        # refused before anybody was looked for (a foreign host name): there is no shell to draw
        template = "errors/bare.html"
    if request.headers.get("HX-Request"):
        template = "errors/_fragment.html"
    said = {
        "status": status,
        "code": code,
        "title": title,
        "text": text,
        "request_id": context.current().request_id,
    }
    try:
        return render(request, template, said, status=status)
    except ValueError:
        # The list of static files is missing or old (collectstatic): the page that tells of an error must not be one.
        log.exception("an error page cannot be drawn; it is told without style")
        return render(request, "errors/plain.html", said, status=status)


def rule_broken(request: HttpRequest, problem: RuleBroken | RulesBroken) -> HttpResponse:
    """A broken rule that no form caught."""
    status = problem.status if isinstance(problem, RuleBroken) else 409
    text = " ".join(message for _field, message in messages_of(problem))
    code = problem.code if isinstance(problem, RuleBroken) else "rules"
    return answer(request, status=status, code=code, title=_("This was not done"), text=text)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return answer(
        request,
        status=400,
        code="bad_request",
        title=_("This request cannot be read"),
        text=_(
            "Something in the address or form is malformed. Go back and try again; what you typed is still in the form."
        ),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return answer(
        request,
        status=403,
        code="forbidden",
        title=_("You do not have the right to do this"),
        text=_("If you need it for your work, ask your supervisor or the administrator."),
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also for what one may not see."""
    return answer(
        request,
        status=404,
        code="not_found",
        title=_("There is nothing here"),
        text=_("The address is wrong, or the record is not one that you may see. Search for its number."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without touching the database; 503 when the database is what failed, in whatever layer."""
    problem = sys.exc_info()[1]
    if isinstance(problem, Error) and is_away(problem):
        return database_failed(request, problem)
    return answer(
        request,
        status=500,
        code="server_error",
        title=_("Something went wrong on our side"),
        text=_(
            "Nothing was half saved. Try again; if it happens again, tell the administrator the number below."
        ),
        template="errors/bare.html",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token does not fit the session: after a new login in another window, usually."""
    return answer(
        request,
        status=403,
        code="csrf",
        title=_("This form has become stale"),
        text=_(
            "You logged in again meanwhile. Go back, reload the page, and send it once more;"
            " what you typed is kept as a draft."
        ),
    )


def database_failed(request: HttpRequest, problem: Error) -> HttpResponse:
    """503 for a database that is away, or has given this request up: locked too long, or too slow."""
    state = sqlstate(problem)
    if state in {LOCK_TIMEOUT, DEADLOCK, SERIALIZATION_FAILURE}:
        return _try_again(
            request,
            code="database_busy",
            title=_("Somebody else is changing the same records"),
            text=_("Nothing was saved by this request. What you typed stays in the form; send it once more."),
        )
    if state == STATEMENT_TIMEOUT:
        return _try_again(
            request,
            code="database_slow",
            title=_("This took too long and was stopped"),
            text=_("Nothing was saved by this request. Narrow the filter or the period, then try again."),
        )
    return database_away(request)


def _try_again(request: HttpRequest, *, code: str, title: str, text: str) -> HttpResponse:
    response = answer(request, status=503, code=code, title=title, text=text, template="errors/bare.html")
    response["Retry-After"] = "1"
    return response


def database_away(request: HttpRequest) -> HttpResponse:
    """503 while PostgreSQL is away, without touching it."""
    response = answer(
        request,
        status=503,
        code="database_away",
        title=_("The database is not reachable at the moment"),
        text=_(
            "Nothing was saved by this request and nothing is lost: what you typed stays in the form."
            " The page tries again by itself."
        ),
        template="errors/bare.html",
    )
    response["Retry-After"] = "5"
    return response

"""Middleware: request context, security policy, the database being away, broken rules."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from servicecenter import context, errors
from servicecenter.frames import with_room
from servicecenter.health import PROBES
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.retry import is_away, sqlstate

GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("servicecenter.request")
# Telephone numbers stand in some addresses (the call pop-up): no log holds one.
LONG_NUMBER = re.compile(r"\d{7,}")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{6,40}")


def room_for_frames(get_response: GetResponse) -> GetResponse:
    """All that follows has room for its frames (servicecenter.frames): a page is as fast whatever its depth."""
    return with_room(get_response)


class RequestContextMiddleware:
    """Opens the act of this request: id (taken from a proxy if well formed), address, door; logs its end."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex[:12]
        via = "api" if request.path.startswith("/api/") else "page"
        started = time.monotonic()
        with context.acting(via, request_id=request_id, address=client_address(request)):
            response = self.get_response(request)
            # probes come every few seconds: they are told when something is wrong
            quiet = request.path in PROBES and response.status_code == 200
            log.log(
                logging.DEBUG if quiet else logging.INFO,
                "%s %s %s %.0fms",
                request.method,
                LONG_NUMBER.sub(lambda found: f"{found.group()[:3]}****", request.path),
                response.status_code,
                (time.monotonic() - started) * 1000,
            )
        response["X-Request-ID"] = request_id
        return response


def client_address(request: HttpRequest) -> str | None:
    """The caller's address; behind `TRUSTED_PROXIES` proxies their entry of X-Forwarded-For, never a forged one.

    None for what is no address: the trail and the limiter keep addresses alone.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            given = hops[-settings.TRUSTED_PROXIES]
    try:
        return str(ip_address(given))
    except ValueError:
        return None


class DatabaseDownMiddleware:
    """A database that is away or full is a clear 503 that says what happened to the input; it recovers by itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except Error as problem:
            if not is_away(problem):
                raise
            return self._answer(request, problem)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Views raise inside Django's handler: answer there too."""
        if isinstance(problem, Error) and is_away(problem):
            return self._answer(request, problem)
        return None

    def _answer(self, request: HttpRequest, problem: Error) -> HttpResponse:
        # the kind and the code of the error, never its text: that may quote what was written
        log.error("database: %s %s", type(problem).__name__, sqlstate(problem))
        return errors.database_failed(request, problem)


class ContentSecurityPolicyMiddleware:
    """Sends `SECURE_CSP` as Django 6 does."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class UserContextMiddleware:
    """Names the user in logs, applies the user's language, and ends sessions at their absolute limit."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key is None and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        user = request.user
        if user.is_authenticated:
            opened = request.session.get("opened_at")
            if opened is not None and time.time() - opened > settings.SESSION_ABSOLUTE_SECONDS:
                logout(request)
            else:
                context.set_user(user.pk)
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language()
                # An active session slides its idle limit at most once in five minutes, not on every request;
                # what a page asks by itself while nobody sits there does not slide it.
                touched = request.session.get("touched_at", 0)
                if time.time() - touched > 300 and "X-Passive" not in request.headers:
                    request.session["touched_at"] = time.time()
        return self.get_response(request)


class FragmentCacheMiddleware:
    """Pages of a logged-in user are never stored; fragments vary by the header that asks for them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
            patch_vary_headers(response, ["HX-Request", "Accept-Language", "Cookie"])
        return response


# What the database's driver says of a text that holds the character.
NUL = "NUL (0x00)"


class RuleBrokenMiddleware:
    """A rule that no door caught is told in words (409), and bad input is a 400, never a 500.

    So is the character NUL, which no text in the database holds, where no form or serializer has named its field.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Answer a broken rule that reached the top of a view."""
        if isinstance(problem, RuleBroken | RulesBroken):
            return errors.rule_broken(request, problem)
        if isinstance(problem, BadRequest) or (isinstance(problem, ValueError) and NUL in str(problem)):
            return errors.bad_request(request, problem)
        return None

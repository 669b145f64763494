"""Who may enter where: every route × every role × own and foreign records (ORG-03, ORG-04, D7).

The rows stand in `tests/matrix/<app>.py`. Most cells ask the view alone, without middleware and without drawing its
page, because the decision falls before; each page is then drawn once through everything: there a GET must not write.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.http import Http404, HttpRequest
from django.template.backends.django import Template
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django_htmx.middleware import HtmxDetails

from servicecenter.kernel.errors import RuleBroken, RulesBroken
from tests.doors import client_of
from tests.matrix import walk
from tests.matrix.roles import EVERYBODY
from tests.matrix.rows import Row, World
from tests.matrix.world import undone

pytestmark = pytest.mark.usefixtures("files_of_the_world")

FACTORY = RequestFactory()
FORM = "application/x-www-form-urlencoded"
CLOSED = {401, 403, 404}
WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE|TRUNCATE|MERGE)\b|\bnextval\(|FOR UPDATE", re.IGNORECASE)
# What a GET may write, and why.
WRITES_OF_A_GET = {
    "django_session": "the session slides its idle limit and keeps the tickets opened last",
}
ROWS = walk.rows()


@pytest.fixture
def undrawn() -> Iterator[None]:
    """Views answer without drawing their templates."""
    with patch.object(Template, "render", return_value=""):
        yield


def knock(method: str, path: str, user: Any, sent: dict[str, Any] | None = None) -> int:
    """The status with which the view answers this user; nothing is drawn, nothing stays."""
    if method == "GET":
        request = FACTORY.generic(method, path)
    elif path.startswith("/api/"):
        body = json.dumps(sent or {}, cls=DjangoJSONEncoder)
        request = FACTORY.generic(method, path, body, content_type="application/json")
    else:
        request = FACTORY.generic(method, path, urlencode(sent or {}), content_type=FORM)
    # An act may change the user in memory: it gets one of its own.
    _furnish(request, user if method == "GET" else copy.copy(user))
    match = resolve(urlsplit(path).path)
    request.resolver_match = match
    with undone() if method != "GET" else nullcontext():
        try:
            answer = match.func(request, *match.args, **match.kwargs)
            for file in getattr(answer, "_resource_closers", ()):
                file()
            return int(answer.status_code)
        except PermissionDenied:
            return 403
        except Http404:
            return 404
        except BadRequest:
            return 400
        except RuleBroken as problem:
            return problem.status
        except RulesBroken:
            return 409


def _furnish(request: HttpRequest, user: Any) -> None:
    """What the middleware would have put there."""
    request.user = user
    request.session = SessionStore()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]


def wanted(row: Row, world: World, thing: str, role: str) -> str:
    """What the row says: `in`, `403`, `404`, or `out` (either)."""
    if role not in row.may:
        return "out"
    if not world.sees(role, thing):
        return "404"
    if thing in row.acts and role not in row.acts[thing]:
        return "403"
    return "in"


def fits(status: int, answer: str, row: Row) -> bool:
    """Whether a status is the answer wanted."""
    if answer == "in":
        return (
            status in row.opens
            if row.opens
            else status not in CLOSED and status not in {405} and status < 500
        )
    return status in {403, 404} if answer == "out" else status == int(answer)


def name_of(row: Row) -> str:
    return f"{row.route}-{row.methods.replace(' ', '+')}-{row.takes[0].replace(' ', '_')}".rstrip("-")


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_a_route_lets_in_whom_its_row_names_and_nobody_else(row: Row, world: World, undrawn: None) -> None:
    """ORG-03, ORG-04: without the right 403 or 404, a foreign record is not there (404)."""
    wrong = []
    sent = row.sends(world) if row.sends else None
    methods = row.methods.split()
    let_in: set[str] = set()
    for thing in row.takes:
        for role, user in world.people.items():
            answer = wanted(row, world, thing, role)
            path = walk.address(row, world, thing, role)
            if answer == "in" and (role in let_in or (row.alike and let_in)):
                continue  # a further record that is the role's to see differs in nothing
            let_in |= {role} if answer == "in" else set()
            # Who is let in to act is let in to ask.
            for method in methods[-1:] if answer == "in" else methods:
                status = knock(method, path, user, sent)
                if not fits(status, answer, row):
                    wrong.append(f"{method} {thing or row.route}: {role} gets {status}, wanted {answer}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_nobody_without_a_login_gets_past_the_door(row: Row, world: World, undrawn: None) -> None:
    thing = row.takes[0]
    for method in row.methods.split():
        status = knock(method, walk.address(row, world, thing, "agent"), AnonymousUser())
        assert status == row.anonymous, (method, status)


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    """Add the row to `tests/matrix/<app>.py`; see there."""
    known = {row.route for row in ROWS}
    real = {name for name in walk.routes() if not name.startswith(walk.ADMIN)}
    assert sorted(real - known) == [], "routes without a row"
    assert sorted(known - real) == [], "rows without a route"


def test_every_method_of_the_api_has_a_row() -> None:
    for name, route in walk.routes().items():
        if route.methods:
            said = {method for row in ROWS if row.route == name for method in row.methods.split()}
            assert said == route.methods, name


def test_a_page_that_answers_a_post_has_a_row_that_posts(world: World, undrawn: None) -> None:
    """A view that takes a POST which no row tries would go unwatched."""
    unwatched = []
    for row in ROWS:
        if (
            row.is_api
            or "POST" in row.methods
            or any(other.route == row.route and "POST" in other.methods for other in ROWS)
        ):
            continue
        role = sorted(row.may)[0] if row.may != EVERYBODY else "administrator"
        thing = row.takes[0]
        path = walk.address(row, world, thing, role)
        with watched() as written:
            knock("POST", path, world.people[role])
        if written:
            unwatched.append((row.route, written))
    assert unwatched == []


@contextmanager
def watched() -> Iterator[list[str]]:
    """The statements that write while this is open."""
    found: list[str] = []

    def look(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if WRITE.search(str(sql)) and not any(f'"{table}"' in str(sql) for table in WRITES_OF_A_GET):
            found.append(str(sql)[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


@pytest.mark.parametrize("row", [row for row in ROWS if "GET" in row.methods], ids=name_of)
def test_a_get_never_writes_and_a_page_has_a_title(row: Row, world: World) -> None:
    """Through every middleware, page drawn, by somebody whom the door lets in."""
    role, thing = row.seen_by_one(world)
    browser = client_of(world.people[role])
    with undone(), watched() as written:
        answer = browser.get(walk.address(row, world, thing, role))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert fits(answer.status_code, "in", row), answer.status_code
    assert b"<title>\xc2\xb7" not in body
    assert written == [] or row.writes


LISTS = [row for row in ROWS if row.lists]


@pytest.mark.parametrize("row", LISTS, ids=name_of)
def test_a_list_shows_what_the_role_sees_whatever_is_asked(row: Row, world: World) -> None:
    """ORG-04, PRV-04: lists, exports, filters, orders and searches show no foreign record."""
    wrong = []
    tried: set[tuple[bool, ...]] = set()
    for role in sorted(row.may):
        if not world.sees(role, row.takes[0]):
            continue
        sees = tuple(world.sees(role, thing) for thing in row.lists)
        if sees in tried and not row.is_api:
            continue
        browser = client_of(world.people[role])
        base = walk.address(row, world, row.takes[0], role)
        # Narrowed once for each set of records that roles see, where there is anything to hide.
        queries = row.narrow if sees not in tried and not all(sees) else row.narrow[:1]
        tried.add(sees)
        for number, query in enumerate(queries):
            told = text_of(browser, row, base + query.format(**world.words))
            for thing, may_see in zip(row.lists, sees, strict=True):
                shown = world.mark(thing) in told
                if shown and not may_see:
                    wrong.append(f"{role} sees {thing} under {query or 'no filter'}")
                if may_see and not shown and number == 0:
                    wrong.append(f"{role} does not see {thing}")
    assert not wrong, "\n".join(wrong)


def text_of(browser: Client, row: Row, path: str) -> str:
    """The words of a list: a page, an answer of the API, or an exported table."""
    with undone():
        if row.methods == "POST":
            answer = browser.post(path, {"form": "csv"})
        else:
            answer = browser.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, (path, answer.status_code, body[:400])
    return body.decode()


def test_every_filter_of_a_list_is_tried() -> None:
    """A filter added to a list goes into `Row.narrow`, so that it is seen to keep to what the role sees."""
    untried = []
    for row in LISTS:
        match = walk.view_of(row.route)
        filterset = getattr(getattr(match, "cls", None), "filterset_class", None)
        if filterset is None:
            continue
        asked = " ".join(row.narrow)
        for name, one in filterset.base_filters.items():
            names = [name] if "Range" not in type(one).__name__ else [f"{name}_min", f"{name}_after"]
            if not any(f"{part}=" in asked for part in names):
                untried.append(f"{row.route}: {name}")
    assert untried == []


def test_only_administrators_enter_the_admin(world: World, undrawn: None) -> None:
    """ORG-03: every address of Django's admin is closed to the other 23 roles and to who has no login."""
    wrong = []
    for name, route in walk.routes().items():
        if not name.startswith(walk.ADMIN) or name in {"admin:logout", "admin:login"}:
            continue
        try:
            path = reverse(
                name, kwargs={key: "1" if key != "app_label" else "organization" for key in route.params}
            )
        except Exception as problem:
            assert "NoReverseMatch" in type(problem).__name__
            continue
        for role, user in world.people.items():
            status = knock("GET", path, user)
            if role != "administrator" and status not in {302, 403, 404}:
                wrong.append(f"{role} {path}: {status}")
        if knock("GET", path, AnonymousUser()) != 302:
            wrong.append(f"without a login {path}")
    # The others are led to the admin's login, which refuses them.
    for role, user in world.people.items():
        assert knock("GET", reverse("admin:login"), user) == 403, role
    assert not wrong, "\n".join(wrong)

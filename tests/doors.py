"""Going through the doors in tests: logged-in clients, what a page says, how many statements it took."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from organization.models import User
from tests import people

HTMX = {"HX-Request": "true"}


def client(*roles: str, **where: Any) -> Client:
    """A browser in which a new user with these roles is logged in."""
    return client_of(people.user(*roles, **where))


def client_of(user: User) -> Client:
    """A browser in which this user is logged in."""
    found = Client()
    found.force_login(user)
    return found


def shown(answer: Any, status: int = 200) -> str:
    """The page's text as a reader sees it, entities resolved."""
    body = answer.content.decode() if not answer.streaming else ""
    assert answer.status_code == status, (answer.status_code, body[:600])
    return html.unescape(body)


def words(answer: Any, status: int = 200) -> str:
    """The same without tags, spaces run together."""
    return " ".join(re.sub(r"<[^>]+>", " ", shown(answer, status)).split())


def statements(visit: Any) -> int:
    """How many statements a visit takes, not counting savepoints; the second visit counts (the first warms caches)."""
    visit()
    with CaptureQueriesContext(connection) as queries:
        visit()
    return sum("SAVEPOINT" not in query["sql"] for query in queries.captured_queries)


def api(*roles: str, **where: Any) -> APIClient:
    """A program that speaks to the API as a new user with these roles."""
    found = APIClient()
    found.force_authenticate(people.user(*roles, **where))
    return found


def post(browser: Client, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    """What the API answers to a JSON body."""
    return browser.post(path, json.dumps(body or {}), content_type="application/json", headers=headers)

"""The browser's side of the customers' pages, for tests."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests import people


def client(*roles: str, **where: Any) -> Client:
    """The browser of somebody with these roles."""
    found = Client()
    found.force_login(people.user(*roles, **where))
    return found


def shown(answer: Any) -> str:
    """The page that was answered."""
    assert answer.status_code == 200, answer.content[:400]
    return str(answer.content.decode())

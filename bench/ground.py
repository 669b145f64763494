"""What the cases of one size share: who looks, with which sessions, at which tickets, customers and waybills."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import override_settings

from bench.generate import AGENT, EVERYTHING, HANDLER, SUPERVISOR
from organization.models import User

# What a page behind a login needs at the least; the room for frames, so that no depth is dearer than another.
FLOOR_MIDDLEWARE = [
    "servicecenter.middleware.room_for_frames",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bench.floors.views.use_floors",
]


class _FloorHandler(ClientHandler):
    """Serves `bench.floors.urls` through these middlewares alone."""

    def load_middleware(self, is_async: bool = False) -> None:
        with override_settings(MIDDLEWARE=FLOOR_MIDDLEWARE):
            super().load_middleware(is_async)


class FloorClient(Client):
    """A client of the floors' views, with a session of the product."""

    def __init__(self) -> None:
        super().__init__()
        self.handler = _FloorHandler(enforce_csrf_checks=False)


@dataclass
class Ground:
    """One size's database, cloned and at hand."""

    size: str

    @cached_property
    def agent(self) -> User:
        """Works at the desk."""
        return _user(AGENT)

    @cached_property
    def supervisor(self) -> User:
        """Exports lists."""
        return _user(SUPERVISOR)

    @cached_property
    def management(self) -> User:
        """Sees every ticket."""
        return _user(EVERYTHING)

    @cached_property
    def handler(self) -> User:
        """Answers for three departments, and sees what was handed to them."""
        return _user(HANDLER)

    def client(self, user: User) -> Client:
        """A logged-in client, the whole way through the product."""
        client = Client()
        client.force_login(user)
        assert client.session[SESSION_KEY]
        return client

    def floor(self, user: User) -> FloorClient:
        """A logged-in client of the floors."""
        client = FloorClient()
        client.force_login(user)
        return client

    @cached_property
    def short_ticket(self) -> str:
        """A closed ticket with the usual history."""
        return self.one(
            "SELECT c.number FROM complaints_complaint c JOIN complaints_handover h ON h.complaint_id = c.id"
            " JOIN organization_department d ON d.id = h.department_id"
            " WHERE c.state = 'closed' AND c.is_incident AND d.code = 'branch_east' ORDER BY c.id LIMIT 1"
        )

    @cached_property
    def long_ticket(self) -> str:
        """The ticket with the longest history: hundreds of notes and replies."""
        return self.one(
            "SELECT c.number FROM complaints_complaint c JOIN complaints_message m ON m.complaint_id = c.id"
            " GROUP BY c.id ORDER BY count(*) DESC LIMIT 1"
        )

    def one(self, sql: str, params: Any = None) -> Any:
        """The first column of the first row."""
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchone()[0]

    def column(self, sql: str, params: Any = None) -> list[Any]:
        """The first column of every row."""
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return [row[0] for row in cursor.fetchall()]


def page(client: Client, address: str, **headers: Any) -> HttpResponse:
    """GET that must answer 200."""
    response = client.get(address, **headers)
    assert response.status_code == 200, (address, response.status_code)
    return response


def _user(number: str) -> User:
    return User.objects.select_related("employee__department").get(work_number=number)

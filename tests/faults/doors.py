"""The same act by the doors of people and machines: a page's form with its hidden key, the API with its header."""

from __future__ import annotations

import json
from typing import Any, Protocol

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from complaints.domain.intake import Intake
from complaints.models import Handover
from organization.models import User
from tests.doors import client_of as client_of


class Door(Protocol):
    """A way to register a complaint."""

    def register(self, client: Client, intake: Intake, key: str) -> HttpResponse:
        """Send it."""

    def ticket(self, response: HttpResponse) -> str:
        """The number that an answer of success tells. Raises AssertionError for any other answer."""

    def said(self, response: HttpResponse) -> Any:
        """All that the answer says."""


class Page:
    """The intake screen."""

    def register(self, client: Client, intake: Intake, key: str) -> HttpResponse:
        """Send the form."""
        return client.post(reverse("intake"), fields(intake, key))

    def ticket(self, response: HttpResponse) -> str:
        """Where it leads to."""
        return str(answered(response)["Location"].split("/")[-2])

    def said(self, response: HttpResponse) -> Any:
        """Where it leads to."""
        return response["Location"]


class Api:
    """`POST /api/v1/complaints/`."""

    def register(self, client: Client, intake: Intake, key: str) -> HttpResponse:
        """Send JSON with the key in its header."""
        body = {
            "channel": intake.channel,
            "category": intake.category,
            "text": intake.text,
            "caller_telephone": intake.caller_telephone,
            "caller_name": intake.caller_name,
            "waybill": intake.waybill_number,
            "party_role": intake.party_role,
            "respondent_department": "branch_east",
        }
        return client.post(
            "/api/v1/complaints/", json.dumps(body), content_type="application/json", HTTP_IDEMPOTENCY_KEY=key
        )

    def ticket(self, response: HttpResponse) -> str:
        """The number in the answer."""
        assert response.status_code == 201, f"{response.status_code} {response.content.decode()[:2000]}"
        return str(json.loads(response.content)["number"])

    def said(self, response: HttpResponse) -> Any:
        """The JSON; the order of its names is not part of it."""
        return json.loads(response.content)


DOORS: dict[str, Door] = {"page": Page(), "api": Api()}


def post(client: Client, path: str, key: str, **body: Any) -> HttpResponse:
    """An act through the API: JSON, with its key in the header."""
    return client.post(
        f"/api/v1/{path}", json.dumps(body), content_type="application/json", HTTP_IDEMPOTENCY_KEY=key
    )


def done(response: HttpResponse) -> Any:
    """What an act through the API answers. Raises AssertionError for a refusal."""
    assert response.status_code in (200, 201), f"{response.status_code} {response.content.decode()[:2000]}"
    return json.loads(response.content)


def fields(intake: Intake, key: str) -> dict[str, str]:
    """The intake screen as it is sent."""
    return {
        "idempotency_key": key,
        "channel": intake.channel,
        "telephone": intake.caller_telephone,
        "caller_name": intake.caller_name,
        "waybill": intake.waybill_number,
        "party_role": intake.party_role,
        "category": intake.category,
        "text": intake.text,
        "settle": intake.settle,
        "respondent_department": "branch_east",
    }


def hand_in(client: Client, handover: Handover, key: str, *, person: User, text: str = "A") -> HttpResponse:
    """Send the statement form of the inbox; the statement is about `person`."""
    return client.post(
        reverse("inbox-hand-in", args=[handover.pk]),
        {"idempotency_key": key, "employee": person.work_number, "text": text},
    )


def answered(response: Any) -> Any:
    """The answer of a page whose act must have succeeded."""
    shown = response.content.decode()[:3000] if response.status_code >= 400 else ""
    assert response.status_code == 302, f"{response.status_code} {shown}"
    return response

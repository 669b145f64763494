"""The same act by the door that people use: a page's form, with its hidden key."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from complaints.domain.intake import Intake
from complaints.models import Handover
from organization.models import User


def client_of(user: User) -> Client:
    """A browser that is logged in."""
    client = Client()
    client.force_login(user)
    return client


def register(client: Client, intake: Intake, key: str) -> HttpResponse:
    """Send the intake screen."""
    return client.post(reverse("intake"), fields(intake, key))


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


def answer(response: HttpResponse) -> tuple[int, str]:
    """What a browser makes of an answer: status and where it leads."""
    return response.status_code, response.get("Location", "")


def answered(response: Any) -> Any:
    """The answer of an act that must have succeeded."""
    shown = response.content.decode()[:3000] if response.status_code >= 400 else ""
    assert response.status_code == 302, f"{response.status_code} {shown}"
    return response

"""The machine room in Django's admin: administrators alone, to read; messages sent again, tokens revoked (D7)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from servicecenter import tokens, trail
from servicecenter.models import ApiToken, OutboxMessage, TrailEntry
from tests import people

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)
OWN = [model for model in admin.site._registry if model._meta.app_label == "servicecenter"]


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(people.user(role))
    return client


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_an_administrator_reads_every_table_and_writes_none(model: Any) -> None:
    agent = people.user("agent")
    trail.record(agent, "login", by=agent, at=AT)
    trail.seal()
    tokens.make(user=agent, name="x", by=None)
    client = client_of("administrator")
    name = f"admin:servicecenter_{model._meta.model_name}"
    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    assert client.get(reverse(f"{name}_add")).status_code == 403
    row = model._default_manager.first()
    if row is not None:
        page = client.get(reverse(f"{name}_change", args=[row.pk]))
        assert page.status_code == 200
        assert client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        assert b"token_hash" not in page.content


@pytest.mark.parametrize("role", ["agent", "controller", "centre_manager"])
def test_nobody_else_enters(role: str) -> None:
    answer = client_of(role).get(reverse("admin:servicecenter_trailentry_changelist"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_an_administrator_has_parked_messages_sent_again() -> None:
    row = OutboxMessage.objects.create(
        channel="email", recipient="a@example.invalid", code="x", dedup_key="1", parked_at=AT, tries=8
    )
    address = reverse("admin:servicecenter_outboxmessage_changelist")
    client = client_of("administrator")
    assert client.get(address, {"state": "parked"}).status_code == 200
    client.post(address, {"action": "send_again", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert (row.parked_at, row.tries) == (None, 0)
    assert TrailEntry.objects.filter(code="outbox.retried", object_id=row.pk).count() == 1


def test_an_administrator_revokes_tokens() -> None:
    token, _plain = tokens.make(user=people.user("agent"), name="x", by=None)
    client_of("administrator").post(
        reverse("admin:servicecenter_apitoken_changelist"),
        {"action": "revoke", "_selected_action": [token.pk]},
    )
    assert ApiToken.objects.get().revoked_at is not None

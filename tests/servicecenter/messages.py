"""Messages in the outbox, for tests."""

from __future__ import annotations

from typing import Any

from django.db import connection

from servicecenter.models import OutboxMessage


def message(key: str = "k1", **fields: Any) -> OutboxMessage:
    """A due e-mail saying that a message could not be delivered."""
    values = {
        "channel": "email",
        "recipient": "a@example.invalid",
        "code": "outbox.parked",
        "params": {"count": 3, "recipient": "b@example.invalid"},
        "dedup_key": key,
    } | fields
    return OutboxMessage.objects.create(**values)


def due_now() -> None:
    """Let every pause be over."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE servicecenter_outboxmessage SET next_try_at = clock_timestamp()")

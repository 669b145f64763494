"""What the clock sweeps away each hour: presence, drafts, keys, logins, sessions, old figures, orphaned files."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from servicecenter import attachments
from servicecenter.clock import now_db
from servicecenter.models import Draft, IdempotencyKey, KeptNumber, LoginAttempt, LoginSession, Presence

BATCH = 5_000
# A row of presence counts for a minute (CMP-51).
PRESENCE = timedelta(minutes=10)
DRAFTS = timedelta(days=30)
# Nobody retries a request after a week.
KEYS = timedelta(days=7)
LOGIN_ATTEMPTS = timedelta(days=7)
# Computed each minute: an older one is of a version that no longer runs.
FIGURES = timedelta(days=7)


def clean() -> dict[str, int]:
    """Delete what has served its time, in batches. Returns how many of each."""
    now = now_db()
    session_end = timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {
        "presence": _delete(Presence.objects.filter(seen_at__lt=now - PRESENCE)),
        "drafts": _delete(Draft.objects.filter(saved_at__lt=now - DRAFTS)),
        "keys": _delete(IdempotencyKey.objects.filter(created_at__lt=now - KEYS)),
        "login_attempts": _delete(LoginAttempt.objects.filter(at__lt=now - LOGIN_ATTEMPTS)),
        "login_sessions": _delete(LoginSession.objects.filter(opened_at__lt=now - session_end)),
        "figures": _delete(KeptNumber.objects.filter(computed_at__lt=now - FIGURES)),
        **attachments.sweep_orphans(),
    }


def _delete(rows: QuerySet[Any]) -> int:
    """Delete in batches, so that no lock and no transaction grows with the backlog."""
    deleted = 0
    while True:
        with transaction.atomic():
            batch = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
            rows.model._default_manager.filter(pk__in=batch).delete()
        deleted += len(batch)
        if len(batch) < BATCH:
            return deleted

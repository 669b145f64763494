"""Interruptions of service (ORG-07): announced with reason and expected end, prolonged, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from organization.models import ServiceInterruption, User
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def announce_interruption(
    *,
    texts: Mapping[str, str],
    expected_end: datetime,
    starts_at: datetime | None = None,
    by: User | None,
    at: datetime | None = None,
) -> ServiceInterruption:
    """Every page shows it from `starts_at` (default now) until it is ended.

    Raises RuleBroken `interruption.order`, `interruption.text`.
    """
    if not texts.get("zh-Hans", "").strip():
        raise RuleBroken("interruption.text", field="text", status=400)
    moment = at or now_db()
    start = starts_at or moment
    _check_order(start, expected_end)
    row = ServiceInterruption.objects.create(texts=dict(texts), starts_at=start, expected_end=expected_end)
    trail.record(row, "interruption.announced", by=by, at=moment, text=row.texts, until=expected_end)
    return row


@transaction.atomic
def prolong_interruption(
    *, interruption: ServiceInterruption, expected_end: datetime, by: User | None, at: datetime | None = None
) -> ServiceInterruption:
    """Another expected end. Raises RuleBroken `interruption.ended`, `interruption.order`."""
    row = _open(interruption)
    _check_order(row.starts_at, expected_end)
    moment = at or now_db()
    changes = {"expected_end": [row.expected_end, expected_end]}
    row.expected_end = expected_end
    row.save(update_fields=["expected_end"])
    trail.record(row, "interruption.prolonged", by=by, at=moment, changes=changes, until=expected_end)
    return row


@transaction.atomic
def end_interruption(
    *, interruption: ServiceInterruption, by: User | None, at: datetime | None = None
) -> ServiceInterruption:
    """The service runs again; one that had not begun counts as ended at its start.

    Raises RuleBroken `interruption.ended`.
    """
    row = _open(interruption)
    moment = at or now_db()
    row.ended_at = max(moment, row.starts_at)
    row.save(update_fields=["ended_at"])
    trail.record(row, "interruption.ended", by=by, at=moment, changes={"ended_at": [None, row.ended_at]})
    return row


def _open(interruption: ServiceInterruption) -> ServiceInterruption:
    row = ServiceInterruption.objects.select_for_update().get(pk=interruption.pk)
    if row.ended_at is not None:
        raise RuleBroken("interruption.ended")
    return row


def _check_order(start: datetime, end: datetime) -> None:
    if end <= start:
        raise RuleBroken("interruption.order", field="expected_end", status=400)

"""What the tests of the clocks ask of the database."""

from __future__ import annotations

from datetime import datetime

from deadlines.models import Clock, Step
from servicecenter.models import OutboxMessage, TrailEntry
from tests.deadlines.conftest import SUBJECT


def steps(clock: Clock, **only) -> list[tuple[int, str, datetime]]:
    """Its steps: generation, kind, due."""
    rows = Step.objects.filter(clock=clock, **only).order_by("generation", "ordinal")
    return list(rows.values_list("generation", "kind", "due_at"))


def waiting(clock: Clock) -> list[tuple[int, str, datetime]]:
    """Those still to come."""
    return steps(clock, fired_at=None, void_at=None)


def history(clock: Clock) -> list[str]:
    """What the trail says of its subject."""
    rows = TrailEntry.objects.filter(kind=SUBJECT, object_id=clock.subject_id).order_by("id")
    return list(rows.values_list("code", flat=True))


def mailed(code: str) -> list[str]:
    """To which addresses a message goes."""
    return sorted(OutboxMessage.objects.filter(code=code).values_list("recipient", flat=True))

"""Clocks as pages, lists and the API read them. Overdue is decided when read, never by a flag (FAULTS)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from deadlines.choices import ClockKind, StepKind
from deadlines.domain.display import SHOWN_STATES, is_overdue, speaking
from deadlines.models import Clock, ClockQuerySet, Step
from deadlines.permissions import HANDLER_RIGHT, Right
from organization.queries import within
from servicecenter.keyset import Order

ORDERS: dict[str, Order] = {
    "due": Order("due", ("due_at",)),
    "newest": Order("newest", ("started_at",), descending=True),
}


@dataclass(frozen=True)
class ClockView:
    """One clock as drawn: what `{% sla %}` and `{% clock_track %}` read, and what stands beside them.

    `state` is running, paused, met, late or off (set aside with its subject).
    """

    id: int
    kind: str
    label: str
    state: str
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    ended_at: datetime | None
    paused_at: datetime | None
    paused_seconds: int
    limit_seconds: int
    round: int
    part: str
    department_id: int
    owner_right: str

    @property
    def is_open(self) -> bool:
        """Neither met nor set aside."""
        return self.ended_at is None

    def is_overdue(self, now: datetime) -> bool:
        """Past due at `now` and still running."""
        return is_overdue(state=self.state, due_at=self.due_at, now=now)


@dataclass(frozen=True)
class StepView:
    """One step that was done: what, when it was due and when it was done (CMP-37)."""

    clock_kind: str
    clock_label: str
    kind: str
    label: str
    due_at: datetime
    fired_at: datetime


def view(clock: Clock) -> ClockView:
    """The clock as pages read it."""
    return ClockView(
        id=clock.pk,
        kind=clock.kind,
        label=str(ClockKind(clock.kind).label),
        state=SHOWN_STATES[clock.state],
        started_at=clock.started_at,
        warn_at=clock.warn_at,
        due_at=clock.due_at,
        ended_at=clock.ended_at,
        paused_at=clock.paused_at,
        paused_seconds=clock.paused_seconds,
        limit_seconds=clock.limit_seconds,
        round=clock.round,
        part=clock.part,
        department_id=clock.department_id,
        owner_right=clock.owner_right,
    )


def visible_to(user: Any) -> ClockQuerySet:
    """The clocks a user may see (D7): of the departments he may look at, those he must meet, and his own."""
    rights = user.rights
    handled = within(rights.paths(HANDLER_RIGHT)) & Q(owner_right=HANDLER_RIGHT)
    return Clock.objects.filter(within(rights.paths(Right.VIEW_CLOCKS)) | handled | Q(owner=user))


def clocks_of(
    subject_kind: str, subject_ids: Iterable[int], *, open_only: bool = False
) -> dict[int, list[ClockView]]:
    """The clocks of many subjects in one query, each list in order of starting; a subject without has none."""
    ids = list(subject_ids)
    found: dict[int, list[ClockView]] = {subject_id: [] for subject_id in ids}
    rows = Clock.objects.of(subject_kind, *ids).order_by("started_at", "id")
    for clock in rows.open() if open_only else rows:
        found[clock.subject_id].append(view(clock))
    return found


def next_clocks(
    subject_kind: str, subject_ids: Iterable[int], *, department_ids: Iterable[int] | None = None
) -> dict[int, ClockView | None]:
    """The clock each row of a list shows, in one query; see `deadlines.domain.display.speaking`."""
    own = None if department_ids is None else list(department_ids)
    found = clocks_of(subject_kind, subject_ids, open_only=True)
    return {subject_id: speaking(clocks, department_ids=own) for subject_id, clocks in found.items()}


def next_clock(
    subject_kind: str, subject_id: int, *, department_ids: Iterable[int] | None = None
) -> ClockView | None:
    """The clock that speaks for one subject; None when none is open."""
    return next_clocks(subject_kind, [subject_id], department_ids=department_ids)[subject_id]


def open_for(department_ids: Iterable[int]) -> ClockQuerySet:
    """The open clocks that departments must meet, the earliest due first."""
    return Clock.objects.open().filter(department_id__in=list(department_ids)).order_by("due_at", "id")


def steps_of(subject_kind: str, subject_id: int) -> list[StepView]:
    """What the clocks of a subject have done, in the order it was due."""
    rows = Step.objects.filter(
        clock__subject_kind=subject_kind, clock__subject_id=subject_id, fired_at__isnull=False
    ).select_related("clock")
    return [
        StepView(
            clock_kind=step.clock.kind,
            clock_label=str(ClockKind(step.clock.kind).label),
            kind=step.kind,
            label=str(StepKind(step.kind).label),
            due_at=step.due_at,
            fired_at=step.fired_at,
        )
        for step in rows.order_by("due_at", "clock_id", "ordinal")
        if step.fired_at is not None
    ]

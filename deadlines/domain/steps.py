"""When a clock's steps are due, and what a re-base, a pause or a shorter term makes of them (CMP-22, CMP-36 to CMP-39).

Everything here is arithmetic on instants; the rows are written by the services.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from deadlines.choices import StepKind
from deadlines.domain.arithmetic import advance, elapsed
from servicecenter.kernel.worktime import WorkCalendar

# The order in which the steps of one clock fire; the number is the step's ordinal.
ORDER = (StepKind.WARNING, StepKind.BREACH, StepKind.LADDER_MANAGER, StepKind.LADDER_ENTERPRISE)
ORDINALS = {kind: ordinal for ordinal, kind in enumerate(ORDER, start=1)}


@dataclass(frozen=True)
class Terms:
    """The numbers a clock keeps from its policies: warning point in percent, ladder in seconds after due."""

    warn_percent: int = 75
    manager_after_seconds: int = 4 * 3600
    enterprise_after_seconds: int = 24 * 3600


@dataclass(frozen=True)
class Course:
    """A clock's instants. `limit_seconds` is the time allowed, in the clock's own basis, pauses not counted."""

    started_at: datetime
    warn_at: datetime
    due_at: datetime
    limit_seconds: int


@dataclass(frozen=True)
class Point:
    """One step: what it tells, and when."""

    kind: StepKind
    due_at: datetime

    @property
    def ordinal(self) -> int:
        """Its place in the order of firing, from 1."""
        return ORDINALS[self.kind]


def course(
    *,
    started_at: datetime,
    terms: Terms,
    limit_seconds: int = 0,
    due_at: datetime | None = None,
    calendar: WorkCalendar | None = None,
) -> Course:
    """A new clock's course: by its limit, or to a date from outside (`due_at`), which may have passed already."""
    if due_at is None:
        due_at = advance(started_at, limit_seconds, calendar)
    elif due_at <= started_at:
        return Course(started_at, due_at, due_at, 0)
    else:
        limit_seconds = round(elapsed(started_at, due_at, calendar))
    warn_at = advance(started_at, limit_seconds * terms.warn_percent / 100, calendar)
    return Course(started_at, min(warn_at, due_at), due_at, limit_seconds)


def points(course: Course, terms: Terms) -> tuple[Point, ...]:
    """All four steps: at the warning point, at due, and the ladder after it (elapsed time, CMP-37)."""
    return (
        Point(StepKind.WARNING, course.warn_at),
        Point(StepKind.BREACH, course.due_at),
        Point(StepKind.LADDER_MANAGER, course.due_at + timedelta(seconds=terms.manager_after_seconds)),
        Point(StepKind.LADDER_ENTERPRISE, course.due_at + timedelta(seconds=terms.enterprise_after_seconds)),
    )


def outstanding(steps: Iterable[Point], *, fired: Collection[str], at: datetime) -> tuple[Point, ...]:
    """The steps a re-dated clock still has to do.

    One that was done already is not done again unless the new course puts it into the future; one that the new
    course puts into the past and that was not done yet is caught up.
    """
    return tuple(step for step in steps if step.kind not in fired or step.due_at > at)


def redated(
    old: Course,
    *,
    due_at: datetime,
    at: datetime,
    paused_seconds: int = 0,
    terms: Terms,
    calendar: WorkCalendar | None = None,
) -> Course:
    """The course of a clock whose due moves to `due_at` at the instant `at` (the begin of the pause, if paused).

    The warning point is the same part of the new time allowed. A warning point that has passed stays where it
    was unless the new one lies ahead.
    """
    run = max(elapsed(old.started_at, at, calendar) - paused_seconds, 0)
    if due_at <= at:
        allowed = max(elapsed(old.started_at, due_at, calendar) - paused_seconds, 0)
        return Course(old.started_at, min(old.warn_at, due_at), due_at, round(allowed))
    allowed = run + elapsed(at, due_at, calendar)
    target = allowed * terms.warn_percent / 100
    warn_at = advance(at, target - run, calendar) if target > run else min(old.warn_at, at)
    return Course(old.started_at, min(warn_at, due_at), due_at, round(allowed))


def resumed(
    old: Course,
    *,
    paused_at: datetime,
    at: datetime,
    remaining: Iterable[Point],
    terms: Terms,
    calendar: WorkCalendar | None = None,
) -> tuple[Course, tuple[Point, ...]]:
    """The course and the steps after a pause: what lay ahead moves by exactly the working part of the pause (CMP-38).

    `remaining` are the steps that had not fired. Of a clock that was overdue already, the rest of the ladder
    moves by the length of the pause.
    """

    def moved(point: datetime) -> datetime:
        return advance(at, elapsed(paused_at, point, calendar), calendar) if point > paused_at else point

    remaining = tuple(remaining)
    if any(step.kind == StepKind.BREACH for step in remaining):
        new = replace(old, warn_at=moved(old.warn_at), due_at=moved(old.due_at))
        by_kind = {step.kind: step for step in points(new, terms)}
        return new, tuple(by_kind[step.kind] for step in remaining)
    pause = at - paused_at
    return old, tuple(
        replace(step, due_at=step.due_at + pause) if step.due_at > paused_at else step for step in remaining
    )


def rebased_due(
    *,
    round_start: datetime,
    arrival: datetime,
    routing_seconds: int,
    statement_seconds: int,
    resolution_seconds: int,
    paused_seconds: int = 0,
) -> datetime:
    """CMP-22: the arrival of the last required statement + the resolution term, but never beyond the start of the
    round + routing + statement + resolution terms, the time paused so far not counted."""
    latest = timedelta(seconds=routing_seconds + statement_seconds + resolution_seconds + paused_seconds)
    return min(arrival + timedelta(seconds=resolution_seconds), round_start + latest)

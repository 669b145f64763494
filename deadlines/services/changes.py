"""Moving the due of an open clock: re-base, pause, resume, shorten (CMP-22, CMP-38, CMP-39).

Every change raises the generation: steps of the old one that have not fired are void, and the new one's are
written beside them (D4). Steps due by now happen first, under the old course.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from deadlines.choices import ClockKind, ClockState, StepKind
from deadlines.domain.arithmetic import advance, elapsed
from deadlines.domain.policy import DEFAULTS
from deadlines.domain.steps import Course, Point, outstanding, points, rebased_due, redated, resumed
from deadlines.models import Clock, Step
from deadlines.permissions import Right
from deadlines.services import terms as found_terms
from deadlines.services.clocks import calendar_of, course_of, has_breached, line, lock, terms_of, void_steps
from deadlines.services.firing import fire_due
from deadlines.services.terms import CLOCK, Ask
from organization.models import User
from servicecenter import policies, trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Policy

INSTANT = timedelta(microseconds=1)


@transaction.atomic
def rebase(clock: Clock, *, due_at: datetime, by: User | None, at: datetime | None = None) -> Clock:
    """The clock's due moves to `due_at` (CMP-22); a paused clock stays paused. In the history of its subject.

    Raises RuleBroken `clock.ended`.
    """
    locked, moment = _locked(clock, at)
    return _rebased(locked, due_at=due_at, by=by, at=moment)


@transaction.atomic
def rebase_to_statement(
    clock: Clock,
    *,
    arrived_at: datetime,
    registered_at: datetime,
    tier: str = "",
    category: str = "",
    channel: str = "",
    by: User | None,
    at: datetime | None = None,
) -> Clock:
    """CMP-22: the last required first statement of the round came in its own time, so the 24 hours run from there.

    The terms are those valid at the ticket's registration (CMP-39). The cap counts from the start of the clock,
    which is the start of the round. Raises RuleBroken `clock.ended`.
    """
    kinds = (ClockKind.ROUTING, ClockKind.STATEMENT, ClockKind.RESOLUTION)
    asks = [Ask(kind.value, tier, category, channel, registered_at) for kind in kinds]
    found = found_terms.find(asks)
    routing, statement, resolution = (found[ask].policy.limit_seconds for ask in asks)
    locked, moment = _locked(clock, at)
    due_at = rebased_due(
        round_start=locked.started_at,
        # A paused clock stands at the begin of its pause; being resumed moves the due by the whole pause.
        arrival=min(arrived_at, locked.paused_at or arrived_at),
        routing_seconds=routing,
        statement_seconds=statement,
        resolution_seconds=resolution,
        paused_seconds=locked.paused_seconds,
    )
    return _rebased(locked, due_at=max(due_at, locked.due_at), by=by, at=moment)


def _rebased(clock: Clock, *, due_at: datetime, by: User | None, at: datetime) -> Clock:
    if due_at == clock.due_at:
        return clock
    before = clock.due_at
    _redate(clock, due_at=due_at, at=at)
    trail.record_many([line(clock, "clock.rebased", was_due_at=before, due_at=due_at)], by=by, at=at)
    return clock


@transaction.atomic
def pause(clock: Clock, *, at: datetime | None = None) -> Clock:
    """The clock stands still while the customer is waited for (CMP-38). Nothing of it fires until it is resumed.

    The caller records why, and starts the waiting clock (CMP-35c). Raises RuleBroken `clock.ended`,
    `clock.paused_already`.
    """
    locked, moment = _locked(clock, at)
    if locked.state == ClockState.PAUSED:
        raise RuleBroken("clock.paused_already", clock=locked.kind, number=locked.number)
    if has_breached(locked):
        # A sweep may have been faster than an act just before due: then the pause begins after it.
        moment = max(moment, locked.due_at + INSTANT)
    void_steps([locked], at=moment)
    locked.state, locked.paused_at, locked.next_at = ClockState.PAUSED, moment, None
    locked.generation += 1
    locked.save(update_fields=["state", "paused_at", "next_at", "generation"])
    return locked


@transaction.atomic
def resume(clock: Clock, *, by: User | None, at: datetime | None = None) -> Clock:
    """The clock runs again; what lay ahead moves by exactly the working part of the pause (CMP-38).

    Raises RuleBroken `clock.ended`, `clock.not_paused`.
    """
    locked, moment = _locked(clock, at)
    if locked.paused_at is None:
        raise RuleBroken("clock.not_paused", clock=locked.kind, number=locked.number)
    began, before = locked.paused_at, locked.due_at
    moment = max(moment, began)
    calendar = calendar_of(locked, began)
    run, remaining = resumed(
        course_of(locked),
        paused_at=began,
        at=moment,
        remaining=_History.of(locked).remaining,
        terms=terms_of(locked),
        calendar=calendar,
    )
    locked.paused_seconds += round(elapsed(began, moment, calendar))
    locked.state, locked.paused_at = ClockState.RUNNING, None
    _write(locked, run, remaining, at=moment)
    trail.record_many(
        [line(locked, "clock.resumed", was_due_at=before, due_at=locked.due_at)], by=by, at=moment
    )
    return locked


@transaction.atomic
def shorten(
    clock: Clock,
    *,
    by: User | None,
    reason: str,
    due_at: datetime | None = None,
    limit_seconds: int | None = None,
    at: datetime | None = None,
) -> Clock:
    """A supervisor orders an earlier due: a date, or a shorter term (CMP-39). In the history with its reason.

    Raises RuleBroken `lifecycle.no_right`, `lifecycle.reason_needed`, `clock.ended`, `clock.not_shorter`.
    """
    _check_order(by, reason)
    locked, moment = _locked(clock, at)
    if due_at is None:
        if limit_seconds is None:
            raise ValueError("name the new due or the new term")
        due_at = _due_by_limit(locked, limit_seconds, moment)
    if due_at >= locked.due_at:
        raise RuleBroken("clock.not_shorter", field="due_at", clock=locked.kind, due_at=locked.due_at)
    before = locked.due_at
    _redate(locked, due_at=due_at, at=moment)
    told = line(locked, "clock.shortened", was_due_at=before, due_at=due_at, reason=reason)
    trail.record_many([told], by=by, at=moment)
    return locked


@transaction.atomic
def shorten_for_tier(
    *,
    subject_kind: str,
    subject_id: int,
    tier: str,
    category: str = "",
    channel: str = "",
    registered_at: datetime,
    by: User | None,
    reason: str,
    at: datetime | None = None,
) -> list[Clock]:
    """Re-tiering (CMP-39): the open clocks whose policy gives the new tier a shorter term lose the difference.

    Terms are those valid at the ticket's registration. Clocks with a date or limit of their own stay, and none is
    ever lengthened. Returns the clocks that changed. Raises RuleBroken `lifecycle.no_right`,
    `lifecycle.reason_needed`.
    """
    _check_order(by, reason)
    clocks = lock(Clock.objects.of(subject_kind, subject_id).filter(policy__isnull=False))
    moment = at or now_db()
    fire_due(clocks, at=moment)
    asks = {clock.pk: Ask(clock.kind, tier, category, channel, registered_at) for clock in clocks}
    found = found_terms.find(asks.values())
    own = Policy.objects.in_bulk({clock.policy_id for clock in clocks})
    changed = []
    for clock in clocks:
        old = policies.parse(CLOCK, own[clock.policy_id].value) if clock.policy_id else DEFAULTS[clock.kind]
        new = found[asks[clock.pk]]
        less = old.limit_seconds - new.policy.limit_seconds
        if less <= 0 or new.policy.basis != clock.basis:
            continue
        before, clock.policy_id = clock.due_at, new.found.policy_id
        clock.warn_percent = new.policy.warn_percent
        due_at = _due_by_limit(clock, max(clock.limit_seconds - less, 0), moment)
        _redate(clock, due_at=due_at, at=moment)
        changed.append((clock, before))
    trail.record_many(
        [
            line(clock, "clock.shortened", was_due_at=before, due_at=clock.due_at, reason=reason)
            for clock, before in changed
        ],
        by=by,
        at=moment,
    )
    return [clock for clock, _before in changed]


def _check_order(by: User | None, reason: str) -> None:
    if by is not None and not by.has_right(Right.SHORTEN_CLOCK):
        raise RuleBroken("lifecycle.no_right", status=403, action="shorten")
    if not reason.strip():
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action="shorten")


def _locked(clock: Clock, at: datetime | None) -> tuple[Clock, datetime]:
    """The clock as it is now, locked, with every step due by `at` done; and the instant."""
    found = lock(Clock.objects.filter(pk=clock.pk))
    if not found:
        raise RuleBroken("clock.ended", clock=clock.kind, number=clock.number)
    moment = at or now_db()
    fire_due(found, at=moment)
    return found[0], moment


def _due_by_limit(clock: Clock, limit_seconds: int, at: datetime) -> datetime:
    """Where a term of that length ends, the time paused so far added."""
    calendar = calendar_of(clock, at)
    return advance(clock.started_at, limit_seconds + clock.paused_seconds, calendar)


@dataclass(frozen=True)
class _History:
    """What a clock has done, and what it had still to do when it was last dated."""

    fired: frozenset[str]
    remaining: tuple[Point, ...]

    @classmethod
    def of(cls, clock: Clock) -> _History:
        """Read from the clock's steps, all generations."""
        steps = list(Step.objects.filter(clock=clock).order_by("generation", "ordinal"))
        fired = frozenset(step.kind for step in steps if step.fired_at is not None)
        newest = max((step.generation for step in steps), default=0)
        remaining = tuple(
            Point(StepKind(step.kind), step.due_at)
            for step in steps
            if step.generation == newest and step.fired_at is None
        )
        return cls(fired, remaining)


def _redate(clock: Clock, *, due_at: datetime, at: datetime) -> None:
    began = clock.paused_at or at
    run = redated(
        course_of(clock),
        due_at=due_at,
        at=began,
        paused_seconds=clock.paused_seconds,
        terms=terms_of(clock),
        calendar=calendar_of(clock, at),
    )
    steps = outstanding(points(run, terms_of(clock)), fired=_History.of(clock).fired, at=began)
    void_steps([clock], at=at)
    _write(clock, run, steps, at=at)


def _write(clock: Clock, run: Course, steps: Sequence[Point], *, at: datetime) -> None:
    """The next generation: the course on the clock, its steps as rows (void while the clock is paused)."""
    paused = clock.state == ClockState.PAUSED
    clock.generation += 1
    clock.warn_at, clock.due_at, clock.limit_seconds = run.warn_at, run.due_at, run.limit_seconds
    clock.next_at = None if paused else min((step.due_at for step in steps), default=None)
    clock.save(
        update_fields=[
            "state", "generation", "warn_at", "due_at", "limit_seconds", "next_at", "paused_at",
            "paused_seconds", "policy", "warn_percent",
        ]
    )  # fmt: skip
    Step.objects.bulk_create(_row(clock, step, at if paused else None) for step in steps)


def _row(clock: Clock, step: Point, void_at: datetime | None) -> Any:
    return Step(
        clock=clock,
        generation=clock.generation,
        ordinal=step.ordinal,
        kind=step.kind,
        due_at=step.due_at,
        void_at=void_at,
    )

"""Starting and ending clocks (CMP-30 to CMP-36): a fixed number of statements for any number of clocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from deadlines.choices import Basis, ClockState
from deadlines.domain.arithmetic import elapsed
from deadlines.domain.steps import Course, Terms, course, points
from deadlines.models import Clock, Step
from deadlines.permissions import OWNER_RIGHTS
from deadlines.services import terms as found_terms
from deadlines.services.firing import fire_due
from deadlines.services.terms import Ask, Term
from organization.models import Department, User
from organization.queries import calendar_for
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.inserting import insert
from servicecenter.kernel.worktime import WorkCalendar

SUPERVISE = "complaints.supervise_complaint"
# Part of the caller's act, which an error here undoes as a whole: no savepoint, two statements fewer per call.
joined = partial(transaction.atomic, savepoint=False)


@dataclass(frozen=True)
class Start:
    """A clock to be started.

    `department` must act; `owner` is the ticket's owner; `owner_right` names those of the department who act
    instead (statement, answer: by kind unless given). `limit_seconds` overrides the policy's term (the limit of a
    handover, CMP-35b); `due_at` is a date from outside (promised date, CMP-35c; regulator's deadline, CMP-46).
    `policy_at` fixes the policy version (the ticket's registration, CMP-39); default: the start.
    """

    kind: str
    subject_kind: str
    subject_id: int
    number: str
    department: Department
    owner: User | None = None
    tier: str = ""
    category: str = ""
    channel: str = ""
    part: str = ""
    round: int = 1
    limit_seconds: int | None = None
    due_at: datetime | None = None
    policy_at: datetime | None = None
    owner_right: str | None = None
    supervisor_right: str = SUPERVISE


def start(
    *,
    kind: str,
    subject_kind: str,
    subject_id: int,
    number: str,
    department: Department,
    owner: User | None = None,
    at: datetime | None = None,
    tier: str = "",
    category: str = "",
    channel: str = "",
    part: str = "",
    round: int = 1,
    limit_seconds: int | None = None,
    due_at: datetime | None = None,
    policy_at: datetime | None = None,
    owner_right: str | None = None,
    supervisor_right: str = SUPERVISE,
) -> Clock:
    """Start one clock; see `Start` for what the arguments mean and `start_many` for several."""
    wanted = Start(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        number=number,
        department=department,
        owner=owner,
        tier=tier,
        category=category,
        channel=channel,
        part=part,
        round=round,
        limit_seconds=limit_seconds,
        due_at=due_at,
        policy_at=policy_at,
        owner_right=owner_right,
        supervisor_right=supervisor_right,
    )
    return start_many([wanted], at=at)[0]


@joined()
def start_many(starts: Sequence[Start], *, at: datetime | None = None) -> list[Clock]:
    """Start several clocks at one instant: one query for the policies, one INSERT for clocks, one for steps.

    A calendar is read only for a clock in business time. A warning or due that lies in the past already is a step
    like any other and is caught up by the next sweep. A clock of the same subject, kind and part must have ended
    before: IntegrityError (`clock_one_open`) otherwise. Raises RuleBroken `clock.no_working_time`.
    """
    if not starts:
        return []
    moment = at or now_db()
    asks = [Ask(str(s.kind), s.tier, s.category, s.channel, s.policy_at or moment) for s in starts]
    found = found_terms.find(asks)
    calendars: dict[int, WorkCalendar] = {}
    clocks = [_clock(s, found[ask], moment, calendars) for s, ask in zip(starts, asks, strict=True)]
    insert(clocks)
    insert(
        [
            Step(clock_id=clock.pk, generation=1, ordinal=point.ordinal, kind=point.kind, due_at=point.due_at)
            for clock in clocks
            for point in points(course_of(clock), terms_of(clock))
        ]
    )
    return clocks


def _clock(wanted: Start, term: Term, at: datetime, calendars: dict[int, WorkCalendar]) -> Clock:
    policy, kind = term.policy, str(wanted.kind)
    # A date from outside is a date: it is measured in elapsed time whatever the kind's basis.
    basis = Basis.ELAPSED.value if wanted.due_at else policy.basis
    run = course(
        started_at=at,
        terms=term.terms,
        limit_seconds=policy.limit_seconds if wanted.limit_seconds is None else wanted.limit_seconds,
        due_at=wanted.due_at,
        calendar=_calendar(wanted.department, basis, at, calendars),
    )
    by_date = wanted.due_at is not None or wanted.limit_seconds is not None
    return Clock(
        kind=kind,
        subject_kind=wanted.subject_kind,
        subject_id=wanted.subject_id,
        number=wanted.number,
        part=wanted.part,
        round=wanted.round,
        department=wanted.department,
        owner=wanted.owner,
        owner_right=OWNER_RIGHTS.get(kind, "") if wanted.owner_right is None else wanted.owner_right,
        supervisor_right=wanted.supervisor_right,
        basis=basis,
        limit_seconds=run.limit_seconds,
        warn_percent=term.terms.warn_percent,
        manager_after_seconds=term.terms.manager_after_seconds,
        enterprise_after_seconds=term.terms.enterprise_after_seconds,
        started_at=run.started_at,
        warn_at=run.warn_at,
        due_at=run.due_at,
        next_at=run.warn_at,
        policy_id=None if by_date else term.found.policy_id,
    )


def _calendar(
    department: Department, basis: str, at: datetime, known: dict[int, WorkCalendar]
) -> WorkCalendar | None:
    if basis != Basis.BUSINESS:
        return None
    if department.pk not in known:
        known[department.pk] = calendar_for(department, at)
    return known[department.pk]


def course_of(clock: Clock) -> Course:
    """The clock's instants, as the domain reads them."""
    return Course(clock.started_at, clock.warn_at, clock.due_at, clock.limit_seconds)


def terms_of(clock: Clock) -> Terms:
    """The policy numbers the clock keeps."""
    return Terms(clock.warn_percent, clock.manager_after_seconds, clock.enterprise_after_seconds)


def calendar_of(clock: Clock, at: datetime) -> WorkCalendar | None:
    """The calendar of the department that must act; None for a clock in elapsed time."""
    return _calendar(clock.department, clock.basis, at, {})


def open_clocks(subject_kind: str, subject_id: int) -> QuerySet[Clock]:
    """The open clocks of one subject, the earliest due first."""
    return Clock.objects.open().of(subject_kind, subject_id).order_by("due_at", "id")


def lock(clocks: QuerySet[Clock]) -> list[Clock]:
    """The open ones among `clocks`, locked in id order, as they are now."""
    return list(clocks.filter(ended_at=None).order_by("id").select_for_update(of=("self",), no_key=True))


def meet(clock: Clock, *, by: User | None, at: datetime | None = None) -> Clock:
    """The clock has done its work: met, or met late when its due has passed (CMP-36). See `meet_many`."""
    return meet_many([clock], by=by, at=at)[0]


def meet_many(clocks: Sequence[Clock], *, by: User | None, at: datetime | None = None) -> list[Clock]:
    """End clocks as met. A clock that had ended before is returned as it was. Steps due by now happen first, so
    that a clock met late has its breach in the history whatever the sweep was doing (CMP-37)."""
    return _end(clocks, by=by, at=at, cancelled=False)


def cancel(clock: Clock, *, by: User | None, at: datetime | None = None) -> Clock:
    """End a clock with its subject: neither met nor late."""
    return _end([clock], by=by, at=at, cancelled=True)[0]


def end_all(
    *,
    subject_kind: str,
    subject_id: int,
    by: User | None,
    at: datetime | None = None,
    cancelled: bool = True,
    kinds: Iterable[str] | None = None,
    parts: Iterable[str] | None = None,
) -> list[Clock]:
    """End every open clock of a subject (or those of some kinds, or parts): cancelled with it, or met."""
    rows = Clock.objects.of(subject_kind, subject_id)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    if parts is not None:
        rows = rows.filter(part__in=list(parts))
    return _end_rows(rows, by=by, at=at, cancelled=cancelled)


def _end(clocks: Sequence[Clock], *, by: User | None, at: datetime | None, cancelled: bool) -> list[Clock]:
    ids = [clock.pk for clock in clocks]
    ended = {
        row.pk: row for row in _end_rows(Clock.objects.filter(pk__in=ids), by=by, at=at, cancelled=cancelled)
    }
    missing = [pk for pk in ids if pk not in ended]
    if missing:
        ended |= Clock.objects.in_bulk(missing)
    return [ended[pk] for pk in ids]


@joined()
def _end_rows(rows: QuerySet[Clock], *, by: User | None, at: datetime | None, cancelled: bool) -> list[Clock]:
    clocks = lock(rows)
    if not clocks:
        return []
    moment = at or now_db()
    fire_due(clocks, at=moment)
    for clock in clocks:
        _set_ended(clock, moment, cancelled)
    _write_ended(clocks, moment)
    void_steps(clocks, at=moment)
    if late := [clock for clock in clocks if clock.state == ClockState.MET_LATE]:
        trail.record_many([_late_line(clock) for clock in late], by=by, at=moment)
    return clocks


ENDED = """
UPDATE deadlines_clock c
SET state = e.state, paused_seconds = e.paused, ended_at = %(at)s, paused_at = NULL, next_at = NULL
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(paused)s::int[]) AS e (id, state, paused) WHERE c.id = e.id
"""


def _write_ended(clocks: Sequence[Clock], at: datetime) -> None:
    values: dict[str, Any] = {
        "at": at,
        "ids": [clock.pk for clock in clocks],
        "states": [str(clock.state) for clock in clocks],
        "paused": [clock.paused_seconds for clock in clocks],
    }
    with connection.cursor() as cursor:
        cursor.execute(ENDED, values)


def _set_ended(clock: Clock, at: datetime, cancelled: bool) -> None:
    if cancelled:
        clock.state = ClockState.CANCELLED
    else:
        late = (clock.paused_at or at) > clock.due_at or has_breached(clock)
        clock.state = ClockState.MET_LATE if late else ClockState.MET
    if clock.paused_at is not None:
        clock.paused_seconds += round(elapsed(clock.paused_at, at, calendar_of(clock, at)))
    clock.ended_at, clock.paused_at, clock.next_at = at, None, None


def has_breached(clock: Clock) -> bool:
    """Whether a running clock's breach is done: the sweep may have been faster than an act just before due, and then
    the history says so (fault 12: one order or the other)."""
    return clock.state == ClockState.RUNNING and (clock.next_at is None or clock.next_at > clock.due_at)


def _late_line(clock: Clock) -> trail.Line:
    return line(clock, "clock.met_late", due_at=clock.due_at, ended_at=clock.ended_at)


def line(clock: Clock, code: str, **params: Any) -> trail.Line:
    """A line for the history of the clock's subject."""
    return trail.Line(
        clock.subject_kind,
        clock.subject_id,
        clock.number,
        code,
        {"clock": clock.kind, "part": clock.part, "department": clock.department.names, **params},
    )


def void_steps(clocks: Sequence[Clock], *, at: datetime) -> None:
    """What these clocks had not done yet is not to be done any more."""
    Step.objects.filter(clock__in=[clock.pk for clock in clocks], fired_at=None, void_at=None).update(
        void_at=at
    )


def reassign(
    *,
    subject_kind: str,
    subject_id: int,
    owner: User | None,
    kinds: Iterable[str] | None = None,
    owner_right: str | None = None,
) -> int:
    """The subject has another owner: its open clocks (of some kinds, or all) tell that one from now on.

    `owner_right`: those who act instead of an owner are from now on these; '' the owner alone.
    """
    rows = Clock.objects.open().of(subject_kind, subject_id)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    columns: dict[str, Any] = {"owner": owner}
    if owner_right is not None:
        columns["owner_right"] = owner_right
    return rows.update(**columns)

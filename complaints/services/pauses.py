"""Waiting for the customer (CMP-38, CMP-35c)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from complaints.domain.rounds import pause_left
from complaints.models import Complaint, Pause
from complaints.services import telling
from complaints.services.acting import Act, centre_or_refuse
from deadlines import services as deadlines
from deadlines.choices import ClockKind
from organization.models import User
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Notice


@transaction.atomic
def pause(
    *,
    complaint: Complaint,
    reason: str,
    promised_until: datetime,
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> Pause:
    """The customer was told what is missing and asked for it: the resolution clock stands still until the promised
    date, 72 hours in all at most (policy), and the pause is itself a running deadline (CMP-35c).

    Raises RuleBroken `complaint.promise_past`, `complaint.promise_too_late`, `complaint.pause_used_up`.
    """
    act = Act.begin(complaint, "pause", by=by, at=at, version=version, reason=reason)
    if promised_until <= act.at:
        raise RuleBroken("complaint.promise_past", field="promised_until", status=400)
    spans = [(row.started_at, row.ended_at) for row in act.standing.pauses]
    latest = act.at + timedelta(seconds=pause_left(spans, at=act.at, policy=act.standing.policy))
    if promised_until > latest:
        raise RuleBroken("complaint.promise_too_late", field="promised_until", status=400, latest_at=latest)
    made = Pause.objects.create(
        complaint=act.complaint,
        round=act.complaint.round,
        reason=act.reason[:300],
        promised_until=promised_until,
        started_at=act.at,
        started_by=by,
    )
    act.standing.pauses.append(made)
    clock = act.standing.clock(ClockKind.RESOLUTION)
    if clock is not None:
        act.replace_clock(deadlines.pause(clock, at=act.at))
    act.start(act.spec(ClockKind.WAITING, centre_or_refuse(), due_at=promised_until))
    act.set(is_paused=True)
    act.move("pause", until_at=promised_until)
    act.finish()
    return made


@transaction.atomic
def resume(
    *, complaint: Complaint, by: User | None, at: datetime | None = None, version: int | None = None
) -> Complaint:
    """The customer has answered, or is waited for no longer: the resolution clock runs again (CMP-38)."""
    act = Act.begin(complaint, "resume", by=by, at=at, version=version)
    end_pause(act)
    act.move("resume")
    return act.finish()


def end_pause(act: Act) -> None:
    """End the open pause, if there is one; the clocks go on from here."""
    if not act.complaint.is_paused:
        return
    for row in act.standing.pauses:
        if row.ended_at is None:
            row.ended_at, row.ended_by = act.at, act.by
            row.save(update_fields=["ended_at", "ended_by"])
    act.meet(ClockKind.WAITING)
    clock = act.standing.clock(ClockKind.RESOLUTION)
    if clock is not None and clock.paused_at is not None:
        act.replace_clock(deadlines.resume(clock, by=act.by, at=act.at))
    act.set(is_paused=False)


def resume_overdue_pauses(*, at: datetime | None = None) -> int:
    """Pauses whose 72 hours are used up end by themselves, and the owner is told (CMP-38). Returns how many."""
    moment = at or now_db()
    ended = 0
    for row in Pause.objects.filter(ended_at=None).select_related("complaint").order_by("pk"):
        ended += _resume_if_used_up(row.complaint, moment)
    return ended


@transaction.atomic
def _resume_if_used_up(complaint: Complaint, at: datetime) -> int:
    act = Act.begin(complaint, "note", by=None, at=at)
    spans = [(row.started_at, row.ended_at) for row in act.standing.pauses]
    if not act.complaint.is_paused or pause_left(spans, at=at, policy=act.standing.policy) > 0:
        return 0
    end_pause(act)
    act.move("resume", used_up=True)
    row = act.finish()
    telling.person(
        [row.owner],
        "complaint.pause_over",
        row,
        at=at,
        by=None,
        level=Notice.Level.WARNING,
        key=f"p{row.version}",
    )
    return 1

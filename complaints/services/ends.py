"""The other ends of a ticket (CMP-20, CMP-45), what the centre releases (PRV-10), shorter terms (CMP-39)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from complaints.models import Complaint
from complaints.queries.standing import KIND
from complaints.services import incidents, recurrence
from complaints.services.acting import Act
from complaints.services.pauses import end_pause
from complaints.services.routing import withdraw_waiting
from deadlines.services import shorten_for_tier
from organization.models import User
from servicecenter import trail
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def cancel(
    *,
    complaint: Complaint,
    reason: str,
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """Registered by mistake: it counts as no complaint any more, and what rested on it is withdrawn (CMP-45)."""
    recurrence.lock_family(complaint)
    act = Act.begin(complaint, "cancel", by=by, at=at, version=version, reason=reason)
    _end(act)
    act.move("cancel")
    row = act.finish()
    _withdraw(row, reason=act.reason, by=by, at=act.at)
    return row


@transaction.atomic
def merge(
    *,
    complaint: Complaint,
    into: Complaint,
    reason: str,
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """The same call registered twice: this ticket goes into the other one and no longer counts (CMP-45).

    Raises RuleBroken `complaint.merge_itself`, `complaint.merge_dead` (the other one is cancelled or merged).
    """
    if complaint.pk == into.pk:
        raise RuleBroken("complaint.merge_itself", field="into", status=400)
    recurrence.lock_family(complaint, into)
    target = Complaint.objects.get(pk=into.pk)
    if not target.is_live:
        raise RuleBroken("complaint.merge_dead", field="into", number=target.number)
    act = Act.begin(complaint, "merge", by=by, at=at, version=version, reason=reason)
    _end(act)
    act.set(merged_into=target, closed_at=None, close_mark="")
    act.move("merge", into=target.number)
    row = act.finish()
    trail.record_many(
        [trail.Line(KIND, target.pk, target.number, "complaint.absorbed", {"number": row.number})],
        by=by,
        at=act.at,
    )
    _withdraw(row, reason=act.reason, by=by, at=act.at)
    return row


def _end(act: Act) -> None:
    end_pause(act)
    withdraw_waiting(act, reason=act.reason)
    act.set(is_incident=False, is_suspected=False)
    act.cancel()


def _withdraw(row: Complaint, *, reason: str, by: User | None, at: datetime) -> None:
    """A service incident that rested on the ticket is withdrawn when too few are left."""
    incidents.recheck(row.event_id, reason=reason, by=by, at=at)
    recurrence.recheck(row, reason=reason, by=by, at=at)


@transaction.atomic
def release_personal(
    *,
    complaint: Complaint,
    reason: str,
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """The centre shows the complainant's number and name to the respondent, with a reason (PRV-10)."""
    act = Act.begin(complaint, "release_personal", by=by, at=at, version=version, reason=reason)
    act.set(personal_released_at=act.at, personal_released_by=by)
    act.move("release_personal")
    return act.finish()


@transaction.atomic
def shorten(
    *,
    complaint: Complaint,
    tier: str,
    reason: str,
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """The customer has a better tier now: on a supervisor's order open clocks take its terms, where shorter (CMP-39).

    The tier at registration stays on the ticket. Raises RuleBroken `complaint.nothing_shorter`.
    """
    act = Act.begin(complaint, "shorten", by=by, at=at, version=version, reason=reason)
    row = act.complaint
    changed = shorten_for_tier(
        subject_kind=KIND,
        subject_id=row.pk,
        tier=tier,
        category=row.category.code,
        channel=row.channel,
        registered_at=row.registered_at,
        by=by,
        reason=act.reason,
        at=act.at,
    )
    if not changed:
        raise RuleBroken("complaint.nothing_shorter", tier=tier)
    for clock in changed:
        act.replace_clock(clock)
    act.move("shorten", tier=tier)
    row = act.finish()
    by_clock = {clock.pk: clock.due_at for clock in changed}
    for handover in act.standing.handovers:
        if handover.clock_id in by_clock and handover.state == "waiting":
            handover.due_at = by_clock[handover.clock_id]
            handover.save(update_fields=["due_at"])
    return row

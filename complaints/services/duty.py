"""What happens without anybody's act: tickets of absent owners, steps of clocks (ORG-08, CMP-21, CMP-37)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from complaints.choices import OPEN_STATES, HandoverState
from complaints.models import Complaint, Handover
from complaints.permissions import centre
from complaints.queries.people import duty_agent, supervisors
from complaints.queries.standing import KIND, handling_policy, standing_of
from complaints.services import telling
from complaints.services.acting import Act, lock
from complaints.services.ownership import give
from deadlines.choices import ClockKind, StepKind
from deadlines.services import FiredStep
from organization.models import Absence, User
from servicecenter import trail
from servicecenter.clock import business_date, now_db

BATCH = 500


def hand_to_duty(*, at: datetime | None = None) -> int:
    """Tickets whose owner has been away, or gone, for the policy's time (30 minutes) go to the duty agent (ORG-08).

    Until then the same person has them shown (`queries.people.stands_in_for`). Without a duty agent a supervisor gets
    them; where there is none either, they stay. Returns how many went.
    """
    moment = at or now_db()
    since = moment - timedelta(seconds=handling_policy(moment).duty_after_seconds)
    ids = list(_left_alone(since, moment).values_list("pk", flat=True)[:BATCH])
    return sum(_hand(pk, since, moment) for pk in ids)


def _left_alone(since: datetime, at: datetime) -> QuerySet[Complaint]:
    """Open tickets whose owner has been away since `since`, counted from the registration at the earliest."""
    away = Absence.objects.filter(employee=OuterRef("owner__employee"), starts_at__lte=since, ends_at__gt=at)
    gone = Q(owner__employee__left_on__lt=business_date(at)) | Q(owner__is_active=False)
    return (
        Complaint.objects.filter(state__in=OPEN_STATES, registered_at__lte=since)
        .filter(gone | Exists(away))
        .order_by("due_at", "pk")
    )


@transaction.atomic
def _hand(pk: int, since: datetime, at: datetime) -> int:
    row = lock(Complaint(pk=pk))
    still = _left_alone(since, at).filter(pk=pk).exists()
    receiver = _receiver(row, at) if still else None
    if receiver is None or receiver.pk == row.owner_id:
        return 0
    act = Act(row, None, at, standing_of(row, at=at))
    before = row.owner
    give(act, receiver)
    act.note("complaint.to_duty", owner=receiver.name, before=before.name if before else "")
    row = act.finish()
    telling.person(
        [receiver], "complaint.to_duty", row, at=at, by=None, key="duty", before=before.name if before else ""
    )
    return 1


def _receiver(row: Complaint, at: datetime) -> User | None:
    """The duty agent of the ticket's team, else of any, else the duty supervisor; never the absent owner."""
    found = duty_agent(row.team_id, at)
    if found is not None:
        return found
    home = centre()
    people = supervisors(home, at) if home is not None else []
    return next((user for user in people if user.pk != row.owner_id), None)


def clock_step_fired(*, steps: list[FiredStep], at: datetime) -> None:
    """A department let its term pass: the breach is recorded on the respondent, and the 24 hours run on (CMP-22).

    Called inside the sweep, which holds the clocks; waits for no ticket. A handover that somebody is ending right now
    is left to that act, which judges its lateness by the same due time.
    """
    late = [
        step
        for step in steps
        if step.step_kind == StepKind.BREACH and step.clock_kind in {ClockKind.STATEMENT, ClockKind.ANSWER}
    ]
    if not late:
        return
    ids = {step.clock_id for step in late}
    rows = {
        row.clock_id: row
        for row in Handover.objects.filter(clock_id__in=ids, state=HandoverState.WAITING)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("department")
        .order_by("pk")
    }
    Handover.objects.filter(pk__in=[row.pk for row in rows.values()]).update(is_late=True)
    trail.record_many(_lines(late, rows), by=None, at=at)


def _lines(steps: Iterable[FiredStep], rows: dict[int, Handover]) -> Iterable[trail.Line]:
    for step in steps:
        row = rows.get(step.clock_id)
        if row is not None:
            yield trail.Line(
                KIND,
                step.subject_id,
                step.number,
                "complaint.statement_breach",
                {
                    "department": row.department.names,
                    "due_at": step.due_at,
                    "statement": row.statement_required,
                },
            )

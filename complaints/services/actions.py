"""Corrective and preventive actions: ordered, done, reviewed, verified (CMP-27). Each has its own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from complaints.models import Complaint, CorrectiveAction
from complaints.permissions import Right, can_do_action, can_review_action, holds
from complaints.services import telling
from complaints.services.acting import KIND as TICKET
from deadlines.choices import ClockKind
from deadlines.permissions import HANDLER_RIGHT
from deadlines.services import end_all, start
from organization.models import Department, Employee, User
from servicecenter import trail
from servicecenter.clock import centre_zone, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.subjects import kind_of

KIND = kind_of(CorrectiveAction)


@dataclass(frozen=True)
class Measure:
    """A corrective (or preventive) action that a finding orders."""

    text: str
    department: Department
    due_on: date
    employee: Employee | None = None
    is_preventive: bool = False


def order(measure: Measure, complaint: Complaint, *, by: User | None, at: datetime) -> CorrectiveAction:
    """Order an action: due at the end of its day, by a clock of the department in charge. The caller records it.

    Raises RuleBroken `complaint.action_needed`.
    """
    words = measure.text.strip()
    if not words or len(words) > 500:
        raise RuleBroken("complaint.action_needed", field="text", status=400, limit=500)
    made = CorrectiveAction.objects.create(
        complaint=complaint,
        is_preventive=measure.is_preventive,
        text=words,
        department=measure.department,
        employee=measure.employee,
        due_on=measure.due_on,
        created_at=at,
        created_by=by,  # type: ignore[misc]  # a person orders it: the column refuses None
    )
    start(
        kind=ClockKind.CORRECTIVE,
        subject_kind=KIND,
        subject_id=made.pk,
        number=complaint.number,
        department=measure.department,
        owner=complaint.owner,
        owner_right=HANDLER_RIGHT,
        due_at=end_of(measure.due_on),
        at=at,
    )
    return made


def end_of(day: date) -> datetime:
    """The instant at which the centre's day ends."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=centre_zone())


@transaction.atomic
def complete_action(
    *, action: CorrectiveAction, result: str, by: User, at: datetime | None = None
) -> CorrectiveAction:
    """The department in charge reports what was done. Raises RuleBroken `complaint.action_done`."""
    row = _locked(action)
    if not can_do_action(by, row):
        raise RuleBroken("lifecycle.no_right", status=403, action="complete_action")
    if row.done_at is not None:
        raise RuleBroken("complaint.action_done", text=row.text)
    words = _reported(result, "result")
    moment = at or now_db()
    row.done_at, row.done_by, row.result = moment, by, words
    row.save(update_fields=["done_at", "done_by", "result"])
    end_all(subject_kind=KIND, subject_id=row.pk, by=by, at=moment, cancelled=False)
    _record(row, "complaint.action_completed", by=by, at=moment, result=words)
    return row


@transaction.atomic
def review_action(*, action: CorrectiveAction, by: User, at: datetime | None = None) -> CorrectiveAction:
    """The department manager has looked at it; not who carried it out.

    Raises RuleBroken `complaint.action_not_done`, `complaint.action_reviewed`.
    """
    row = _locked(action)
    if row.done_at is None:
        raise RuleBroken("complaint.action_not_done", text=row.text)
    if not can_review_action(by, row):
        raise RuleBroken("lifecycle.no_right", status=403, action="review_action")
    if row.reviewed_at is not None:
        raise RuleBroken("complaint.action_reviewed", text=row.text)
    moment = at or now_db()
    row.reviewed_at, row.reviewed_by = moment, by
    row.save(update_fields=["reviewed_at", "reviewed_by"])
    _record(row, "complaint.action_reviewed", by=by, at=moment)
    return row


@transaction.atomic
def verify_action(
    *, action: CorrectiveAction, effect: str, by: User, at: datetime | None = None
) -> CorrectiveAction:
    """The centre has seen that it works. Raises RuleBroken `complaint.action_not_reviewed`, `.action_verified`."""
    row = _locked(action)
    if not holds(by, Right.WORK_COMPLAINT, row.complaint):
        raise RuleBroken("lifecycle.no_right", status=403, action="verify_action")
    if row.reviewed_at is None:
        raise RuleBroken("complaint.action_not_reviewed", text=row.text)
    if row.verified_at is not None:
        raise RuleBroken("complaint.action_verified", text=row.text)
    words = _reported(effect, "effect")
    moment = at or now_db()
    row.verified_at, row.verified_by, row.effect = moment, by, words
    row.save(update_fields=["verified_at", "verified_by", "effect"])
    _record(row, "complaint.action_verified", by=by, at=moment, effect=words)
    return row


def _locked(action: CorrectiveAction) -> CorrectiveAction:
    found: CorrectiveAction = (
        CorrectiveAction.objects.select_for_update(of=("self",), no_key=True)
        .select_related("department", "complaint__department", "complaint__owner__employee")
        .get(pk=action.pk)
    )
    return found


def _reported(text: str, field: str) -> str:
    words = text.strip()
    if not words:
        raise RuleBroken("complaint.report_needed", field=field, status=400)
    if len(words) > 500:
        raise RuleBroken("complaint.too_long", field=field, status=400, length=len(words), limit=500)
    return words


def _record(row: CorrectiveAction, code: str, *, by: User, at: datetime, **params: str) -> None:
    """In the ticket's history; the ticket's owner is told."""
    complaint = row.complaint
    params = {"text": row.text, "department": row.department.names, **params}
    trail.record_many([trail.Line(TICKET, complaint.pk, complaint.number, code, params)], by=by, at=at)
    telling.person([complaint.owner], code, complaint, at=at, by=by, key=f"{code}:{row.pk}", text=row.text)

"""The outcome of handling: finding, resolution, written notice, follow-up, another round (CMP-22 to CMP-27)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from complaints.choices import CloseMark, Founded
from complaints.domain.intake import MAX_TEXT
from complaints.domain.rounds import follow_up_outcome
from complaints.models import Complaint, Finding, FollowUp, Round
from complaints.services import recurrence, telling
from complaints.services.acting import Act, centre_or_refuse
from complaints.services.actions import Measure, order
from complaints.services.messages import spoke_to_customer
from complaints.services.pauses import end_pause
from complaints.services.routing import withdraw_waiting
from complaints.services.written import issue_notice
from deadlines.choices import ClockKind
from organization.models import Department, Employee, User
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def record_finding(
    *,
    complaint: Complaint,
    founded: str,
    text: str,
    department: Department | None = None,
    employee: Employee | None = None,
    not_ours: bool = False,
    measures: str = "",
    actions: Iterable[Measure] = (),
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Finding:
    """Founded or not, who is responsible, what is done for the customer and against repetition (CMP-27).

    Here the recurrence is judged (CMP-41), and a service incident follows the finding's department and person. A
    further finding replaces the former, which is kept. Raises RuleBroken `complaint.finding_needed`,
    `complaint.responsible_needed`, `complaint.action_past`.
    """
    words = _written(text, "text", "complaint.finding_needed")
    kind = Founded(founded)
    nobody = kind == Founded.UNFOUNDED or not_ours
    if nobody:
        department = employee = None
    elif department is None and employee is not None:
        department = employee.department
    if not nobody and department is None:
        raise RuleBroken("complaint.responsible_needed", field="department", status=400)
    recurrence.lock_for_finding(complaint, department)
    act = Act.begin(complaint, "record_finding", by=by, at=at, version=version)
    row = act.complaint
    made = Finding.objects.create(
        complaint=row,
        round=row.round,
        founded=kind,
        text=words,
        department=department,
        employee=employee,
        not_ours=not_ours,
        measures=measures.strip(),
        at=act.at,
        by=by,
    )
    act.standing.has_finding = True
    replaced = row.responsible_department_id is not None
    act.set(
        founded=kind.value,
        responsible_department=department,
        responsible_employee=employee,
    )
    act.note(
        "complaint.record_finding",
        founded=kind.value,
        department=department.names if department else {},
        person=employee.name if employee else "",
        not_ours=not_ours,
    )
    _order(act, actions)
    row = act.finish()
    recurrence.after_finding(row, replaced=replaced, by=by, at=act.at)
    made.complaint = row
    return made


def _order(act: Act, actions: Iterable[Measure]) -> None:
    """Corrective and preventive actions with their clocks; the departments are told."""
    for measure in actions:
        if measure.due_on < act.today:
            raise RuleBroken("complaint.action_past", field="due_on", status=400)
        made = order(measure, act.complaint, by=act.by, at=act.at)
        act.note(
            "complaint.action_ordered",
            text=measure.text,
            department=measure.department.names,
            due_on=measure.due_on,
        )
        telling.action(made, act.complaint, at=act.at)


@transaction.atomic
def resolve(
    *,
    complaint: Complaint,
    resolution: str,
    customer_confirmed: bool = False,
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """The round is handled: its result is recorded, the follow-up falls due (CMP-25).

    Raises RuleBroken `complaint.resolution_needed`, `complaint.no_finding`.
    """
    words = _written(resolution, "resolution", "complaint.resolution_needed")
    act = Act.begin(complaint, "resolve", by=by, at=at, version=version)
    _resolved(act, words, customer_confirmed)
    act.move("resolve")
    return act.finish()


@transaction.atomic
def settle_on_spot(
    *,
    complaint: Complaint,
    resolution: str,
    customer_confirmed: bool = False,
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """What needs no department is settled by the agent (CMP-04); confirmed in the same contact, it closes at once."""
    words = _written(resolution, "resolution", "complaint.resolution_needed")
    act = Act.begin(complaint, "settle_on_spot", by=by, at=at, version=version)
    # A second complaint has gone to the department at least once (CMP-42).
    if act.complaint.is_incident and act.complaint.routed_at is None:
        raise RuleBroken("complaint.second_not_on_spot", field="settle")
    act.meet(ClockKind.ROUTING, ClockKind.REPORT_UPWARD, ClockKind.SUPERVISOR_TAKES)
    spoke_to_customer(act)
    _resolved(act, words, customer_confirmed)
    act.set(settled_on_spot=True)
    act.move("settle_on_spot")
    if customer_confirmed:
        act.move("close_on_spot")
        act.set(closed_at=act.at, close_mark=CloseMark.CONFIRMED_ON_SPOT.value)
    return act.finish()


def _resolved(act: Act, words: str, confirmed: bool) -> None:
    row = act.complaint
    end_pause(act)
    act.meet(ClockKind.RESOLUTION)
    act.start(act.spec(ClockKind.FOLLOW_UP, centre_or_refuse()))
    act.set(resolved_at=act.at)
    Round.objects.filter(complaint=row, number=row.round).update(
        resolved_at=act.at, resolved_by=act.by, resolution=words, customer_confirmed=confirmed
    )


@transaction.atomic
def record_follow_up(
    *,
    complaint: Complaint,
    result: str,
    remarks: str = "",
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> FollowUp:
    """One follow-up call and what came of it (CMP-25): satisfied, refused, or not reached often enough closes the
    ticket, dissatisfied begins the next round (CMP-23); a try that reached nobody leaves it open.

    Raises RuleBroken `complaint.not_notified`, `complaint.remarks_needed` (why the customer is dissatisfied).
    """
    if result == "dissatisfied" and not remarks.strip():
        raise RuleBroken("complaint.remarks_needed", field="remarks", status=400)
    if len(remarks) > 500:
        raise RuleBroken("complaint.too_long", field="remarks", status=400, length=len(remarks), limit=500)
    act = Act.begin(complaint, "follow_up", by=by, at=at, version=version)
    row = act.complaint
    tries = list(FollowUp.objects.filter(complaint=row, round=row.round))
    made = FollowUp.objects.create(
        complaint=row,
        round=row.round,
        ordinal=len(tries) + 1,
        result=result,
        remarks=remarks.strip(),
        at=act.at,
        on=act.today,
        by=by,
    )
    days = [one.on for one in [*tries, made] if one.result == "not_reached"]
    outcome = follow_up_outcome(result, not_reached_on=days, policy=act.standing.policy)
    if outcome == "try_again":
        act.note("complaint.follow_up", ordinal=made.ordinal, result=result)
    else:
        act.meet(ClockKind.FOLLOW_UP)
        act.move(f"follow_up_{outcome}", ordinal=made.ordinal)
        if outcome == "dissatisfied":
            _new_round(act, remarks.strip())
        else:
            act.set(closed_at=act.at, close_mark=outcome)
    row = act.finish()
    if outcome == "dissatisfied":
        telling.person([row.owner], "complaint.reopened", row, at=act.at, by=by, key="round", round=row.round)
    return made


@transaction.atomic
def reopen(
    *,
    complaint: Complaint,
    reason: str,
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """The customer is still dissatisfied, or there are new facts: the next round begins (CMP-23)."""
    act = Act.begin(complaint, "reopen", by=by, at=at, version=version, reason=reason)
    act.meet(ClockKind.FOLLOW_UP)
    act.move("reopen")
    _new_round(act, act.reason)
    row = act.finish()
    telling.person([row.owner], "complaint.reopened", row, at=act.at, by=by, key="round", round=row.round)
    return row


def _new_round(act: Act, reason: str) -> None:
    """The next round with its own 24 hours and routing term; no round is overwritten (CMP-23, CMP-35a)."""
    home, number = centre_or_refuse(), act.complaint.round + 1
    act.set(
        round=number, closed_at=None, close_mark="", answered_at=None, resolved_at=None, settled_on_spot=False
    )
    Round.objects.create(
        complaint=act.complaint,
        number=number,
        started_at=act.at,
        started_by=act.by,
        reason=reason[:300],
    )
    act.standing.handovers, act.standing.pauses, act.standing.is_notified = [], [], False
    act.start(
        act.spec(ClockKind.RESOLUTION, home, round=number), act.spec(ClockKind.ROUTING, home, round=number)
    )


@transaction.atomic
def close_not_agreed(
    *,
    complaint: Complaint,
    text: str,
    way: str = "letter",
    language: str = "zh-hans",
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """From round 3 (policy) the centre manager may close without agreement (CMP-23): `text` gives the customer the
    reasons, the last offer and the remedies outside, in writing. It reopens on new facts."""
    words = _written(text, "text", "complaint.text_needed")
    act = Act.begin(complaint, "close_not_agreed", by=by, at=at, version=version, reason=words[:300])
    end_pause(act)
    withdraw_waiting(act, reason=act.reason)
    spoke_to_customer(act)
    issue_notice(act, way=way, text=words, language=language)
    act.cancel()
    act.move("close_not_agreed")
    act.set(closed_at=act.at, close_mark=CloseMark.NOT_AGREED.value)
    return act.finish()


def _written(text: str, field: str, code: str) -> str:
    words = text.strip()
    if not words:
        raise RuleBroken(code, field=field, status=400)
    if len(words) > MAX_TEXT:
        raise RuleBroken("complaint.too_long", field=field, status=400, length=len(words), limit=MAX_TEXT)
    return words

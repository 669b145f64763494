"""Passing tickets to departments and taking them back (CMP-04, CMP-10a to CMP-11, CMP-35a, CMP-35b)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from complaints.choices import HANDLING_STATES, HandoverState
from complaints.domain.rounds import all_in, given_back, rebase_arrival
from complaints.domain.routing import Passing, passings
from complaints.models import Complaint, Handover, Round, ServiceIncident
from complaints.permissions import Right, holds, is_handed_to
from complaints.queries.routing import reference
from complaints.queries.standing import standing_of
from complaints.services import telling
from complaints.services.acting import Act, centre_or_refuse, lock, part_of
from deadlines.choices import ClockKind
from deadlines.services import rebase_to_statement
from organization.models import Department, Employee, User
from servicecenter.clock import business_date
from servicecenter.kernel.errors import RuleBroken

LONGEST_LIMIT = 30 * 24


@transaction.atomic
def route(
    *,
    complaint: Complaint,
    department: Department | None = None,
    reason: str = "",
    demand: str = "",
    limit_hours: float | None = None,
    respondent: Department | None = None,
    employee: Employee | None = None,
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """Send a ticket to the department its category names, or to `department` with a reason (CMP-11).

    The respondent (`respondent`, or the employee's department) hands in the statement; `limit_hours` is what the
    other department has for its answer. Raises RuleBroken `complaint.no_destination`,
    `complaint.route_reason_needed`, `complaint.already_routed`, `complaint.limit`.
    """
    _check_limit(limit_hours)
    act = Act.begin(complaint, "route", by=by, at=at, version=version)
    row = act.complaint
    against = respondent or (employee.department if employee else None) or row.respondent_department
    rules = reference(row.category.code, departments=[department.pk if department else None])
    own = rules.destination(row.subcase.code if row.subcase else "", on=act.today)
    target = rules.department(department.pk, field="department") if department else own
    if target is None:
        raise RuleBroken("complaint.no_destination", field="department", status=400)
    elsewhere = target != own
    if elsewhere and not reason.strip():
        raise RuleBroken("complaint.route_reason_needed", field="reason", status=400)
    act.meet(ClockKind.ROUTING, ClockKind.REPORT_UPWARD)
    if holds(by, Right.SUPERVISE_COMPLAINT, row):
        act.meet(ClockKind.SUPERVISOR_TAKES)
    act.set(
        department=target,
        respondent_department=against,
        respondent_employee=employee
        or (row.respondent_employee if against == row.respondent_department else None),
        routed_at=act.at,
    )
    wanted = passings(
        routed_to=target.pk,
        concerned=against.pk if against else None,
        employee_id=employee.pk if employee else row.respondent_employee_id,
    )
    departments = [target, *([against] if against else [])]
    made = pass_on(
        act,
        _not_waiting(act, wanted),
        departments,
        demand=demand or row.demand,
        reason=reason,
        by_category=not elsewhere,
        limit_hours=limit_hours,
    )
    act.move("route", department=target.names, by_category=not elsewhere, reason=reason.strip())
    row = act.finish()
    _tell(made, row, at=act.at)
    return row


@transaction.atomic
def hand_over(
    *,
    complaint: Complaint,
    department: Department,
    demand: str,
    reason: str = "",
    limit_hours: float | None = None,
    statement_required: bool = False,
    employee: Employee | None = None,
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> Handover:
    """Ask a further department: its answer within the limit (CMP-35b), or its own statement (CMP-32).

    Raises RuleBroken `complaint.demand_needed`, `complaint.already_with`, `complaint.limit`,
    `complaint.department_unknown`.
    """
    _check_limit(limit_hours)
    if not demand.strip():
        raise RuleBroken("complaint.demand_needed", field="demand", status=400)
    if department.closed_on is not None:
        raise RuleBroken("complaint.department_unknown", field="department", status=400)
    act = Act.begin(complaint, "hand_over", by=by, at=at, version=version)
    wanted = (Passing(department.pk, statement_required, employee.pk if employee else None),)
    if not _not_waiting(act, wanted):
        raise RuleBroken("complaint.already_with", field="department", department=department.names)
    act.meet(ClockKind.ROUTING)
    made = pass_on(
        act, wanted, [department], demand=demand, reason=reason, by_category=False, limit_hours=limit_hours
    )
    act.move("hand_over", department=department.names, demand=demand.strip(), reason=reason.strip())
    if act.complaint.state == "answered":
        act.move("ask_further")
        act.set(answered_at=None)
    row = act.finish()
    _tell(made, row, at=act.at)
    return made[0]


def pass_on(
    act: Act,
    wanted: Sequence[Passing],
    departments: Iterable[Department],
    *,
    demand: str,
    reason: str,
    by_category: bool,
    limit_hours: float | None = None,
) -> list[Handover]:
    """Make handovers with their clocks; the standing knows them."""
    by_id = {department.pk: department for department in departments}
    limit = round(limit_hours * 3600) if limit_hours else None
    clocks = act.start(
        *(
            act.spec(
                ClockKind.STATEMENT if one.statement_required else ClockKind.ANSWER,
                by_id[one.department_id],
                part=part_of(one.department_id),
                limit_seconds=None if one.statement_required else limit,
            )
            for one in wanted
        )
    )
    made = Handover.objects.bulk_create(
        [
            Handover(
                complaint=act.complaint,
                round=act.complaint.round,
                department=by_id[one.department_id],
                employee_id=one.employee_id,
                statement_required=one.statement_required,
                demand=demand.strip(),
                reason=reason.strip(),
                by_category=by_category,
                clock=clock,
                due_at=clock.due_at,
                handed_at=act.at,
                handed_by=act.by,
            )
            for one, clock in zip(wanted, clocks, strict=True)
        ]
    )
    for row in made:
        row.first_at = None  # type: ignore[attr-defined]
    act.standing.handovers += made
    return made


def to_concerned(
    incident: ServiceIncident,
    complaint: Complaint,
    department: Department | None,
    *,
    employee_id: int | None,
    by: User | None,
    at: datetime,
) -> None:
    """A service incident's ticket goes to the department concerned, whose statement is due (CMP-42).

    `complaint` is locked by the caller. A department that is closed, or was asked in this round and did not give the
    ticket back, is not asked; one whose ticket is handled already is only told.
    """
    row = lock(complaint)
    if department is None or (department.closed_on and department.closed_on <= business_date(at)):
        return
    act = Act(row, by, at, standing_of(row, at=at))
    asked = {HandoverState.WAITING, HandoverState.ANSWERED, HandoverState.WAIVED}
    if any(one.department_id == department.pk and one.state in asked for one in act.standing.handovers):
        return
    if row.state not in HANDLING_STATES:
        telling.answerers_of_incident(incident, row, department=department, at=at)
        return
    act.meet(ClockKind.ROUTING)
    wanted = (Passing(department.pk, True, employee_id),)
    made = pass_on(act, wanted, [department], demand=row.demand, reason="", by_category=False)
    if row.state in {"registered", "reopened"}:
        act.set(department=department, routed_at=at)
        act.move("route", department=department.names, by_category=False, reason="")
    else:
        act.note("complaint.statement_asked", department=department.names)
    if row.state == "answered":
        act.move("ask_further")
        act.set(answered_at=None)
    _tell(made, act.finish(), at=at)


@transaction.atomic
def accept_handover(*, handover: Handover, by: User | None, at: datetime | None = None) -> Handover:
    """The department takes the matter up; the inquiry begins (CMP-20). Taking up twice changes nothing."""
    act, row = locked_handover(handover, "take_up", by=by, at=at)
    if row.accepted_at is None:
        row.accepted_at, row.accepted_by = act.at, by
        row.save(update_fields=["accepted_at", "accepted_by"])
        if act.complaint.state == "routed":
            act.move("begin_inquiry")
        act.note("complaint.take_up", department=row.department.names)
        act.finish()
    return row


@transaction.atomic
def return_handover(
    *, handover: Handover, reason: str, by: User | None, at: datetime | None = None
) -> Handover:
    """不归我部门: the ticket goes back to its owner, who has the routing term again to pass it on (CMP-35a)."""
    act, row = locked_handover(handover, "return", by=by, at=at, reason=reason)
    _end(act, row, HandoverState.RETURNED)
    if act.standing.clock(ClockKind.ROUTING) is None:
        act.start(act.spec(ClockKind.ROUTING, centre_or_refuse()))
    act.note("complaint.return", department=row.department.names, reason=act.reason)
    complaint = act.finish()
    telling.person(
        [complaint.owner],
        "complaint.returned",
        complaint,
        at=act.at,
        by=by,
        key=row.pk,
        department=row.department.names,
        reason=act.reason,
    )
    return row


@transaction.atomic
def waive(*, handover: Handover, reason: str, by: User | None, at: datetime | None = None) -> Handover:
    """The supervisor does without a statement or answer, with a reason (CMP-20)."""
    act, row = locked_handover(handover, "waive", by=by, at=at, reason=reason)
    if row.state == HandoverState.RETURNED:
        if not given_back(act.standing.asked):
            raise RuleBroken("complaint.handover_ended", number=act.complaint.number)
        row.state, row.end_reason = HandoverState.WAIVED, act.reason
        row.save(update_fields=["state", "end_reason"])
        act.cancel(ClockKind.ROUTING)
    else:
        _end(act, row, HandoverState.WAIVED)
    act.note("complaint.waive", department=row.department.names, reason=act.reason)
    after_answer(act)
    act.finish()
    return row


def locked_handover(
    handover: Handover, action: str, *, by: User | None, at: datetime | None, reason: str = ""
) -> tuple[Act, Handover]:
    """The ticket locked for `action`, and its handover, which must be of the present round.

    Raises RuleBroken `complaint.handover_ended`, and `lifecycle.no_right` to another department's people.
    """
    act = Act.begin(Complaint(pk=handover.complaint_id), action, by=by, at=at, reason=reason)
    Handover.objects.select_for_update(no_key=True).values_list("pk").get(pk=handover.pk)
    row = next((one for one in act.standing.handovers if one.pk == handover.pk), None)
    open_states = {"waive": {"waiting", "returned"}, "hand_in": {"waiting", "answered"}}.get(
        action, {"waiting"}
    )
    if row is None or row.state not in open_states:
        raise RuleBroken("complaint.handover_ended", number=act.complaint.number)
    if action != "waive" and not is_handed_to(by, row):
        raise RuleBroken("lifecycle.no_right", status=403, action=action)
    return act, row


def _end(act: Act, row: Handover, state: str) -> None:
    """End a waiting handover without its answer: its clock ends with it, whether it was late stays."""
    row.state, row.ended_at, row.ended_by, row.end_reason = state, act.at, act.by, act.reason
    row.is_late = act.at > row.due_at
    row.save(update_fields=["state", "ended_at", "ended_by", "end_reason", "is_late"])
    act.cancel(ClockKind.STATEMENT, ClockKind.ANSWER, parts=[part_of(row.department_id)])


def withdraw_waiting(act: Act, *, reason: str) -> None:
    """The ticket ends or begins anew: nobody is asked any more."""
    for row in act.standing.handovers:
        if row.state == HandoverState.WAITING:
            row.state, row.ended_at, row.ended_by = HandoverState.WITHDRAWN, act.at, act.by
            row.end_reason, row.is_late = reason[:300], act.at > row.due_at
            row.save(update_fields=["state", "ended_at", "ended_by", "end_reason", "is_late"])


def after_answer(act: Act) -> None:
    """What follows when a department has answered or was let off: the 24 hours may run anew, the round is answered."""
    asked = act.standing.asked
    if (arrival := rebase_arrival(asked)) is not None:
        _rebase(act, arrival)
    if all_in(asked) and act.complaint.state in {"routed", "investigating"}:
        if act.complaint.state == "routed":
            act.move("begin_inquiry")
        act.move("all_in")
        act.set(answered_at=act.at)


def _rebase(act: Act, arrival: datetime) -> None:
    """CMP-22: once per round the resolution clock runs from the last required statement's arrival."""
    row, clock = act.complaint, act.standing.clock(ClockKind.RESOLUTION)
    changed = Round.objects.filter(complaint=row, number=row.round, rebased_at=None).update(
        rebased_at=arrival
    )
    if not changed or clock is None:
        return
    act.replace_clock(
        rebase_to_statement(
            clock,
            arrived_at=arrival,
            registered_at=row.registered_at,
            tier=row.tier,
            category=row.category.code,
            channel=row.channel,
            by=act.by,
            at=act.at,
        )
    )


def _not_waiting(act: Act, wanted: Sequence[Passing]) -> tuple[Passing, ...]:
    """Without the departments whose answer is waited for already."""
    waiting = {row.department_id for row in act.standing.handovers if row.state == HandoverState.WAITING}
    return tuple(one for one in wanted if one.department_id not in waiting)


def _check_limit(limit_hours: float | None) -> None:
    if limit_hours is not None and not 0 < limit_hours <= LONGEST_LIMIT:
        raise RuleBroken("complaint.limit", field="limit_hours", status=400, most=LONGEST_LIMIT)


def _tell(made: Iterable[Handover], row: Complaint, *, at: datetime) -> None:
    telling.departments(list(made), row, at=at)

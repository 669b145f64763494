"""The respondent's written report (CMP-21, CMP-22)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from complaints.choices import DutyStage, HandoverState
from complaints.domain.intake import MAX_TEXT
from complaints.models import Handover, Statement
from complaints.services import telling
from complaints.services.acting import Act
from complaints.services.files import bind_files
from complaints.services.routing import after_answer, locked_handover
from organization.models import Employee, User
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def hand_in_statement(
    *,
    handover: Handover,
    text: str,
    employee: Employee | None = None,
    stage: str = "",
    measures: str = "",
    attachment_ids: Iterable[str] = (),
    by: User,
    at: datetime | None = None,
) -> Statement:
    """Receive the department's statement or answer; the 24 hours run from the last required one (CMP-22).

    The first ends the handover, late or in time; a further one is a correction and moves nothing. It is never
    changed afterwards. A statement names the person concerned beside the department (CMP-21); a plain answer is the
    department's alone (CMP-35b). Raises RuleBroken `complaint.statement_needed`, `complaint.statement_person_needed`,
    `complaint.statement_person_elsewhere`, `complaint.too_long`, `complaint.handover_ended`, `lifecycle.no_right`.
    """
    if employee is None and handover.statement_required:
        raise RuleBroken("complaint.statement_person_needed", field="employee", status=400)
    words = text.strip()
    if not words:
        raise RuleBroken("complaint.statement_needed", field="text", status=400)
    for name, value in (("text", words), ("measures", measures)):
        if len(value) > MAX_TEXT:
            raise RuleBroken("complaint.too_long", field=name, status=400, length=len(value), limit=MAX_TEXT)
    act, row = locked_handover(handover, "hand_in", by=by, at=at)
    if employee is not None and not _belongs(employee, row):
        raise RuleBroken(
            "complaint.statement_person_elsewhere",
            field="employee",
            status=400,
            name=employee.name,
            department=row.department.names,
        )
    first = row.state == HandoverState.WAITING
    late = first and act.at > row.due_at
    made = Statement.objects.create(
        handover=row,
        ordinal=1 if first else row.statements.count() + 1,
        employee=employee,
        stage=DutyStage(stage).value if stage else "",
        text=words,
        measures=measures.strip(),
        handed_in_at=act.at,
        handed_in_by=by,
        is_late=late,
    )
    if first:
        _answered(act, row, late)
    code = "complaint.hand_in" if first else "complaint.statement_corrected"
    act.note(code, department=row.department.names, late=late, ordinal=made.ordinal)
    if first:
        after_answer(act)
    complaint = act.finish()
    bind_files(attachment_ids, complaint, complaint.contact, by=by, at=act.at, role=f"statement-{made.pk}")
    telling.person(
        [complaint.owner],
        "complaint.statement_in" if first else "complaint.statement_corrected",
        complaint,
        at=act.at,
        by=by,
        key=f"s{made.pk}",
        department=row.department.names,
        late=late,
    )
    return made


def _belongs(employee: Employee, handover: Handover) -> bool:
    """Whether somebody is of the department that answers, or of one below it."""
    if employee.department_id == handover.department_id:
        return True
    return employee.department.path.startswith(handover.department.path)


def _answered(act: Act, row: Handover, late: bool) -> None:
    """The first statement ends the handover and its clock, late or in time."""
    if row.accepted_at is None:
        row.accepted_at, row.accepted_by = act.at, act.by
    row.state, row.ended_at, row.ended_by, row.is_late = HandoverState.ANSWERED, act.at, act.by, late
    row.first_at = act.at  # type: ignore[attr-defined]
    row.save(update_fields=["state", "ended_at", "ended_by", "is_late", "accepted_at", "accepted_by"])
    act.meet_clocks([clock for clock in act.standing.clocks if clock.pk == row.clock_id])
    if act.complaint.state == "routed":
        act.move("begin_inquiry")

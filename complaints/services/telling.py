"""Who is told what: one function a message, each in the transaction of the act it tells of (CMP-37, CMP-42)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from complaints.models import Complaint, CorrectiveAction, Handover, ServiceIncident
from complaints.queries.people import answerers, told_as_answerers, told_of_incident
from organization.models import Department, User
from servicecenter.models import Notice
from servicecenter.notices import Said, tell, tell_all, tell_each


def departments(handovers: Sequence[Handover], complaint: Complaint, *, at: datetime) -> None:
    """The departments' people: a ticket waits for their statement or answer."""
    tell_each(
        told_as_answerers([one.department for one in handovers], at),
        "complaint.handed_over",
        [
            Said(
                f"{one.pk}",
                {
                    "number": complaint.number,
                    "summary": complaint.summary,
                    "department": one.department.names,
                    "due_at": one.due_at,
                    "statement": one.statement_required,
                },
            )
            for one in handovers
        ],
        about=complaint,
        at=at,
    )


def incident(
    row: ServiceIncident,
    complaint: Complaint,
    *,
    roles: Iterable[str],
    leader_roles: Iterable[str],
    concerned: Department | None,
    at: datetime,
) -> None:
    """Enterprise management first hand, and the leaders named in policy (CMP-42)."""
    tell_all(
        told_of_incident(roles, leader_roles, concerned, at),
        f"complaint.{row.kind}",
        key=f"{row.pk}:{complaint.pk}",
        **_of_incident(row, complaint, concerned, at),
    )


def answerers_of_incident(
    row: ServiceIncident, complaint: Complaint, *, department: Department, at: datetime
) -> None:
    """The people of the department concerned, whom no handover of the ticket tells: its handling is over."""
    if readers := answerers(department, at):
        tell(
            readers,
            f"complaint.{row.kind}",
            key=f"{row.pk}:{complaint.pk}:concerned",
            **_of_incident(row, complaint, department, at),
        )


def _of_incident(
    row: ServiceIncident, complaint: Complaint, department: Department | None, at: datetime
) -> dict[str, Any]:
    """What every notice of a service incident says of it."""
    return {
        "about": row,
        "at": at,
        "level": Notice.Level.GRAVE,
        "number": row.number,
        "ticket": complaint.number,
        "summary": complaint.summary,
        "category": complaint.category.names,
        "department": department.names if department else {},
    }


def incident_withdrawn(row: ServiceIncident, *, reason: str, at: datetime) -> None:
    """Everybody who was told of the service incident: it is withdrawn, and why."""
    users = User.objects.filter(
        pk__in=Notice.objects.filter(kind="complaints.serviceincident", object_id=row.pk).values("user_id")
    )
    tell_all(
        users,
        "complaint.incident_withdrawn",
        about=row,
        at=at,
        level=Notice.Level.WARNING,
        key=f"{row.pk}:{row.version}",
        number=row.number,
        reason=reason,
    )


def person(
    users: Iterable[Any],
    code: str,
    complaint: Complaint,
    *,
    at: datetime,
    by: User | None,
    level: str = Notice.Level.INFO,
    key: object = "",
    **params: Any,
) -> None:
    """These people about a ticket, but not whoever did it; nobody left to tell: nothing is sent."""
    readers = [user for user in users if user is not None and (by is None or user.pk != by.pk)]
    if readers:
        tell(
            readers,
            code,
            about=complaint,
            at=at,
            level=level,
            key=f"{complaint.pk}:{complaint.version}:{key}",
            number=complaint.number,
            summary=complaint.summary,
            who=by.name if by else "",
            **params,
        )


def action(row: CorrectiveAction, complaint: Complaint, *, at: datetime) -> None:
    """The department in charge of a corrective or preventive action."""
    said = {"number": complaint.number, "text": row.text, "due_on": row.due_on}
    tell_each(
        told_as_answerers([row.department], at),
        "complaint.action_ordered",
        [Said(f"{row.pk}", said)],
        about=row,
        at=at,
    )

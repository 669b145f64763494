"""What a service incident does at once: who is told, is sanctioned, loses the month's merit (CMP-42, 43)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F

from complaints.choices import IncidentState
from complaints.domain.attribution import Attribution, Ticket, attribute
from complaints.domain.policy import HandlingPolicy
from complaints.domain.priority import rank_of
from complaints.models import Complaint, IncidentTicket, ServiceIncident
from complaints.services import telling
from conduct.domain.targets import Target
from conduct.services import (
    confirm_source_of_incident,
    disqualify_for_incident,
    propose_for_incident,
    withdraw_for_incident,
)
from organization.models import Department, User
from organization.queries import open_departments
from servicecenter import lifecycle, trail
from servicecenter.inserting import insert
from servicecenter.numbering import next_number
from servicecenter.subjects import kind_of

KIND = kind_of(ServiceIncident)
STANDING = (IncidentState.CONFIRMED, IncidentState.ENDED)
# Every second complaint asks it: worded by hand.
_MARK = """
UPDATE complaints_complaint SET is_incident = true, rank = 0, version = version + 1 WHERE id = ANY(%s)
"""


def attribution_of(tickets: Iterable[Complaint]) -> Attribution:
    """Department and person concerned, by findings, then by what was complained of, then by routing."""
    return attribute(
        Ticket(
            sequence=row.sequence,
            routed_to=row.department_id,
            respondent_department=row.respondent_department_id,
            respondent_employee=row.respondent_employee_id,
            responsible_department=row.responsible_department_id,
            responsible_employee=row.responsible_employee_id,
        )
        for row in tickets
    )


def department_of(attribution: Attribution, *, open_only: bool = False) -> Department | None:
    """The department concerned. `open_only`: to be asked for something; one that is closed is told of no more."""
    if attribution.department_id is None:
        return None
    rows = open_departments() if open_only else Department.objects.all()
    return rows.order_by().filter(pk=attribution.department_id).first()


def open_incident(
    *,
    kind: str,
    state: str,
    complaint: Complaint,
    attribution: Attribution,
    month: date,
    by: User | None,
    at: datetime,
    event_id: int | None = None,
) -> ServiceIncident:
    """A new service incident: two statements. The caller holds the event, or the category and department, and records
    `opened_line`."""
    confirmed = state == IncidentState.CONFIRMED
    made = ServiceIncident(
        number=next_number("service_incident", at=at),
        kind=kind,
        state=state,
        event_id=event_id,
        category=complaint.category,
        department_id=attribution.department_id,
        employee_id=attribution.employee_id,
        month=month.replace(day=1),
        opened_at=at,
        confirmed_at=at if confirmed else None,
        confirmed_by=by if confirmed else None,
    )
    insert([made])
    return made


def opened_line(incident: ServiceIncident, complaint: Complaint) -> trail.Line:
    """The first line of a service incident's history."""
    return trail.Line(
        KIND,
        incident.pk,
        incident.number,
        "incident.opened",
        {"number": complaint.number},
        {"state": [None, str(incident.state)]},
    )


def link(incident: ServiceIncident, tickets: Iterable[Complaint], *, at: datetime) -> None:
    """The tickets concerned; one that is linked already stays so."""
    insert(
        [IncidentTicket(incident=incident, complaint=row, linked_at=at) for row in tickets],
        unless_there=True,
    )


def mark(tickets: Sequence[Complaint]) -> None:
    """Highest priority for tickets of a confirmed service incident (CMP-42); the caller has locked them."""
    fresh = [row.pk for row in tickets if not row.is_incident or row.rank]
    if fresh:
        with connection.cursor() as cursor:
            cursor.execute(_MARK, [fresh])


def apply(
    incident: ServiceIncident,
    complaint: Complaint,
    attribution: Attribution,
    *,
    policy: HandlingPolicy,
    by: User | None,
    at: datetime,
    concerned: Department | None,
) -> None:
    """Tell, draft the sanctions, take the merit. Called again, it adds nothing for the same people and departments."""
    telling.incident(
        incident,
        complaint,
        roles=policy.incident_roles,
        leader_roles=policy.leader_roles,
        concerned=concerned,
        at=at,
    )
    sanction(incident, attribution, by=by, at=at)


def sanction(incident: ServiceIncident, attribution: Attribution, *, by: User | None, at: datetime) -> None:
    """Sanction drafts and lost merit for the department and the person (SAN-09, SAN-11, SAN-19)."""
    targets = _targets(attribution)
    source: dict[str, Any] = {
        "incident_kind": KIND,
        "incident_id": incident.pk,
        "incident_number": incident.number,
    }
    propose_for_incident(**source, targets=targets, month=incident.month, by=by, at=at, confirmed=True)
    disqualify_for_incident(**source, targets=targets, month=incident.month, by=by, at=at)


def _targets(attribution: Attribution) -> list[Target]:
    targets = []
    if attribution.department_id is not None:
        targets.append(Target(department_id=attribution.department_id))
    if attribution.employee_id is not None:
        targets.append(Target(employee_id=attribution.employee_id))
    return targets


def confirm(incident: ServiceIncident, *, by: User | None, at: datetime) -> None:
    """A suspected service incident stands from now on."""
    lifecycle.write(
        incident,
        expected_version=incident.version,
        state=IncidentState.CONFIRMED,
        confirmed_at=at,
        confirmed_by=by,
    )
    confirm_source_of_incident(incident_kind=KIND, incident_id=incident.pk, by=by, at=at)
    trail.record(incident, "incident.confirmed", by=by, at=at, changes={"state": ["suspected", "confirmed"]})


def reattribute(
    incident: ServiceIncident, attribution: Attribution, *, reason: str, by: User | None, at: datetime
) -> bool:
    """The finding says whom the service incident is about: what was done to anybody else is withdrawn visibly, what is
    not done yet to these is done (CMP-43). Returns whether it has gone to another department."""
    if attribution.department_id is None:
        return False
    before = {"department": incident.department_id, "employee": incident.employee_id}
    after = {"department": attribution.department_id, "employee": attribution.employee_id}
    if before != after:
        lifecycle.write(
            incident,
            expected_version=incident.version,
            department_id=attribution.department_id,
            employee_id=attribution.employee_id,
        )
    if incident.state in STANDING:
        withdraw_for_incident(
            incident_kind=KIND,
            incident_id=incident.pk,
            reason=reason,
            by=by,
            at=at,
            keep=_targets(attribution),
        )
        sanction(incident, attribution, by=by, at=at)
    if before != after:
        trail.record(
            incident,
            "incident.attributed",
            by=by,
            at=at,
            changes=trail.changes_between(before, after),
            reason=reason,
        )
    return before["department"] != after["department"]


def withdraw(
    incident: ServiceIncident,
    tickets: Sequence[Complaint],
    *,
    policy: HandlingPolicy,
    reason: str,
    by: User | None,
    at: datetime,
) -> None:
    """The service incident rests on nothing any more: it and what it did to people are taken back, visibly (CMP-45).

    `tickets` are those linked, locked by the caller.
    """
    before = incident.state
    lifecycle.write(
        incident,
        expected_version=incident.version,
        state=IncidentState.WITHDRAWN,
        withdrawn_at=at,
        withdrawn_by=by,
        withdrawn_reason=reason[:300],
    )
    withdraw_for_incident(incident_kind=KIND, incident_id=incident.pk, reason=reason, by=by, at=at)
    release(tickets, policy=policy)
    trail.record_many(
        [
            trail.Line(
                KIND,
                incident.pk,
                incident.number,
                "incident.withdrawn",
                {"reason": reason},
                {"state": [before, IncidentState.WITHDRAWN.value]},
            ),
            *(
                trail.Line(
                    kind_of(Complaint),
                    row.pk,
                    row.number,
                    "complaint.incident_withdrawn",
                    {"incident": incident.number, "reason": reason},
                )
                for row in tickets
            ),
        ],
        by=by,
        at=at,
    )
    if before in STANDING:
        telling.incident_withdrawn(incident, reason=reason, at=at)


def release(tickets: Sequence[Complaint], *, policy: HandlingPolicy) -> None:
    """Tickets that belong to no standing service incident any more get their own rank back."""
    held = set(
        IncidentTicket.objects.filter(
            complaint__in=[row.pk for row in tickets], incident__state__in=STANDING
        ).values_list("complaint_id", flat=True)
    )
    for row in tickets:
        if row.pk in held or not row.is_incident:
            continue
        rank: Any = rank_of(
            confirmed_incident=False,
            chases=row.chase_count,
            tier=row.tier,
            chases_raise_at=policy.chases_raise_at,
        )
        Complaint.objects.filter(pk=row.pk).update(is_incident=False, rank=rank, version=F("version") + 1)

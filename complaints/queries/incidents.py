"""Service incidents: lists and pages (CMP-40 to CMP-45)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from complaints.choices import IncidentState
from complaints.models import Complaint, IncidentTicket, ServiceIncident
from complaints.permissions import INCIDENT_READERS, scope_of
from complaints.queries.scope import RELATED, visible_to
from conduct.queries import incident_consequences
from servicecenter.models import Notice
from servicecenter.subjects import kind_of

KIND = kind_of(ServiceIncident)


@dataclass
class IncidentView:
    """A service incident: its tickets, who was told and how many have read it, what follows for people. `suspect`:
    the first ticket that waits to be confirmed or refuted."""

    incident: ServiceIncident
    tickets: list[Complaint]
    told: list[Notice] = field(default_factory=list)
    read: int = 0
    consequences: Any = None
    suspect: Complaint | None = None


def incidents_visible_to(user: Any) -> QuerySet[ServiceIncident]:
    """Service incidents of the tickets that the user sees, for holders of the right."""
    if not user.rights.has_any(INCIDENT_READERS):
        return ServiceIncident.objects.none()
    if scope_of(user).is_unlimited:
        return ServiceIncident.objects.all()
    seen = IncidentTicket.objects.filter(incident=OuterRef("pk"), complaint__in=visible_to(user))
    return ServiceIncident.objects.filter(Exists(seen))


def incident_rows(user: Any) -> QuerySet[ServiceIncident]:
    """The list, with `ticket_count`."""
    return (
        incidents_visible_to(user)
        .select_related("category", "department", "employee")
        .annotate(ticket_count=Count("tickets"))
    )


def incident(*, user: Any, number: str) -> IncidentView | None:
    """One service incident, if the user may see it."""
    row = (
        incidents_visible_to(user)
        .select_related(
            "category", "department", "employee", "confirmed_by__employee", "withdrawn_by__employee"
        )
        .filter(number=number)
        .first()
    )
    if row is None:
        return None
    tickets = list(
        visible_to(user)
        .filter(incident_links__incident=row)
        .select_related(*RELATED)
        .order_by("registered_at", "pk")
    )
    told = list(
        Notice.objects.filter(kind=KIND, object_id=row.pk)
        .select_related("user__employee__department")
        .order_by("at", "pk")
    )
    return IncidentView(
        incident=row,
        tickets=tickets,
        told=told,
        read=sum(notice.read_at is not None for notice in told),
        consequences=incident_consequences(KIND, row.pk),
        suspect=next((ticket for ticket in tickets if ticket.is_suspected), None),
    )


def suspected_incident_of(complaint: Complaint) -> ServiceIncident | None:
    """The standing service incident of a ticket that waits to be confirmed; None for one that does not."""
    if not complaint.is_suspected:
        return None
    return (
        ServiceIncident.objects.filter(event_id=complaint.event_id)
        .exclude(state=IncidentState.WITHDRAWN)
        .first()
    )

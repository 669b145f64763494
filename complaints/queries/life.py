"""What complaints know of a customer: calls and letters, tickets, service incidents (port customers.timeline)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.choices import IncidentState
from complaints.models import Complaint, Contact
from complaints.permissions import Right
from complaints.queries.incidents import incidents_visible_to
from complaints.queries.scope import row_queryset
from customers.ports import Alert, Entry, Mark, older
from servicecenter.clock import business_date, now_db
from servicecenter.subjects import kind_of

WORDS_SHOWN = 80


def life_of_customer(*, customer_id: int, user: Any, before: Mark | None, limit: int) -> list[Entry]:
    """Tickets the user sees; contacts that made none (enquiries and the like) for those who register contacts."""
    return [*_tickets(customer_id, user, before, limit), *_contacts(customer_id, user, before, limit)]


def alerts_of_customer(*, customer_id: int, user: Any) -> list[Alert]:
    """A confirmed service incident that counts in the running month, the latest of several (CMP-40, SAN-19)."""
    month = business_date(now_db()).replace(day=1)
    rows = incidents_visible_to(user).filter(
        state__in=[IncidentState.CONFIRMED, IncidentState.ENDED],
        month=month,
        complaints__customer_id=customer_id,
    )
    number = rows.order_by("-opened_at", "-pk").values_list("number", flat=True).first()
    if number is None:
        return []
    return [Alert(_("Service incident this month"), reverse("incident-detail", args=[number]), "siren")]


def _tickets(customer_id: int, user: Any, before: Mark | None, limit: int) -> list[Entry]:
    kind = kind_of(Complaint)
    rows = row_queryset(user).filter(customer_id=customer_id)
    return [
        Entry(
            Mark(row.registered_at, kind, row.pk),
            what=_("Second complaint") if row.is_incident else _("Complaint"),
            number=row.number,
            url=reverse("complaint-detail", args=[row.number]),
            text=f"{row.summary}·{row.get_state_display()}",
            icon="siren" if row.is_incident else "ticket",
            tone="red" if row.is_incident else "",
        )
        for row in older(rows, "registered_at", kind, before)[:limit]
    ]


def _contacts(customer_id: int, user: Any, before: Mark | None, limit: int) -> list[Entry]:
    if not user.rights.has_any((Right.REGISTER_CONTACT, Right.VIEW_ALL)):
        return []
    kind = kind_of(Contact)
    rows = Contact.objects.filter(customer_id=customer_id, complaint=None).select_related("agent__employee")
    return [
        Entry(
            Mark(row.at, kind, row.pk),
            what=str(row.get_kind_display()),
            text=f"{row.get_channel_display()}·{row.text[:WORDS_SHOWN]}",
            who=row.agent.name if row.agent else "",
            icon="phone",
        )
        for row in older(rows, "at", kind, before)[:limit]
    ]

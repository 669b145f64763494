"""What complaints know of the life of a customer and of a waybill: calls and letters, tickets, service incidents.

Ports customers.timeline, customers.waybill_life, customers.alerts.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
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
    return _life(Q(customer_id=customer_id), user, before, limit)


def life_of_waybill(*, waybill_id: int, user: Any, limit: int) -> list[Entry]:
    """The same of a waybill (WBL-09)."""
    return _life(Q(waybill_id=waybill_id), user, None, limit)


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


def _life(of: Q, user: Any, before: Mark | None, limit: int) -> list[Entry]:
    return [*_tickets(of, user, before, limit), *_contacts(of, user, before, limit)]


def _tickets(of: Q, user: Any, before: Mark | None, limit: int) -> list[Entry]:
    kind = kind_of(Complaint)
    rows = row_queryset(user).filter(of)
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


def _contacts(of: Q, user: Any, before: Mark | None, limit: int) -> list[Entry]:
    if not user.rights.has_any((Right.REGISTER_CONTACT, Right.VIEW_ALL)):
        return []
    kind = kind_of(Contact)
    rows = Contact.objects.filter(of, complaint=None).select_related("agent__employee")
    # a chase leads to the ticket that was asked after
    rows = rows.annotate(chased=F("chase__complaint__number"))
    return [
        Entry(
            Mark(row.at, kind, row.pk),
            what=str(row.get_kind_display()),
            text=f"{row.get_channel_display()}·{row.text[:WORDS_SHOWN]}",
            who=row.agent.name if row.agent else "",
            icon="phone",
            number=row.chased or "",
            url=reverse("complaint-detail", args=[row.chased]) if row.chased else "",
        )
        for row in older(rows, "at", kind, before)[:limit]
    ]

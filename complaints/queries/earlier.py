"""Earlier tickets of the same party or waybill: shown before saving, ground of the second complaint (CMP-06, 40)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from complaints.domain.events import Earlier, Party, likeness
from complaints.models import Complaint
from complaints.permissions import scope_of
from complaints.queries.scope import row_queryset, visible_to
from customers.models import Customer, Waybill
from servicecenter.kernel.errors import RuleBroken
from servicecenter.prepared import Prepared, given
from servicecenter.search import bigrams, fold

COLUMNS = (
    "pk", "number", "event_id", "category__code", "party_role", "customer_id", "caller_telephone", "state",
    "registered_at", "waybill_id",
)  # fmt: skip
SHOWN = 40
_ON_WAYBILL = Prepared(
    lambda: Complaint.objects.filter(waybill_id=given("waybill")).order_by("pk").values_list(*COLUMNS)
)


def on_waybill(waybill_id: int) -> list[Earlier]:
    """Every ticket of a waybill, as the domain judges them; read it while the waybill is locked."""
    return [_earlier(row) for row in _ON_WAYBILL.rows(waybill=waybill_id)]


def looking_alike(
    *, waybill_id: int | None, party: Party, text: str, since: datetime
) -> list[tuple[Earlier, Complaint]]:
    """The waybill's tickets, and the party's since a moment with how alike their texts are; newest first."""
    condition = Q(pk__in=[])
    if waybill_id is not None:
        condition |= Q(waybill_id=waybill_id)
    if party.customer_id is not None:
        condition |= Q(customer_id=party.customer_id, registered_at__gte=since)
    if party.telephone:
        condition |= Q(caller_telephone=party.telephone, registered_at__gte=since)
    rows = (
        Complaint.objects.filter(condition)
        .select_related("category", "event", "department", "respondent_employee", "waybill", "customer")
        .order_by("-registered_at", "-pk")[:SHOWN]
    )
    wanted = bigrams(fold(text))
    return [(of(row, likeness=likeness(wanted, bigrams(fold(row.text)))), row) for row in rows]


def linked(number: str, *, user: Any | None) -> Complaint:
    """The earlier ticket that the agent links. Raises RuleBroken `complaint.link_unknown`, `complaint.link_dead`."""
    rows = visible_to(user) if user is not None else Complaint.objects.all()
    found = rows.select_related("category").filter(number=number.strip().upper()).first()
    if found is None:
        raise RuleBroken("complaint.link_unknown", field="linked_number", status=400, number=number)
    if not found.is_live:
        raise RuleBroken("complaint.link_dead", field="linked_number", number=found.number)
    return found


def of(row: Complaint, *, likeness: float = 0.0) -> Earlier:
    """A ticket as the domain judges it; `category` must be loaded."""
    return Earlier(
        complaint_id=row.pk,
        number=row.number,
        event_id=row.event_id,
        category=row.category.code,
        party=Party(row.party_role, row.customer_id, row.caller_telephone),
        state=row.state,
        registered_at=row.registered_at,
        waybill_id=row.waybill_id,
        likeness=likeness,
    )


def _earlier(values: tuple[Any, ...]) -> Earlier:
    pk, number, event_id, category, role, customer_id, telephone, state, registered_at, waybill_id = values
    return Earlier(
        complaint_id=pk,
        number=number,
        event_id=event_id,
        category=category,
        party=Party(role, customer_id, telephone),
        state=state,
        registered_at=registered_at,
        waybill_id=waybill_id,
    )


def earlier(
    *, waybill: Waybill | None, telephone: str, customer: Customer | None, user: Any
) -> QuerySet[Complaint]:
    """The tickets of the waybill, the customer or the number that the user may see, newest first (CMP-06)."""
    condition = Q(pk__in=[])
    if waybill is not None:
        condition |= Q(waybill=waybill)
    if customer is not None:
        condition |= Q(customer=customer)
    if telephone:
        condition |= Q(caller_telephone=telephone)
    return row_queryset(user).filter(condition).order_by("-registered_at", "-pk")


def about(rows: QuerySet[Complaint], words: str, *, user: Any) -> QuerySet[Complaint]:
    """Of `rows` those of any of these waybill numbers, customer numbers or telephones, parted by commas: what `earlier`
    finds, as a list. Whoever may not see who complained does not find by telephone either (PRV-10)."""
    named = [word for word in words.split(",") if word]
    condition = Q(waybill__number__in=named) | Q(customer__number__in=named)
    if scope_of(user).is_unlimited:
        condition |= Q(caller_telephone__in=named)
    return rows.filter(condition)


def of_customer(customer_id: int, user: Any) -> QuerySet[Complaint]:
    """A customer's tickets, newest first."""
    return row_queryset(user).filter(customer_id=customer_id).order_by("-registered_at", "-pk")


def of_waybill(waybill_id: int, user: Any) -> QuerySet[Complaint]:
    """A waybill's tickets, newest first."""
    return row_queryset(user).filter(waybill_id=waybill_id).order_by("-registered_at", "-pk")

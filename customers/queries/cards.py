"""A customer and a waybill in short, for the side of other pages; what to verify before money is spoken of (PRV-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from customers.choices import CodState, CustomerKind, EventKind
from customers.domain.verify import Facts, Verification, verification
from customers.domain.waybills import Line, line_of
from customers.models import ContactPerson, Customer, Telephone, Waybill, WaybillEvent
from customers.permissions import Right


@dataclass(frozen=True)
class ContactCard:
    """A contact person, or nobody in particular, with its numbers; templates mask them with `{% masked %}`."""

    person: ContactPerson | None
    telephones: tuple[Telephone, ...]


@dataclass(frozen=True)
class CustomerCard:
    """The customer at the side of a ticket. `url` is empty for those who may not open the file."""

    customer: Customer
    account_manager: str
    contacts: tuple[ContactCard, ...]
    url: str


@dataclass(frozen=True)
class WaybillCard:
    """The waybill at the side of a ticket. `line`: the events that stand; `signed_at`: when it was signed for."""

    waybill: Waybill
    events: tuple[WaybillEvent, ...]
    line: Line[WaybillEvent]
    last: WaybillEvent | None
    signed_at: datetime | None
    url: str


@dataclass(frozen=True)
class VerifyCard:
    """Who may be told what about the money, and what to ask the caller first."""

    waybill: Waybill | None
    verification: Verification


def customer_card(customer: Customer, user: Any) -> CustomerCard:
    """The card of a customer whom the caller has let the reader see; two statements."""
    manager = customer.account_manager
    return CustomerCard(
        customer=customer,
        account_manager=manager.name if manager else "",
        contacts=contacts_of(customer),
        url=reverse("customer", args=[customer.number]) if user.has_right(Right.VIEW_CUSTOMER) else "",
    )


def contacts_of(customer: Customer) -> tuple[ContactCard, ...]:
    """The customer's own numbers, then its people with theirs, finance people first; two statements."""
    own = tuple(customer.telephones.filter(contact_person=None).order_by("id"))
    people = customer.contact_people.order_by("-is_finance", "id").prefetch_related(
        Prefetch("telephones", queryset=Telephone.objects.order_by("id"))
    )
    cards = [ContactCard(person, tuple(person.telephones.all())) for person in people]
    return ((ContactCard(None, own),) if own else ()) + tuple(cards)


def waybill_card(waybill: Waybill, user: Any) -> WaybillCard:
    """The card of a waybill whom the caller has let the reader see; one statement."""
    events = tuple(waybill.events.select_related("recorded_by__employee"))
    line = line_of(events)
    return WaybillCard(
        waybill=waybill,
        events=events,
        line=line,
        last=line.standing[-1] if line.standing else None,
        signed_at=next(
            (event.occurred_at for event in reversed(line.standing) if event.kind == EventKind.SIGNED), None
        ),
        url=reverse("waybill", args=[waybill.number]),
    )


def what_to_verify(waybill: Waybill, user: Any) -> VerifyCard:
    """What to verify before speaking of a consignment's money (PRV-05); one statement for a company consignor."""
    consignor = waybill.consignor
    return VerifyCard(
        waybill,
        verification(
            Facts(
                consignor_is_company=consignor.kind == CustomerKind.COMPANY if consignor else None,
                finance_people=_finance_people(consignor),
                has_cod={CodState.UNKNOWN: None, CodState.NONE: False}.get(CodState(waybill.cod_state), True),
                knows_consignor_telephone=bool(waybill.consignor_telephone),
                knows_goods=bool(waybill.goods),
            )
        ),
    )


def verify_customer(customer: Customer) -> VerifyCard:
    """The same for whatever this customer sends: who of it may be told (PRV-05)."""
    return VerifyCard(
        None,
        verification(
            Facts(
                consignor_is_company=customer.kind == CustomerKind.COMPANY,
                finance_people=_finance_people(customer),
                has_cod=None,
                knows_consignor_telephone=True,
                knows_goods=True,
            )
        ),
    )


def _finance_people(customer: Customer | None) -> tuple[str, ...]:
    if customer is None or customer.kind != CustomerKind.COMPANY:
        return ()
    return tuple(
        customer.contact_people.filter(is_finance=True).order_by("id").values_list("name", flat=True)
    )

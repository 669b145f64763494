"""Customers: the list, one customer's page, the standing and what a tier brings, hits of the global search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.db.models.functions import Right
from django.urls import reverse

from customers.choices import CodState, Tier
from customers.domain.lookup import read
from customers.domain.policy import TierService
from customers.models import Address, Consent, Customer, Telephone, Waybill
from customers.queries.cards import ContactCard, VerifyCard, contacts_of, verify_customer
from customers.queries.scope import customers_visible_to, waybills_visible_to
from customers.queries.tiers import GradeCard, VisitCard, grade_card, visit_card
from deadlines.choices import ClockKind
from deadlines.domain.policy import ClockPolicy
from deadlines.services import policy_for
from organization.models import Assignment, Employee
from organization.queries import CentreToday, valid_assignments
from servicecenter import policies
from servicecenter.clock import business_date, now_db
from servicecenter.keyset import Order
from servicecenter.ports import Hit
from servicecenter.search import fold, matching
from servicecenter.subjects import Subject, kind_of

ORDERS = {
    "newest": Order("newest", ("created_at",), descending=True),
    "name": Order("name", ("name_key",)),
}
YEAR = timedelta(days=365)
ACCOUNT_MANAGER = "account_manager"


def customer_rows(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """The rows of a list with all that it shows: account manager, telephone numbers; two statements a page."""
    return rows.select_related("account_manager").prefetch_related(
        Prefetch("telephones", queryset=Telephone.objects.order_by("id"))
    )


def account_managers(current: Employee | None) -> QuerySet[Employee]:
    """Who may look after a customer: the account managers of today, and whoever does now."""
    return visitors(current)


def visitors(*known: Employee | None) -> QuerySet[Employee]:
    """Who may have visited: the account managers of today, and those named."""
    held = Assignment.objects.filter(valid_assignments(CentreToday()), role__code=ACCOUNT_MANAGER)
    people = Employee.objects.filter(
        Q(pk__in=held.values("employee_id")) | Q(pk__in=[person.pk for person in known if person is not None])
    )
    return people.order_by("name_key", "id")


def search_customers(rows: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Customers of a number, a telephone (whole, beginning, last four), a name in signs, pinyin or initials.

    Each reading is answered by its own index; a word is matched in the rows themselves, so that the newest of a
    common one are read in their order.
    """
    reading = read(text)
    if reading.is_empty:
        return rows if not text.strip() else rows.none()
    if reading.customer:
        return rows.filter(number=reading.customer)
    numbers = Telephone.objects.annotate(last_four=Right("number", 4))
    for found in (
        numbers.filter(number=reading.telephone) if reading.telephone else None,
        numbers.filter(number__startswith=reading.digits) if reading.digits else None,
        numbers.filter(last_four=reading.last_four) if reading.last_four else None,
    ):
        if found is not None:
            return rows.filter(pk__in=found.values("customer_id"))
    if not reading.name:
        return rows.none()
    if re.fullmatch(r"\S", fold(reading.name)):
        key = fold(reading.name)
        return rows.filter(Q(name_key__startswith=key) | Q(name__startswith=reading.name))
    return matching(rows, reading.name)


@dataclass(frozen=True)
class TierCard:
    """The tier and what it brings (CUS-13): the service, the resolution clock (CMP-36), the place among equals."""

    tier: str
    since: date | None
    service: TierService | None
    clock: ClockPolicy
    place: int


def tier_card(customer: Customer, *, at: datetime) -> TierCard:
    """What the customer's tier brings; to the ungraded no service is promised beyond the common deadline."""
    clock = policy_for(ClockKind.RESOLUTION, tier=customer.tier, at=at).value
    if not customer.tier:
        return TierCard("", None, None, clock, 0)
    place = Tier.values.index(customer.tier) + 1
    return TierCard(customer.tier, customer.tier_since, tier_service(customer.tier, at=at), clock, place)


def tier_service(tier: str, *, at: datetime) -> TierService:
    """The service of a tier (policy `customers.tier_service`)."""
    found = policies.find("customers.tier_service", at=at, keys=(f"tier={Tier(tier).value}", ""))
    service: TierService = found.value
    return service


@dataclass(frozen=True)
class Year:
    """The last 365 days of a customer's waybills: sent, received, COD amounts not yet remitted."""

    sent: int
    received: int
    cod_open: int
    last: date | None


@dataclass(frozen=True)
class CustomerPage:
    """Everything the customer's page shows besides the slots of other apps."""

    customer: Customer
    contacts: tuple[ContactCard, ...]
    addresses: tuple[Address, ...]
    consents: tuple[Consent, ...]
    tier: TierCard
    grade: GradeCard
    visits: VisitCard
    year: Year
    waybills: tuple[Waybill, ...]
    verify: VerifyCard
    today: date


def customer_page(customer: Customer, user: Any) -> CustomerPage:
    """The page of a customer the user may see; a constant number of statements."""
    moment = now_db()
    today = business_date(moment)
    tier = tier_card(customer, at=moment)
    return CustomerPage(
        customer=customer,
        contacts=contacts_of(customer),
        addresses=tuple(customer.addresses.order_by("id")),
        consents=tuple(customer.consents.order_by("-given_on", "id")),
        tier=tier,
        grade=grade_card(customer, at=moment),
        visits=visit_card(customer, months=tier.service.visit_months if tier.service else 0, today=today),
        year=_year(customer, today),
        waybills=tuple(waybills_of(customer, user).order_by("-created_at", "-id")[:8]),
        verify=verify_customer(customer),
        today=today,
    )


def waybills_of(customer: Customer, user: Any) -> QuerySet[Waybill]:
    """The waybills a customer sent or received, as far as the user may see them."""
    own = (
        Waybill.objects.filter(consignor=customer)
        .values("pk")
        .union(Waybill.objects.filter(consignee=customer).values("pk"), all=True)
    )
    return waybills_visible_to(user).filter(pk__in=own)


def _year(customer: Customer, today: date) -> Year:
    since = Q(shipped_on__gt=today - YEAR)
    waiting = Q(cod_state__in=[CodState.DUE, CodState.COLLECTED, CodState.HANDED_IN])
    sent = Waybill.objects.filter(since, consignor=customer).aggregate(
        rows=Count("pk"), open=Count("pk", filter=waiting), last=Max("shipped_on")
    )
    received = Waybill.objects.filter(since, consignee=customer).count()
    return Year(sent["rows"], received, sent["open"], sent["last"])


def customer_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """Customers for the global search box; telephones stay masked, they are not shown at all."""
    rows = search_customers(customers_visible_to(user), text).order_by("-created_at", "-id")[:limit]
    return [
        Hit(
            kind=kind_of(row),
            number=row.number,
            title=row.name,
            detail="·".join(part for part in (row.tier, row.trade, row.region) if part),
            url=reverse("customer", args=[row.number]),
        )
        for row in rows
    ]


def subject_customer(*, object_id: int, user: Any | None) -> Subject | None:
    """The customer for notices, files and clocks (port servicecenter.subject)."""
    rows = Customer.objects.all() if user is None else customers_visible_to(user)
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    return Subject(kind_of(row), row.pk, row.number, row.name, reverse("customer", args=[row.number]))


def subject_telephone(*, object_id: int, user: Any | None) -> Subject | None:
    """A telephone number, seen by whoever may see its customer: what a reveal is asked of."""
    return _part_of_customer(Telephone.objects.filter(pk=object_id).first(), user)


def subject_address(*, object_id: int, user: Any | None) -> Subject | None:
    """An address, seen by whoever may see its customer."""
    return _part_of_customer(Address.objects.filter(pk=object_id).first(), user)


def _part_of_customer(part: Telephone | Address | None, user: Any | None) -> Subject | None:
    whole = subject_customer(object_id=part.customer_id, user=user) if part is not None else None
    return Subject(kind_of(part), part.pk, whole.number, whole.title, whole.url) if part and whole else None

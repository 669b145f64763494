"""Every read of customers and waybills."""

from __future__ import annotations

from typing import Any

from customers.queries.callers import customers_by_telephone
from customers.queries.cards import (
    ContactCard,
    CustomerCard,
    VerifyCard,
    WaybillCard,
    contacts_of,
    customer_card,
    verify_customer,
    waybill_card,
    what_to_verify,
)
from customers.queries.customers import (
    CustomerPage,
    TierCard,
    account_managers,
    customer_hits,
    customer_page,
    search_customers,
    subject_address,
    subject_customer,
    subject_telephone,
    tier_card,
    tier_service,
    visitors,
    waybills_of,
)
from customers.queries.lookup import CustomerHit, LookUp, WaybillHit, look_up
from customers.queries.scope import customers_visible_to, waybill_places, waybills_visible_to
from customers.queries.tiers import (
    GradeCard,
    VisitCard,
    grade_card,
    proposals_visible_to,
    subject_round,
    visit_card,
)
from customers.queries.timeline import Timeline, alerts, timeline
from customers.queries.waybills import (
    Happening,
    LifeDay,
    WaybillPage,
    find_waybill,
    life_line,
    search_waybills,
    subject_waybill,
    waybill_hits,
    waybill_page,
)
from servicecenter.ports import Hit

__all__ = [
    "ContactCard",
    "CustomerCard",
    "CustomerHit",
    "CustomerPage",
    "GradeCard",
    "Happening",
    "LifeDay",
    "LookUp",
    "TierCard",
    "Timeline",
    "VerifyCard",
    "VisitCard",
    "WaybillCard",
    "WaybillHit",
    "WaybillPage",
    "account_managers",
    "alerts",
    "contacts_of",
    "customer_card",
    "customer_page",
    "customers_by_telephone",
    "customers_visible_to",
    "find_waybill",
    "grade_card",
    "life_line",
    "look_up",
    "proposals_visible_to",
    "search_customers",
    "search_hits",
    "search_waybills",
    "subject_address",
    "subject_customer",
    "subject_round",
    "subject_telephone",
    "subject_waybill",
    "tier_card",
    "tier_service",
    "timeline",
    "verify_customer",
    "visit_card",
    "visitors",
    "waybill_card",
    "waybill_page",
    "waybill_places",
    "waybills_of",
    "waybills_visible_to",
    "what_to_verify",
]


def search_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """Customers, then waybills, for the global search box; at most `limit` of each (port servicecenter.search)."""
    return [
        *customer_hits(user=user, text=text, limit=limit),
        *waybill_hits(user=user, text=text, limit=limit),
    ]

"""Customers and waybills in the API."""

from __future__ import annotations

from typing import Any

from customers.api.customers import CustomerViewSet
from customers.api.lookup import LookupViewSet
from customers.api.parts import ROUTES as PARTS
from customers.api.tiers import TierProposalViewSet
from customers.api.waybills import WaybillViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("customers", CustomerViewSet, "customer"),
    *PARTS,
    ("tier-proposals", TierProposalViewSet, "tier-proposal"),
    ("waybills", WaybillViewSet, "waybill"),
    ("lookup", LookupViewSet, "lookup"),
]

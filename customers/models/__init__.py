"""Customers and what belongs to them (chapter 05), waybills and their events (chapter 08)."""

from customers.models.customer import Address, Consent, ContactPerson, Customer, Telephone
from customers.models.tier import TierGrade, TierProposal, TierRound, Visit
from customers.models.waybill import Waybill, WaybillEvent

__all__ = [
    "Address", "Consent", "ContactPerson", "Customer", "Telephone", "TierGrade", "TierProposal", "TierRound", "Visit",
    "Waybill", "WaybillEvent",
]  # fmt: skip

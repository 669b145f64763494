"""Who may be told what about a consignment's money, and what to verify first (PRV-05)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ask(StrEnum):
    """What the caller is asked, so that the agent can verify who it is."""

    WAYBILL_NUMBER = "waybill_number"
    COD_AMOUNT = "cod_amount"
    GOODS = "goods"
    OTHER_PARTY = "other_party"
    TELEPHONE = "telephone"


class May(StrEnum):
    """What a verified caller may be told."""

    COD_AND_REMITTANCE = "cod_and_remittance"
    TO_PAY_ON_DELIVERY = "to_pay_on_delivery"
    NOTHING_OF_MONEY = "nothing_of_money"


@dataclass(frozen=True)
class Facts:
    """What is known of the consignment. `finance_people` are the consignor's own, of a company."""

    consignor_is_company: bool | None
    finance_people: tuple[str, ...]
    has_cod: bool | None
    knows_consignor_telephone: bool
    knows_goods: bool


@dataclass(frozen=True)
class Verification:
    """Who may be told about COD money and remittance, what the consignee may be told, and what to ask first."""

    only_finance: bool
    finance_people: tuple[str, ...]
    consignor: May
    consignee: May
    anybody_else: May
    ask: tuple[Ask, ...]


def verification(facts: Facts) -> Verification:
    """PRV-05: COD money and its remittance to the consignor only, of a company to its own finance people.

    The consignee is told only what is to be paid on delivery; anybody else nothing of money. Asked is what stands on
    the waybill and only the right caller knows; never the amount alone, since the consignee knows it as well.
    """
    ask = [Ask.WAYBILL_NUMBER]
    if facts.has_cod is not False:
        ask.append(Ask.COD_AMOUNT)
    if facts.knows_consignor_telephone:
        ask.append(Ask.TELEPHONE)
    elif facts.knows_goods:
        ask.append(Ask.GOODS)
    ask.append(Ask.OTHER_PARTY)
    company = bool(facts.consignor_is_company)
    return Verification(
        only_finance=company,
        finance_people=facts.finance_people if company else (),
        consignor=May.COD_AND_REMITTANCE,
        consignee=May.TO_PAY_ON_DELIVERY,
        anybody_else=May.NOTHING_OF_MONEY,
        ask=tuple(ask),
    )

"""The facts of a waybill (WBL-01) as they are typed, imported or sent, and what a complete waybill needs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from customers.domain import telephones
from servicecenter.kernel.errors import RuleBroken

REQUIRED = ("shipped_on", "consignor_name", "consignee_name", "goods", "pieces")
WEIGHT_MOST = Decimal("999999999.999")
PIECES_MOST = 2_147_483_647
MONEY_MOST = Decimal(10) ** 12


@dataclass(frozen=True)
class WaybillFacts:
    """Weight in kilograms, volume in cubic metres, freight in yuan. Departments and customers by id; a place may be a
    text alone."""

    shipped_on: date | None = None
    consignor_id: int | None = None
    consignor_name: str = ""
    consignor_telephone: str = ""
    consignee_id: int | None = None
    consignee_name: str = ""
    consignee_telephone: str = ""
    origin_id: int | None = None
    origin_text: str = ""
    destination_id: int | None = None
    destination_text: str = ""
    goods: str = ""
    packing: str = ""
    pieces: int | None = None
    weight: Decimal | None = None
    volume: Decimal | None = None
    service: str = ""
    promised_at: datetime | None = None
    freight_terms: str = ""
    freight_amount: Decimal | None = None
    freight_due_on: date | None = None
    freight_paid_on: date | None = None

    def columns(self) -> dict[str, object]:
        """Name → value of every fact."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def normalised(facts: WaybillFacts) -> tuple[WaybillFacts, list[RuleBroken]]:
    """The facts as they are kept, and every problem with them, each at its field; nothing is dropped silently."""
    problems: list[RuleBroken] = []
    values = {
        name: value.strip() if isinstance(value, str) else value for name, value in facts.columns().items()
    }
    for side in ("consignor", "consignee"):
        field = f"{side}_telephone"
        if text := str(values[field]):
            try:
                values[field] = telephones.normalise(text).number
            except RuleBroken as problem:
                problem.field = field
                problems.append(problem)
    pieces = facts.pieces
    if pieces is not None and not 0 < pieces <= PIECES_MOST:
        problems.append(RuleBroken("waybill.positive", field="pieces", status=400))
    for name in ("weight", "volume"):
        amount = getattr(facts, name)
        if amount is None:
            continue
        if not amount.is_finite() or not 0 < amount <= WEIGHT_MOST:
            problems.append(RuleBroken("waybill.positive", field=name, status=400))
        elif amount != amount.quantize(Decimal("0.001")):
            problems.append(RuleBroken("waybill.decimals", field=name, status=400))
    problems += _freight(facts)
    return WaybillFacts(**values), problems  # type: ignore[arg-type]


def _freight(facts: WaybillFacts) -> list[RuleBroken]:
    """What is wrong with the freight (WBL-03): days of payment need an amount."""
    amount = facts.freight_amount
    if amount is None:
        lacking = facts.freight_due_on is not None or facts.freight_paid_on is not None
        return [RuleBroken("freight.amount_needed", field="freight_amount", status=400)] if lacking else []
    if not amount.is_finite() or not 0 < amount < MONEY_MOST or amount != amount.quantize(Decimal("0.01")):
        return [RuleBroken("cod.amount_form", field="freight_amount", status=400)]
    return []


def missing(facts: WaybillFacts) -> list[RuleBroken]:
    """What a complete waybill lacks (WBL-08): every missing fact is named, not only the first."""
    lacking = [name for name in REQUIRED if getattr(facts, name) in (None, "")]
    lacking += [
        f"{place}_text"
        for place in ("origin", "destination")
        if getattr(facts, f"{place}_id") is None and not getattr(facts, f"{place}_text")
    ]
    return [RuleBroken("waybill.missing", field=name, status=400) for name in lacking]

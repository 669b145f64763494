"""What a demo consignment costs, who owes it, and when it was paid: by the number of its waybill, always the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from customers.demo.journeys import Journey
from servicecenter.kernel.months import add_months

# Yuan of a consignment, from and to, by the tier of the old file.
YUAN = {"A": (6_000, 16_000), "B": (900, 2_600), "C": (400, 1_400), "D": (40, 200), "": (90, 700)}
TERMS = {"A": ("monthly",), "B": ("monthly", "monthly", "on_receipt")}
OTHERS = ("prepaid", "prepaid", "collect", "on_receipt")
# One consignor in five has outgrown its tier, or shrunk below it: the month's round finds them.
OUTGROWN = {"D": "C", "C": "B", "B": "A", "A": "B", "": "C"}


def freight(journey: Journey, tier: str, *, until: datetime) -> dict[str, str]:
    """The freight's cells of an import file."""
    chance = Random(int("".join(sign for sign in journey.number if sign.isdigit())))
    consignor = journey.facts["consignor_name"]
    moved = sum(map(ord, consignor)) % 5 == 0
    low, high = YUAN[OUTGROWN[tier] if moved else tier]
    shipped = journey.shipped_at.date()
    terms = chance.choice(TERMS.get(tier, OTHERS))
    due = _due(terms, shipped)
    prompt = 0.78 if tier in {"D", ""} else 0.95
    paid = due + timedelta(days=-chance.randint(0, 4) if chance.random() < prompt else chance.randint(2, 14))
    return {
        "freight_terms": terms,
        "freight_amount": f"{chance.randint(low, high)}.00",
        "freight_due_on": f"{due}",
        "freight_paid_on": f"{max(paid, shipped)}" if max(paid, shipped) <= until.date() else "",
    }


def _due(terms: str, shipped: date) -> date:
    if terms == "monthly":
        return add_months(shipped, 1).replace(day=15)
    return shipped + timedelta(days=7 if terms == "on_receipt" else 0)

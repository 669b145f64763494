"""Quantities: base units with three decimals, and one auxiliary unit with a fixed factor (LED-12)."""

from __future__ import annotations

from decimal import Decimal

from servicecenter.kernel.errors import RuleBroken

STEP = Decimal("0.001")
MOST = Decimal("99999999999.999")


def check(quantity: Decimal, *, field: str) -> RuleBroken | None:
    """What is wrong with a quantity of either sign: zero, more than three decimals, too large; None when it is fine."""
    if not quantity.is_finite() or quantity == 0:
        return RuleBroken("quantity.zero", field=field, status=400)
    if abs(quantity) > MOST:
        return RuleBroken("quantity.large", field=field, status=400)
    if quantity != quantity.quantize(STEP):
        return RuleBroken("quantity.decimals", field=field, status=400)
    return None


def in_base(amount: Decimal, factor: Decimal) -> Decimal:
    """Auxiliary units in base units. Raises RuleBroken `quantity.decimals` when three decimals do not hold it."""
    exact = amount * factor
    rounded = exact.quantize(STEP)
    if rounded != exact:
        raise RuleBroken("quantity.decimals", field="quantity", status=400)
    return rounded


def in_aux(quantity: Decimal, factor: Decimal) -> tuple[Decimal, Decimal]:
    """(whole auxiliary units, base units left over); both carry the sign of the quantity."""
    whole = Decimal(int(quantity / factor))
    return whole, quantity - whole * factor


def in_unit(amount: Decimal, unit: str, own: str, auxiliary: str, factor: Decimal | None) -> Decimal:
    """An amount typed with a unit behind it, in the item's own unit; no unit means its own (LED-12).

    Raises RuleBroken `quantity.unit` for a unit that the item does not have, `quantity.decimals`.
    """
    if unit in {"", own}:
        return amount
    if unit != auxiliary or factor is None:
        raise RuleBroken("quantity.unit", field="quantity", status=400, value=unit[:10], known=own)
    return in_base(amount, factor)

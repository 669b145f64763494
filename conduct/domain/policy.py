"""Policy values of conduct (D19): the range of amounts of a violation, and what a fine on a person becomes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal, InvalidOperation

from servicecenter.kernel.errors import RuleBroken

MOST = Decimal(10**12)


def _yuan(value: str | None, name: str) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation as wrong:
        raise RuleBroken("fine.amount", field=name, status=400) from wrong
    if not amount.is_finite() or not 0 < amount < MOST or amount != amount.quantize(Decimal("0.01")):
        raise RuleBroken("fine.amount", field=name, status=400)
    return amount


@dataclass(frozen=True)
class FinePolicy:
    """The range of a fine in yuan, as text so that JSON keeps the fen; none: by circumstance (SAN-01 … SAN-16)."""

    minimum: str | None = None
    maximum: str | None = None

    def __post_init__(self) -> None:
        low, high = _yuan(self.minimum, "minimum"), _yuan(self.maximum, "maximum")
        if (low is None) != (high is None):
            raise RuleBroken("fine.pair", field="minimum" if low is None else "maximum", status=400)
        if low is not None and high is not None and low > high:
            raise RuleBroken("fine.order", field="maximum", status=400)

    @property
    def low(self) -> Decimal | None:
        """The least amount in yuan, or None by circumstance."""
        return _yuan(self.minimum, "minimum")

    @property
    def high(self) -> Decimal | None:
        """The greatest amount in yuan, or None by circumstance."""
        return _yuan(self.maximum, "maximum")


@dataclass(frozen=True)
class PointsPolicy:
    """What a fine on a person becomes (CLM-21): money, or points, one for each `yuan_per_point` begun.

    A fine on a department stays money. The yuan are text so that JSON keeps the fen.
    """

    fines_as: str = "money"
    yuan_per_point: str = "10"

    def __post_init__(self) -> None:
        if self.fines_as not in ("money", "points"):
            raise RuleBroken("fine.as", field="fines_as", status=400)
        if _yuan(self.yuan_per_point, "yuan_per_point") is None:
            raise RuleBroken("fine.amount", field="yuan_per_point", status=400)

    def points(self, amount: Decimal | None) -> int | None:
        """The points that stand for a fine of so many yuan; None where fines are money, or no amount is known."""
        if self.fines_as != "points" or amount is None:
            return None
        return int((amount / Decimal(self.yuan_per_point)).to_integral_value(rounding=ROUND_UP))

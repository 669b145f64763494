"""Policy values of conduct (D19): the range of amounts of a violation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

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

"""Policy values of conduct (D19): the range of amounts of a violation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


def _yuan(value: str | None, name: str) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation as wrong:
        raise ValueError(f"{name}: an amount in yuan") from wrong
    if not amount.is_finite() or amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise ValueError(f"{name}: an amount above zero with at most two decimals")
    return amount


@dataclass(frozen=True)
class FinePolicy:
    """The range of a fine in yuan, as text so that JSON keeps the fen; none: by circumstance (SAN-01 … SAN-16)."""

    minimum: str | None = None
    maximum: str | None = None

    def __post_init__(self) -> None:
        low, high = _yuan(self.minimum, "minimum"), _yuan(self.maximum, "maximum")
        if (low is None) != (high is None):
            raise ValueError("minimum and maximum come together, or neither")
        if low is not None and high is not None and low > high:
            raise ValueError("the minimum is above the maximum")

    @property
    def low(self) -> Decimal | None:
        """The least amount in yuan, or None by circumstance."""
        return _yuan(self.minimum, "minimum")

    @property
    def high(self) -> Decimal | None:
        """The greatest amount in yuan, or None by circumstance."""
        return _yuan(self.maximum, "maximum")

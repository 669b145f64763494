"""What only the stock's templates say: labels of cells, figures without a sign."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from inventory.forms import counts
from servicecenter import figures

register = template.Library()


@register.filter
def numbered(label: str, number: Any) -> str:
    """`item code, line {}` → `item code, line 3`."""
    return str(label).replace("{}", str(number))


@register.filter
def plain_money(amount: Decimal | None) -> str:
    """Two decimals without the currency's sign, which the column's heading stands for; '' for None."""
    return figures.money(amount).replace("¥", "")


@register.filter
def bare(quantity: Decimal | None) -> str:
    """As one types it: without zeros at its end; '' for None."""
    return counts.bare(quantity)


@register.filter
def absolute(amount: Decimal) -> Decimal:
    """Without its sign, where words say the direction."""
    return abs(amount)

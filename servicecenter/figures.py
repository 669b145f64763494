"""Numbers as they are printed: money, quantities, counts, waybill numbers; and whole ones as addresses name them."""

from __future__ import annotations

from decimal import Decimal

MINUS = "\u2212"


def money(amount: Decimal | int | float | str | None) -> str:
    """`¥4,860.00`, two decimals always; negative with a true minus; '' for None."""
    if amount is None or amount == "":
        return ""
    value = Decimal(str(amount))
    return f"{MINUS if value < 0 else ''}¥{abs(value):,.2f}"


def quantity(amount: Decimal | int | float | str | None) -> str:
    """`1,200.000`, three decimals always; '' for None."""
    if amount is None or amount == "":
        return ""
    value = Decimal(str(amount))
    return f"{MINUS if value < 0 else ''}{abs(value):,.3f}"


def count(number: int | None, limit: int | None = None) -> str:
    """`1,204`; at the limit of counting `1,000+` (hits are counted to a cap, D11)."""
    if number is None:
        return ""
    return f"{limit:,}+" if limit is not None and number > limit else f"{number:,}"


def whole(text: str, *, digits: int = 18) -> int | None:
    """A whole number out of an address or a form, at most so many digits; None for anything else.

    `str.isdigit` alone says yes to “²”, at which `int` breaks.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def spaced(number: str | None) -> str:
    """A waybill number in groups of four: `8620 4417 309`. Anything but digits stays as it is."""
    text = (number or "").strip()
    if not text.isdigit() or len(text) < 8:
        return text
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))

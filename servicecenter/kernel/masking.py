"""How personal values look when they are masked (PRV-02): enough to recognise, not enough to use."""

from __future__ import annotations


def mask_telephone(number: str) -> str:
    """`13900000421` → `139****0421`; short numbers keep their last two digits."""
    if len(number) >= 11:
        return f"{number[:-8]}****{number[-4:]}"
    if len(number) >= 7:
        return f"{number[:-6]}****{number[-2:]}"
    return "****" if number else ""


def mask_name(name: str) -> str:
    """`刘海涛` → `刘**`: the family name and one star a character."""
    return name[:1] + "*" * (len(name) - 1) if name else ""


def mask_identity(number: str) -> str:
    """The last four of an identity or account number, the rest as stars."""
    return "*" * max(len(number) - 4, 0) + number[-4:] if number else ""


def mask_address(address: str) -> str:
    """The first six characters (province, city), the rest hidden."""
    return f"{address[:6]}****" if len(address) > 6 else ("****" if address else "")

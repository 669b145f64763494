"""The formulas of the indicators, as pure arithmetic (chapter 06, Indicators)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import NormalDist

WHOLE = 10_000
MILLION = 1_000_000
# KPI-08: one waybill can go wrong in three ways: a complaint, a claim, a late delivery.
OPPORTUNITIES_A_WAYBILL = 3
# The usual long-term shift of a process: 3.4 defects per million are six sigma.
SIGMA_SHIFT = 1.5


def share(part: int | Decimal, whole: int | Decimal) -> int | None:
    """`part` ÷ `whole` in parts of ten thousand, half up; None where there is nothing to divide by."""
    if not whole:
        return None
    return _half_up(Fraction(part) * WHOLE / Fraction(whole))


def defects_per_million(defects: int, waybills: int) -> int | None:
    """KPI-08: defects over opportunities (three a waybill), times a million; None without waybills."""
    if not waybills:
        return None
    return _half_up(Fraction(defects * MILLION, waybills * OPPORTUNITIES_A_WAYBILL))


def sigma_level(defects: int, waybills: int) -> int | None:
    """KPI-08: the sigma level in hundredths: 3.4 defects per million are 600, with the usual shift of 1.5.

    None without waybills, and where nothing or everything went wrong: those have no level.
    """
    opportunities = waybills * OPPORTUNITIES_A_WAYBILL
    if not 0 < defects < opportunities:
        return None
    good = 1 - defects / opportunities
    return round((NormalDist().inv_cdf(good) + SIGMA_SHIFT) * 100)


def fen(amount: Decimal | None) -> int | None:
    """Yuan as whole fen."""
    return None if amount is None else int((amount * 100).to_integral_value(ROUND_HALF_UP))


def seconds(value: float | Decimal | None) -> int | None:
    """A span as whole seconds, half up."""
    return None if value is None else _half_up(Fraction(value))


def _half_up(value: Fraction) -> int:
    return int((value + Fraction(1, 2)).__floor__())

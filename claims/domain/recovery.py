"""Paying back by instalments under the wage cap, and what money from outside changes (CLM-11, CLM-18, CLM-21); fen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.months import month_of, next_month

# Nobody pays back for longer than this.
MONTHS_AT_MOST = 120


def monthly_cap(wage: int, percent: int) -> int:
    """The part of a month's wage that may be kept back, in fen, rounded down (CLM-11)."""
    return wage * percent // 100


def instalments(
    owed: int, *, monthly: int, first: date, cap: int | None = None, taken: Mapping[date, int] | None = None
) -> list[tuple[date, int]]:
    """What is to be paid in which month until nothing is owed: `monthly` fen at most, and with `cap` never more than is
    left of it beside what is `taken` in that month already (other recoveries and fines, CLM-21).

    Raises RuleBroken `instalment.too_small` when it would take more than ten years.
    """
    month, rest = month_of(first), owed
    found: list[tuple[date, int]] = []
    for _turn in range(MONTHS_AT_MOST):
        if rest <= 0:
            return found
        room = monthly if cap is None else min(monthly, max(cap - (taken or {}).get(month, 0), 0))
        amount = min(room, rest)
        if amount > 0:
            found.append((month, amount))
            rest -= amount
        month = next_month(month)
    if rest > 0:
        raise RuleBroken("instalment.too_small", field="monthly", months=MONTHS_AT_MOST)
    return found


def surplus(owed: int, written_off: int) -> tuple[int, int]:
    """What becomes of a balance below zero after money came from outside: first less is written off, the rest is paid
    back: `(write_back, refund)`. `owed` is negative, `written_off` what was written off, positive (CLM-18)."""
    over = max(-owed, 0)
    back = min(over, written_off)
    return back, over - back

"""Instalments under the wage cap, and what becomes of a surplus (CLM-11, CLM-18, CLM-21); amounts in fen."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.domain.recovery import instalments, monthly_cap, surplus
from servicecenter.kernel.errors import RuleBroken

NOV, DEC, JAN = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


def test_twenty_percent_of_the_wage_rounded_down() -> None:
    assert monthly_cap(500_003, 20) == 100_000


def test_the_last_instalment_is_the_rest() -> None:
    assert instalments(56_011, monthly=25_000, first=date(2026, 11, 18)) == [
        (NOV, 25_000), (DEC, 25_000), (JAN, 6_011),
    ]  # fmt: skip


def test_other_recoveries_and_fines_of_a_month_count_under_the_cap() -> None:
    """CLM-21."""
    plan = instalments(30_000, monthly=25_000, first=NOV, cap=20_000, taken={NOV: 15_000, DEC: 20_000})
    assert plan == [(NOV, 5_000), (JAN, 20_000), (date(2027, 2, 1), 5_000)]


def test_what_would_never_end_is_refused() -> None:
    with pytest.raises(RuleBroken, match=r"instalment\.too_small"):
        instalments(100_000, monthly=10, first=NOV)


@given(
    owed=st.integers(1, 10**7),
    monthly=st.integers(100_000, 10**7),
    cap=st.none() | st.integers(100_000, 10**7),
)
def test_instalments_sum_to_what_is_owed_and_none_passes_the_cap(
    owed: int, monthly: int, cap: int | None
) -> None:
    plan = instalments(owed, monthly=monthly, first=NOV, cap=cap)
    assert sum(amount for _month, amount in plan) == owed
    assert all(0 < amount <= min(monthly, cap or monthly) for _month, amount in plan)
    assert [month for month, _amount in plan] == sorted({month for month, _amount in plan})


@pytest.mark.parametrize(
    ("owed", "written", "back", "refund"),
    [(0, 0, 0, 0), (500, 0, 0, 0), (-300, 0, 0, 300), (-300, 500, 300, 0), (-300, 100, 100, 200)],
)
def test_less_is_written_off_before_anything_is_paid_back(
    owed: int, written: int, back: int, refund: int
) -> None:
    assert surplus(owed, written) == (back, refund)

"""Months of the calendar, one home for all apps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicecenter.kernel.months import (
    add_months,
    last_day,
    month_of,
    months_until,
    next_month,
    previous_month,
    read_month,
)

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2999, 12, 31))


@given(DAYS)
def test_months_follow_each_other(day: date) -> None:
    month = month_of(day)
    assert (month.day, month.month) == (1, day.month)
    assert previous_month(next_month(day)) == previous_month(next_month(month)) == month
    assert 28 <= (next_month(day) - month).days <= 31
    assert last_day(day) == next_month(day) - timedelta(days=1)
    assert read_month(f"{day:%Y-%m}") == month


def test_december_is_followed_by_january() -> None:
    assert next_month(date(2026, 12, 31)) == date(2027, 1, 1)
    assert previous_month(date(2026, 1, 31)) == date(2025, 12, 1)
    assert last_day(date(2024, 2, 1)) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("months", "day"),
    [(1, date(2026, 2, 28)), (2, date(2026, 3, 31)), (12, date(2027, 1, 31)), (-2, date(2025, 11, 30))],
)
def test_a_day_that_the_month_does_not_have_is_its_last(months: int, day: date) -> None:
    assert add_months(date(2026, 1, 31), months) == day


def test_twelve_months_end_with_this_one() -> None:
    months = months_until(date(2026, 1, 31), 12)
    assert (months[0], months[-2], months[-1], len(months)) == (
        date(2025, 2, 1), date(2025, 12, 1), date(2026, 1, 1), 12,
    )  # fmt: skip
    assert months_until(date(2026, 1, 31), 1) == (date(2026, 1, 1),)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-0", "9999-12", "1999-12", "3000-01", "0000-01", "2026-11-01", "２０２６-11", "-11",
     "2026-" + "1" * 5000, "1" * 5000 + "-11"],
)  # fmt: skip
def test_what_is_no_month_that_anything_happens_in_is_none(text: str) -> None:
    assert read_month(text) is None


def test_a_month_is_read_as_people_type_it() -> None:
    assert read_month(" 2026-1 ") == read_month("2026-01") == date(2026, 1, 1)
    assert (read_month("2000-01"), read_month("2999-12")) == (date(2000, 1, 1), date(2999, 12, 1))

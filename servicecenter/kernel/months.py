"""Months of the calendar, each said by its first day."""

from __future__ import annotations

import calendar
import re
from datetime import date

# What a month that somebody types may be: beyond them nothing is counted, and the days after it still exist.
FIRST_YEAR, LAST_YEAR = 2000, 2999
_MONTHS = 12
_TYPED = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)


def read_month(text: str) -> date | None:
    """`2026-11` as its first day; None for anything else, and for years that nothing happens in."""
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= _MONTHS):
        return None
    return date(year, month, 1)


def month_of(day: date) -> date:
    """The month that a day lies in."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """The same day so many months later (earlier); the last of the month where that day does not exist."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def next_month(day: date) -> date:
    """The month after that of the day."""
    return add_months(month_of(day), 1)


def previous_month(day: date) -> date:
    """The month before that of the day."""
    return add_months(month_of(day), -1)


def last_day(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_until(day: date, count: int) -> tuple[date, ...]:
    """So many months that end with that of the day, the oldest first."""
    return tuple(add_months(month_of(day), back - count + 1) for back in range(count))

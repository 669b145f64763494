"""When a customer is to be visited (CUS-21)."""

from __future__ import annotations

import calendar
from datetime import date


def due_on(*, last: date | None, graded_since: date | None, months: int) -> date | None:
    """The later of the last visit and the start of the grade, plus the tier's interval; None where none is required."""
    if not months or graded_since is None:
        return None
    return add_months(max(last or graded_since, graded_since), months)


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that day does not exist."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

"""What burns in the stores: checks of received goods, damaged goods to return (INV-84, INV-102)."""

from __future__ import annotations

from datetime import date, timedelta

from servicecenter.kernel.worktime import WorkCalendar

MOST_DAYS = 400


def day_before_working_days(today: date, days: int, calendar: WorkCalendar) -> date:
    """The newest day after which `days` whole working days have gone by before today (INV-84: five)."""
    day, left = today - timedelta(days=1), days
    for _back in range(MOST_DAYS):
        if left <= 0:
            return day
        if calendar.shifts_on(day):
            left -= 1
        day -= timedelta(days=1)
    return day

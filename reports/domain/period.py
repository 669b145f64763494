"""Periods of the centre's calendar: week (Monday to Sunday), month, quarter, year (RPT-25)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from reports.choices import PeriodKind
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.months import FIRST_YEAR, LAST_YEAR, add_months, last_day, month_of

_FORMS = (
    (re.compile(r"(\d{4})-W(\d{2})"), PeriodKind.WEEK),
    (re.compile(r"(\d{4})-Q([1-4])"), PeriodKind.QUARTER),
    (re.compile(r"(\d{4})-(\d{2})"), PeriodKind.MONTH),
    (re.compile(r"(\d{4})"), PeriodKind.YEAR),
)
# How many periods a trend shows, this one included.
TREND = {PeriodKind.WEEK: 12, PeriodKind.MONTH: 12, PeriodKind.QUARTER: 8, PeriodKind.YEAR: 5}


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of days, both ends included."""

    kind: str
    start: date
    end: date

    def __str__(self) -> str:
        """As people type it: `2026-10`, `2026-W43`, `2026-Q3`, `2026`."""
        match self.kind:
            case PeriodKind.WEEK:
                year, week, _day = self.start.isocalendar()
                return f"{year}-W{week:02}"
            case PeriodKind.QUARTER:
                return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
            case PeriodKind.YEAR:
                return f"{self.start.year}"
        return f"{self.start:%Y-%m}"

    @property
    def previous(self) -> Period:
        """The one before."""
        return period_of(self.kind, self.start - timedelta(days=1))

    @property
    def next(self) -> Period:
        """The one after."""
        return period_of(self.kind, self.end + timedelta(days=1))

    def back(self) -> Iterator[Period]:
        """This period, the one before it, and so on, without end."""
        period = self
        while True:
            yield period
            period = period.previous

    def since(self, zone: tzinfo) -> datetime:
        """The first instant."""
        return midnight(self.start, zone)

    def until(self, zone: tzinfo) -> datetime:
        """The first instant that is no longer in it."""
        return midnight(self.end + timedelta(days=1), zone)

    def closes(self, zone: tzinfo, hour: int) -> datetime:
        """When it is closed: at that hour of the first day after it; its report knows what was known then."""
        return datetime.combine(self.end + timedelta(days=1), time(hour), zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The first instant of a day in the centre's zone."""
    return datetime.combine(day, time(), zone)


def period_of(kind: str, day: date) -> Period:
    """The period of that kind in which the day lies."""
    match kind:
        case PeriodKind.WEEK:
            start = day - timedelta(days=day.weekday())
            return Period(kind, start, start + timedelta(days=6))
        case PeriodKind.MONTH:
            return Period(kind, month_of(day), last_day(day))
        case PeriodKind.QUARTER:
            start = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            return Period(kind, start, last_day(add_months(start, 2)))
        case PeriodKind.YEAR:
            return Period(kind, date(day.year, 1, 1), date(day.year, 12, 31))
    raise ValueError(f"{kind} is no kind of period")


def parse(text: str) -> Period:
    """`2026-10`, `2026-W43`, `2026-Q3` or `2026`. Raises RuleBroken `report.period`."""
    for form, kind in _FORMS:
        found = form.fullmatch(text.strip().upper())
        if found is None:
            continue
        try:
            return _made(kind, *(int(part) for part in found.groups()))
        except ValueError:
            break
    raise RuleBroken("report.period", field="period", status=400, text=text.strip()[:20])


def _made(kind: str, year: int, part: int = 1) -> Period:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    match kind:
        case PeriodKind.WEEK:
            return period_of(kind, date.fromisocalendar(year, part, 1))
        case PeriodKind.QUARTER:
            return period_of(kind, date(year, part * 3, 1))
    return period_of(kind, date(year, part, 1))

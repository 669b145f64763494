"""Adding and measuring time: elapsed, or the working time of a calendar (CMP-36, ORG-07, D18).

Working time is counted in real seconds between instants; a calendar says in local wall-clock minutes when it
runs. Where a zone jumps, a shift that begins or ends inside the skipped hour does so at the jump, and an hour
that comes twice is worked twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.worktime import WorkCalendar

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
NOTHING = timedelta(0)
MINUTES_OF_A_DAY = 1440
# So many days in a row without a shift mean that the calendar has none, not that the deadline is far away.
SEARCH_DAYS = 400


def advance(start: datetime, seconds: float, calendar: WorkCalendar | None = None) -> datetime:
    """The earliest instant at which `seconds` have run since `start`; plain addition without a calendar.

    Raises ValueError for negative seconds, RuleBroken `clock.no_working_time` when the calendar holds no shift
    for more than a year.
    """
    if seconds < 0:
        raise ValueError("time runs forward")
    left = timedelta(seconds=seconds)
    if calendar is None or not left:
        return start + left
    for opens, closes in _shifts_from(start, calendar):
        begins = max(opens, start)
        if left <= closes - begins:
            return (begins + left).astimezone(start.tzinfo)
        left -= closes - begins
    raise AssertionError("the shifts never end")


def elapsed(start: datetime, end: datetime, calendar: WorkCalendar | None = None) -> float:
    """Seconds that run between two instants; 0 when `end` lies before `start`."""
    if end <= start:
        return 0.0
    if calendar is None:
        return (end - start).total_seconds()
    total = NOTHING
    for opens, closes in _shifts_until(start, end, calendar):
        total += max(min(closes, end) - max(opens, start), NOTHING)
    return total.total_seconds()


def _shifts_from(start: datetime, calendar: WorkCalendar) -> Iterator[tuple[datetime, datetime]]:
    """Every shift that ends after `start`, as instants in order; RuleBroken after SEARCH_DAYS without one."""
    day, idle = start.astimezone(calendar.zone).date(), 0
    while True:
        idle += 1
        for opens, closes in _shifts_on(day, calendar):
            if closes > start and closes > opens:
                idle = 0
                yield opens, closes
        if idle > SEARCH_DAYS:
            raise RuleBroken("clock.no_working_time", days=SEARCH_DAYS)
        day += ONE_DAY


def _shifts_until(
    start: datetime, end: datetime, calendar: WorkCalendar
) -> Iterator[tuple[datetime, datetime]]:
    day, last = (at.astimezone(calendar.zone).date() for at in (start, end))
    while day <= last:
        yield from _shifts_on(day, calendar)
        day += ONE_DAY


def _shifts_on(day: date, calendar: WorkCalendar) -> Iterator[tuple[datetime, datetime]]:
    for opens, closes in calendar.shifts_on(day):
        yield instant(day, opens, calendar.zone), instant(day, closes, calendar.zone)


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which the wall clock of `zone` shows that minute of that day, or has passed it."""
    if minute == MINUTES_OF_A_DAY:
        day, minute = day + ONE_DAY, 0
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    found = wall.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return found
    return _jump(wall.replace(fold=1).astimezone(UTC), found, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second between two instants at which the zone's offset changes."""
    old = before.astimezone(zone).utcoffset()
    while after - before > ONE_SECOND:
        middle = before + timedelta(seconds=(after - before) // ONE_SECOND // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after

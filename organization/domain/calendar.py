"""From service hours and calendar days to one working calendar (ORG-07, D18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from organization.choices import DayKind
from organization.domain.shifts import OFFICE_WEEK
from servicecenter.kernel.worktime import Shift, WorkCalendar

ONE_DAY = timedelta(days=1)
# The office week holds since ever; any dated hours are younger.
SINCE_EVER = date.min


@dataclass(frozen=True)
class Hours:
    """A week of shifts that holds from a date until the next one begins."""

    valid_from: date
    week: tuple[tuple[Shift, ...], ...]
    works_on_holidays: bool = False


@dataclass(frozen=True)
class Day:
    """A date that differs from the week; `shifts` are of the kind `hours` alone."""

    kind: str = DayKind.OFF
    shifts: tuple[Shift, ...] = ()


OFFICE_HOURS = Hours(SINCE_EVER, OFFICE_WEEK)


def build(
    *,
    zone: ZoneInfo,
    on: date,
    hours: Sequence[Hours] = (),
    company_days: Mapping[date, Day] | None = None,
    own_days: Mapping[date, Day] | None = None,
    first: date,
    last: date,
) -> WorkCalendar:
    """The calendar as it stands from `first` to `last` (inclusive), its week being the one in force on `on`.

    A department's own day wins over the company's; on a company's day off a department that works on holidays
    keeps its week. Dates on which other hours are in force than on `on` become exceptions, so that a deadline
    which runs across a change of hours is computed right on both sides.
    """
    dated = sorted((OFFICE_HOURS, *hours), key=lambda row: row.valid_from)
    base = in_force(dated, on)
    company, own = company_days or {}, own_days or {}
    exceptions: dict[date, tuple[Shift, ...]] = {}
    for day in {*company, *own, *_changed_days(dated, base, first, last)}:
        if first <= day <= last:
            row = in_force(dated, day)
            shifts = shifts_on(day, row, company.get(day), own.get(day))
            if shifts != base.week[day.weekday()]:
                exceptions[day] = shifts
    return WorkCalendar(zone=zone, week=base.week, exceptions=exceptions)


def in_force(dated: Sequence[Hours], day: date) -> Hours:
    """The hours of that day: the newest begun of those sorted by date."""
    return [row for row in dated if row.valid_from <= day][-1]


def shifts_on(day: date, hours: Hours, company: Day | None, own: Day | None) -> tuple[Shift, ...]:
    """The shifts of one date: the department's own day, else the company's, else the week's."""
    usual = hours.week[day.weekday()]
    differs = own
    if own is None and company is not None:
        keeps_week = hours.works_on_holidays and company.kind != DayKind.MAKE_UP
        differs = None if keeps_week else company
    if differs is None or differs.kind == DayKind.ORDINARY:
        return usual
    if differs.kind == DayKind.MAKE_UP:
        return usual or working_shifts(day, hours)
    return differs.shifts


def working_shifts(day: date, hours: Hours) -> tuple[Shift, ...]:
    """A make-up working day's shifts: its own weekday's, else those of the nearest working weekday before it."""
    for back in range(7):
        if shifts := hours.week[(day - back * ONE_DAY).weekday()]:
            return shifts
    return ()


def _changed_days(dated: Sequence[Hours], base: Hours, first: date, last: date) -> set[date]:
    """Every date of the span on which other hours are in force than the base."""
    changed: set[date] = set()
    for place, row in enumerate(dated):
        if row is base:
            continue
        start = max(row.valid_from, first)
        end = last if place + 1 == len(dated) else min(last, dated[place + 1].valid_from - ONE_DAY)
        day = start
        while day <= end:
            changed.add(day)
            day += ONE_DAY
    return changed

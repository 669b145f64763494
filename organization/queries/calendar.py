"""Working calendars, read from service hours and calendar days (ORG-07, D18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from organization.domain import calendar as domain
from organization.domain.shifts import sound, sound_week
from organization.models import CalendarDay, Department, ServiceHours, ServiceInterruption
from organization.queries.rights import ids_of
from servicecenter.clock import business_date, centre_zone, now_db
from servicecenter.kernel.worktime import WorkCalendar

# How far before and after its day a calendar knows holidays and changed hours; no clock of the book runs longer.
BACK = timedelta(days=400)
AHEAD = timedelta(days=800)


def calendar_for(department: Department, at: datetime | None = None) -> WorkCalendar:
    """The working calendar of a department at an instant: its own hours, else those of the nearest department
    above, else the office week; company days, and calendar days of the department or the nearest above it.

    Two queries; the caller keeps the answer as long as it needs it, nothing is cached beyond.
    """
    on = business_date(at or now_db())
    first, last = on - BACK, on + AHEAD
    line = ids_of(department.path)
    days = CalendarDay.objects.filter(
        Q(department=None) | Q(department_id__in=line), day__range=(first, last)
    )
    company: dict[date, domain.Day] = {}
    own: dict[date, domain.Day] = {}
    for row in sorted(
        days, key=lambda row: -1 if row.department_id is None else line.index(row.department_id)
    ):
        (company if row.department_id is None else own)[row.day] = _day(row)
    return domain.build(
        zone=centre_zone(),
        on=on,
        hours=_hours_of(line),
        company_days=company,
        own_days=own,
        first=first,
        last=last,
    )


def _hours_of(line: list[int]) -> list[domain.Hours]:
    """The dated hours of the nearest department of the line that has any."""
    rows = list(ServiceHours.objects.filter(department_id__in=line).order_by("valid_from"))
    nearest = max((line.index(row.department_id) for row in rows), default=None)
    return [
        domain.Hours(row.valid_from, sound_week(row.week), row.works_on_holidays)
        for row in rows
        if line.index(row.department_id) == nearest
    ]


@dataclass(frozen=True)
class YearDay:
    """One date of the year view: its shifts, and the row that makes it differ from the week, if any."""

    day: date
    shifts: tuple[tuple[int, int], ...]
    row: CalendarDay | None


def year_of(year: int, department: Department | None) -> list[list[YearDay]]:
    """Twelve months of days as the department (or the company at large) works them."""
    on = date(year, 1, 1)
    line = ids_of(department.path) if department else []
    rows = CalendarDay.objects.filter(
        Q(department=None) | Q(department_id__in=line), day__year=year
    ).select_related("department")
    by_day: dict[date, CalendarDay] = {}
    for row in sorted(
        rows, key=lambda row: -1 if row.department_id is None else line.index(row.department_id)
    ):
        by_day[row.day] = row
    company = {row.day: _day(row) for row in rows if row.department_id is None}
    own = {row.day: _day(row) for row in by_day.values() if row.department_id is not None}
    calendar = domain.build(
        zone=centre_zone(),
        on=on,
        hours=_hours_of(line),
        company_days=company,
        own_days=own,
        first=on,
        last=date(year, 12, 31),
    )
    months: list[list[YearDay]] = [[] for _month in range(12)]
    day = on
    while day.year == year:
        months[day.month - 1].append(YearDay(day, calendar.shifts_on(day), by_day.get(day)))
        day += timedelta(days=1)
    return months


def _day(row: CalendarDay) -> domain.Day:
    return domain.Day(row.kind, sound(row.shifts))


def hours_now(at: datetime) -> QuerySet[ServiceHours]:
    """The service hours in force, one row a department that has its own."""
    return (
        ServiceHours.objects.filter(valid_from__lte=business_date(at))
        .select_related("department")
        .order_by("department_id", "-valid_from")
        .distinct("department_id")
    )


def company_days_by_year(years: Iterable[int]) -> dict[int, int]:
    """How many company days are known per year; a year without any has not been loaded (doctor)."""
    known = dict(
        CalendarDay.objects.filter(department=None)
        .values_list("day__year")
        .annotate(n=Count("id"))
        .values_list("day__year", "n")
    )
    return {year: known.get(year, 0) for year in years}


def current_interruptions(at: datetime | None = None) -> QuerySet[ServiceInterruption]:
    """Announced, begun and not ended: what the banner of every page says."""
    return ServiceInterruption.objects.filter(starts_at__lte=at or now_db(), ended_at=None).order_by(
        "starts_at"
    )

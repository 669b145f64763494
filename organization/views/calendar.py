"""The working calendar by year, and service hours (ORG-07, D18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from organization import queries, services
from organization.domain import shifts
from organization.forms import time as forms
from organization.forms.fields import NamesForm
from organization.models import CalendarDay, Department, ServiceHours
from organization.permissions import Right, can_edit_calendar, me
from organization.queries.calendar import YearDay
from organization.views.door import ADMINISTRATION, ask, data_of, demand, needs, places
from servicecenter.clock import business_date, now_db
from servicecenter.figures import whole
from servicecenter.forms import WorkForm
from servicecenter.i18n import say
from servicecenter.idempotency import idempotent

FIRST_YEAR, LAST_YEAR = 2020, 2100


@dataclass(frozen=True)
class Month:
    """A month as the page draws it: its weeks of seven cells, empty before the first and after the last day."""

    name: str
    weeks: list[list[YearDay | None]]
    working_days: int


@needs(*ADMINISTRATION)
def year(request: HttpRequest) -> HttpResponse:
    """Twelve months: working days, days off, make-up days; of the company or of one department."""
    today = business_date(now_db())
    number = _year(request.GET.get("year", ""), today.year)
    department = _department(request.GET.get("department", ""))
    months = [_month(days) for days in queries.year_of(number, department)]
    rows = [
        {"row": row, "reason": say(row.names), "hours": shifts.write(row.shifts)}
        for row in CalendarDay.objects.filter(day__year=number, department=department).order_by("day")
    ]
    return render(
        request,
        "organization/calendar.html",
        {
            "tabs": places(request, "calendar-year"),
            "year": number,
            "today": today,
            "department": department,
            "departments": list(queries.open_departments()),
            "months": months,
            "day_heads": forms.SHORT_DAYS,
            "working_days": sum(month.working_days for month in months),
            "rows": rows,
            "may_edit": can_edit_calendar(me(request), department),
        },
    )


def _year(text: str, default: int) -> int:
    number = whole(text, digits=4) or default
    return number if FIRST_YEAR <= number <= LAST_YEAR else default


def _department(code: str) -> Department | None:
    return get_object_or_404(Department, code=code) if code else None


def _month(days: list[YearDay]) -> Month:
    first = days[0].day
    cells: list[YearDay | None] = [None] * first.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    return Month(
        name=str(MONTHS[first.month]),
        weeks=[cells[at : at + 7] for at in range(0, len(cells), 7)],
        working_days=sum(1 for day in days if day.shifts),
    )


def _address(day: date, department: Department | None) -> str:
    return (
        reverse("calendar-year")
        + f"?year={day.year}"
        + (f"&department={department.code}" if department else "")
    )


@needs(Right.EDIT_CALENDAR)
@idempotent
def set_day(request: HttpRequest) -> HttpResponse:
    """Make a date a day off, a make-up working day, a day with other hours, or an ordinary one."""
    department = _department(request.GET.get("department", ""))
    demand(can_edit_calendar(me(request), department))
    return ask(
        request,
        form=forms.DayForm(data_of(request), initial=_first_values(request, department)),
        question=_("Set a calendar day for %(name)s")
        % {"name": department.name if department else _("the whole company")},
        verb=_("Set the day"),
        icon="calendar",
        act=lambda f: services.set_calendar_day(
            department=department,
            day=f.cleaned_data["day"],
            kind=f.cleaned_data["kind"],
            shifts=f.cleaned_data["shifts"],
            names=f.names(),
            by=me(request),
        ),
        to=lambda row: _address(row.day, department),
        toast=_("The day is set"),
    )


def _first_values(request: HttpRequest, department: Department | None) -> dict[str, Any]:
    text = request.GET.get("day", "")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return {"kind": "off"}
    row = CalendarDay.objects.filter(day=day, department=department).first()
    if row is None:
        return {"day": day, "kind": "off"}
    return {
        "day": day,
        "kind": row.kind,
        "shifts": shifts.write(row.shifts),
        **NamesForm.initial_of(row.names),
    }


@needs(Right.EDIT_CALENDAR)
@idempotent
def clear_day(request: HttpRequest, pk: int) -> HttpResponse:
    """The date follows the week again."""
    row = get_object_or_404(CalendarDay.objects.select_related("department"), pk=pk)
    demand(can_edit_calendar(me(request), row.department))
    return ask(
        request,
        form=WorkForm(data_of(request)),
        question=_("Let %(day)s follow the week again?") % {"day": row.day.isoformat()},
        text=_("What was set for this day is removed; its hours are those of the week again."),
        verb=_("Follow the week"),
        icon="rotate",
        act=lambda f: services.clear_calendar_day(row=row, by=me(request)),
        to=_address(row.day, row.department),
        toast=_("The day follows the week"),
    )


@needs(Right.EDIT_CALENDAR)
@idempotent
def load(request: HttpRequest, number: int) -> HttpResponse:
    """Load the public holidays of a year; days set by hand stay."""
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise Http404
    demand(can_edit_calendar(me(request)))
    return ask(
        request,
        form=WorkForm(data_of(request)),
        question=_("Load the public holidays of %(year)s?") % {"year": number},
        text=_(
            "Days set by hand stay. The make-up working days of a year are published late in the year before;"
            " the clock looks for them every day by itself."
        ),
        verb=_("Load"),
        icon="down",
        act=lambda f: services.load_holidays(number, by=me(request)),
        to=_address(date(number, 1, 1), None),
        toast=_("Loaded"),
    )


@needs(*ADMINISTRATION)
def hours(request: HttpRequest) -> HttpResponse:
    """The service hours in force, department by department, and those that come."""
    now = now_db()
    today = business_date(now)
    return render(
        request,
        "organization/hours.html",
        {
            "tabs": places(request, "calendar-hours"),
            "rows": [(row, _week(row)) for row in queries.hours_now(now)],
            "coming": [
                (row, _week(row))
                for row in ServiceHours.objects.filter(valid_from__gt=today)
                .select_related("department")
                .order_by("valid_from")
            ],
            "office": list(zip(forms.DAYS, map(shifts.write, shifts.OFFICE_WEEK), strict=True)),
            "days": forms.DAYS,
            "departments": list(queries.open_departments()),
            "may_edit": can_edit_calendar(me(request)),
        },
    )


def _week(row: ServiceHours) -> list[tuple[Any, str]]:
    """The days with their hours in words."""
    return list(zip(forms.DAYS, map(shifts.write, row.week), strict=True))


@needs(Right.EDIT_CALENDAR)
@idempotent
def set_hours(request: HttpRequest, code: str) -> HttpResponse:
    """A department's week from a day on."""
    department = get_object_or_404(Department, code=code)
    demand(can_edit_calendar(me(request), department))
    week = queries.calendar_for(department).week
    initial = {f"day_{number}": shifts.write(day) for number, day in enumerate(week)}
    return ask(
        request,
        form=forms.HoursForm(data_of(request), initial=initial),
        question=_("Service hours of %(name)s") % {"name": department.name},
        text=_(
            "Write a day like 8:00-12:00 13:30-17:30; nothing for a day off. They hold for all departments below that"
            " have none of their own. Clocks that run already keep the time they were told."
        ),
        verb=_("Set the hours"),
        icon="clock",
        act=lambda f: services.set_service_hours(
            department=department,
            week=f.week(),
            valid_from=f.cleaned_data["valid_from"],
            works_on_holidays=f.cleaned_data["works_on_holidays"],
            by=me(request),
        ),
        to=reverse("calendar-hours"),
        toast=_("The hours are set"),
    )

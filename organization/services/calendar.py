"""Service hours and calendar days (ORG-07, D18): the week of a department, holidays, make-up working days 调休."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import holidays
from django.db import connection, transaction

from organization.choices import DayKind
from organization.domain.shifts import sound, sound_week
from organization.models import CalendarDay, Department, ServiceHours, User
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken

COUNTRY = "CN"
LANGUAGES = {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW", "en": "en_US"}
MAKE_UP = {"zh-Hans": "调休上班", "zh-Hant": "調休上班", "en": "Make-up working day"}
DAY_OFF = {"zh-Hans": "假期", "zh-Hant": "假期", "en": "Day off"}


@transaction.atomic
def set_service_hours(
    *,
    department: Department,
    week: Sequence[Sequence[Sequence[int]]],
    valid_from: date | None = None,
    works_on_holidays: bool = False,
    by: User | None,
    at: datetime | None = None,
) -> ServiceHours:
    """The department's week from a day on, Monday first, in minutes after midnight. Set again for the same day it
    replaces; clocks that run already keep the due time they were told.

    Raises RuleBroken `shifts.order`, `shifts.week`, `hours.past` (a day before today), `hours.empty`.
    """
    Department.objects.select_for_update().get(pk=department.pk)
    moment = at or now_db()
    first = valid_from or business_date(moment)
    if first < business_date(moment):
        raise RuleBroken("hours.past", field="valid_from", status=400)
    shifts = [[list(shift) for shift in day] for day in sound_week(week)]
    if not any(shifts):
        raise RuleBroken("hours.empty", status=400)
    before = ServiceHours.objects.filter(department=department, valid_from__lte=first).order_by("-valid_from")
    old = before.first()
    row, _new = ServiceHours.objects.update_or_create(
        department=department,
        valid_from=first,
        defaults={"week": shifts, "works_on_holidays": works_on_holidays},
    )
    trail.record(
        department,
        "hours.set",
        by=by,
        at=moment,
        changes={"week": [old.week if old else None, shifts]},
        name=department.names,
        since=first,
    )
    return row


@transaction.atomic
def set_calendar_day(
    *,
    department: Department | None,
    day: date,
    kind: str,
    names: Mapping[str, str],
    shifts: Sequence[Sequence[int]] = (),
    by: User | None,
    at: datetime | None = None,
) -> CalendarDay:
    """A date that differs from the week, for a department or (None) the whole company; `shifts` go with `hours`.

    Raises RuleBroken `shifts.order`, `calendar.shifts` when shifts and kind do not fit together.
    """
    spans = [list(shift) for shift in sound(shifts, "shifts")]
    if bool(spans) != (kind == DayKind.HOURS):
        raise RuleBroken("calendar.shifts", field="shifts", status=400)
    _serialise(day)
    moment = at or now_db()
    old = CalendarDay.objects.filter(department=department, day=day).first()
    before = _state(old)
    row = old or CalendarDay(department=department, day=day)
    row.names, row.kind, row.shifts, row.is_edited = dict(names), kind, spans, True
    row.save()
    trail.record(
        row,
        "calendar.day_set",
        by=by,
        at=moment,
        changes=trail.changes_between(before, _state(row)),
        day=day,
        name=row.names,
        department=department.names if department else None,
    )
    return row


@transaction.atomic
def clear_calendar_day(*, row: CalendarDay, by: User | None, at: datetime | None = None) -> None:
    """The date follows the week again. A statutory day becomes an ordinary one that was set by hand, so that
    loading the holidays again does not bring it back.
    """
    _serialise(row.day)
    found = CalendarDay.objects.select_related("department").get(pk=row.pk)
    before, name = _state(found), found.names
    moment = at or now_db()
    if found.is_edited:
        found.delete()
        found.pk = row.pk
    else:
        found.kind, found.shifts, found.is_edited = DayKind.ORDINARY, [], True
        found.save()
    trail.record(
        found,
        "calendar.day_cleared",
        by=by,
        at=moment,
        changes=trail.changes_between(before, _state(None)),
        day=found.day,
        name=name,
        department=found.department.names if found.department else None,
    )


def _state(row: CalendarDay | None) -> dict[str, object]:
    if row is None:
        return {"kind": None, "shifts": None, "names": None}
    return {"kind": row.kind, "shifts": row.shifts, "names": row.names}


def _serialise(day: date) -> None:
    """One writer per date: the unique row may not exist yet, so there is nothing else to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7241121, %s)", [day.toordinal()])


@transaction.atomic
def load_holidays(year: int, *, by: User | None = None, at: datetime | None = None) -> dict[str, int]:
    """Statutory holidays and make-up working days of a year into the company's calendar (D18).

    Idempotent; what people set by hand stays. A row loaded before that no longer holds (the official
    arrangement of a year comes out late in the year before) is replaced. Returns how many rows were
    `added`, `changed`, `removed`, `kept`.
    """
    moment = at or now_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7241122)")
    wanted = statutory_days(year)
    known = {row.day: row for row in CalendarDay.objects.filter(department=None, day__year=year)}
    counts = {"added": 0, "changed": 0, "removed": 0, "kept": 0}
    fresh = []
    for day, (names, kind) in wanted.items():
        row = known.pop(day, None)
        if row is None:
            fresh.append(CalendarDay(department=None, day=day, names=names, kind=kind, is_edited=False))
        elif not row.is_edited and (row.names, row.kind) != (names, kind):
            row.names, row.kind = names, kind
            row.save(update_fields=["names", "kind"])
            counts["changed"] += 1
        else:
            counts["kept"] += 1
    stale = [row.pk for row in known.values() if not row.is_edited]
    CalendarDay.objects.filter(pk__in=stale).delete()
    CalendarDay.objects.bulk_create(fresh)
    counts |= {"added": len(fresh), "removed": len(stale)}
    counts["kept"] += len(known) - len(stale)
    changed = counts["added"] + counts["changed"] + counts["removed"]
    if changed:
        anchor = CalendarDay.objects.filter(department=None, day__year=year).order_by("day").first()
        if anchor is not None:
            trail.record(anchor, "calendar.loaded", by=by, at=moment, year=year, days=changed)
    return counts


def statutory_days(year: int) -> dict[date, tuple[dict[str, str], DayKind]]:
    """Date → (names by language, day off or make-up working day), from the `holidays` package.

    Weekend days between two days off belong to the holiday too: they count for departments that work on them.
    """
    named = {
        tag: holidays.country_holidays(COUNTRY, years=[year], language=language)
        for tag, language in LANGUAGES.items()
    }
    off = {day: {tag: str(days.get(day, "")) for tag, days in named.items()} for day in named["zh-Hans"]}
    make_up = {day for day in named["zh-Hans"].weekend_workdays if day.year == year}
    for day in sorted(off):
        for gap in (1, 2):
            between = [day + timedelta(days=step) for step in range(1, gap + 1)]
            free = all(one.weekday() >= 5 and one not in off and one not in make_up for one in between)
            if free and day + timedelta(days=gap + 1) in off:
                off |= {one: dict(DAY_OFF) for one in between}
    found = {day: (names, DayKind.OFF) for day, names in off.items()}
    return dict(sorted((found | {day: (dict(MAKE_UP), DayKind.MAKE_UP) for day in make_up}).items()))


def keep_calendar() -> int:
    """Clock job, daily: this year's and next year's holidays are known as soon as they are published."""
    year = business_date(now_db()).year
    return sum(
        count for one in (year, year + 1) for name, count in load_holidays(one).items() if name != "kept"
    )

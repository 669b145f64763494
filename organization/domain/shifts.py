"""Shifts of a day as people write them (`8:00-12:00 13:30-17:30`) and as they are kept (minutes after midnight)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.worktime import Shift

DAY = 24 * 60
WEEKDAYS = 7
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:[-\u2013\u2014~至到])\s*(\d{1,2})[:.](\d{2})")
_BETWEEN = re.compile(r"[\s,;\u3001]*")

# The company's week where no department has said otherwise: Monday to Friday, 8:00–12:00 and 13:30–17:30.
OFFICE_DAY: tuple[Shift, ...] = ((8 * 60, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))
OFFICE_WEEK: tuple[tuple[Shift, ...], ...] = (OFFICE_DAY,) * 5 + ((),) * 2


def read(text: str, field: str | None = None) -> tuple[Shift, ...]:
    """The shifts written in `text`; nothing for an empty text (a day off).

    Full-width digits and the usual dashes are understood. Raises RuleBroken `shifts.unreadable`, or
    `shifts.order` when they overlap, run backwards or leave the day (400).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found: list[Shift] = []
    place = 0
    while place < len(plain):
        match = _SPAN.match(plain, place)
        if match is None:
            raise RuleBroken("shifts.unreadable", field=field, status=400, text=text.strip())
        hours_from, minutes_from, hours_to, minutes_to = (int(part) for part in match.groups())
        if max(minutes_from, minutes_to) > 59:
            raise RuleBroken("shifts.unreadable", field=field, status=400, text=text.strip())
        found.append((hours_from * 60 + minutes_from, hours_to * 60 + minutes_to))
        gap = _BETWEEN.match(plain, match.end())
        place = gap.end() if gap else match.end()
    return sound(found, field)


def write(shifts: Sequence[Sequence[int]]) -> str:
    """`8:00–12:00 13:30–17:30`; empty for a day off."""
    return " ".join(f"{clock_face(start)}–{clock_face(end)}" for start, end in shifts)


def clock_face(minute: int) -> str:
    """Minutes after midnight as `8:05`; the end of the day is `24:00`."""
    return f"{minute // 60}:{minute % 60:02d}"


def sound(shifts: Sequence[Sequence[int]], field: str | None = None) -> tuple[Shift, ...]:
    """The shifts as tuples; RuleBroken `shifts.order` (400) unless sorted, apart and within the day."""
    last = 0
    for start, end in shifts:
        if not last <= start < end <= DAY:
            raise RuleBroken("shifts.order", field=field, status=400, text=write(shifts))
        last = end
    return tuple((start, end) for start, end in shifts)


def sound_week(week: Sequence[Sequence[Sequence[int]]]) -> tuple[tuple[Shift, ...], ...]:
    """Seven days of shifts, Monday first; RuleBroken `shifts.week` (400) for another number of days."""
    if len(week) != WEEKDAYS:
        raise RuleBroken("shifts.week", status=400, days=len(week))
    return tuple(sound(day) for day in week)

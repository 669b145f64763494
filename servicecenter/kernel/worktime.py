"""A working calendar as pure data: weekly shifts, dated exceptions, a time zone (ORG-07, D18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

# A shift: minutes after local midnight, from (inclusive) to (exclusive); `to` may be 1440 (midnight).
Shift = tuple[int, int]


@dataclass(frozen=True)
class WorkCalendar:
    """Working time of one department.

    `week` holds the shifts of Monday … Sunday; `exceptions` replaces a date's shifts altogether (a holiday is
    an empty tuple, a make-up working day 调休 carries shifts). Shifts of a day are sorted and do not overlap.
    """

    zone: ZoneInfo
    week: tuple[tuple[Shift, ...], ...]
    exceptions: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        for shifts in (*self.week, *self.exceptions.values()):
            last = 0
            for start, end in shifts:
                if not (last <= start < end <= 1440):
                    raise ValueError(f"shifts must be sorted, apart and within the day: {shifts}")
                last = end

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """The shifts of that local date."""
        if day in self.exceptions:
            return self.exceptions[day]
        return self.week[day.weekday()]

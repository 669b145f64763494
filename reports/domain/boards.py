"""What boards work out from counts: the usual day, the months they show, when a figure is old (RPT-20 to RPT-24)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean

HOURS = 24
WEEKS = 8
MONTHS = 12
# Older than this the clock stands still: it recomputes every minute (RPT-24).
STALE = timedelta(minutes=2)


def same_weekdays(day: date, weeks: int = WEEKS) -> tuple[date, ...]:
    """The same weekday of the last weeks, the newest first."""
    return tuple(day - timedelta(weeks=number) for number in range(1, weeks + 1))


def usual_hours(days: Iterable[Sequence[int]]) -> tuple[float, ...]:
    """The usual day by hour: of each hour the mean over the days on which anything came at all.

    The mean and not the median: in a small centre most hours hold none or one, and their median says nothing. A day
    without anything is no working day, or lies before the beginning; without any day everything is 0.
    """
    busy = [day for day in days if any(day)]
    return tuple(round(fmean(day[hour] for day in busy), 3) if busy else 0.0 for hour in range(HOURS))


def usual_until(hours: Sequence[float], at: datetime) -> int:
    """How many there usually are by that time of day; of the hour that runs, the part that has passed."""
    passed = (at.minute * 60 + at.second) / 3600
    return round(sum(hours[: at.hour]) + hours[at.hour] * passed)


def full_hours(hours: Sequence[int], at: datetime) -> tuple[int | None, ...]:
    """The hours that have ended by that time of day; the others are not known yet."""
    return tuple(count if hour < at.hour else None for hour, count in enumerate(hours))


def shown_hours(*curves: Sequence[float], least: tuple[int, int] = (8, 18)) -> range:
    """From the first to the last hour in which anything happens on any curve, and the usual day at least."""
    busy = [hour for curve in curves for hour, count in enumerate(curve) if count]
    return range(min([least[0], *busy]), max([least[1], *busy]) + 1)


def since_the_beginning(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Counts by month without the months before the first with anything: those are not known, and no zeros."""
    first = next((number for number, count in enumerate(counts) if count), 0)
    return tuple(count if number >= first else None for number, count in enumerate(counts))


def is_stale(as_of: datetime, now: datetime) -> bool:
    """Whether a figure is so old that something must be wrong."""
    return now - as_of > STALE


@dataclass(frozen=True)
class MonthCell:
    """Live complaints of a month about one category and concerning one department, and the second ones among them."""

    category: str
    department: int | None
    count: int
    second: int


@dataclass(frozen=True)
class Month:
    """The live complaints registered in a month: by category and department, and by tier (number, second ones)."""

    cells: Sequence[MonthCell]
    tiers: Mapping[str, Sequence[int]]

    @property
    def count(self) -> int:
        """All of them."""
        return sum(count for count, _second in self.tiers.values())

    @property
    def second(self) -> int:
        """The second complaints among them."""
        return sum(second for _count, second in self.tiers.values())


def rolled_up(groups: Iterable[tuple[str, int | None, str, int, int]]) -> Month:
    """A month from its groups of category, department, tier, number and second complaints."""
    cells: dict[tuple[str, int | None], list[int]] = {}
    tiers: dict[str, list[int]] = {}
    for category, department, tier, count, second in groups:
        for sums in (cells.setdefault((category, department), [0, 0]), tiers.setdefault(tier, [0, 0])):
            sums[0] += count
            sums[1] += second
    return Month([MonthCell(*key, *sums) for key, sums in cells.items()], tiers)

"""The duty rota (ORG-08): a turn of people over days, and the hours that nobody covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.worktime import Shift

LONGEST_PLAN = 366


@dataclass(frozen=True)
class Span:
    """A stretch of time, `start` inclusive, `end` exclusive."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Turn:
    """One person's duty, by id."""

    employee_id: int
    span: Span


def turns(
    *, people: Sequence[int], first: date, last: date, shifts: Sequence[Shift], zone: ZoneInfo
) -> list[Turn]:
    """People in turn over the shifts of every day from `first` to `last`: 张 the first shift, 李 the second, ….

    Raises RuleBroken (400) `rota.nobody`, `rota.no_shift`, `rota.dates`, or `rota.too_long` beyond a year.
    """
    if not people:
        raise RuleBroken("rota.nobody", field="people", status=400)
    if not shifts:
        raise RuleBroken("rota.no_shift", field="shifts", status=400)
    if last < first:
        raise RuleBroken("rota.dates", field="last", status=400)
    if (last - first).days >= LONGEST_PLAN:
        raise RuleBroken("rota.too_long", field="last", status=400, days=LONGEST_PLAN)
    planned: list[Turn] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for start, end in shifts:
            person = people[len(planned) % len(people)]
            planned.append(Turn(person, Span(moment(day, start, zone), moment(day, end, zone))))
    return planned


def moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """A minute of a local day; 1440 is the next day's midnight."""
    return datetime.combine(day + timedelta(days=minute // 1440), time(), zone) + timedelta(
        minutes=minute % 1440
    )


def gaps(covered: Iterable[Span], within: Span) -> list[Span]:
    """The stretches of `within` that no span covers, in order."""
    found: list[Span] = []
    reached = within.start
    for span in sorted(covered, key=lambda item: item.start):
        if span.start >= within.end:
            break
        if span.start > reached:
            found.append(Span(reached, span.start))
        reached = max(reached, span.end)
    if reached < within.end:
        found.append(Span(reached, within.end))
    return found

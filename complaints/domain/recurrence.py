"""The same problem again and again in one department (CMP-41). Pure: the founded complaints are passed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.domain.policy import RecurrencePolicy


@dataclass(frozen=True)
class Founded:
    """A founded, live complaint of the category with that responsible department."""

    complaint_id: int
    registered_on: date


@dataclass(frozen=True)
class Recurrence:
    """A recurrence: the tickets it rests on, and the day of the one that completed it (SAN-19)."""

    complaint_ids: tuple[int, ...]
    completed_on: date


def judge(
    rows: Iterable[Founded], *, around: date, policy: RecurrencePolicy, waybills: int | None = None
) -> Recurrence | None:
    """Whether some `policy.days` days that hold `around` have enough founded complaints; None when not.

    Findings are recorded in any order, so the window may begin before and end after the ticket judged. `waybills` is
    the department's volume in such a period, where it is known: then a rate, if the policy has one, decides.
    """
    days = sorted(rows, key=lambda row: (row.registered_on, row.complaint_id))
    needed = _needed(policy, waybills)
    span = timedelta(days=policy.days)
    for first, row in enumerate(days):
        if row.registered_on > around or around - row.registered_on >= span:
            continue
        window = [other for other in days[first:] if other.registered_on - row.registered_on < span]
        if len(window) >= needed and window[-1].registered_on >= around:
            return Recurrence(tuple(one.complaint_id for one in window), window[needed - 1].registered_on)
    return None


def _needed(policy: RecurrencePolicy, waybills: int | None) -> int:
    """How many complaints make it a recurrence."""
    if policy.per_thousand is None or not waybills:
        return policy.count
    rate = policy.per_thousand * waybills / 1_000
    return max(2, int(rate) + (rate > int(rate)))


def joins(*, last_on: date, registered_on: date, policy: RecurrencePolicy) -> bool:
    """Whether a further founded complaint belongs to an open recurrence whose latest was registered on `last_on`."""
    return abs((registered_on - last_on).days) < policy.quiet_days


def has_ended(*, last_on: date, today: date, policy: RecurrencePolicy) -> bool:
    """Whether `quiet_days` have passed without a further one."""
    return (today - last_on).days >= policy.quiet_days

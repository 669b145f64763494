"""The clocks of claims as pages and services read them: terms, working days, what runs (CLM-14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from claims.choices import ClaimClock
from claims.domain.policy import ClaimPolicy
from claims.models import Claim
from claims.permissions import home
from deadlines.domain.arithmetic import advance
from deadlines.domain.display import speaking
from deadlines.queries import ClockView, clocks_of
from organization.queries import calendar_for
from servicecenter import policies
from servicecenter.subjects import kind_of

WORKING_DAY = 8 * 3600


def policy_of(row: Claim) -> ClaimPolicy:
    """Terms and reserves of the claim's profile as they stood when it was reported (D19)."""
    found: ClaimPolicy = policies.value("claims.handling", key=row.profile, at=row.reported_at)
    return found


def working_days(start: datetime, days: int) -> datetime:
    """So many working days of the claims department later; a working day is eight hours of its calendar (CLM-14)."""
    department = home()
    if department is None:
        return start + timedelta(days=days)
    return advance(start, days * WORKING_DAY, calendar_for(department, start))


def clocks_of_claim(claim: Claim) -> list[ClockView]:
    """All clocks of a claim, in the order in which they began."""
    return clocks_of(kind_of(Claim), [claim.pk])[claim.pk]


def with_clocks(rows: Sequence[Any]) -> Sequence[Any]:
    """The rows of a list, each with the clock that speaks for it as `clock`: one query for all of them."""
    found = clocks_of(kind_of(Claim), [row.pk for row in rows if row.is_timed], open_only=True)
    for row in rows:
        row.clock = speaking(_own(found.get(row.pk, ())))
    return rows


def _own(clocks: Iterable[ClockView]) -> list[ClockView]:
    return [clock for clock in clocks if clock.kind in ClaimClock.values]

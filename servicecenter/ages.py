"""How old things are, in bands: what a board counts by, and what a list can be narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q


@dataclass(frozen=True)
class Age:
    """A band: at least `least` old, younger than `most` (None: however old)."""

    code: str
    label: Any
    least: timedelta | None = None
    most: timedelta | None = None

    def condition(self, field: str, at: datetime) -> Q:
        """What began at `field` and is of this age at the instant."""
        found = Q()
        if self.least is not None:
            found &= Q(**{f"{field}__lte": at - self.least})
        if self.most is not None:
            found &= Q(**{f"{field}__gt": at - self.most})
        return found


def bands(*limits: tuple[str, Any, timedelta | None]) -> dict[str, Age]:
    """Bands one after the other, by code: (code, label, where it ends; None for the last)."""
    found: dict[str, Age] = {}
    least: timedelta | None = None
    for code, label, most in limits:
        found[code] = Age(code, label, least, most)
        least = most
    return found


def choices(ages: dict[str, Age]) -> Sequence[tuple[str, Any]]:
    """The bands as a filter offers them."""
    return [(age.code, age.label) for age in ages.values()]

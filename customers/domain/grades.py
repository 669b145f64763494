"""Grades of a customer side by side: what a new one does to those there are (CUS-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from customers.choices import GradeSource
from servicecenter.kernel.errors import RuleBroken


@dataclass(frozen=True)
class Span:
    """A grade from its first day until before `end` (None: without end). An end on the first day: it never began."""

    id: int
    tier: str
    source: str
    first: date
    end: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is the grade of that day."""
        return self.first <= day and (self.end is None or self.end > day)


@dataclass(frozen=True)
class Plan:
    """What is written beside the new grade: earlier ends, and the grade that goes on behind a limited one."""

    ends: tuple[tuple[int, date], ...] = ()
    resumed: Span | None = None


def placed(held: Sequence[Span], new: Span, *, number: str = "") -> Plan:
    """How `new` goes among the grades of a customer.

    The grade that holds on its first day ends there; behind a limited new one it goes on until its own end. Raises
    RuleBroken `tier.planned` where another grade begins later already, `tier.by_hand_holds` where a proposal would
    cut a grade by hand.
    """
    begun = next((span for span in held if span.holds_on(new.first)), None)
    later = [span for span in held if span.first > new.first and span.end != span.first]
    if begun is not None and begun.source == GradeSource.BY_HAND and new.source != GradeSource.BY_HAND:
        raise RuleBroken("tier.by_hand_holds", number=number, day=str(begun.end))
    followed = [span for span in later if span.source == GradeSource.RESUMED]
    if len(followed) != len(later):
        raise RuleBroken("tier.planned", number=number, tier=later[0].tier, day=str(later[0].first))
    ends = [(begun.id, new.first)] if begun is not None else []
    if begun is None or begun.source != GradeSource.BY_HAND:
        before = begun
    else:
        # A grade by hand in place of another: behind it goes on what would have gone on behind that one.
        before = followed[0] if followed else None
    ends += [(span.id, span.first) for span in followed]
    if before is None or new.end is None or (before.end is not None and before.end <= new.end):
        return Plan(tuple(ends))
    return Plan(tuple(ends), Span(0, before.tier, GradeSource.RESUMED, new.end, before.end))

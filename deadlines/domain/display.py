"""Which clock speaks for its subject, and in which words of the look it is in (look: clocks)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from deadlines.choices import ClockState

# The state as the countdown chip knows it.
SHOWN_STATES: dict[str, str] = {
    ClockState.RUNNING.value: "running",
    ClockState.PAUSED.value: "paused",
    ClockState.MET.value: "met",
    ClockState.MET_LATE.value: "late",
    ClockState.CANCELLED.value: "off",
}


class Shown(Protocol):
    """What the choice looks at."""

    @property
    def state(self) -> str:
        """running, paused, met, late or off."""

    @property
    def due_at(self) -> datetime:
        """When it is due."""

    @property
    def owner_right(self) -> str:
        """The right whose holders in the department must act; '' when it is the owner."""

    @property
    def department_id(self) -> int:
        """The department that must act."""


S = TypeVar("S", bound=Shown)


def speaking(clocks: Iterable[S], *, department_ids: Iterable[int] | None = None) -> S | None:
    """The clock a row shows: the earliest due among the running ones, else among the paused ones.

    For a handler (`department_ids`: the own departments) only the clocks those departments must meet themselves.
    None when no clock is open.
    """
    own = None if department_ids is None else set(department_ids)
    rows = [c for c in clocks if own is None or (c.owner_right and c.department_id in own)]
    for state in ("running", "paused"):
        if found := [c for c in rows if c.state == state]:
            return min(found, key=lambda clock: clock.due_at)
    return None


def is_overdue(*, state: str, due_at: datetime, now: datetime) -> bool:
    """Whether a clock is overdue when read, whatever any process has noticed so far (FAULTS)."""
    return state == "running" and due_at <= now

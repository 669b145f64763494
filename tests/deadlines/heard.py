"""Stands where a subject's app stands: notes the steps it is told, and fails on demand."""

from __future__ import annotations

from datetime import datetime

from deadlines.services import FiredStep

told: list[list[FiredStep]] = []
poisoned: set[str] = set()


def step_fired(*, steps: list[FiredStep], at: datetime) -> None:
    """Note the call; raise when a step's number is poisoned."""
    told.append(steps)
    if poisoned & {step.number for step in steps}:
        raise RuntimeError("the subject's app has a defect")

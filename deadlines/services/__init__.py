"""Every write to clocks: start, end, move, and the sweep."""

from deadlines.services.changes import pause, rebase, rebase_to_statement, resume, shorten, shorten_for_tier
from deadlines.services.clocks import (
    Start,
    cancel,
    end_all,
    meet,
    meet_many,
    open_clocks,
    reassign,
    start,
    start_many,
)
from deadlines.services.firing import FiredStep
from deadlines.services.sweep import SweepResult, sweep, sweep_once
from deadlines.services.terms import policy_for

__all__ = [
    "FiredStep",
    "Start",
    "SweepResult",
    "cancel",
    "end_all",
    "meet",
    "meet_many",
    "open_clocks",
    "pause",
    "policy_for",
    "reassign",
    "rebase",
    "rebase_to_statement",
    "resume",
    "shorten",
    "shorten_for_tier",
    "start",
    "start_many",
    "sweep",
    "sweep_once",
]

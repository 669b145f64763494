"""Every read of clocks: of subjects, of a user, of the steps done."""

from deadlines.queries.clocks import (
    ORDERS,
    ClockView,
    StepView,
    clocks_of,
    next_clock,
    next_clocks,
    open_for,
    steps_of,
    view,
    visible_to,
)

__all__ = [
    "ORDERS",
    "ClockView",
    "StepView",
    "clocks_of",
    "next_clock",
    "next_clocks",
    "open_for",
    "steps_of",
    "view",
    "visible_to",
]

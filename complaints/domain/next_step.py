"""What must happen next, and by when: from the open clocks and the ticket's facts (CMP-24, I11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from complaints.choices import NextStep
from complaints.domain.facts import Facts

# The act that each clock asks for; the resolution clock asks for whatever the state needs.
BY_CLOCK = {
    "first_response": NextStep.REPLY,
    "report_upward": NextStep.REPORT_UPWARD,
    "supervisor_takes": NextStep.AWAIT_SUPERVISOR,
    "statement": NextStep.AWAIT_STATEMENT,
    "answer": NextStep.AWAIT_STATEMENT,
    "waiting": NextStep.AWAIT_CUSTOMER,
    "suspected": NextStep.CONFIRM_INCIDENT,
}


@dataclass(frozen=True)
class Running:
    """An open clock of the ticket: `key` tells the caller which."""

    key: int
    kind: str
    due_at: datetime
    is_paused: bool = False


@dataclass(frozen=True)
class Next:
    """The clock that governs the ticket, when it is due, and the step it asks for."""

    key: int
    due_at: datetime
    step: NextStep


def next_of(clocks: Iterable[Running], *, state: str, facts: Facts, has_destination: bool = True) -> Next:
    """The earliest clock that runs decides; a paused one counts only when nothing else does.

    Raises ValueError without any clock: a ticket that nothing drives is a defect (CMP-24).
    """
    rows = sorted(clocks, key=lambda clock: (clock.is_paused, clock.due_at, clock.key))
    if not rows:
        raise ValueError("an open ticket has a running clock")
    first = rows[0]
    return Next(
        first.key,
        first.due_at,
        step_of(first.kind, state=state, facts=facts, has_destination=has_destination),
    )


def step_of(kind: str, *, state: str, facts: Facts, has_destination: bool = True) -> NextStep:
    """The step that a clock of `kind` asks for. `has_destination`: the category says where it goes (CMP-10k)."""
    if kind in BY_CLOCK:
        return BY_CLOCK[kind]
    if state == "resolved":
        return NextStep.FOLLOW_UP if facts.is_notified else NextStep.NOTIFY
    if facts.is_paused:
        return NextStep.AWAIT_CUSTOMER
    if state == "answered":
        return NextStep.RESOLVE if facts.has_finding else NextStep.FIND
    if state in {"routed", "investigating"} and facts.waiting and not facts.given_back:
        return NextStep.AWAIT_STATEMENT
    return NextStep.ROUTE if has_destination else NextStep.DECIDE_DEPARTMENT

"""Rounds, pauses and follow-ups: what one course of handling allows (CMP-22, CMP-23, CMP-25, CMP-38)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from complaints.domain.policy import HandlingPolicy

Outcome = Literal["satisfied", "dissatisfied", "not_reached", "refused", "try_again"]


@dataclass(frozen=True)
class Asked:
    """One handover of the round, as it stands. `arrived_at`: the first statement or answer."""

    state: str
    handed_at: datetime
    due_at: datetime
    statement_required: bool = True
    arrived_at: datetime | None = None
    ended_at: datetime | None = None


def rebase_arrival(asked: Iterable[Asked]) -> datetime | None:
    """The arrival from which the 24 hours run anew: the last required first statement's, when all have arrived, each
    in its own time (CMP-22). None: they do not (something is missing still, or one was late). What was waived,
    returned or withdrawn is required no longer."""
    rows = [row for row in asked if row.statement_required and row.state in {"waiting", "answered"}]
    if not rows or any(row.arrived_at is None or row.arrived_at > row.due_at for row in rows):
        return None
    return max(row.arrived_at for row in rows if row.arrived_at is not None)


def waiting(asked: Iterable[Asked]) -> int:
    """How many departments still owe their statement or answer."""
    return sum(row.state == "waiting" for row in asked)


def given_back(asked: Sequence[Asked]) -> int:
    """How many handovers were returned as "not our department" and nobody was asked since in their place."""
    return sum(
        row.state == "returned"
        and row.ended_at is not None
        and not any(other.handed_at >= row.ended_at for other in asked if other is not row)
        for row in asked
    )


def all_in(asked: Sequence[Asked]) -> bool:
    """Whether the round is answered: every statement and answer is in, or was waived by the supervisor (CMP-20)."""
    done = any(row.state in {"answered", "waived"} for row in asked)
    return done and not waiting(asked) and not given_back(asked)


def pause_left(
    pauses: Iterable[tuple[datetime, datetime | None]], *, at: datetime, policy: HandlingPolicy
) -> int:
    """Seconds that a round may still wait for the customer: what the policy allows less all (start, end) so far."""
    used = sum(((end or at) - start).total_seconds() for start, end in pauses)
    return max(policy.pause_seconds - round(used), 0)


def follow_up_outcome(result: str, *, not_reached_on: Sequence[date], policy: HandlingPolicy) -> Outcome:
    """What a follow-up's result means. `not_reached_on`: the days of the round's tries that reached nobody, this one
    included; it is given up after the policy's tries on the policy's number of days (CMP-25)."""
    if result != "not_reached":
        return result  # type: ignore[return-value]
    enough = len(not_reached_on) >= policy.follow_up_tries
    return "not_reached" if enough and len(set(not_reached_on)) >= policy.follow_up_days else "try_again"

"""The rights of the clocks. Roles hold them as strings (organization's seeds)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from deadlines.choices import ClockKind


class Right(StrEnum):
    """What a role may allow."""

    EDIT_POLICIES = "deadlines.edit_policies"
    VIEW_CLOCKS = "deadlines.view_clocks"
    SHORTEN_CLOCK = "deadlines.shorten_clock"
    # Not an act: whoever holds it is told at that step of the ladder (CMP-37).
    LADDER_MANAGER = "deadlines.ladder_manager"
    LADDER_ENTERPRISE = "deadlines.ladder_enterprise"


# The clocks of a department rather than of the owner: told and met by whoever holds this right there (CMP-32, 35b).
HANDLER_RIGHT = "complaints.hand_in_statement"
OWNER_RIGHTS: dict[str, str] = {
    ClockKind.STATEMENT.value: HANDLER_RIGHT,
    ClockKind.ANSWER.value: HANDLER_RIGHT,
}


def can_view_clocks(user: Any) -> bool:
    """Sees the clocks of some department, or at least the own ones."""
    return user.has_right(Right.VIEW_CLOCKS)


def can_shorten_clock(user: Any) -> bool:
    """May order that open clocks are shortened (CMP-39)."""
    return user.has_right(Right.SHORTEN_CLOCK)

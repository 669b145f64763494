"""Rights of this app (ORG-03); which rows they reach is said by `queries.…_visible_to`."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Right(StrEnum):
    """The rights, as roles hold them."""

    PROPOSE_SANCTION = "conduct.propose_sanction"
    CONFIRM_SANCTION = "conduct.confirm_sanction"
    OVERRIDE_RANGE = "conduct.override_range"
    VIEW_SANCTION = "conduct.view_sanction"
    VIEW_MERIT = "conduct.view_merit"
    WITHDRAW_SANCTION = "conduct.withdraw_sanction"


def may(user: Any | None, right: str) -> bool:
    """Whether the user holds the right; the system (no user) may all."""
    return user is None or bool(user.has_right(right))


def can_issue_merit(user: Any) -> bool:
    """May issue a month's merit list: whoever confirms sanctions."""
    return may(user, Right.CONFIRM_SANCTION)

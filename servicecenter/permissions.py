"""Rights of the ground floor, and who may do what with them (D7)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

SUPERVISE = "complaints.supervise_complaint"


class Right(StrEnum):
    """Rights of this app."""

    REVEAL = "servicecenter.reveal"
    VIEW_TRAIL = "servicecenter.view_trail"
    EXPORT = "servicecenter.export"
    VERIFY = "servicecenter.verify"
    ADMINISTER = "servicecenter.administer"


def can_reveal(user: Any) -> bool:
    """See a masked value in full, for a reason, and logged (PRV-02)."""
    return user.has_right(Right.REVEAL)


def can_view_trail(user: Any) -> bool:
    """Read the trail of a record that one may see (ORG-05)."""
    return user.has_right(Right.VIEW_TRAIL)


def can_export(user: Any) -> bool:
    """Take lists away as files (PRV-04)."""
    return user.has_right(Right.EXPORT)


def can_verify(user: Any) -> bool:
    """Read the result of the nightly check of the invariants."""
    return user.has_right(Right.VERIFY)


def can_unshare(user: Any) -> bool:
    """Take away a view that somebody else shares with a team: whoever supervises (the right of a higher app)."""
    return user.has_right(SUPERVISE)


def can_administer(user: Any) -> bool:
    """The machine room: outbox, heartbeats, tokens of others."""
    return user.has_right(Right.ADMINISTER)

"""What guards and the next step read about one ticket, gathered once by the query or the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Facts:
    """One ticket and the person who asks.

    Counts are of the present round; `given_back`: returned as "not our department" and not passed on since.
    `pause_left` is in seconds. `mine_waiting` / `mine_handed`: handovers to the asking person's departments that
    wait / that exist. `as_respondent`: the person belongs to the department complained of and acts with no right of
    the centre's.
    """

    round: int = 1
    not_agreed_from: int = 3
    waiting: int = 0
    given_back: int = 0
    answered: int = 0
    has_finding: bool = False
    is_notified: bool = False
    is_paused: bool = False
    pause_left: int = 0
    is_suspected: bool = False
    is_history: bool = False
    is_accepted: bool = True
    is_owner: bool = False
    is_offered_to_me: bool = False
    is_offered: bool = False
    is_reported: bool = False
    is_released: bool = False
    contested_by_me: bool = False
    mine_waiting: int = 0
    mine_handed: int = 0
    as_respondent: bool = False
    may_note: bool = False

    def as_mapping(self) -> Mapping[str, Any]:
        """As the lifecycle table's guards read them."""
        return asdict(self)

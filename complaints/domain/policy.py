"""Policy numbers of handling and of recurrence (D19): defaults are the book's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HOUR, DAY = 3_600, 86_400


@dataclass(frozen=True)
class HandlingPolicy:
    """How complaints are handled.

    `follow_up_tries` calls on `follow_up_days` different days make "not reached" (CMP-25). `pause_seconds` is what a
    round may wait for the customer in all (CMP-38). `not_agreed_from_round`: from here the centre manager may close
    (CMP-23). `chases_raise_at`: this chase raises the priority (CMP-09). Told of a service incident at once (CMP-42):
    whoever holds a role of `incident_roles` anywhere, and of `leader_roles` for the department concerned.
    `similar_percent`: from this likeness a text is offered as a candidate (CMP-40), among the party's tickets of
    `similar_days`. `duty_after_seconds`: an absent
    owner's tickets go to the duty agent after this time (ORG-08).
    """

    follow_up_tries: int = 3
    follow_up_days: int = 2
    pause_seconds: int = 72 * HOUR
    not_agreed_from_round: int = 3
    chases_raise_at: int = 2
    incident_roles: Sequence[str] = ("enterprise_management", "centre_manager")
    leader_roles: Sequence[str] = ("management",)
    similar_percent: int = 50
    similar_days: int = 90
    duty_after_seconds: int = 1_800

    def __post_init__(self) -> None:
        if self.follow_up_tries < 1 or not 1 <= self.follow_up_days <= self.follow_up_tries:
            raise ValueError("at least one try, on no more days than there are tries")
        if not 0 < self.pause_seconds <= 30 * DAY:
            raise ValueError("a pause lasts between a second and thirty days")
        if self.not_agreed_from_round < 2:
            raise ValueError("a first round is never closed as not agreed")
        if self.chases_raise_at < 1:
            raise ValueError("a chase counts from one")
        if not 1 <= self.similar_percent <= 100 or not 1 <= self.similar_days <= 3_650:
            raise ValueError("likeness is 1 to 100 percent, looked for in 1 to 3650 days")
        if not self.incident_roles:
            raise ValueError("somebody is told of a service incident")
        if self.duty_after_seconds < 0:
            raise ValueError("time runs forward")
        for name in ("incident_roles", "leader_roles"):
            roles = getattr(self, name)
            if isinstance(roles, str) or not all(isinstance(role, str) and role for role in roles):
                raise ValueError(f"{name} is a list of role codes")
            object.__setattr__(self, name, tuple(roles))


@dataclass(frozen=True)
class RecurrencePolicy:
    """When the same problem recurs (CMP-41): `count` founded complaints registered within `days`, or, where volumes are
    known, `per_thousand` of them per 1 000 waybills; it ends after `quiet_days` without one."""

    count: int = 3
    days: int = 30
    per_thousand: float | None = None
    quiet_days: int = 30

    def __post_init__(self) -> None:
        if self.count < 2 or self.days < 1 or self.quiet_days < 1:
            raise ValueError("a recurrence is at least two complaints within at least a day")
        if self.per_thousand is not None and self.per_thousand <= 0:
            raise ValueError("a rate is positive")

"""Policy numbers of handling and of recurrence (D19): defaults are the book's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from servicecenter.kernel.errors import RuleBroken

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
            raise RuleBroken("complaint.policy_follow_up", field="follow_up_tries", status=400)
        if not 0 < self.pause_seconds <= 30 * DAY:
            raise RuleBroken("complaint.policy_pause", field="pause_seconds", status=400, most=30)
        if self.not_agreed_from_round < 2:
            raise RuleBroken("complaint.policy_not_agreed", field="not_agreed_from_round", status=400)
        if self.chases_raise_at < 1:
            raise RuleBroken("complaint.policy_chases", field="chases_raise_at", status=400)
        if not 1 <= self.similar_percent <= 100 or not 1 <= self.similar_days <= 3_650:
            raise RuleBroken("complaint.policy_similar", field="similar_percent", status=400)
        if not self.incident_roles:
            raise RuleBroken("complaint.policy_told", field="incident_roles", status=400)
        if self.duty_after_seconds < 0:
            raise RuleBroken("complaint.policy_duty", field="duty_after_seconds", status=400)
        for name in ("incident_roles", "leader_roles"):
            roles = getattr(self, name)
            if isinstance(roles, str) or not all(isinstance(role, str) and role for role in roles):
                raise RuleBroken("complaint.policy_roles", field=name, status=400)
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
            raise RuleBroken("complaint.policy_recurrence", field="count", status=400)
        if self.per_thousand is not None and self.per_thousand <= 0:
            raise RuleBroken("complaint.policy_rate", field="per_thousand", status=400)

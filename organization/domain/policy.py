"""Policy values of the organization (D19)."""

from __future__ import annotations

from dataclasses import dataclass

from servicecenter.kernel.errors import RuleBroken


@dataclass(frozen=True)
class DutyPolicy:
    """The duty rota (ORG-08): so many days ahead it must be without gaps; the overview warns of any.

    After how long the duty agent owns an absent owner's tickets is a figure of their handling (complaints).
    """

    rota_days_ahead: int = 7

    def __post_init__(self) -> None:
        if not 1 <= self.rota_days_ahead <= 60:
            raise RuleBroken("duty.policy_days", field="rota_days_ahead", status=400, least=1, most=60)

"""Policy values of the organization (D19)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DutyPolicy:
    """Duty (ORG-08): minutes after which tickets of an absent owner are owned by the duty agent.

    `rota_days_ahead`: so many days ahead the rota must be without gaps; the page warns of any.
    """

    take_over_minutes: int = 30
    rota_days_ahead: int = 7

    def __post_init__(self) -> None:
        if not 0 <= self.take_over_minutes <= 24 * 60:
            raise ValueError("take_over_minutes: 0 … 1440")
        if not 1 <= self.rota_days_ahead <= 60:
            raise ValueError("rota_days_ahead: 1 … 60")

"""The order among tickets that are due at the same time (CMP-09, CMP-42, CUS-13)."""

from __future__ import annotations

INCIDENT, CHASED = 0, 1
BY_TIER = {"A": 2, "B": 3, "C": 4}
LOWEST = 5


def rank_of(*, confirmed_incident: bool, chases: int, tier: str, chases_raise_at: int = 2) -> int:
    """0 a confirmed service incident, 1 chased often enough, then tier A 2, B 3, C 4, D and ungraded 5."""
    if confirmed_incident:
        return INCIDENT
    if chases >= chases_raise_at:
        return CHASED
    return BY_TIER.get(tier, LOWEST)

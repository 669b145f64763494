"""Policy values of the customer file (D19): when a customer is dormant, and what a tier brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from servicecenter.kernel.errors import RuleBroken


@dataclass(frozen=True)
class StandingPolicy:
    """After how many days without a waybill an active customer counts as dormant (CUS-04)."""

    dormant_after_days: int = 90

    def __post_init__(self) -> None:
        if not 1 <= self.dormant_after_days <= 3650:
            raise RuleBroken("standing.days", field="dormant_after_days", status=400, least=1, most=3650)


@dataclass(frozen=True)
class TierService:
    """What a tier brings (CUS-13): the service standard by language, visits at least every so many months (0: none)."""

    standard: Mapping[str, str] = field(default_factory=dict)
    visit_months: int = 0

    def __post_init__(self) -> None:
        if set(self.standard) - {"zh-Hans", "zh-Hant", "en"} or (
            self.standard and not self.standard.get("zh-Hans")
        ):
            raise RuleBroken("tier_service.standard", field="standard", status=400)
        if not 0 <= self.visit_months <= 60:
            raise RuleBroken("tier_service.visits", field="visit_months", status=400, least=0, most=60)

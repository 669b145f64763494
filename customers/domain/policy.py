"""Policy values of the customer file (D19): when a customer is dormant, how tiers are found and what they bring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from customers.choices import GradingPreset
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


def _falling(values: object, names: tuple[str, ...], code: str) -> None:
    """Each line lies below the one before it. Raises RuleBroken `code` at the first that does not."""
    for upper, lower in pairwise(names):
        if getattr(values, lower) >= getattr(values, upper):
            raise RuleBroken(code, field=lower, status=400)


def _points(values: object, names: tuple[str, ...]) -> None:
    """Points are not negative and come to 100. Raises RuleBroken `grading.points`."""
    if (
        any(getattr(values, name) < 0 for name in names)
        or sum(getattr(values, name) for name in names) != 100
    ):
        raise RuleBroken("grading.points", field=names[0], status=400)


@dataclass(frozen=True)
class GradingPolicy:
    """How a tier follows from points (CUS-10): which criteria, the line of each tier, what a level brings.

    `value_*` in yuan of freight a year, `growth_*` in percent against the year before (CUS-11). A proposal that was
    not followed comes back after `rests_months` at the earliest (CUS-12).
    """

    preset: str = GradingPreset.TRADE.value
    line_a: int = 85
    line_b: int = 65
    line_c: int = 45
    fair_percent: int = 75
    ordinary_percent: int = 50
    low_percent: int = 20
    value_high: int = 300_000
    value_middle: int = 50_000
    growth_high_percent: int = 20
    growth_low_percent: int = -10
    rests_months: int = 3

    def __post_init__(self) -> None:
        if self.preset not in GradingPreset.values:
            raise RuleBroken("grading.preset", field="preset", status=400)
        _falling(self, ("line_a", "line_b", "line_c"), "grading.lines")
        if self.line_c <= 0 or self.line_a > 100:
            raise RuleBroken("grading.lines", field="line_a", status=400)
        _falling(self, ("fair_percent", "ordinary_percent", "low_percent"), "grading.levels")
        if self.low_percent < 0 or self.fair_percent > 100:
            raise RuleBroken("grading.levels", field="fair_percent", status=400)
        _falling(self, ("value_high", "value_middle"), "grading.levels")
        _falling(self, ("growth_high_percent", "growth_low_percent"), "grading.levels")
        if not 0 <= self.rests_months <= 24:
            raise RuleBroken("grading.rests", field="rests_months", status=400, least=0, most=24)

    def percent_of(self, level: str) -> int:
        """What a level brings of its criterion's points; unknown counts as ordinary."""
        known = {"high": 100, "fair": self.fair_percent, "low": self.low_percent}
        return known.get(level, self.ordinary_percent)


@dataclass(frozen=True)
class TradeCriteria:
    """Points and steps of the four criteria industry, trade volume, frequency, credit (CUS-10), for a year.

    `industries` are words of trades supported by the state or region, or strongly competitive. Volume in yuan of
    freight, frequency in waybills; credit by the share of bills paid late, and by how many days.
    """

    industry_points: int = 25
    volume_points: int = 30
    frequency_points: int = 25
    credit_points: int = 20
    industries: str = "机电、医药、药材、新能源、电子、食品"
    volume_high: int = 300_000
    volume_fair: int = 100_000
    volume_ordinary: int = 10_000
    frequency_high: int = 60
    frequency_fair: int = 36
    frequency_ordinary: int = 12
    late_percent_good: int = 10
    late_days_good: int = 15
    late_percent_low: int = 40
    late_days_low: int = 60

    def __post_init__(self) -> None:
        _points(self, ("industry_points", "volume_points", "frequency_points", "credit_points"))
        _falling(self, ("volume_high", "volume_fair", "volume_ordinary"), "grading.levels")
        _falling(self, ("frequency_high", "frequency_fair", "frequency_ordinary"), "grading.levels")
        _falling(self, ("late_percent_low", "late_percent_good"), "grading.levels")
        _falling(self, ("late_days_low", "late_days_good"), "grading.levels")

    def strong_trades(self) -> tuple[str, ...]:
        """The words of the advantageous trades."""
        return tuple(word for word in re.split(r"[、,，;；\s]+", self.industries) if word)


@dataclass(frozen=True)
class SalesCriteria:
    """Points and steps of the four criteria nature, size, sales, trend (CUS-10), for a year.

    Nature: a company before a person. Size in tonnes of goods, sales in yuan of freight, trend in percent against the
    year before.
    """

    nature_points: int = 20
    size_points: int = 25
    sales_points: int = 30
    trend_points: int = 25
    size_high: int = 100
    size_fair: int = 30
    size_ordinary: int = 3
    sales_high: int = 300_000
    sales_fair: int = 100_000
    sales_ordinary: int = 10_000
    trend_high: int = 20
    trend_fair: int = 5
    trend_ordinary: int = -10

    def __post_init__(self) -> None:
        _points(self, ("nature_points", "size_points", "sales_points", "trend_points"))
        _falling(self, ("size_high", "size_fair", "size_ordinary"), "grading.levels")
        _falling(self, ("sales_high", "sales_fair", "sales_ordinary"), "grading.levels")
        _falling(self, ("trend_high", "trend_fair", "trend_ordinary"), "grading.levels")

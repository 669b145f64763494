"""What tier the facts of a year propose, with the reason of each criterion (CUS-10, CUS-11, CUS-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from customers.choices import CustomerKind, GradingPreset, Reading, Tier
from customers.domain.policy import GradingPolicy, SalesCriteria, TradeCriteria

PERCENT = Decimal(100)
TENTH = Decimal("0.1")
TONNE = Decimal(1000)
YEAR = 365
# Fewer days of waybills say nothing about a year.
LEAST_DAYS = 30


class Criterion(StrEnum):
    """What is weighed: four criteria of the one preset, four of the other (CUS-10)."""

    INDUSTRY = "industry"
    VOLUME = "volume"
    FREQUENCY = "frequency"
    CREDIT = "credit"
    NATURE = "nature"
    SIZE = "size"
    SALES = "sales"
    TREND = "trend"


class Level(StrEnum):
    """How a criterion is met. Unknown counts as ordinary."""

    HIGH = "high"
    FAIR = "fair"
    ORDINARY = "ordinary"
    LOW = "low"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class GradingFacts:
    """What the waybills of the period say of a consignor.

    `amount` is its freight in yuan as far as known, `priced` how many of the `sent` waybills say it; `before` and
    `sent_before` are those of the period before. `bills` have a day on which they were due; of them `late` were paid
    later or are overdue, the worst by `worst_days`. `days`: how much of the year our waybills cover at all; where it is
    less than a year, figures are counted up to one. What lies before that is no year to compare with.
    """

    kind: str = CustomerKind.COMPANY
    trade: str = ""
    sent: int = 0
    priced: int = 0
    amount: Decimal = Decimal(0)
    kilograms: Decimal = Decimal(0)
    sent_before: int = 0
    before: Decimal = Decimal(0)
    bills: int = 0
    late: int = 0
    worst_days: int = 0
    days: int = YEAR

    def yearly(self, figure: Decimal | int) -> Decimal:
        """A figure of the covered days as it would be in a year."""
        return Decimal(figure) if self.days >= YEAR else Decimal(figure) * YEAR / max(self.days, 1)


@dataclass(frozen=True)
class Reason:
    """One criterion: how it is met, the points it brings of how many, and the figures that say why."""

    criterion: str
    level: str
    points: Decimal
    most: Decimal
    figures: Mapping[str, Any]

    def kept(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self) | {
            "points": str(self.points),
            "most": str(self.most),
            "figures": dict(self.figures),
        }


@dataclass(frozen=True)
class Proposal:
    """The tier that the facts propose. `lines`: the points from which A, B and C begin."""

    tier: str
    points: Decimal
    most: Decimal
    reasons: tuple[Reason, ...]
    lines: Mapping[str, int]
    value: str
    growth: str

    @property
    def line(self) -> int:
        """The points from which the proposed tier begins; 0 for D."""
        return self.lines.get(self.tier, 0)


def grade(facts: GradingFacts, policy: GradingPolicy, criteria: TradeCriteria | SalesCriteria) -> Proposal:
    """The tier that these facts propose, criterion by criterion (CUS-10)."""
    found = _trade(facts, criteria) if isinstance(criteria, TradeCriteria) else _sales(facts, criteria)
    reasons = tuple(
        Reason(
            criterion.value,
            level.value,
            (Decimal(most) * policy.percent_of(level) / PERCENT).quantize(TENTH),
            Decimal(most),
            figures,
        )
        for criterion, level, most, figures in found
    )
    points = sum((reason.points for reason in reasons), Decimal(0))
    lines = {Tier.A.value: policy.line_a, Tier.B.value: policy.line_b, Tier.C.value: policy.line_c}
    tier = next((tier for tier, line in lines.items() if points >= line), Tier.D.value)
    most = sum((reason.most for reason in reasons), Decimal(0))
    return Proposal(tier, points, most, reasons, lines, value_of(facts, policy), growth_of(facts, policy))


def is_gradable(facts: GradingFacts, tier: str) -> bool:
    """Whether anything is to be said: who never shipped is no D customer but ungraded (CUS-04)."""
    return facts.days >= LEAST_DAYS and (facts.sent > 0 or tier != "")


def value_of(facts: GradingFacts, policy: GradingPolicy) -> str:
    """Value contribution (CUS-11): by the freight of the period; unknown is middle."""
    if not facts.priced:
        return Reading.MIDDLE if facts.sent else Reading.LOW
    steps = ((policy.value_high, Reading.HIGH), (policy.value_middle, Reading.MIDDLE))
    return next((reading for line, reading in steps if facts.yearly(facts.amount) >= line), Reading.LOW)


def growth_of(facts: GradingFacts, policy: GradingPolicy) -> str:
    """Growth potential (CUS-11): against the period before; nothing to compare with is middle."""
    change = change_of(facts)
    if change is None:
        return Reading.MIDDLE
    if change >= policy.growth_high_percent:
        return Reading.HIGH
    return Reading.LOW if change < policy.growth_low_percent else Reading.MIDDLE


def change_of(facts: GradingFacts) -> Decimal | None:
    """Percent of change against the period before: of the freight, else of the waybills; None without a before."""
    if facts.days < YEAR:
        return None
    now, before = (facts.amount, facts.before) if facts.before > 0 else (facts.sent, facts.sent_before)
    if not before:
        return None
    return ((Decimal(now) / Decimal(before) - 1) * PERCENT).quantize(Decimal(1))


Found = tuple[Criterion, Level, int, dict[str, Any]]


def _trade(facts: GradingFacts, criteria: TradeCriteria) -> list[Found]:
    """Industry advantage, trade volume, frequency, credit (source 004)."""
    strong = any(word in facts.trade for word in criteria.strong_trades())
    return [
        (
            Criterion.INDUSTRY,
            Level.HIGH if strong else Level.ORDINARY,
            criteria.industry_points,
            {"trade": facts.trade},
        ),
        (
            Criterion.VOLUME,
            _amount(facts, criteria.volume_high, criteria.volume_fair, criteria.volume_ordinary),
            criteria.volume_points,
            {"amount": str(facts.amount), "priced": facts.priced, "days": facts.days},
        ),
        (
            Criterion.FREQUENCY,
            _step(
                facts.yearly(facts.sent),
                criteria.frequency_high,
                criteria.frequency_fair,
                criteria.frequency_ordinary,
            ),
            criteria.frequency_points,
            {"sent": facts.sent, "days": facts.days},
        ),
        (
            Criterion.CREDIT,
            credit_of(facts, criteria),
            criteria.credit_points,
            {"bills": facts.bills, "late": facts.late, "days": facts.worst_days},
        ),
    ]


def credit_of(facts: GradingFacts, criteria: TradeCriteria) -> Level:
    """Credit from the payment record (WBL-14): without a record it is unknown, which counts as ordinary."""
    if not facts.bills:
        return Level.UNKNOWN
    share = Decimal(facts.late) * PERCENT / facts.bills
    if share > criteria.late_percent_low or facts.worst_days > criteria.late_days_low:
        return Level.LOW
    good = share <= criteria.late_percent_good and facts.worst_days <= criteria.late_days_good
    return Level.HIGH if good else Level.ORDINARY


def _sales(facts: GradingFacts, criteria: SalesCriteria) -> list[Found]:
    """Nature, size, sales, trend (source 001)."""
    tonnes = (facts.yearly(facts.kilograms) / TONNE).quantize(TENTH)
    change = change_of(facts)
    return [
        (
            Criterion.NATURE,
            Level.HIGH if facts.kind == CustomerKind.COMPANY else Level.ORDINARY,
            criteria.nature_points,
            {"kind": str(facts.kind)},
        ),
        (
            Criterion.SIZE,
            _step(tonnes, criteria.size_high, criteria.size_fair, criteria.size_ordinary),
            criteria.size_points,
            {"tonnes": str(tonnes)},
        ),
        (
            Criterion.SALES,
            _amount(facts, criteria.sales_high, criteria.sales_fair, criteria.sales_ordinary),
            criteria.sales_points,
            {"amount": str(facts.amount), "priced": facts.priced, "days": facts.days},
        ),
        (
            Criterion.TREND,
            Level.UNKNOWN
            if change is None
            else _step(change, criteria.trend_high, criteria.trend_fair, criteria.trend_ordinary),
            criteria.trend_points,
            {"percent": None if change is None else int(change)},
        ),
    ]


def _amount(facts: GradingFacts, *lines: int) -> Level:
    """The freight against its lines; where no waybill says its freight, unknown."""
    return _step(facts.yearly(facts.amount), *lines) if facts.priced or not facts.sent else Level.UNKNOWN


def _step(figure: Decimal | int, high: int, fair: int, ordinary: int) -> Level:
    steps: Sequence[tuple[int, Level]] = ((high, Level.HIGH), (fair, Level.FAIR), (ordinary, Level.ORDINARY))
    return next((level for line, level in steps if figure >= line), Level.LOW)


def criteria_code(preset: str) -> str:
    """The policy that holds the criteria of a preset."""
    return "customers.grading_trade" if preset == GradingPreset.TRADE else "customers.grading_sales"

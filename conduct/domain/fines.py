"""Amounts of sanctions: the range of a violation (SAN-10), and one event, one fine (SAN-18)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from conduct.choices import Measure
from conduct.domain.policy import FinePolicy
from servicecenter.kernel.errors import RuleBroken

MOST = Decimal("999999999999.99")


def check_measure(
    *,
    measure: str,
    amount: Decimal | None,
    policy: FinePolicy,
    reason: str,
    reason_required: bool,
    range_reason: str,
    may_override: bool,
) -> None:
    """Does this measure fit the violation? Amounts in yuan.

    A fine outside the range is refused with the range in the message, unless a centre manager gives a reason;
    where the rule has no preset amount a reason is required. Raises RuleBroken `sanction.amount_needed`,
    `sanction.amount_without_fine`, `sanction.amount_form`, `sanction.range`, `sanction.range_reason_needed`,
    `sanction.reason_needed`.
    """
    if measure in (Measure.UNDECIDED, Measure.POINTS):  # points follow from a fine, nobody sets them
        raise RuleBroken("sanction.measure_needed", field="measure", status=400)
    if reason_required and not reason.strip():
        raise RuleBroken("sanction.reason_needed", field="reason", status=400)
    if measure != Measure.FINE:
        if amount is not None:
            raise RuleBroken("sanction.amount_without_fine", field="amount", status=400)
        return
    if amount is None:
        raise RuleBroken("sanction.amount_needed", field="amount", status=400)
    if amount <= 0 or amount > MOST or amount != amount.quantize(Decimal("0.01")):
        raise RuleBroken("sanction.amount_form", field="amount", status=400)
    low, high = policy.low, policy.high
    if low is None or high is None or low <= amount <= high:
        return
    if not may_override:
        raise RuleBroken("sanction.range", field="amount", low=low, high=high)
    if not range_reason.strip():
        raise RuleBroken("sanction.range_reason_needed", field="range_reason", low=low, high=high)


def is_outside(amount: Decimal | None, policy: FinePolicy) -> bool:
    """Whether an amount lies outside the preset range."""
    low, high = policy.low, policy.high
    return amount is not None and low is not None and high is not None and not low <= amount <= high


class Verdict(StrEnum):
    """What a further violation in the same event does to the sanction that stands (SAN-18)."""

    REPLACES = "replaces"
    GIVES_WAY = "gives_way"
    ADDS = "adds"


@dataclass(frozen=True)
class Weight:
    """What a violation weighs: the amount set, else the most its range allows; nothing known weighs nothing."""

    amount: Decimal | None
    policy: FinePolicy

    @property
    def value(self) -> Decimal:
        """In yuan."""
        return self.amount or self.policy.high or Decimal(0)


def weigh(
    *, standing: Weight, further: Weight, standing_is_proposal: bool, additional_reason: str
) -> Verdict:
    """One event, one fine: of several violations the highest counts; more only with a reason by the centre manager.

    A further one replaces the standing one only while that is a proposal: what is confirmed stays.
    """
    if additional_reason.strip():
        return Verdict.ADDS
    if standing_is_proposal and further.value > standing.value:
        return Verdict.REPLACES
    return Verdict.GIVES_WAY

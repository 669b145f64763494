"""How much the customer is paid, step by step (CLM-06).

Amounts are yuan with two places; what falls between two fen is rounded half up, as everybody expects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from claims.domain.money import FEN
from claims.domain.policy import PayoutPolicy

ZERO = Decimal("0.00")


class Method(StrEnum):
    """How the payout was worked out."""

    INSURED = "insured"
    UNDERINSURED = "underinsured"
    CAP_FREIGHT = "cap_freight"
    CAP_WEIGHT = "cap_weight"
    ACTUAL = "actual"
    EXCLUDED = "excluded"


@dataclass(frozen=True)
class Case:
    """What is known of the goods: yuan and kg, None where it is not known.

    `loss` is the assessed loss of all goods lines, `goods_value` the value of the whole consignment, `freight` and
    `weight` those of the part lost or damaged, `cap_told` whether it is proven that the customer knew of the limit.
    """

    loss: Decimal
    declared_value: Decimal | None = None
    goods_value: Decimal | None = None
    freight: Decimal | None = None
    weight: Decimal | None = None
    cap_told: bool = False
    exclusion: str = ""


@dataclass(frozen=True)
class Step:
    """One line of the computation: a code for the sentence, what fills it, and what the amount is after it."""

    code: str
    amount: Decimal
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Payout:
    """The result with its way there."""

    method: Method
    amount: Decimal
    steps: tuple[Step, ...]
    warnings: tuple[str, ...] = ()


def work_out(case: Case, policy: PayoutPolicy) -> Payout:
    """The payout of a case under a policy. Raises ValueError for negative amounts."""
    if case.loss < 0 or any(
        amount is not None and amount < 0
        for amount in (case.declared_value, case.goods_value, case.freight, case.weight)
    ):
        raise ValueError("amounts are not negative")
    steps = [Step("payout.loss", _fen(case.loss))]
    if case.exclusion:
        steps.append(Step("payout.excluded", ZERO, {"exclusion": case.exclusion}))
        return Payout(Method.EXCLUDED, ZERO, tuple(steps))
    if case.declared_value:
        return _insured(case, case.declared_value, policy, steps)
    return _uninsured(case, policy, steps)


def _insured(case: Case, declared: Decimal, policy: PayoutPolicy, steps: list[Step]) -> Payout:
    """Declared to the full value: the loss; below it: in proportion. Never above what was declared."""
    amount, method, warnings = case.loss, Method.INSURED, []
    if case.goods_value is None:
        warnings.append("payout.value_unknown")
    elif declared < case.goods_value:
        method = Method.UNDERINSURED
        amount = _fen(amount * declared / case.goods_value)
        told = {"declared": str(declared), "value": str(case.goods_value)}
        steps.append(Step("payout.proportion", amount, told))
    if amount > declared:
        amount = declared
        steps.append(Step("payout.declared_cap", _fen(amount), {"declared": str(declared)}))
    amount = _deduct(amount, policy, steps)
    return Payout(method, _fen(amount), tuple(steps), tuple(warnings))


def _deduct(amount: Decimal, policy: PayoutPolicy, steps: list[Step]) -> Decimal:
    deductible = max(_fen(amount * Decimal(policy.deductible_percent) / 100), policy.deductible_minimum)
    if deductible <= 0:
        return amount
    left = max(amount - deductible, ZERO)
    steps.append(Step("payout.deductible", _fen(left), {"deductible": str(_fen(deductible))}))
    return left


def _uninsured(case: Case, policy: PayoutPolicy, steps: list[Step]) -> Payout:
    """The lower of loss and limit; without proof that the customer was told of the limit it does not apply."""
    limit = _limit(case, policy)
    if limit is None:
        missing = () if policy.uninsured == Method.ACTUAL else ("payout.limit_unknown",)
        steps.append(Step("payout.actual", _fen(case.loss)))
        return Payout(Method.ACTUAL, _fen(case.loss), tuple(steps), missing)
    method, cap, told = limit
    if not case.cap_told:
        steps.append(Step("payout.cap_off", _fen(case.loss), {"cap": str(cap)}))
        return Payout(Method.ACTUAL, _fen(case.loss), tuple(steps), ("payout.cap_not_told",))
    amount = min(_fen(case.loss), cap)
    steps.append(Step(f"payout.{method}", amount, {**told, "cap": str(cap)}))
    return Payout(method, amount, tuple(steps))


def _limit(case: Case, policy: PayoutPolicy) -> tuple[Method, Decimal, dict[str, str]] | None:
    if policy.uninsured == Method.CAP_FREIGHT and case.freight is not None:
        told = {"times": str(policy.freight_times), "freight": str(case.freight)}
        return Method.CAP_FREIGHT, _fen(case.freight * policy.freight_times), told
    if policy.uninsured == Method.CAP_WEIGHT and case.weight is not None:
        told = {"per_kg": str(policy.per_kg), "weight": _plain(case.weight)}
        return Method.CAP_WEIGHT, _fen(case.weight * policy.per_kg), told
    return None


def total(amounts: Sequence[Decimal]) -> Decimal:
    """The sum, with two places."""
    return sum(amounts, ZERO)


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")

"""Policy numbers of claims (D19): defaults are the book's, and where it is silent those of the trade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from servicecenter.kernel.errors import RuleBroken

LEVELS = ("supervisor", "centre_manager", "management", "finance")
UNINSURED = ("cap_freight", "cap_weight", "actual")


def _amount(value: Any, name: str) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation as problem:
        raise RuleBroken("claim.policy_amount", field=name, status=400) from problem
    if not amount.is_finite() or amount < 0 or amount != amount.quantize(Decimal("0.01")):
        raise RuleBroken("claim.policy_amount", field=name, status=400)
    return amount


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


@dataclass(frozen=True)
class PayoutPolicy:
    """How payouts are worked out (CLM-06), in yuan.

    Insured goods: the loss less a deductible of `deductible_percent`, at least `deductible_minimum`. Uninsured goods,
    by `uninsured`: at most `freight_times` the freight of the part (cap_freight), `per_kg` a kilogram (cap_weight), or
    the actual value.
    """

    uninsured: str = "cap_freight"
    freight_times: int = 3
    per_kg: Decimal = Decimal("20")
    deductible_percent: int = 0
    deductible_minimum: Decimal = Decimal("0")

    def __post_init__(self) -> None:
        if self.uninsured not in UNINSURED:
            raise RuleBroken("claim.policy_uninsured", field="uninsured", status=400)
        for name in ("per_kg", "deductible_minimum"):
            object.__setattr__(self, name, _amount(getattr(self, name), name))
        if not _whole(self.freight_times, 0, 1_000) or not _whole(self.deductible_percent, 0, 100):
            raise RuleBroken("claim.policy_limits", field="freight_times", status=400)


@dataclass(frozen=True)
class ApprovalPolicy:
    """Who approves a payout, by the sum over the waybill in yuan, up to and including (CLM-08).

    `above` sign together what is more than the last limit: two people.
    """

    supervisor: Decimal = Decimal("500")
    centre_manager: Decimal = Decimal("5000")
    management: Decimal = Decimal("20000")
    above: Sequence[str] = ("management", "finance")

    def __post_init__(self) -> None:
        for name in LEVELS[:3]:
            object.__setattr__(self, name, _amount(getattr(self, name), name))
        if not self.supervisor < self.centre_manager < self.management:
            raise RuleBroken("claim.policy_levels", field="centre_manager", status=400)
        if isinstance(self.above, str) or len(set(self.above)) < 2 or set(self.above) - set(LEVELS):
            raise RuleBroken("claim.policy_above", field="above", status=400)
        object.__setattr__(self, "above", tuple(self.above))

    def levels(self, total: Decimal) -> tuple[str, ...]:
        """Whose signatures a sum over the waybill needs."""
        for level in LEVELS[:3]:
            if total <= getattr(self, level):
                return (level,)
        return tuple(self.above)

    def level_above(self, total: Decimal) -> str:
        """One level more than the sum needs: who may override a rule's result. The highest is its own."""
        needed = self.levels(total)[0]
        place = LEVELS.index(needed)
        return LEVELS[min(place + 1, LEVELS.index("management"))]


@dataclass(frozen=True)
class ClaimPolicy:
    """Terms and reserves of claims.

    Days until the claim is acknowledged, and until it is answered, simple or serious, and until the claimant is asked
    again for a reply: working days or calendar days, as `counted` says. Days to pay after the price is agreed (CLM-14).
    A key is a profile (CN-EXPRESS, US-CARMACK); the general row is CN-LTL. `reserves` is the expected payout of a claim
    by kind (CLM-17), taken where nothing is claimed yet. Hours after a clean signed receipt, and days for hidden
    damage, after which notice is late, and days after the promised one at which goods that have not arrived are a loss
    (CLM-19). `objection_days` are working days (CLM-15). `payee_days`: within so
    many days the same payee again is warned of (CLM-13). Hours in which a department answers what it is asked (CLM-03)
    and in which an insurer is told; `wage_percent`: the part of a month's wage that may be kept back (CLM-11);
    `confirm_…`: who confirms the result of the investigation (CLM-03).
    """

    counted: str = "working"
    acknowledge_days: int = 1
    answer_days_simple: int = 2
    answer_days_serious: int = 5
    reply_days: int = 3
    pay_days: int = 7
    objection_days: int = 3
    notice_hours: int = 24
    hidden_days: int = 7
    lost_days: int = 30
    payee_days: int = 30
    evidence_hours: int = 24
    insurer_hours: int = 48
    wage_percent: int = 20
    confirm_simple: str = "supervisor"
    confirm_serious: str = "centre_manager"
    reserve_damage: Decimal = Decimal("500")
    reserve_shortage: Decimal = Decimal("800")
    reserve_loss: Decimal = Decimal("1500")

    def __post_init__(self) -> None:
        for name in (
            "acknowledge_days", "answer_days_simple", "answer_days_serious", "reply_days", "pay_days", "objection_days",
            "notice_hours", "hidden_days", "lost_days", "payee_days", "evidence_hours",
            "insurer_hours",
        ):  # fmt: skip
            value = getattr(self, name)
            if not _whole(value, 1, 3_650):
                raise RuleBroken("claim.policy_term", field=name, status=400, least=1, most=3650)
        if not _whole(self.wage_percent, 1, 100):
            raise RuleBroken("claim.policy_term", field="wage_percent", status=400, least=1, most=100)
        for name in ("confirm_simple", "confirm_serious"):
            if getattr(self, name) not in LEVELS:
                raise RuleBroken("claim.policy_above", field=name, status=400)
        if self.counted not in ("working", "calendar"):
            raise RuleBroken("claim.policy_counted", field="counted", status=400)
        for name in ("reserve_damage", "reserve_shortage", "reserve_loss"):
            object.__setattr__(self, name, _amount(getattr(self, name), name))

    def reserve(self, kind: str) -> Decimal:
        """The expected payout of a claim of that kind."""
        found: Decimal = getattr(self, f"reserve_{kind}")
        return found


@dataclass(frozen=True)
class VoucherPolicy:
    """Payout vouchers of a branch (its key is the department's code): days they are valid, and the figures by which the
    branch stands in the number; '' is the department's own figure (CLM-09)."""

    valid_days: int = 30
    branch_code: str = ""

    def __post_init__(self) -> None:
        if not _whole(self.valid_days, 1, 3_650):
            raise RuleBroken("claim.policy_term", field="valid_days", status=400, least=1, most=3650)
        code = self.branch_code
        if not isinstance(code, str) or len(code) > 12 or (code and not (code.isascii() and code.isalnum())):
            raise RuleBroken("claim.policy_branch_code", field="branch_code", status=400, most=12)

    @staticmethod
    def check_among(values: Mapping[str, VoucherPolicy]) -> None:
        """Two branches never have one code; a code is for one branch, so the general row has none."""
        codes = [value.branch_code.upper() for value in values.values() if value.branch_code]
        if len(codes) != len(set(codes)) or ("" in values and values[""].branch_code):
            raise RuleBroken("claim.policy_branch_codes", field="branch_code", status=400)

"""Splitting, capital amounts, the payout and who approves it (MON-01 to MON-04, CLM-06, CLM-08)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.domain.money import capitals, split, to_fen, to_yuan
from claims.domain.payout import Case, Method, work_out
from claims.domain.policy import ApprovalPolicy, ClaimPolicy, PayoutPolicy, VoucherPolicy
from servicecenter.kernel.errors import RuleBroken
from tests.faults.counts import FULL

THIRDS = [("loader", Fraction(1, 3)), ("driver", Fraction(1, 3)), ("branch", Fraction(1, 3))]


class TestSplit:
    """MON-02."""

    @pytest.mark.parametrize(
        ("fen", "shares", "parts"),
        [
            pytest.param(
                100_00, THIRDS, {"loader": 33_34, "driver": 33_33, "branch": 33_33}, id="MON-02-thirds"
            ),
            pytest.param(1, THIRDS, {"loader": 1, "driver": 0, "branch": 0}, id="MON-02-one-fen"),
            pytest.param(
                100_01,
                [("driver", Fraction(3, 10)), ("loader", Fraction(7, 10))],
                {"driver": 30_00, "loader": 70_01},
                id="MON-02-three-to-seven",
            ),
            pytest.param(
                168_032, THIRDS, {"loader": 56_011, "driver": 56_011, "branch": 56_010}, id="the-mock-up"
            ),
            pytest.param(0, THIRDS, {"loader": 0, "driver": 0, "branch": 0}, id="zero"),
            pytest.param(5, [("a", Fraction(0)), ("b", Fraction(1))], {"a": 0, "b": 5}, id="a-zero-share"),
        ],
    )
    def test_the_fen_left_over_go_to_the_largest_parts_then_by_party_order(
        self, fen: int, shares: list[tuple[str, Fraction]], parts: dict[str, int]
    ) -> None:
        assert split(fen, shares) == parts
        assert list(split(fen, shares)) == [party for party, _share in shares]

    @settings(max_examples=100_000 if FULL else 150, deadline=None)
    @given(st.integers(0, 10**14), st.lists(st.integers(0, 1_000), min_size=1, max_size=7).filter(any))
    def test_parts_sum_to_the_total_and_none_is_a_fen_off(self, fen: int, weights: list[int]) -> None:
        """MON-03."""
        shares = [(f"p{n}", Fraction(weight, sum(weights))) for n, weight in enumerate(weights)]
        parts = split(fen, shares)
        assert sum(parts.values()) == fen
        assert all(
            part >= 0 and abs(part - share * fen) < 1
            for part, (_p, share) in zip(parts.values(), shares, strict=True)
        )

    @settings(max_examples=20_000 if FULL else 50, deadline=None)
    @given(
        st.integers(0, 10**9),
        st.permutations([Fraction(1, 7), Fraction(2, 7), Fraction(3, 7), Fraction(1, 14), Fraction(1, 14)]),
    )
    def test_a_larger_share_never_pays_less(self, fen: int, shares: list[Fraction]) -> None:
        parts = split(fen, [(str(n), share) for n, share in enumerate(shares)])
        ordered = sorted(zip(shares, parts.values(), strict=True))
        assert all(low[1] <= high[1] for low, high in pairwise(ordered) if low[0] < high[0])

    @pytest.mark.parametrize(
        "shares",
        [
            [("a", Fraction(1, 2))],
            [("a", Fraction(1, 2)), ("a", Fraction(1, 2))],
            [("a", Fraction(3, 2)), ("b", Fraction(-1, 2))],
        ],
        ids=["less-than-one", "twice", "negative"],
    )
    def test_shares_that_are_none_are_refused(self, shares: list[tuple[str, Fraction]]) -> None:
        with pytest.raises(ValueError, match=r"."):
            split(100, shares)

    def test_a_part_of_a_fen_is_never_rounded_silently(self) -> None:
        with pytest.raises(ValueError, match="whole number of fen"):
            to_fen(Decimal("0.001"))
        assert to_yuan(to_fen(Decimal("1680.32"))) == Decimal("1680.32")


class TestCapitals:
    """MON-04."""

    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            ("1409.50", "壹仟肆佰零玖元伍角"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
            ("107000.53", "壹拾万柒仟元零伍角叁分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("0.50", "伍角"),
            ("10010", "壹万零壹拾元整"),
            ("100000000.05", "壹亿元零伍分"),
            ("0", "零元整"),
            ("0.07", "柒分"),
            ("100001000", "壹亿零壹仟元整"),
            ("10001000", "壹仟万壹仟元整"),
            ("105.00", "壹佰零伍元整"),
        ],
    )
    def test_an_amount_has_one_spelling(self, amount: str, words: str) -> None:
        assert capitals(Decimal(amount), prefix=False) == words
        assert capitals(Decimal(amount)) == "人民币" + words

    def test_traditional_characters(self) -> None:
        assert capitals(Decimal("16409.26"), "zh-Hant") == "人民幣壹萬陸仟肆佰零玖元貳角陸分"

    @settings(max_examples=100_000 if FULL else 100, deadline=None)
    @given(st.integers(0, 10**14 - 1))
    def test_the_words_are_read_back_as_the_amount(self, fen: int) -> None:
        assert _read(capitals(to_yuan(fen), prefix=False)) == fen

    @pytest.mark.parametrize("amount", ["-0.01", "0.001", "1000000000000"])
    def test_what_cannot_be_written_is_refused(self, amount: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            capitals(Decimal(amount))


def _read(words: str) -> int:
    """Capital amounts read back, by other means than they are written."""
    digits, units = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1000}
    small = {"元": 100, "角": 10, "分": 1}
    fen = section = digit = 0
    yuan = 0
    for sign in words.removesuffix("整"):
        if sign in digits:
            digit = digits.index(sign)
        elif sign in units:
            section += digit * units[sign]
            digit = 0
        elif sign == "万":
            yuan += (section + digit) * 10_000
            section = digit = 0
        elif sign == "亿":
            yuan = (yuan + section + digit) * 10**8
            section = digit = 0
        elif sign == "元":
            fen += (yuan + section + digit) * 100
            section = digit = 0
        else:
            fen += digit * small[sign]
            digit = 0
    return fen


def _case(*, exclusion: str = "", cap_told: bool = False, **amounts: str) -> Case:
    known = {"loss": "1000.00", **amounts}
    return Case(
        **{name: Decimal(amount) for name, amount in known.items()},  # type: ignore[arg-type]
        exclusion=exclusion,
        cap_told=cap_told,
    )


class TestPayout:
    """CLM-06: by policy, every step shown."""

    @pytest.mark.parametrize(
        ("case", "method", "amount", "warnings"),
        [
            pytest.param(
                _case(declared_value="5000.00", goods_value="5000.00"), Method.INSURED, "1000.00", (), id="in-full"
            ),
            pytest.param(
                _case(declared_value="3000.00", goods_value="4500.00"), Method.UNDERINSURED, "666.67", (),
                id="under-insured-in-proportion",
            ),
            pytest.param(
                _case(declared_value="600.00", goods_value="600.00"), Method.INSURED, "600.00", (),
                id="never-above-what-was-declared",
            ),
            pytest.param(
                _case(declared_value="5000.00"), Method.INSURED, "1000.00", ("payout.value_unknown",),
                id="value-not-known-warns",
            ),
            pytest.param(
                _case(freight="80.00", cap_told=True), Method.CAP_FREIGHT, "240.00", (), id="three-times-the-freight"
            ),
            pytest.param(
                _case(freight="800.00", cap_told=True), Method.CAP_FREIGHT, "1000.00", (), id="the-cap-is-no-minimum"
            ),
            pytest.param(
                _case(freight="80.00"), Method.ACTUAL, "1000.00", ("payout.cap_not_told",),
                id="no-cap-without-proof-that-it-was-told",
            ),
            pytest.param(
                _case(cap_told=True), Method.ACTUAL, "1000.00", ("payout.limit_unknown",), id="freight-not-known"
            ),
            pytest.param(_case(exclusion="packing"), Method.EXCLUDED, "0.00", (), id="excluded-is-zero"),
            pytest.param(
                Case(Decimal("0.00")), Method.ACTUAL, "0.00", ("payout.limit_unknown",), id="CLM-04-zero-stays-zero"
            ),
        ],
    )  # fmt: skip
    def test_the_amount_follows_the_case(
        self, case: Case, method: Method, amount: str, warnings: tuple[str, ...]
    ) -> None:
        found = work_out(case, PayoutPolicy())
        assert (found.method, found.amount, found.warnings) == (method, Decimal(amount), warnings)
        assert found.steps[0].amount == case.loss
        assert found.steps[-1].amount == found.amount

    def test_a_deductible_is_taken_from_insured_goods(self) -> None:
        policy = PayoutPolicy(deductible_percent=5, deductible_minimum=Decimal("100"))
        found = work_out(_case(declared_value="5000.00", goods_value="5000.00"), policy)
        assert found.amount == Decimal("900.00")
        assert [step.code for step in found.steps] == ["payout.loss", "payout.deductible"]

    def test_by_weight(self) -> None:
        policy = PayoutPolicy(uninsured="cap_weight", per_kg=Decimal("12.50"))
        assert work_out(_case(weight="20.5", cap_told=True), policy).amount == Decimal("256.25")

    def test_actual_value_needs_no_limit_and_warns_of_none(self) -> None:
        found = work_out(_case(), PayoutPolicy(uninsured="actual"))
        assert (found.amount, found.warnings) == (Decimal("1000.00"), ())

    def test_negative_amounts_are_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            work_out(_case(loss="-1.00"), PayoutPolicy())


class TestApprovalLevels:
    """CLM-08."""

    @pytest.mark.parametrize(
        ("total", "levels", "above"),
        [
            ("0.00", ("supervisor",), "centre_manager"),
            ("500.00", ("supervisor",), "centre_manager"),
            ("500.01", ("centre_manager",), "management"),
            ("5000.00", ("centre_manager",), "management"),
            ("20000.00", ("management",), "management"),
            ("20000.01", ("management", "finance"), "management"),
        ],
    )
    def test_the_sum_over_the_waybill_says_who_signs(
        self, total: str, levels: tuple[str, ...], above: str
    ) -> None:
        policy = ApprovalPolicy()
        assert policy.levels(Decimal(total)) == levels
        assert policy.level_above(Decimal(total)) == above

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            (ApprovalPolicy, {"supervisor": "6000"}),
            (ApprovalPolicy, {"above": ["management"]}),
            (ApprovalPolicy, {"above": "management"}),
            (PayoutPolicy, {"uninsured": "gift"}),
            (PayoutPolicy, {"freight_times": -1}),
            (PayoutPolicy, {"deductible_percent": 101}),
            (PayoutPolicy, {"per_kg": "viel"}),
            (ClaimPolicy, {"pay_days": 0}),
            (ClaimPolicy, {"reserve_loss": "-5"}),
            (VoucherPolicy, {"valid_days": 0}),
            (VoucherPolicy, {"branch_code": "05-71"}),
            (VoucherPolicy, {"branch_code": "杭州"}),
        ],
    )
    def test_a_policy_that_contradicts_itself_is_refused(self, kind: type, value: dict[str, Any]) -> None:
        with pytest.raises(RuleBroken):
            kind(**value)

    def test_two_branches_never_have_one_code(self) -> None:
        """CLM-09."""
        east, west = VoucherPolicy(branch_code="0571"), VoucherPolicy(branch_code="0572")
        VoucherPolicy.check_among({"": VoucherPolicy(), "east": east, "west": west})
        for wrong in ({"east": east, "west": east}, {"": east}):
            with pytest.raises(RuleBroken, match="policy_branch_codes"):
                VoucherPolicy.check_among(wrong)

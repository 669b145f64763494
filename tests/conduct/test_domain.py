"""Decisions of conduct without a database (SAN-10, SAN-18, SAN-19)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduct.choices import Measure, SanctionState
from conduct.domain.fines import Verdict, Weight, check_measure, is_outside, weigh
from conduct.domain.lifecycle import SANCTION
from conduct.domain.policy import FinePolicy
from conduct.domain.targets import Target, singles
from servicecenter.kernel.errors import RuleBroken

RANGE = FinePolicy("50.00", "100.00")
NONE = FinePolicy()


def measured(**changed: Any) -> None:
    values = {
        "measure": Measure.FINE, "amount": Decimal("80"), "policy": RANGE, "reason": "", "reason_required": False,
        "range_reason": "", "may_override": False,
    }  # fmt: skip
    check_measure(**{**values, **changed})  # type: ignore[arg-type]


class TestMeasure:
    @pytest.mark.parametrize(
        "changed",
        [
            pytest.param({"amount": Decimal("50")}, id="least"),
            pytest.param({"amount": Decimal("100")}, id="greatest"),
            pytest.param({"amount": Decimal("66.66")}, id="fen"),
            pytest.param({"policy": NONE, "amount": Decimal("9999")}, id="by-circumstance"),
            pytest.param({"measure": Measure.WARNING, "amount": None}, id="warning"),
            pytest.param({"measure": Measure.CRITICISM, "amount": None}, id="criticism"),
            pytest.param(
                {"amount": Decimal("300"), "may_override": True, "range_reason": "第三次"}, id="overridden"
            ),
            pytest.param({"policy": NONE, "reason_required": True, "reason": "媒体曝光"}, id="with-reason"),
        ],
    )
    def test_it_fits(self, changed: dict[str, Any]) -> None:
        measured(**changed)

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            pytest.param({"amount": Decimal("49.99")}, "sanction.range", id="SAN-10-below"),
            pytest.param({"amount": Decimal("100.01")}, "sanction.range", id="SAN-10-above"),
            pytest.param({"amount": Decimal("300"), "range_reason": "第三次"}, "sanction.range", id="SAN-10-no-right"),
            pytest.param({"amount": Decimal("300"), "may_override": True}, "sanction.range_reason_needed",
                         id="SAN-10-no-reason"),
            pytest.param({"amount": None}, "sanction.amount_needed", id="fine-without-amount"),
            pytest.param({"amount": Decimal("0")}, "sanction.amount_form", id="zero"),
            pytest.param({"amount": Decimal("-5")}, "sanction.amount_form", id="negative"),
            pytest.param({"amount": Decimal("80.001")}, "sanction.amount_form", id="MON-01-thousandths"),
            pytest.param({"amount": Decimal("1e13"), "policy": NONE}, "sanction.amount_form", id="too-large"),
            pytest.param({"measure": Measure.WARNING}, "sanction.amount_without_fine", id="warning-with-amount"),
            pytest.param({"measure": Measure.UNDECIDED, "amount": None}, "sanction.measure_needed", id="undecided"),
            pytest.param({"policy": NONE, "reason_required": True, "reason": " "}, "sanction.reason_needed",
                         id="SAN-05-no-reason"),
        ],
    )  # fmt: skip
    def test_it_is_refused(self, changed: dict[str, Any], code: str) -> None:
        with pytest.raises(RuleBroken) as caught:
            measured(**changed)
        assert caught.value.code == code

    @given(st.decimals(min_value="0.01", max_value="10000", places=2))
    def test_inside_the_range_nobody_needs_a_reason_outside_everybody_is_refused(
        self, amount: Decimal
    ) -> None:
        if is_outside(amount, RANGE):
            with pytest.raises(RuleBroken):
                measured(amount=amount)
        else:
            measured(amount=amount)


class TestOneEvent:
    """SAN-18: of several violations in one event the highest counts."""

    @pytest.mark.parametrize(
        ("standing", "further", "proposal", "reason", "verdict"),
        [
            pytest.param("80", "150", True, "", Verdict.REPLACES, id="higher-replaces-a-proposal"),
            pytest.param("80", "80", True, "", Verdict.GIVES_WAY, id="equal-gives-way"),
            pytest.param("80", "20", True, "", Verdict.GIVES_WAY, id="lower-gives-way"),
            pytest.param("80", "150", False, "", Verdict.GIVES_WAY, id="what-is-confirmed-stays"),
            pytest.param("80", "20", True, "性质不同", Verdict.ADDS, id="a-reason-adds"),
            pytest.param(None, "101", True, "", Verdict.REPLACES, id="open-amount-weighs-its-range"),
            pytest.param(None, "100", True, "", Verdict.GIVES_WAY, id="open-amount-weighs-its-range-exactly"),
        ],
    )
    def test_the_highest_counts(
        self, standing: str | None, further: str, proposal: bool, reason: str, verdict: Verdict
    ) -> None:
        assert (
            weigh(
                standing=Weight(Decimal(standing) if standing else None, RANGE),
                further=Weight(Decimal(further), RANGE),
                standing_is_proposal=proposal,
                additional_reason=reason,
            )
            is verdict
        )


class TestLifecycle:
    FACTS = {"by": 9, "proposed_by": 1, "amount_set_by": 2, "measure": "fine", "source_confirmed": True}

    def decide(self, action: str, state: str, **facts: Any) -> str:
        answer = SANCTION.decide(
            action, state=state, facts={**self.FACTS, **facts}, has_right=lambda right: True, reason="因"
        )
        return answer.refusal.code if answer.refusal else "yes"

    @pytest.mark.parametrize("state", SanctionState.values)
    @pytest.mark.parametrize("action", ["set_amount", "confirm", "settle", "withdraw"])
    def test_an_action_is_possible_in_its_states_and_no_other(self, action: str, state: str) -> None:
        allowed = {
            "set_amount": {"proposed"}, "confirm": {"proposed"}, "settle": {"confirmed"},
            "withdraw": {"proposed", "confirmed"},
        }  # fmt: skip
        expected = "yes" if state in allowed[action] else "lifecycle.wrong_state"
        assert self.decide(action, state) == expected

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            pytest.param({"by": 1}, "sanction.four_eyes", id="SAN-10-proposer"),
            pytest.param({"by": 2}, "sanction.four_eyes_amount", id="SAN-10-amount-setter"),
            pytest.param(
                {"by": 2, "proposed_by": None}, "sanction.four_eyes_amount", id="SAN-10-systems-draft"
            ),
            pytest.param({"proposed_by": None, "amount_set_by": None}, "yes", id="nobody-of-ours"),
            pytest.param({"measure": "undecided"}, "sanction.measure_needed", id="undecided"),
            pytest.param({"source_confirmed": False}, "sanction.source_unconfirmed", id="SAN-10-source"),
        ],
    )
    def test_four_eyes(self, facts: dict[str, Any], code: str) -> None:
        assert self.decide("confirm", "proposed", **facts) == code

    def test_every_state_is_reachable_and_ends_are_ends(self) -> None:
        assert SANCTION.reachable("proposed") == frozenset(SanctionState.values)
        assert SANCTION.reachable("settled") == {"settled"}
        assert SANCTION.reachable("withdrawn") == {"withdrawn"}


class TestTargets:
    def test_department_and_person_separately_each_once(self) -> None:
        """SAN-09."""
        targets = [Target(7, 3), Target(employee_id=7), Target(8, 3)]
        assert singles(targets) == [Target(department_id=3), Target(employee_id=7), Target(employee_id=8)]

    def test_a_target_is_somebody(self) -> None:
        with pytest.raises(ValueError, match="person"):
            Target()


class TestPolicy:
    @pytest.mark.parametrize(
        ("low", "high", "code"),
        [
            ("50", None, "fine.pair"),
            (None, "50", "fine.pair"),
            ("100", "50", "fine.order"),
            ("0", "50", "fine.amount"),
            ("x", "50", "fine.amount"),
            ("1.001", "50", "fine.amount"),
            ("NaN", "50", "fine.amount"),
        ],
    )
    def test_a_range_is_two_amounts_in_order(self, low: str | None, high: str | None, code: str) -> None:
        with pytest.raises(RuleBroken) as caught:
            FinePolicy(low, high)
        assert caught.value.code == code

"""Which clocks of a claim run, and how each ends (CLM-14)."""

from __future__ import annotations

import pytest

from claims.choices import PayoutState
from claims.domain.clocks import days, is_met, is_working, running
from claims.domain.policy import ClaimPolicy

ACKNOWLEDGE, ANSWER, REPLY, PAYMENT = "claim_acknowledge", "claim_answer", "claim_reply", "claim_payment"


@pytest.mark.parametrize(
    ("state", "answered", "clocks"),
    [
        ("reported", False, {ACKNOWLEDGE, ANSWER}),
        ("investigating", False, {ANSWER}),
        ("assessed", False, {ANSWER}),
        ("assessed", True, {REPLY}),
        ("negotiated", True, {PAYMENT}),
        ("approved", True, {PAYMENT}),
        ("voucher_issued", True, {PAYMENT}),
        ("paid", True, set()),
        ("closed", True, set()),
        ("rejected", False, set()),
        ("withdrawn", False, set()),
        ("litigation", False, set()),
    ],
)
def test_what_runs_in_each_state(state: str, answered: bool, clocks: set[str]) -> None:
    assert running(state, answered=answered) == clocks


def test_every_state_that_waits_for_somebody_has_a_clock() -> None:
    silent = {state for state in PayoutState.values if not running(state, answered=False)}
    assert silent == {"paid", "closed", "rejected", "withdrawn", "litigation"}


def test_rejecting_answers_and_withdrawing_does_not() -> None:
    assert is_met(ANSWER, "rejected") and is_met(ACKNOWLEDGE, "investigating")
    assert not is_met(ANSWER, "withdrawn") and not is_met(ANSWER, "litigation")


def test_a_payment_is_met_by_paying_alone() -> None:
    assert is_met(PAYMENT, "paid")
    assert not is_met(PAYMENT, "assessed"), "the price is open again: neither kept nor missed"


def test_the_terms_are_those_of_road_freight_unless_the_profile_says_otherwise() -> None:
    house, carmack = (
        ClaimPolicy(),
        ClaimPolicy(counted="calendar", acknowledge_days=30, answer_days_simple=120),
    )
    assert [days(ACKNOWLEDGE, house, gravity="simple"), days(PAYMENT, house, gravity="simple")] == [1, 7]
    assert [days(ANSWER, house, gravity=gravity) for gravity in ("simple", "serious")] == [2, 5]
    assert days(ACKNOWLEDGE, carmack, gravity="simple") == 30
    assert (is_working(ANSWER, house), is_working(PAYMENT, house), is_working(ANSWER, carmack)) == (
        True,
        False,
        False,
    )

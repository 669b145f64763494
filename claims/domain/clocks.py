"""Which clocks of a claim run, how each ends, how long each is (CLM-14); pure, over the payout track alone."""

from __future__ import annotations

from claims.choices import ENDED_STATES as ENDED
from claims.choices import UNTIMED_STATES, ClaimClock, Gravity
from claims.domain.policy import ClaimPolicy

BEFORE_ANSWER = ("reported", "investigating", "assessed")
# The matter is taken from us: what ran then was neither kept nor missed.
TAKEN_AWAY = ("withdrawn", "litigation")


def running(state: str, *, answered: bool) -> frozenset[ClaimClock]:
    """What runs now. `answered`: an offer stands, so that the claimant has the word."""
    if state in UNTIMED_STATES or state in ENDED:
        return frozenset()
    if state not in BEFORE_ANSWER:
        return frozenset({ClaimClock.PAYMENT})
    clocks = {ClaimClock.REPLY if answered else ClaimClock.ANSWER}
    if state == "reported":
        clocks.add(ClaimClock.ACKNOWLEDGE)
    return frozenset(clocks)


def is_met(clock: str, state: str) -> bool:
    """Whether a clock that ends in this state has done its work; otherwise it is set aside.

    Rejecting is an answer. A payment that is not made any more (the price is open again) was not late.
    """
    if state in TAKEN_AWAY:
        return False
    return clock != ClaimClock.PAYMENT or state in ("paid", "closed")


def days(clock: str, policy: ClaimPolicy, *, gravity: str) -> int:
    """So many days, working or calendar as the policy counts (`is_working`)."""
    if clock == ClaimClock.ANSWER:
        return policy.answer_days_serious if gravity == Gravity.SERIOUS else policy.answer_days_simple
    return {
        ClaimClock.ACKNOWLEDGE.value: policy.acknowledge_days,
        ClaimClock.REPLY.value: policy.reply_days,
        ClaimClock.PAYMENT.value: policy.pay_days,
    }[clock]


def is_working(clock: str, policy: ClaimPolicy) -> bool:
    """Acknowledging, answering and being answered count in working days, where the profile does; paying never."""
    return policy.counted == "working" and clock != ClaimClock.PAYMENT

"""Two windows and one voucher, paying against making void, numbers drawn at once (faults 16, 17; CLM-09, CLM-10)."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import pytest

from claims import services
from claims.models import Claim, Voucher, VoucherCounter
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests.claims import cases
from tests.faults.counts import times
from tests.faults.races import Outcome, race, values
from tests.faults.sound import assert_sound

pytestmark = pytest.mark.usefixtures("committed")
_bills = itertools.count(1)


@pytest.fixture(scope="module")
def crew(committed: None) -> cases.Crew:
    return cases.Crew()


def new_bill() -> Any:
    return cases.waybill(f"8621{next(_bills):07}")


def refusal(outcome: Outcome) -> RuleBroken:
    """What the loser is told: a rule, never an error of the database."""
    assert isinstance(outcome.problem, RuleBroken), repr(outcome.problem)
    return outcome.problem


def test_of_two_cashiers_with_one_voucher_one_pays_and_the_other_is_told_by_whom_and_when(
    crew: cases.Crew,
) -> None:
    cashiers = (crew.cashier, crew.second_cashier)
    for _turn in range(times(4, 200)):
        voucher = cases.issued(crew, bill=new_bill(), at=now_db())
        windows = race(*(partial(cases.pay, voucher, by, at=None) for by in cashiers))
        (winner,) = [by for by, window in zip(cashiers, windows, strict=True) if window.won]
        (loser,) = [window for window in windows if not window.won]
        voucher.refresh_from_db()
        assert (voucher.state, voucher.paid_by) == ("paid", winner)
        told = refusal(loser)
        assert (told.code, told.params["who"]) == ("voucher.already_paid", str(winner))
        assert told.params["paid_at"] == voucher.paid_at.isoformat()
        paid = TrailEntry.objects.filter(kind="claims.voucher", object_id=voucher.pk, code="voucher.paid")
        assert paid.count() == 1
    assert_sound()


def test_of_paying_and_making_void_at_once_exactly_one_wins(crew: cases.Crew) -> None:
    ends = {"paid": 0, "void": 0}
    for _turn in range(times(4, 200)):
        voucher = cases.issued(crew, bill=new_bill(), at=now_db())
        pay = partial(cases.pay, voucher, crew.cashier, at=None)
        void = partial(services.void_voucher, voucher=voucher, reason="A", by=crew.manager)
        paid, voided = race(pay, void)
        assert paid.won is not voided.won
        voucher.refresh_from_db()
        assert voucher.state == ("paid" if paid.won else "void")
        ends[voucher.state] += 1
        told = refusal(voided if paid.won else paid)
        assert told.code in {
            "voucher.already_paid", "voucher.void", "lifecycle.wrong_state", "claim.no_voucher",
        }  # fmt: skip
        claim = Claim.objects.get(pk=voucher.claim_id)
        assert claim.state == ("paid" if paid.won else "approved")
    assert sum(ends.values()) == times(4, 200)
    assert_sound()


def test_of_two_who_open_a_claim_for_the_same_goods_one_is_told_of_the_other(crew: cases.Crew) -> None:
    """CLM-13."""
    cases.opened(crew, bill=new_bill())
    for _turn in range(times(3, 50)):
        bill = new_bill()
        desks = race(*(partial(cases.opened, crew, bill=bill) for _n in range(2)))
        (made,) = [desk.value for desk in desks if desk.won]
        (loser,) = [desk for desk in desks if not desk.won]
        told = refusal(loser)
        assert (told.code, told.params["number"]) == ("claim.duplicate", made.number)
        assert Claim.objects.get(waybill=bill).pk == made.pk


def test_one_part_issued_twice_at_once_has_one_voucher(crew: cases.Crew) -> None:
    for _turn in range(times(3, 50)):
        (part,) = cases.parted(crew, bill=new_bill())
        issue = partial(services.issue_voucher, part=part, by=crew.adjuster)
        desks = race(issue, issue)
        assert sorted(desk.won for desk in desks) == [False, True]
        (loser,) = [desk for desk in desks if not desk.won]
        assert refusal(loser).code == "voucher.live"
        assert Voucher.objects.filter(part=part).count() == 1
    assert_sound()


def test_numbers_drawn_at_once_are_all_different_and_leave_no_gap(crew: cases.Crew) -> None:
    """Also where one of them is refused after it has drawn its number."""
    for _turn in range(times(2, 30)):
        parts = [cases.parted(crew, bill=new_bill())[0] for _n in range(4)]
        before = {counter.pk: counter.last for counter in VoucherCounter.objects.all()}
        desks = [partial(services.issue_voucher, part=part, by=crew.adjuster) for part in parts]
        made = values(race(*desks, at="claims_vouchercounter"))
        assert len({voucher.number for voucher in made}) == 4
        (counter,) = VoucherCounter.objects.filter(branch_code=made[0].branch_code, month=made[0].month)
        first = before.get(counter.pk, 0) + 1
        assert sorted(voucher.sequence for voucher in made) == list(range(first, first + 4))
        assert counter.last == first + 3
    assert_sound()

"""A policy switch turns fines on people into points (CLM-21)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from claims import services as claims
from claims.queries.accounts import taken_in_months
from conduct import services
from conduct.domain.policy import PointsPolicy
from conduct.models import Sanction, Violation
from servicecenter import policies
from servicecenter.kernel.errors import RuleBroken
from tests import people
from tests.claims import cases
from tests.conduct.cases import AT, NOVEMBER, proposal
from tests.doors import client_of, words


@pytest.mark.parametrize(
    ("amount", "points"),
    [("100", 10), ("50", 5), ("5", 1), ("10.01", 2), ("80.00", 8)],
    ids=["LR-02", "LR-13", "a point begun", "a fen more", "SAN-02"],
)
def test_one_point_stands_for_each_ten_yuan_begun(amount: str, points: int) -> None:
    assert PointsPolicy(fines_as="points").points(Decimal(amount)) == points


def test_fines_stay_money_unless_the_switch_is_on() -> None:
    assert PointsPolicy().points(Decimal("100")) is None


@pytest.mark.parametrize(
    "wrong", [{"fines_as": "beer"}, {"yuan_per_point": "0"}, {"yuan_per_point": "1.001"}]
)
def test_a_policy_that_says_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken, match=r"fine\."):
        PointsPolicy(**wrong)


def switch_on() -> None:
    policies.set_policy(
        code="conduct.points", value={"fines_as": "points", "yuan_per_point": "10"}, by=None, reason="工会协议",
        valid_from=AT - timedelta(days=60),
    )  # fmt: skip


@pytest.mark.django_db
class TestTheSwitch:
    def test_without_it_a_fine_is_money(self) -> None:
        row = proposal(people.user("inspector"))
        assert (row.measure, row.amount, row.points) == ("fine", Decimal("80.00"), None)

    def test_a_fine_on_a_person_becomes_points_and_no_money_is_taken(self) -> None:
        switch_on()
        row = proposal(people.user("inspector"))
        row.refresh_from_db()
        assert (row.measure, row.amount, row.points) == ("points", None, 8)

    def test_the_range_is_still_that_of_the_fine(self) -> None:
        switch_on()
        with pytest.raises(RuleBroken, match=r"sanction\.range"):
            proposal(people.user("inspector"), amount=Decimal("900.00"))

    def test_points_are_set_by_nobody(self) -> None:
        with pytest.raises(RuleBroken, match=r"sanction\.measure_needed"):
            proposal(people.user("inspector"), measure="points", amount=None)

    def test_a_fine_on_a_department_stays_money(self) -> None:
        switch_on()
        row = services.propose(
            violation=Violation.objects.get(code="SAN-02"), source_kind="complaints.complaint", source_id=7,
            source_number="TS261118-10007", department=people.department("branch_east"), month=NOVEMBER,
            measure="fine", amount=Decimal("80.00"), by=people.user("inspector"), at=AT,
        )  # fmt: skip
        assert (row.measure, row.amount, row.points) == ("fine", Decimal("80.00"), None)

    def test_the_amount_set_later_becomes_points_and_is_confirmed_by_another(self) -> None:
        switch_on()
        row = proposal(people.user("inspector"), measure="undecided", amount=None)
        row = services.set_amount(sanction=row, amount=Decimal("60.00"), by=people.user("inspector"), at=AT)
        assert (row.measure, row.points) == ("points", 6)
        done = services.confirm(sanction=row, by=people.user("inspector"), at=AT)
        assert (done.state, done.points) == ("confirmed", 6)

    def test_it_is_said_in_words_where_it_is_decided_and_where_it_stands(self) -> None:
        switch_on()
        inspector = people.user("inspector")
        row = proposal(inspector)
        browser = client_of(inspector)
        assert "¥10.00" in words(browser.get(f"/sanctions/{row.number}/amount/"))
        page = words(browser.get(f"/sanctions/{row.number}/"))
        assert "8 point" in page or "8 分" in page


@pytest.mark.django_db
def test_the_fines_of_the_liability_rules_become_points_and_leave_the_wage_alone() -> None:
    """LR-20, CLM-11: what is kept back of a month's wage counts money alone."""
    switch_on()
    crew = cases.Crew()
    claim = cases.investigated(crew, noter="driver")
    made = claims.determine(claim=claim, by=crew.adjuster, at=cases.AT)
    sanctions = Sanction.objects.filter(source_number=made.claim.number)
    assert {(row.measure, row.amount, row.points) for row in sanctions} == {("points", None, 10)}
    assert taken_in_months(made.shares.get(party="driver")) == {}

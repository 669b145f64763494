"""How a year's facts become a tier, criterion by criterion (CUS-10, CUS-11), and what a new grade does (CUS-12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from customers.domain.grades import Span, placed
from customers.domain.grading import Criterion, GradingFacts, grade, is_gradable
from customers.domain.policy import GradingPolicy, SalesCriteria, TradeCriteria
from customers.domain.visits import due_on
from servicecenter.kernel.errors import RuleBroken

POLICY, TRADE, SALES = GradingPolicy(), TradeCriteria(), SalesCriteria()
GOOD_PAYER: dict[str, Any] = {"bills": 20, "late": 1, "worst_days": 3}


def facts(**given: Any) -> GradingFacts:
    """Facts of a company; every waybill says its freight."""
    amount = Decimal(given.pop("amount", 0))
    return GradingFacts(amount=amount, **{"priced": given.get("sent", 0), **given})


class TestTheSeededReadings:
    """CUS-10: what A, B, C and D look like."""

    @pytest.mark.parametrize(
        ("given", "tier", "points"),
        [
            pytest.param(
                facts(trade="机电", amount=1_860_000, sent=492, **GOOD_PAYER), "A", "100.0", id="CUS-10-A"
            ),
            pytest.param(
                facts(trade="机电", amount=150_000, sent=12, **GOOD_PAYER), "B", "80.0", id="CUS-10-B"
            ),
            pytest.param(facts(trade="五金", amount=30_000, sent=12), "C", "50.0", id="CUS-10-C"),
            pytest.param(facts(trade="五金", amount=900, sent=2), "D", "33.5", id="CUS-10-D"),
        ],
    )
    def test_the_book_s_four_customers(self, given: GradingFacts, tier: str, points: str) -> None:
        found = grade(given, POLICY, TRADE)
        assert (found.tier, found.points, found.most) == (tier, Decimal(points), Decimal(100))

    def test_every_criterion_says_its_level_its_points_and_its_figures(self) -> None:
        found = grade(facts(trade="机电", amount=150_000, sent=12, **GOOD_PAYER), POLICY, TRADE)
        assert [(r.criterion, r.level, str(r.points), int(r.most)) for r in found.reasons] == [
            ("industry", "high", "25.0", 25), ("volume", "fair", "22.5", 30), ("frequency", "ordinary", "12.5", 25),
            ("credit", "high", "20.0", 20),
        ]  # fmt: skip
        assert found.reasons[3].figures == {"bills": 20, "late": 1, "days": 3}
        assert (found.line, found.value, found.growth) == (65, "middle", "middle")


class TestCredit:
    """CUS-10, WBL-14."""

    @pytest.mark.parametrize(
        ("bills", "late", "days", "level"),
        [
            pytest.param(0, 0, 0, "unknown", id="CUS-10-unknown-counts-as-ordinary"),
            pytest.param(10, 1, 15, "high", id="good"),
            pytest.param(10, 1, 16, "ordinary", id="a-day-too-late"),
            pytest.param(10, 5, 3, "low", id="half-of-them-late"),
            pytest.param(10, 1, 61, "low", id="two-months-late"),
        ],
    )
    def test_the_payment_record_decides(self, bills: int, late: int, days: int, level: str) -> None:
        found = grade(facts(sent=1, bills=bills, late=late, worst_days=days), POLICY, TRADE).reasons[3]
        assert (found.criterion, found.level) == (Criterion.CREDIT, level)
        assert (found.points == Decimal(10)) is (level in {"unknown", "ordinary"})


def test_freight_that_nobody_told_us_counts_as_ordinary_not_as_none() -> None:
    found = grade(facts(sent=30, priced=0), POLICY, TRADE).reasons[1]
    assert (found.level, found.points) == ("unknown", Decimal(15))


def test_the_second_preset_weighs_nature_size_sales_and_trend() -> None:
    """CUS-10: the criteria of the other book."""
    found = grade(
        facts(amount=120_000, before=Decimal(100_000), sent=40, sent_before=38, kilograms=Decimal(45_000)),
        POLICY,
        SALES,
    )
    assert [(r.criterion, r.level) for r in found.reasons] == [
        ("nature", "high"), ("size", "fair"), ("sales", "fair"), ("trend", "high"),
    ]  # fmt: skip
    assert (found.tier, found.points, found.growth) == ("A", Decimal("86.3"), "high")


def test_who_never_shipped_is_ungraded_not_d() -> None:
    """CUS-04."""
    assert is_gradable(facts(), "") is False
    assert is_gradable(facts(), "B") is True


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        (GradingPolicy, {"line_b": 90}, "line_b"),
        (GradingPolicy, {"preset": "moon"}, "preset"),
        (GradingPolicy, {"rests_months": 25}, "rests_months"),
        (TradeCriteria, {"credit_points": 30}, "industry_points"),
        (TradeCriteria, {"volume_fair": 400_000}, "volume_fair"),
        (SalesCriteria, {"trend_fair": 30}, "trend_fair"),
    ],
)
def test_a_scoring_that_makes_no_sense_is_refused(kind: Any, given: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        kind(**given)
    assert refused.value.field == field


JAN, MAR, JUN, SEP = (date(2027, month, 1) for month in (1, 3, 6, 9))


class TestGradesSideBySide:
    """CUS-12: history stays, grades never overlap."""

    def test_a_new_grade_ends_the_one_that_holds(self) -> None:
        plan = placed([Span(1, "B", "proposal", JAN, None)], Span(0, "A", "proposal", MAR, None))
        assert (plan.ends, plan.resumed) == (((1, MAR),), None)

    def test_behind_a_grade_by_hand_the_one_before_goes_on(self) -> None:
        plan = placed([Span(1, "B", "proposal", JAN, None)], Span(0, "A", "by_hand", MAR, JUN))
        assert plan.ends == ((1, MAR),)
        assert plan.resumed == Span(0, "B", "resumed", JUN, None)

    def test_the_ungraded_are_ungraded_again_behind_it(self) -> None:
        assert placed([], Span(0, "A", "by_hand", MAR, JUN)).resumed is None

    def test_another_grade_by_hand_takes_the_place_and_the_same_goes_on_behind_it(self) -> None:
        held = [
            Span(1, "B", "proposal", JAN, MAR),
            Span(2, "A", "by_hand", MAR, JUN),
            Span(3, "B", "resumed", JUN, None),
        ]
        plan = placed(held, Span(0, "C", "by_hand", date(2027, 4, 1), SEP))
        assert plan.ends == ((2, date(2027, 4, 1)), (3, JUN))
        assert plan.resumed == Span(0, "B", "resumed", SEP, None)

    def test_a_proposal_does_not_cut_a_grade_by_hand(self) -> None:
        held = [Span(2, "A", "by_hand", JAN, JUN), Span(3, "B", "resumed", JUN, None)]
        with pytest.raises(RuleBroken, match=r"tier\.by_hand_holds"):
            placed(held, Span(0, "C", "proposal", MAR, None))

    def test_nothing_is_put_before_what_is_decided_for_later(self) -> None:
        with pytest.raises(RuleBroken, match=r"tier\.planned"):
            placed([Span(1, "A", "proposal", JUN, None)], Span(0, "C", "proposal", MAR, None))


class TestDueVisit:
    """CUS-21: the later of the last visit and the start of the grade, plus the interval."""

    @pytest.mark.parametrize(
        ("last", "since", "months", "due"),
        [
            pytest.param(date(2026, 10, 22), date(2026, 10, 1), 3, date(2027, 1, 22), id="CUS-21-last-visit"),
            pytest.param(
                date(2026, 5, 2), date(2026, 10, 1), 3, date(2027, 1, 1), id="CUS-21-start-of-the-grade"
            ),
            pytest.param(None, date(2026, 8, 31), 6, date(2027, 2, 28), id="no-such-day"),
            pytest.param(date(2026, 10, 22), date(2026, 10, 1), 0, None, id="CUS-13-none-required"),
            pytest.param(date(2026, 10, 22), None, 3, None, id="ungraded"),
        ],
    )
    def test_a_visit_falls_due(
        self, last: date | None, since: date | None, months: int, due: date | None
    ) -> None:
        assert due_on(last=last, graded_since=since, months=months) == due

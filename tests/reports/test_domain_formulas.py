"""The formulas of the indicators (chapter 06), targets and schedule, and what differs between two revisions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.domain.difference import difference
from reports.domain.formulas import defects_per_million, fen, seconds, share, sigma_level
from reports.domain.policy import SchedulePolicy, TargetPolicy
from reports.domain.snapshot import Chapter, Figure, Snapshot, Unit
from servicecenter.kernel.errors import RuleBroken


@pytest.mark.parametrize(
    ("part", "whole", "parts_of_ten_thousand"),
    [(1, 3, 3333), (2, 3, 6667), (1, 8, 1250), (1, 16, 625), (1, 20_000, 1), (0, 7, 0), (7, 7, 10_000)],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, parts_of_ten_thousand: int) -> None:
    assert share(part, whole) == parts_of_ten_thousand


def test_a_share_of_nothing_is_nothing_and_not_nought() -> None:
    assert share(0, 0) is None
    assert defects_per_million(0, 0) is None
    assert sigma_level(0, 0) is None


def test_3_4_defects_per_million_are_six_sigma() -> None:
    """KPI-08: three opportunities a waybill, the usual shift of 1.5."""
    assert defects_per_million(34, 10_000_000 // 3 + 1) == 3
    assert sigma_level(34, 3_333_334) == 600
    assert sigma_level(10, 20) == 247


def test_where_nothing_or_everything_goes_wrong_there_is_no_sigma_level() -> None:
    assert sigma_level(0, 100) is None
    assert sigma_level(300, 100) is None


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_more_defects_never_give_a_better_level(defects: int, waybills: int) -> None:
    """KPI-08."""
    now, worse = sigma_level(defects, waybills), sigma_level(defects + 1, waybills)
    if now is not None and worse is not None:
        assert worse <= now
    assert (defects_per_million(defects + 1, waybills) or 0) >= (defects_per_million(defects, waybills) or 0)


def test_yuan_become_whole_fen_and_spans_whole_seconds() -> None:
    assert fen(Decimal("1680.32")) == 168_032
    assert fen(None) is None
    assert (seconds(0.5), seconds(Decimal("359.4")), seconds(None)) == (1, 359, None)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"resolution_permille": 1001}, "report.policy_target"),
        ({"dpmo": -1}, "report.policy_target"),
        ({"second_permille": True}, "report.policy_target"),
    ],
)
def test_a_target_is_a_whole_number_within_bounds(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        TargetPolicy(**wrong)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"hour": 24}, "report.policy_hour"),
        ({"language": "fr"}, "report.policy_language"),
        ({"tries": 0}, "report.policy_tries"),
    ],
)
def test_a_schedule_is_checked(wrong: dict[str, Any], code: str) -> None:
    """RPT-25."""
    with pytest.raises(RuleBroken) as refused:
        SchedulePolicy(**wrong)
    assert refused.value.code == code


def snapshot(**values: int | None) -> Snapshot:
    figures = tuple(Figure(code, Unit.COUNT, value) for code, value in values.items())
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Snapshot("RPT-07", date(2026, 10, 1), date(2026, 10, 31), None, at, {}, (Chapter("x", figures),))


def test_two_revisions_differ_in_the_figures_that_changed_came_or_went() -> None:
    """RPT-25: nothing recorded is not nought."""
    before, after = snapshot(a=1, b=2, c=None, gone=4), snapshot(a=1, b=3, c=0, new=5)
    told = [
        (c.code, c.before.value if c.before else "-", c.after.value if c.after else "-")
        for c in difference(before, after)
    ]
    assert told == [("b", 2, 3), ("c", None, 0), ("new", "-", 5), ("gone", 4, "-")]
    assert difference(before, before) == []

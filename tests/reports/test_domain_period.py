"""Periods of the centre's calendar (RPT-25)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from reports.domain.period import Period, parse, period_of
from servicecenter.kernel.errors import RuleBroken

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        # the ISO week: Monday to Sunday; the first of 2026 begins in December
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2026-q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_read_as_it_is_typed_and_written_back(text: str, start: date, end: date) -> None:
    period = parse(text)
    assert (period.start, period.end) == (start, end)
    assert str(period) == text.upper()


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-W54", "2025-W53", "2026-Q5", "26-10", "1999", "2026-10-01"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        parse(text)
    assert refused.value.code == "report.period"


@pytest.mark.parametrize("text", ["2026-01", "2026-W01", "2026-Q1", "2026"])
def test_periods_follow_each_other_without_gap(text: str) -> None:
    period = parse(text)
    assert (period.start - period.previous.end).days == 1
    assert (period.next.start - period.end).days == 1
    assert period.previous.next == period


def test_the_periods_before_are_counted_back_without_end() -> None:
    assert [str(p) for p in islice(parse("2026-02").back(), 4)] == [
        "2026-02",
        "2026-01",
        "2025-12",
        "2025-11",
    ]


def test_a_month_begins_and_ends_at_midnight_of_the_centre() -> None:
    month = parse("2026-10")
    assert month.since(SHANGHAI) == datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert month.until(SHANGHAI) == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert month.closes(SHANGHAI, 6) == datetime(2026, 10, 31, 22, tzinfo=UTC)


def test_a_month_is_as_long_as_its_zone_has_it() -> None:
    """Daylight saving: October has an hour more in Berlin, March one less."""
    berlin = ZoneInfo("Europe/Berlin")
    hours = [
        (m.until(berlin).astimezone(UTC) - m.since(berlin).astimezone(UTC)).total_seconds() / 3600
        for m in (parse("2026-10"), parse("2026-03"))
    ]
    assert hours == [31 * 24 + 1, 31 * 24 - 1]


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="decade"):
        period_of("decade", date(2026, 1, 1))
    assert period_of("week", date(2026, 10, 18)) == Period("week", date(2026, 10, 12), date(2026, 10, 18))

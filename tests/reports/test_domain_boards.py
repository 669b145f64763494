"""What boards work out from counts (RPT-20 to RPT-24)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from reports.domain import boards

QUIET = [0] * 24


def day(**hours: int) -> list[int]:
    """A day by hour: `day(h9=4)`."""
    return [hours.get(f"h{hour}", 0) for hour in range(24)]


def test_the_usual_day_is_the_mean_by_hour_of_the_days_on_which_anything_came() -> None:
    """RPT-20: a day without anything (a holiday, or before the beginning) does not count."""
    usual = boards.usual_hours([day(h9=4, h10=1), day(h9=2), QUIET])
    assert usual[9] == 3.0
    assert usual[10] == 0.5
    assert sum(usual) == 3.5


def test_without_any_day_nothing_is_usual() -> None:
    assert boards.usual_hours([]) == (0.0,) * 24
    assert boards.usual_hours([QUIET, QUIET]) == (0.0,) * 24


def test_of_the_hour_that_runs_the_part_that_has_passed_is_usual() -> None:
    hours = tuple(float(count) for count in day(h8=2, h9=4, h10=9))
    assert boards.usual_until(hours, datetime(2026, 11, 19, 9, 30, tzinfo=UTC)) == 4
    assert boards.usual_until(hours, datetime(2026, 11, 19, 8, 0, tzinfo=UTC)) == 0
    assert boards.usual_until(hours, datetime(2026, 11, 19, 23, 59, tzinfo=UTC)) == 15


def test_an_hour_that_has_not_ended_is_not_shown_yet() -> None:
    known = boards.full_hours(day(h8=3, h9=1), datetime(2026, 11, 19, 9, 59, tzinfo=UTC))
    assert known[8] == 3
    assert known[9] is None
    assert known[7] == 0


def test_the_curve_spans_the_usual_day_and_whatever_lies_outside_it() -> None:
    assert boards.shown_hours(QUIET) == range(8, 19)
    assert boards.shown_hours(day(h6=1), day(h21=1)) == range(6, 22)


def test_the_same_weekday_of_the_last_eight_weeks() -> None:
    days = boards.same_weekdays(date(2026, 11, 19))
    assert (days[0], days[-1], len(days)) == (date(2026, 11, 12), date(2026, 9, 24), 8)
    assert {one.weekday() for one in days} == {3}


def test_months_before_the_first_complaint_are_not_known_and_no_zeros() -> None:
    assert boards.since_the_beginning([0, 0, 3, 0, 2]) == (None, None, 3, 0, 2)
    assert boards.since_the_beginning([0, 0]) == (0, 0)


def test_a_month_is_rolled_up_by_category_and_department_and_by_tier() -> None:
    """RPT-21."""
    month = boards.rolled_up(
        [("delay", 7, "A", 3, 1), ("delay", 7, "", 2, 0), ("delay", None, "A", 1, 0), ("price", 7, "A", 4, 2)]
    )
    assert (month.count, month.second) == (10, 3)
    assert month.tiers == {"A": [8, 3], "": [2, 0]}
    assert [(cell.category, cell.department, cell.count, cell.second) for cell in month.cells] == [
        ("delay", 7, 5, 1),
        ("delay", None, 1, 0),
        ("price", 7, 4, 2),
    ]


def test_a_figure_is_old_after_two_minutes() -> None:
    """RPT-24: the clock recomputes each minute; older than two it stands still."""
    now = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
    assert not boards.is_stale(now - timedelta(seconds=120), now)
    assert boards.is_stale(now - timedelta(seconds=121), now)

"""When steps are due, and what a re-base or a pause makes of them (CMP-22, CMP-36 to CMP-38)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deadlines.choices import StepKind
from deadlines.domain.arithmetic import advance, elapsed
from deadlines.domain.steps import (
    Course,
    Point,
    Terms,
    course,
    outstanding,
    points,
    rebased_due,
    redated,
    resumed,
)
from servicecenter.kernel.worktime import WorkCalendar
from tests.deadlines.test_domain_arithmetic import calendars, moments

TEN = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
H = timedelta(hours=1)
M = timedelta(minutes=1)
TERMS = Terms()
SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE_WEEK = (((480, 720), (810, 1050)),) * 5 + ((), ())
OFFICE = WorkCalendar(SHANGHAI, OFFICE_WEEK)


def of(hours: float, warn: int = 75) -> Course:
    return course(started_at=TEN, terms=Terms(warn_percent=warn), limit_seconds=int(hours * 3600))


def test_the_steps_of_the_24_hours():
    """CMP-37: warning at 75 %, breach at due, 4 and 24 hours later the ladder."""
    assert points(of(24), TERMS) == (
        Point(StepKind.WARNING, TEN + 18 * H),
        Point(StepKind.BREACH, TEN + 24 * H),
        Point(StepKind.LADDER_MANAGER, TEN + 28 * H),
        Point(StepKind.LADDER_ENTERPRISE, TEN + 48 * H),
    )
    assert [step.ordinal for step in points(of(24), TERMS)] == [1, 2, 3, 4]


def test_an_a_tier_is_warned_at_half_time():
    assert of(24, warn=50).warn_at == TEN + 12 * H


def test_the_warning_point_is_measured_in_working_time():
    """Eight working hours from 11:00 to 11:00 next day: 75 % are six, reached at 9:00."""
    start = datetime(2026, 11, 18, 11, 0, tzinfo=SHANGHAI)
    run = course(started_at=start, terms=TERMS, limit_seconds=8 * 3600, calendar=OFFICE)
    assert run.due_at == datetime(2026, 11, 19, 11, 0, tzinfo=SHANGHAI)
    assert run.warn_at == datetime(2026, 11, 19, 9, 0, tzinfo=SHANGHAI)


def test_a_date_from_outside_is_the_due():
    run = course(started_at=TEN, terms=TERMS, due_at=TEN + 40 * H)
    assert run == Course(TEN, TEN + 30 * H, TEN + 40 * H, 40 * 3600)


def test_a_date_from_outside_that_has_passed_is_due_at_once():
    run = course(started_at=TEN, terms=TERMS, due_at=TEN - 2 * H)
    assert run == Course(TEN, TEN - 2 * H, TEN - 2 * H, 0)
    assert [step.due_at for step in points(run, TERMS)] == [
        TEN - 2 * H,
        TEN - 2 * H,
        TEN + 2 * H,
        TEN + 22 * H,
    ]


@pytest.mark.parametrize(
    ("arrival", "paused", "due"),
    [
        pytest.param(3 * H, 0, 27 * H, id="CMP-22-arrival-plus-24"),
        pytest.param(4 * H + 30 * M, 0, 28 * H + 30 * M, id="CMP-22-latest-in-time"),
        pytest.param(5 * H, 0, 28 * H + 30 * M, id="CMP-22-late-routing-wins-nothing"),
        pytest.param(7 * H, 2 * 3600, 30 * H + 30 * M, id="CMP-22-paused-time-not-counted"),
        pytest.param(0 * H, 0, 24 * H, id="CMP-22-at-once"),
    ],
)
def test_the_statement_re_bases_the_24_hours_up_to_the_cap(arrival, paused, due):
    assert (
        rebased_due(
            round_start=TEN,
            arrival=TEN + arrival,
            routing_seconds=1800,
            statement_seconds=4 * 3600,
            resolution_seconds=24 * 3600,
            paused_seconds=paused,
        )
        == TEN + due
    )


def test_a_re_based_clock_warns_at_75_percent_of_its_new_time():
    run = redated(of(24), due_at=TEN + 28 * H, at=TEN + 4 * H, terms=TERMS)
    assert run == Course(TEN, TEN + 21 * H, TEN + 28 * H, 28 * 3600)


def test_time_paused_before_counts_neither_for_the_limit_nor_for_the_warning():
    """Two hours run, ten paused; due 30 hours after the start allows 20 hours of running: the warning is at 15."""
    old = Course(TEN, TEN + 28 * H, TEN + 34 * H, 24 * 3600)
    run = redated(old, due_at=TEN + 30 * H, at=TEN + 12 * H, paused_seconds=10 * 3600, terms=TERMS)
    assert run == Course(TEN, TEN + 25 * H, TEN + 30 * H, 20 * 3600)


def test_a_due_that_is_moved_into_the_past_has_all_its_time_behind_it():
    run = redated(of(24), due_at=TEN + 6 * H, at=TEN + 8 * H, terms=TERMS)
    assert run == Course(TEN, TEN + 6 * H, TEN + 6 * H, 6 * 3600)


def test_a_warning_given_is_not_given_again_unless_it_lies_ahead_again():
    steps = points(of(24), TERMS)
    after_the_warning = outstanding(steps, fired={"warning"}, at=TEN + 19 * H)
    assert [step.kind for step in after_the_warning] == ["breach", "ladder_manager", "ladder_enterprise"]
    before_it = outstanding(steps, fired={"warning"}, at=TEN + 17 * H)
    assert [step.kind for step in before_it] == ["warning", "breach", "ladder_manager", "ladder_enterprise"]


def test_a_step_not_done_that_is_moved_into_the_past_is_caught_up():
    steps = points(of(4), TERMS)
    assert outstanding(steps, fired=set(), at=TEN + 30 * H) == steps


def test_a_pause_moves_warning_due_and_ladder_by_its_length():
    """CMP-38."""
    run, steps = resumed(
        of(24), paused_at=TEN + 2 * H, at=TEN + 7 * H, remaining=points(of(24), TERMS), terms=TERMS
    )
    assert (run.warn_at, run.due_at, run.limit_seconds) == (TEN + 23 * H, TEN + 29 * H, 24 * 3600)
    assert [step.due_at for step in steps] == [TEN + 23 * H, TEN + 29 * H, TEN + 33 * H, TEN + 53 * H]


def test_a_pause_after_the_warning_leaves_the_warning_where_it_was():
    left = points(of(24), TERMS)[1:]
    run, steps = resumed(of(24), paused_at=TEN + 19 * H, at=TEN + 20 * H, remaining=left, terms=TERMS)
    assert (run.warn_at, run.due_at) == (TEN + 18 * H, TEN + 25 * H)
    assert [step.kind for step in steps] == ["breach", "ladder_manager", "ladder_enterprise"]


def test_a_pause_of_an_overdue_clock_moves_the_rest_of_the_ladder_and_not_the_due():
    left = points(of(24), TERMS)[2:]
    run, steps = resumed(of(24), paused_at=TEN + 25 * H, at=TEN + 35 * H, remaining=left, terms=TERMS)
    assert run.due_at == TEN + 24 * H
    assert [step.due_at for step in steps] == [TEN + 38 * H, TEN + 58 * H]


def test_a_pause_over_a_weekend_costs_a_business_clock_its_working_part_only():
    friday = datetime(2026, 11, 20, 16, 30, tzinfo=SHANGHAI)
    run = course(started_at=friday, terms=TERMS, limit_seconds=2 * 3600, calendar=OFFICE)
    moved, _steps = resumed(
        run,
        paused_at=datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI),
        at=datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI),
        remaining=points(run, TERMS),
        terms=TERMS,
        calendar=OFFICE,
    )
    assert run.due_at == datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
    assert moved.due_at == datetime(2026, 11, 23, 10, 30, tzinfo=SHANGHAI)


hours = st.integers(0, 400 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(
    start=moments,
    term=st.integers(60, 30 * 24 * 3600),
    run_for=hours,
    pause=hours,
    cal=st.none() | calendars(),
)
def test_a_pause_moves_due_by_exactly_the_working_part_of_it(start, term, run_for, pause, cal):
    run = course(started_at=start, terms=TERMS, limit_seconds=term, calendar=cal)
    paused_at = start + run_for
    assume(paused_at < run.due_at)
    moved, steps = resumed(
        run,
        paused_at=paused_at,
        at=paused_at + pause,
        remaining=points(run, TERMS)[1:],
        terms=TERMS,
        calendar=cal,
    )
    working = elapsed(paused_at, paused_at + pause, cal)
    assert elapsed(run.due_at, moved.due_at, cal) == pytest.approx(working)
    assert moved.due_at >= run.due_at
    assert elapsed(start, moved.due_at, cal) == pytest.approx(term + working)
    assert [step.due_at for step in steps] == sorted(step.due_at for step in steps)
    assert steps[0].due_at == moved.due_at


@given(
    start=moments,
    term=st.integers(1, 30 * 24 * 3600),
    percent=st.integers(1, 99),
    cal=st.none() | calendars(),
)
def test_the_warning_never_comes_after_the_due(start, term, percent, cal):
    run = course(started_at=start, terms=Terms(warn_percent=percent), limit_seconds=term, calendar=cal)
    assert start <= run.warn_at <= run.due_at
    assert elapsed(start, run.warn_at, cal) == pytest.approx(term * percent / 100)


@given(
    term=st.integers(60, 100 * 3600),
    at=st.integers(0, 120 * 3600),
    due=st.integers(-3600, 200 * 3600),
    cal=st.none() | calendars(),
)
def test_a_moved_due_keeps_start_warning_and_due_in_order(term, at, due, cal):
    old = course(started_at=TEN, terms=TERMS, limit_seconds=term, calendar=cal)
    new_due = TEN + timedelta(seconds=due)
    run = redated(old, due_at=new_due, at=TEN + timedelta(seconds=at), terms=TERMS, calendar=cal)
    assert run.due_at == new_due
    assert run.warn_at <= run.due_at
    assert run.warn_at >= TEN or run.warn_at == run.due_at


@given(term=st.integers(60, 100 * 3600), later=st.integers(0, 100 * 3600), cal=calendars())
def test_the_due_follows_the_arrival_until_the_cap(term, later, cal):
    arrival = TEN + timedelta(seconds=later)
    due = rebased_due(
        round_start=TEN,
        arrival=arrival,
        routing_seconds=1800,
        statement_seconds=term,
        resolution_seconds=86400,
    )
    assert due <= TEN + timedelta(seconds=1800 + term + 86400)
    assert due <= advance(arrival, 86400)

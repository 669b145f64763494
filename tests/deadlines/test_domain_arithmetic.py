"""Adding and measuring time (CMP-36, ORG-07, D18)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deadlines.domain.arithmetic import advance, elapsed, instant
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.worktime import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
HOUR = 3600
OFFICE = ((480, 720), (810, 1050))  # 8:00–12:00, 13:30–17:30
OFFICE_WEEK = (OFFICE,) * 5 + ((), ())


def calendar(zone: ZoneInfo = SHANGHAI, week=OFFICE_WEEK, **exceptions) -> WorkCalendar:
    return WorkCalendar(
        zone, week, {date.fromisoformat(k.replace("_", "-").lstrip("d")): v for k, v in exceptions.items()}
    )


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


# 2026: 1 October is a Thursday; 1–7 October are holidays, Saturday 10 October is a make-up working day.
NATIONAL_DAY = {f"d2026_10_0{n}": () for n in range(1, 8)} | {"d2026_10_10": OFFICE}


@pytest.mark.parametrize(
    ("start", "seconds", "due", "cal"),
    [
        pytest.param("2026-11-18 10:07", 24 * HOUR, "2026-11-19 10:07", None, id="CMP-33-elapsed"),
        pytest.param("2026-12-31 22:00", 4 * HOUR, "2027-01-01 02:00", None, id="CMP-32-over-the-year's-end"),
        pytest.param("2028-02-28 12:00", 24 * HOUR, "2028-02-29 12:00", None, id="leap-day"),
        pytest.param(
            "2026-11-18 09:00", 8 * HOUR, "2026-11-19 09:00", calendar(), id="CMP-34-eight-working-hours"
        ),
        pytest.param("2026-11-18 11:00", 2 * HOUR, "2026-11-18 14:30", calendar(), id="over-the-noon-break"),
        pytest.param("2026-11-18 12:30", HOUR, "2026-11-18 14:30", calendar(), id="begun-in-the-noon-break"),
        pytest.param(
            "2026-11-18 16:30", HOUR, "2026-11-18 17:30", calendar(), id="ends-with-the-shift-not-tomorrow"
        ),
        pytest.param("2026-11-20 17:00", HOUR, "2026-11-23 08:30", calendar(), id="over-the-weekend"),
        pytest.param("2026-11-21 10:00", HOUR, "2026-11-23 09:00", calendar(), id="begun-on-a-Saturday"),
        pytest.param(
            "2026-09-30 17:00",
            HOUR,
            "2026-10-08 08:30",
            calendar(**NATIONAL_DAY),
            id="D18-over-the-national-day",
        ),
        pytest.param(
            "2026-10-09 17:00",
            HOUR,
            "2026-10-10 08:30",
            calendar(**NATIONAL_DAY),
            id="D18-make-up-Saturday-works",
        ),
        pytest.param("2026-10-30 17:00", HOUR, "2026-11-02 08:30", calendar(), id="over-the-month's-end"),
        pytest.param(
            "2026-12-31 17:00", HOUR, "2027-01-04 08:30", calendar(d2027_01_01=()), id="over-the-year's-end"
        ),
        pytest.param(
            "2026-11-18 23:30",
            HOUR,
            "2026-11-19 00:30",
            calendar(week=(((0, 1440),),) * 7),
            id="round-the-clock",
        ),
    ],
)
def test_a_due_time_is_where_the_term_ends(start, seconds, due, cal):
    assert advance(at(start), seconds, cal) == at(due)


def test_no_time_moves_nothing_even_outside_working_hours():
    assert advance(at("2026-11-21 10:00"), 0, calendar()) == at("2026-11-21 10:00")


def test_the_answer_is_in_the_zone_of_the_question():
    due = advance(datetime(2026, 11, 18, 1, 0, tzinfo=UTC), HOUR, calendar())
    assert (due, due.tzinfo) == (datetime(2026, 11, 18, 2, 0, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        pytest.param("2026-11-18 10:00", "2026-11-18 14:00", 2.5 * HOUR, id="noon-break-does-not-count"),
        pytest.param("2026-11-20 17:30", "2026-11-23 08:00", 0, id="weekend-does-not-count"),
        pytest.param("2026-11-16 00:00", "2026-11-23 00:00", 40 * HOUR, id="a-week-has-forty-hours"),
        pytest.param("2026-11-18 14:00", "2026-11-18 10:00", 0, id="backwards-is-nothing"),
    ],
)
def test_working_time_between_two_instants(start, end, seconds):
    assert elapsed(at(start), at(end), calendar()) == seconds


def test_a_calendar_without_shifts_says_so_instead_of_searching_for_ever():
    with pytest.raises(RuleBroken) as refused:
        advance(at("2026-11-18 10:00"), HOUR, calendar(week=((),) * 7))
    assert refused.value.code == "clock.no_working_time"
    assert refused.value.params == {"days": 400}


def test_a_calendar_that_begins_next_month_is_found():
    later = WorkCalendar(SHANGHAI, ((),) * 7, {date(2026, 12, 18): OFFICE})
    assert advance(at("2026-11-18 10:00"), HOUR, later) == at("2026-12-18 09:00")


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="forward"):
        advance(at("2026-11-18 10:00"), -1)


# -- daylight saving (fault 10): Berlin skips 2:00–3:00 on 29 March 2026 and has 2:00–3:00 twice on 25 October 2026.


def test_a_day_of_twenty_three_hours_counts_twenty_three():
    whole = calendar(BERLIN, (((0, 1440),),) * 7)
    assert elapsed(at("2026-03-29 00:00", BERLIN), at("2026-03-30 00:00", BERLIN), whole) == 23 * HOUR


def test_a_day_of_twenty_five_hours_counts_twenty_five():
    whole = calendar(BERLIN, (((0, 1440),),) * 7)
    assert elapsed(at("2026-10-25 00:00", BERLIN), at("2026-10-26 00:00", BERLIN), whole) == 25 * HOUR


def test_a_shift_that_begins_in_the_skipped_hour_begins_at_the_jump():
    nights = calendar(BERLIN, (((150, 300),),) * 7)  # 2:30–5:00
    assert instant(date(2026, 3, 29), 150, BERLIN) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert advance(at("2026-03-29 00:00", BERLIN), 2 * HOUR, nights) == at("2026-03-29 05:00", BERLIN)


def test_a_shift_over_the_repeated_hour_works_it_twice():
    nights = calendar(BERLIN, (((60, 240),),) * 7)  # 1:00–4:00
    assert elapsed(at("2026-10-25 00:00", BERLIN), at("2026-10-25 12:00", BERLIN), nights) == 4 * HOUR


def test_elapsed_time_knows_no_daylight_saving():
    assert advance(at("2026-03-28 12:00", BERLIN).astimezone(UTC), 24 * HOUR) == at(
        "2026-03-29 13:00", BERLIN
    )


# -- properties

moments = st.datetimes(datetime(2025, 12, 1), datetime(2028, 4, 1)).map(lambda d: d.replace(tzinfo=UTC))
terms = st.integers(0, 20 * 24 * HOUR)


@st.composite
def shifts(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True)))
    return tuple(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def calendars(draw):
    week = draw(st.lists(st.one_of(st.just(()), shifts()), min_size=7, max_size=7))
    assume(sum(end - start for day in week for start, end in day) >= 60)
    days = st.dates(date(2025, 12, 1), date(2028, 6, 1))
    exceptions = draw(st.dictionaries(days, st.one_of(st.just(()), shifts()), max_size=12))
    return WorkCalendar(draw(st.sampled_from([SHANGHAI, BERLIN, NEW_YORK])), tuple(week), exceptions)


@given(start=moments, seconds=terms, cal=calendars())
def test_as_much_time_has_run_at_the_due_as_was_allowed(start, seconds, cal):
    assert elapsed(start, advance(start, seconds, cal), cal) == seconds


@given(start=moments, end=moments, cal=calendars())
def test_the_due_of_the_time_run_is_not_later_than_now(start, end, cal):
    assume(start <= end)
    assert advance(start, elapsed(start, end, cal), cal) <= end


@given(start=moments, seconds=terms, cal=calendars(), holiday=st.dates(date(2025, 12, 1), date(2028, 6, 1)))
def test_an_added_holiday_never_makes_a_due_earlier(start, seconds, cal, holiday):
    more = WorkCalendar(cal.zone, cal.week, {**cal.exceptions, holiday: ()})
    assert advance(start, seconds, more) >= advance(start, seconds, cal)


@given(start=moments, less=terms, more=terms, cal=calendars())
def test_a_longer_term_is_never_due_earlier(start, less, more, cal):
    assume(less <= more)
    assert advance(start, less, cal) <= advance(start, more, cal)


@given(early=moments, late=moments, seconds=terms, cal=calendars())
def test_a_later_start_is_never_due_earlier(early, late, seconds, cal):
    assume(early <= late)
    assert advance(early, seconds, cal) <= advance(late, seconds, cal)


@given(start=moments, first=terms, second=terms, cal=calendars())
def test_time_may_be_added_in_parts(start, first, second, cal):
    middle = advance(start, first, cal)
    assert advance(middle, second, cal) == advance(start, first + second, cal) or second == 0


@given(start=moments, middle=moments, end=moments, cal=calendars())
def test_time_run_adds_up(start, middle, end, cal):
    start, middle, end = sorted([start, middle, end])
    assert elapsed(start, middle, cal) + elapsed(middle, end, cal) == pytest.approx(elapsed(start, end, cal))


@given(
    day=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    minutes=st.lists(st.integers(0, 1440), min_size=2, max_size=2),
)
def test_minutes_of_a_day_stand_in_order_whatever_the_zone_does(day, minutes):
    for zone in (BERLIN, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")):
        low, high = sorted(minutes)
        assert instant(day, low, zone) <= instant(day, high, zone)


def test_a_day_that_never_was_has_no_time():
    """Samoa skipped 30 December 2011 altogether."""
    apia = ZoneInfo("Pacific/Apia")
    whole = WorkCalendar(apia, (((0, 1440),),) * 7)
    assert instant(date(2011, 12, 30), 0, apia) == instant(date(2011, 12, 31), 0, apia)
    start = instant(date(2011, 12, 29), 0, apia)
    assert elapsed(start, start + timedelta(days=2), whole) == 48 * HOUR

"""Working calendars from service hours and calendar days (ORG-07, D18)."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from organization.choices import DayKind
from organization.domain.calendar import Day, Hours, build
from organization.domain.shifts import OFFICE_DAY, read, write
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.worktime import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAILY = ((8 * 60, 20 * 60),)
ALL_WEEK = Hours(date(2026, 1, 1), (DAILY,) * 7, works_on_holidays=True)
NATIONAL_DAY = date(2026, 10, 1)  # a Thursday
MAKE_UP_SATURDAY = date(2026, 10, 10)


def calendar(**kwargs: object) -> WorkCalendar:
    defaults = {
        "zone": SHANGHAI,
        "on": date(2026, 9, 1),
        "first": date(2026, 1, 1),
        "last": date(2026, 12, 31),
    }
    return build(**(defaults | kwargs))  # type: ignore[arg-type]


def test_a_department_without_hours_works_in_the_office_week() -> None:
    found = calendar()
    assert found.shifts_on(date(2026, 9, 2)) == ((480, 720), (810, 1050))
    assert found.shifts_on(date(2026, 9, 5)) == ()
    assert found.exceptions == {}


def test_a_holiday_of_the_company_has_no_shifts() -> None:
    found = calendar(company_days={NATIONAL_DAY: Day()})
    assert found.shifts_on(NATIONAL_DAY) == ()
    assert found.shifts_on(date(2026, 10, 8)) == OFFICE_DAY


def test_a_make_up_saturday_is_worked_like_the_friday_before() -> None:
    found = calendar(company_days={MAKE_UP_SATURDAY: Day(DayKind.MAKE_UP)})
    assert found.shifts_on(MAKE_UP_SATURDAY) == OFFICE_DAY
    assert found.shifts_on(date(2026, 10, 11)) == ()


def test_a_department_that_works_on_holidays_keeps_its_week_and_its_saturday() -> None:
    found = calendar(
        hours=[ALL_WEEK],
        company_days={NATIONAL_DAY: Day(), MAKE_UP_SATURDAY: Day(DayKind.MAKE_UP)},
    )
    assert found.shifts_on(NATIONAL_DAY) == DAILY
    assert found.shifts_on(MAKE_UP_SATURDAY) == DAILY


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param(Day(DayKind.HOURS, ((540, 600),)), ((540, 600),), id="other-hours"),
        pytest.param(Day(DayKind.ORDINARY), OFFICE_DAY, id="as-the-week-says"),
        pytest.param(Day(DayKind.MAKE_UP), OFFICE_DAY, id="make-up"),
        pytest.param(Day(DayKind.OFF), (), id="off"),
    ],
)
def test_the_departments_own_day_wins_over_the_companys(own: Day, expected: object) -> None:
    found = calendar(company_days={NATIONAL_DAY: Day()}, own_days={NATIONAL_DAY: own})
    assert found.shifts_on(NATIONAL_DAY) == expected


def test_hours_that_change_hold_on_both_sides_of_the_change() -> None:
    summer = Hours(date(2026, 5, 1), (((420, 660),),) * 5 + ((),) * 2)
    autumn = Hours(date(2026, 10, 1), (((600, 1080),),) * 5 + ((),) * 2)
    found = calendar(hours=[autumn, summer], on=date(2026, 9, 1))
    assert found.shifts_on(date(2026, 4, 30)) == OFFICE_DAY
    assert found.shifts_on(date(2026, 5, 1)) == ((420, 660),)
    assert found.shifts_on(date(2026, 9, 30)) == ((420, 660),)
    assert found.shifts_on(date(2026, 10, 1)) == ((600, 1080),)


@pytest.mark.parametrize(
    ("text", "shifts"),
    [
        pytest.param("8:00-12:00 13:30-17:30", ((480, 720), (810, 1050)), id="usual"),
        pytest.param("08:00–12:00, 13:30—17:30", ((480, 720), (810, 1050)), id="dashes"),
        pytest.param(
            "\uff18\uff1a\uff10\uff10\uff0d\uff11\uff12\uff1a\uff10\uff10", ((480, 720),), id="full-width"
        ),
        pytest.param("0:00至24:00", ((0, 1440),), id="round-the-clock"),
        pytest.param("8.30~20.00", ((510, 1200),), id="dots"),
        pytest.param("  ", (), id="day-off"),
    ],
)
def test_shifts_are_read_as_people_write_them(text: str, shifts: object) -> None:
    assert read(text) == shifts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("eight to twelve", "shifts.unreadable"),
        ("8:00-12:00 and later", "shifts.unreadable"),
        ("8:70-9:00", "shifts.unreadable"),
        ("12:00-8:00", "shifts.order"),
        ("8:00-12:00 11:00-15:00", "shifts.order"),
        ("20:00-25:00", "shifts.order"),
    ],
)
def test_shifts_that_make_no_sense_are_refused(text: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        read(text, "monday")
    assert (refused.value.code, refused.value.field, refused.value.status) == (code, "monday", 400)


def test_written_shifts_are_read_again() -> None:
    assert write(((480, 720), (810, 1440))) == "8:00–12:00 13:30–24:00"
    assert read(write(((480, 720), (810, 1440)))) == ((480, 720), (810, 1440))

"""Turns and gaps of the duty rota (ORG-08)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from organization.choices import DepartmentKind
from organization.domain.policy import DutyPolicy
from organization.domain.rota import Span, gaps, turns
from organization.domain.tree import may_stand
from servicecenter.kernel.errors import RuleBroken

SHANGHAI = ZoneInfo("Asia/Shanghai")
HALVES = ((0, 720), (720, 1440))


def moment(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


def test_people_take_turns_shift_by_shift() -> None:
    planned = turns(
        people=[7, 8, 9], first=date(2026, 11, 16), last=date(2026, 11, 17), shifts=HALVES, zone=SHANGHAI
    )
    assert [turn.employee_id for turn in planned] == [7, 8, 9, 7]
    assert planned[1].span == Span(moment(16, 12), moment(17))


def test_two_halves_of_a_day_leave_no_gap() -> None:
    planned = turns(
        people=[7], first=date(2026, 11, 16), last=date(2026, 11, 30), shifts=HALVES, zone=SHANGHAI
    )
    assert (
        gaps([turn.span for turn in planned], Span(moment(16), datetime(2026, 12, 1, tzinfo=SHANGHAI))) == []
    )


def test_a_gap_before_between_and_after_is_found() -> None:
    covered = [
        Span(moment(16, 14), moment(16, 18)),
        Span(moment(16, 8), moment(16, 12)),
        Span(moment(16, 9), moment(16, 11)),
    ]
    assert gaps(covered, Span(moment(16), moment(17))) == [
        Span(moment(16), moment(16, 8)),
        Span(moment(16, 12), moment(16, 14)),
        Span(moment(16, 18), moment(17)),
    ]


def test_nobody_on_the_rota_is_one_gap() -> None:
    assert gaps([], Span(moment(16), moment(17))) == [Span(moment(16), moment(17))]


def test_the_night_of_a_clock_change_has_its_true_length() -> None:
    new_york = ZoneInfo("America/New_York")
    (only,) = turns(
        people=[7], first=date(2026, 11, 1), last=date(2026, 11, 1), shifts=((0, 1440),), zone=new_york
    )
    utc = ZoneInfo("UTC")
    assert (only.span.end.astimezone(utc) - only.span.start.astimezone(utc)).total_seconds() == 25 * 3600


@pytest.mark.parametrize(
    ("kwargs", "code"),
    [
        ({"people": []}, "rota.nobody"),
        ({"shifts": ()}, "rota.no_shift"),
        ({"last": date(2026, 11, 15)}, "rota.dates"),
        ({"last": date(2027, 11, 17)}, "rota.too_long"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(kwargs: dict[str, object], code: str) -> None:
    usual = {
        "people": [7],
        "first": date(2026, 11, 16),
        "last": date(2026, 11, 17),
        "shifts": HALVES,
        "zone": SHANGHAI,
    }
    with pytest.raises(RuleBroken) as refused:
        turns(**(usual | kwargs))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_org_08_the_rota_is_planned_a_week_ahead_by_default() -> None:
    assert DutyPolicy().rota_days_ahead == 7


@pytest.mark.parametrize("wrong", [0, -1, 61])
def test_a_duty_policy_out_of_range_is_refused(wrong: int) -> None:
    with pytest.raises(RuleBroken):
        DutyPolicy(rota_days_ahead=wrong)


@pytest.mark.parametrize(
    ("kind", "above", "allowed"),
    [
        pytest.param(DepartmentKind.HEAD_OFFICE, None, True, id="ORG-01-root"),
        pytest.param(DepartmentKind.HEAD_OFFICE, DepartmentKind.BRANCH, False, id="ORG-01-one-root"),
        pytest.param(DepartmentKind.SERVICE_CENTRE, None, False, id="ORG-01-centre-is-no-root"),
        pytest.param(DepartmentKind.BRANCH, DepartmentKind.BRANCH_MANAGEMENT, True, id="ORG-01-branch"),
        pytest.param(
            DepartmentKind.BRANCH, DepartmentKind.HEAD_OFFICE, True, id="ORG-01-branch-at-head-office"
        ),
        pytest.param(
            DepartmentKind.FIELD_BUSINESS, DepartmentKind.BUSINESS_MANAGEMENT, True, id="INV-06-dept"
        ),
        pytest.param(
            DepartmentKind.FIELD_BUSINESS, DepartmentKind.HEAD_OFFICE, False, id="INV-06-dept-below-mgmt"
        ),
        pytest.param(DepartmentKind.SITE, DepartmentKind.FIELD_BUSINESS, True, id="INV-06-site"),
        pytest.param(DepartmentKind.SITE, DepartmentKind.BRANCH, False, id="INV-06-site-below-dept"),
        pytest.param(DepartmentKind.BRANCH, DepartmentKind.SITE, False, id="INV-06-nothing-below-a-site"),
    ],
)
def test_kinds_of_department_stand_where_the_book_puts_them(
    kind: str, above: str | None, allowed: bool
) -> None:
    assert may_stand(kind, above) is allowed

"""Where complaints go (CMP-10a to CMP-11) and who must answer (CMP-21), without a database."""

from __future__ import annotations

from datetime import date

import pytest

from complaints.domain.attribution import Attribution, Ticket, attribute
from complaints.domain.routing import Passing, Route, by_cod_state, choose, passings

DAY = date(2026, 11, 18)
MISROUTED = Route("misrouted", department_kind="operations", valid_from=date(2020, 1, 1))
LABEL = Route("misrouted", "label_wrong", "business", valid_from=date(2020, 1, 1))


@pytest.mark.parametrize(
    ("category", "subcase", "with_branch", "expected"),
    [
        pytest.param("late_remittance", "", True, ("branch_procedure", "cod_not_returned"), id="CMP-10b-with-branch"),
        pytest.param("late_remittance", "", False, ("late_remittance", ""), id="CMP-10d-handed-in"),
        pytest.param("late_remittance", "", None, ("late_remittance", ""), id="CMP-10d-unknown"),
        pytest.param("branch_procedure", "cod_not_returned", False, ("late_remittance", ""), id="CMP-11-corrected"),
        pytest.param("branch_procedure", "cod_not_returned", None, ("late_remittance", ""), id="WBL-05-unknown"),
        pytest.param(
            "branch_procedure", "released_before_cod", False, ("branch_procedure", "released_before_cod"),
            id="not-about-late-money",
        ),
        pytest.param("delay", "", True, ("delay", ""), id="not-about-money"),
    ],
)  # fmt: skip
def test_the_cod_state_of_the_waybill_decides_between_branch_and_settlement(
    category: str, subcase: str, with_branch: bool | None, expected: tuple[str, str]
) -> None:
    assert by_cod_state(category, subcase, with_branch=with_branch) == expected


def test_a_subcase_goes_its_own_way_and_others_the_category_s() -> None:
    assert choose([MISROUTED, LABEL], category="misrouted", subcase="label_wrong", on=DAY) == LABEL
    assert choose([MISROUTED, LABEL], category="misrouted", subcase="cause_unknown", on=DAY) == MISROUTED
    assert choose([MISROUTED, LABEL], category="price", subcase="", on=DAY) is None


def test_of_several_rows_the_one_that_began_last_counts() -> None:
    later = Route("misrouted", department_kind="claims", valid_from=DAY)
    assert choose([MISROUTED, later], category="misrouted", subcase="", on=DAY) == later
    assert choose([MISROUTED, later], category="misrouted", subcase="", on=date(2026, 11, 17)) == MISROUTED


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2026, 11, 17), False), (DAY, True), (date(2026, 11, 20), True), (date(2026, 11, 21), False)],
)
def test_a_row_holds_from_its_first_to_its_last_day(day: date, holds: bool) -> None:
    row = Route("price", department_kind="business", valid_from=DAY, valid_until=date(2026, 11, 20))
    assert row.holds_on(day) is holds


@pytest.mark.parametrize(
    ("concerned", "expected"),
    [
        pytest.param(None, (Passing(1, True),), id="nobody-named-the-department-gives-the-statement"),
        pytest.param(1, (Passing(1, True, 9),), id="the-department-itself"),
        pytest.param(
            2, (Passing(2, True, 9), Passing(1, False)), id="CMP-21-the-respondent-and-CMP-35b-the-answer"
        ),
    ],
)
def test_the_respondent_hands_in_the_statement(concerned: int | None, expected: tuple[Passing, ...]) -> None:
    assert passings(routed_to=1, concerned=concerned, employee_id=9 if concerned else None) == expected


@pytest.mark.parametrize(
    ("tickets", "expected"),
    [
        pytest.param(
            [Ticket(1, routed_to=5), Ticket(2, routed_to=6)], Attribution(5), id="first-one-s-department"
        ),
        pytest.param(
            [Ticket(1, routed_to=5, respondent_department=7), Ticket(2, routed_to=6)],
            Attribution(7),
            id="respondent",
        ),
        pytest.param(
            [Ticket(1, respondent_department=7), Ticket(2, respondent_department=8, respondent_employee=80)],
            Attribution(8, 80),
            id="newest-respondent",
        ),
        pytest.param(
            [Ticket(1, respondent_department=7, respondent_employee=70), Ticket(2, respondent_department=7)],
            Attribution(7, 70),
            id="CMP-43-the-person-named-before",
        ),
        pytest.param(
            [Ticket(1, respondent_department=7, respondent_employee=70), Ticket(2, respondent_department=8)],
            Attribution(8, None),
            id="but-not-a-person-of-another-department",
        ),
        pytest.param(
            [
                Ticket(1, respondent_department=7, responsible_department=9, responsible_employee=90),
                Ticket(2, respondent_department=8, respondent_employee=80),
            ],
            Attribution(9, 90),
            id="a-finding-before-any-respondent",
        ),
        pytest.param([Ticket(1)], Attribution(None, None), id="nobody"),
    ],
)
def test_a_service_incident_is_attributed_by_finding_then_respondent_then_routing(
    tickets: list[Ticket], expected: Attribution
) -> None:
    assert attribute(tickets) == expected

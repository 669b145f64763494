"""One event, one fine; how sanctions end; the list that is issued (SAN-10 … SAN-19)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from conduct import services
from conduct.models import MeritIssue, Sanction
from tests import people
from tests.conduct.cases import AT, NOVEMBER, proposal
from tests.refusals import refused

pytestmark = pytest.mark.django_db


class TestOneEventOneFine:
    """SAN-18."""

    def test_the_lower_violation_of_the_same_event_is_refused(self) -> None:
        inspector, person = people.user("inspector"), people.employee("branch_east")
        first = proposal(inspector, employee=person, amount=Decimal("80"))
        problem = refused("sanction.one_event", proposal, by=inspector, violation="SAN-01", employee=person,
                          amount=Decimal("20"))  # fmt: skip
        assert problem.params["number"] == first.number
        assert Sanction.objects.count() == 1

    def test_the_higher_one_takes_the_place_of_the_proposal_visibly(self) -> None:
        inspector, person = people.user("inspector"), people.employee("branch_east")
        first = proposal(inspector, employee=person, amount=Decimal("80"))
        second = proposal(inspector, violation="SAN-03", employee=person, amount=Decimal("150"))
        first.refresh_from_db()
        assert (first.state, second.state) == ("withdrawn", "proposed")
        assert second.number in first.withdrawn_reason

    def test_what_is_confirmed_does_not_give_way(self) -> None:
        inspector, person = people.user("inspector"), people.employee("branch_east")
        first = proposal(inspector, employee=person, amount=Decimal("80"))
        services.confirm(sanction=first, by=people.user("inspector"), at=AT)
        refused("sanction.one_event", proposal, by=inspector, violation="SAN-03", employee=person,
                amount=Decimal("150"))  # fmt: skip

    def test_a_further_one_needs_the_centre_managers_reason(self) -> None:
        person = people.employee("branch_east")
        proposal(people.user("inspector"), employee=person)
        refused("sanction.additional_right", proposal, by=people.user("inspector"), violation="SAN-01",
                employee=person, amount=Decimal("20"), additional_reason="性质不同")  # fmt: skip
        further = proposal(people.user("centre_manager"), "SAN-01", employee=person, amount=Decimal("20"),
                           additional_reason="性质不同")  # fmt: skip
        assert further.additional_reason == "性质不同"
        assert Sanction.objects.filter(state="proposed").count() == 2

    def test_another_event_is_another_matter(self) -> None:
        inspector, person = people.user("inspector"), people.employee("branch_east")
        proposal(inspector, employee=person)
        assert proposal(inspector, employee=person, source_id=8).state == "proposed"

    def test_person_and_department_of_one_event_are_two_targets(self) -> None:
        inspector = people.user("inspector")
        proposal(inspector)
        row = proposal(inspector, department=people.department("branch_east"))
        assert row.state == "proposed"


class TestEnds:
    """SAN-10: confirmed → settled, or withdrawn with a reason."""

    def test_a_proposal_cannot_be_settled(self) -> None:
        row = proposal(people.user("supervisor"))
        refused("lifecycle.wrong_state", services.settle, sanction=row, by=people.user("inspector"), at=AT)

    def test_a_withdrawal_needs_its_reason_and_the_right(self) -> None:
        row = proposal(people.user("supervisor"))
        inspector = people.user("inspector")
        refused("lifecycle.reason_needed", services.withdraw, sanction=row, reason="", by=inspector, at=AT)
        refused(
            "lifecycle.no_right",
            services.withdraw,
            sanction=row,
            reason="误",
            by=people.user("supervisor"),
            at=AT,
        )
        done = services.withdraw(sanction=row, reason="查无此事", by=inspector, at=AT)
        assert (done.state, done.withdrawn_reason, done.withdrawn_by) == ("withdrawn", "查无此事", inspector)

    def test_an_ended_sanction_takes_no_further_act(self) -> None:
        row = proposal(people.user("supervisor"))
        inspector = people.user("inspector")
        services.withdraw(sanction=row, reason="查无此事", by=inspector, at=AT)
        refused("lifecycle.wrong_state", services.confirm, sanction=row, by=inspector, at=AT)
        refused("lifecycle.wrong_state", services.withdraw, sanction=row, reason="再撤", by=inspector, at=AT)


class TestIssuedList:
    """SAN-19: a change after the list was issued appears as a correction in the next."""

    def test_a_month_is_issued_once_when_it_is_over(self) -> None:
        inspector = people.user("inspector")
        refused("merit.month_running", services.issue_merit_list, month=NOVEMBER, by=inspector, at=AT)
        issue = services.issue_merit_list(month=date(2026, 10, 1), by=inspector, at=AT)
        assert (issue.month, issue.issued_at) == (date(2026, 10, 1), AT)
        refused(
            "merit.already_issued", services.issue_merit_list, month=date(2026, 10, 9), by=inspector, at=AT
        )
        assert MeritIssue.objects.count() == 1

    def test_only_those_who_confirm_sanctions_issue_it(self) -> None:
        refused(
            "lifecycle.no_right",
            services.issue_merit_list,
            month=date(2026, 10, 1),
            by=people.user("agent"),
            at=AT,
        )

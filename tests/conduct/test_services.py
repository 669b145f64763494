"""Sanctions and lost merit as services write them (SAN-09 … SAN-19)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conduct import services
from conduct.choices import Measure
from conduct.domain.targets import Target
from conduct.models import MeritDisqualification, Sanction
from servicecenter import policies
from servicecenter.models import TrailEntry
from tests import people
from tests.conduct.cases import AT, INCIDENT, NOVEMBER, drafted, proposal
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch() -> Any:
    return people.department("branch_east")


@pytest.fixture
def xu(branch: Any) -> Any:
    return people.employee(branch, name="许国梁")


class TestDraftsOfAnIncident:
    """SAN-09, CMP-43, CMP-44."""

    def test_department_and_person_are_each_sanctioned_once(self, branch: Any, xu: Any) -> None:
        target = Target(employee_id=xu.pk, department_id=branch.pk)
        made = drafted(target)
        assert [(row.target_department_id, row.target_employee_id) for row in made] == [
            (branch.pk, None),
            (None, xu.pk),
        ]
        again = drafted(target)
        assert again == []
        assert Sanction.objects.count() == 2

    def test_the_draft_is_the_systems_without_amount_and_counts_in_the_month(self, branch: Any) -> None:
        (row,) = drafted(Target(department_id=branch.pk))
        row.refresh_from_db()
        assert (row.state, row.measure, row.amount, row.proposed_by) == ("proposed", "undecided", None, None)
        assert (row.month, row.violation.code, row.proposed_at) == (NOVEMBER, "SAN-09", AT)
        assert row.number.startswith("CF2611-")
        assert (row.source_kind, row.source_id, row.source_number) == (
            "complaints.serviceincident", 41, "SG2611-1203",
        )  # fmt: skip

    def test_a_further_complaint_adds_only_the_new_person(self, branch: Any, xu: Any) -> None:
        drafted(Target(department_id=branch.pk))
        made = drafted(Target(employee_id=xu.pk, department_id=branch.pk))
        assert [row.target_employee_id for row in made] == [xu.pk]

    def test_each_draft_stands_in_the_trail_and_a_repeat_does_not(self, branch: Any, xu: Any) -> None:
        made = drafted(Target(employee_id=xu.pk, department_id=branch.pk))
        drafted(Target(employee_id=xu.pk, department_id=branch.pk))
        entries = TrailEntry.objects.filter(code="sanction.drafted").order_by("id")
        assert [entry.object_id for entry in entries] == [row.pk for row in made]

    def test_two_statements_and_the_trail_however_many_targets(self, branch: Any) -> None:
        targets = [Target(employee_id=people.employee(branch).pk) for _n in range(5)]
        with CaptureQueriesContext(connection) as asked:
            assert len(drafted(*targets)) == 5
        assert len(asked) == 3

    def test_no_target_writes_nothing(self) -> None:
        assert drafted() == []
        assert not TrailEntry.objects.filter(kind="conduct.sanction").exists()


class TestLostMerit:
    """SAN-11, SAN-19."""

    def lost(self, *targets: Target, **changed: Any) -> list[MeritDisqualification]:
        values = {**INCIDENT, "incident_number": "SG2611-1203", "month": NOVEMBER, "by": None, "at": AT}
        return services.disqualify_for_incident(targets=targets, **{**values, **changed})

    def test_department_and_person_lose_the_month_once(self, branch: Any, xu: Any) -> None:
        target = Target(employee_id=xu.pk, department_id=branch.pk)
        assert len(self.lost(target)) == 2
        assert self.lost(target) == []
        assert MeritDisqualification.objects.filter(month=NOVEMBER, withdrawn_at=None).count() == 2

    def test_a_second_incident_of_the_month_is_a_row_of_its_own(self, branch: Any) -> None:
        self.lost(Target(department_id=branch.pk))
        assert len(self.lost(Target(department_id=branch.pk), incident_id=42)) == 1

    def test_a_withdrawn_incident_restores_merit_and_says_why(self, branch: Any, xu: Any) -> None:
        target = Target(employee_id=xu.pk, department_id=branch.pk)
        self.lost(target)
        drafted(target)
        done = services.withdraw_for_incident(**INCIDENT, reason="误登记，已合并", by=None, at=AT)
        assert (done.sanctions, done.disqualifications, done.kept) == (2, 2, 0)
        assert set(Sanction.objects.values_list("state", "withdrawn_reason")) == {
            ("withdrawn", "误登记，已合并")
        }
        assert not MeritDisqualification.objects.filter(withdrawn_at=None).exists()
        assert TrailEntry.objects.filter(code="merit.restored").count() == 2

    def test_withdrawing_leaves_another_incident_alone(self, branch: Any) -> None:
        self.lost(Target(department_id=branch.pk))
        self.lost(Target(department_id=branch.pk), incident_id=42)
        services.withdraw_for_incident(**INCIDENT, reason="误登记", by=None, at=AT)
        assert MeritDisqualification.objects.get(withdrawn_at=None).source_id == 42

    def test_a_settled_sanction_stays_when_the_incident_goes(self, branch: Any) -> None:
        (row,) = drafted(Target(department_id=branch.pk))
        services.set_amount(
            sanction=row, amount=Decimal("300"), reason="两次无人答复", by=people.user("inspector"), at=AT
        )
        other = people.user("inspector")
        services.confirm(sanction=row, by=other, at=AT)
        services.settle(sanction=row, by=other, at=AT)
        done = services.withdraw_for_incident(**INCIDENT, reason="误登记", by=None, at=AT)
        assert (done.sanctions, done.kept) == (0, 1)
        row.refresh_from_db()
        assert row.state == "settled"

    def test_after_the_withdrawal_the_same_incident_may_be_opened_again(self, branch: Any) -> None:
        drafted(Target(department_id=branch.pk))
        services.withdraw_for_incident(**INCIDENT, reason="误登记", by=None, at=AT)
        assert len(drafted(Target(department_id=branch.pk))) == 1

    def test_a_withdrawal_needs_a_reason(self, branch: Any) -> None:
        self.lost(Target(department_id=branch.pk))
        refused(
            "lifecycle.reason_needed", services.withdraw_for_incident, **INCIDENT, reason=" ", by=None, at=AT
        )
        assert MeritDisqualification.objects.filter(withdrawn_at=None).count() == 1


class TestFourEyes:
    """SAN-10: who proposes, or sets the amount, does not confirm."""

    def test_the_proposer_cannot_confirm(self) -> None:
        inspector = people.user("inspector")
        mine = proposal(inspector)
        refused("sanction.four_eyes_amount", services.confirm, sanction=mine, by=inspector, at=AT)
        mine.refresh_from_db()
        assert mine.state == "proposed"

    def test_the_proposer_cannot_confirm_although_another_set_the_amount(self) -> None:
        proposer, other = people.user("inspector"), people.user("inspector")
        row = proposal(proposer, measure=Measure.UNDECIDED, amount=None)
        services.set_amount(sanction=row, amount=Decimal("60"), by=other, at=AT)
        refused("sanction.four_eyes", services.confirm, sanction=row, by=proposer, at=AT)

    def test_whoever_set_the_amount_of_the_systems_draft_cannot_confirm(self, branch: Any) -> None:
        (row,) = drafted(Target(department_id=branch.pk))
        setter, other = people.user("inspector"), people.user("inspector")
        services.set_amount(sanction=row, amount=Decimal("200"), reason="情节一般", by=setter, at=AT)
        refused("sanction.four_eyes_amount", services.confirm, sanction=row, by=setter, at=AT)
        done = services.confirm(sanction=row, by=other, at=AT)
        assert (done.state, done.confirmed_by) == ("confirmed", other)

    def test_an_undecided_measure_cannot_be_confirmed(self, branch: Any) -> None:
        (row,) = drafted(Target(department_id=branch.pk))
        refused("sanction.measure_needed", services.confirm, sanction=row, by=people.user("inspector"), at=AT)

    def test_an_unconfirmed_source_is_confirmed_with_the_sanction_or_not_at_all(self) -> None:
        row = proposal(people.user("supervisor"), source_confirmed=False)
        inspector = people.user("inspector")
        refused("sanction.source_unconfirmed", services.confirm, sanction=row, by=inspector, at=AT)
        done = services.confirm(sanction=row, source_confirmed=True, by=inspector, at=AT)
        assert (done.state, done.source_confirmed) == ("confirmed", True)

    def test_drafts_of_a_suspected_incident_rest_on_a_confirmed_source_after_its_confirmation(
        self, branch: Any
    ) -> None:
        (row,) = drafted(Target(department_id=branch.pk), confirmed=False)
        assert row.source_confirmed is False
        assert services.confirm_source_of_incident(**INCIDENT, by=None, at=AT) == 1
        assert services.confirm_source_of_incident(**INCIDENT, by=None, at=AT) == 0
        row.refresh_from_db()
        assert (row.source_confirmed, row.version) == (True, 2)

    def test_without_the_right_nothing_is_confirmed(self) -> None:
        row = proposal(people.user("supervisor"))
        problem = refused(
            "lifecycle.no_right", services.confirm, sanction=row, by=people.user("supervisor"), at=AT
        )
        assert problem.status == 403
        row.refresh_from_db()
        assert row.state == "proposed"


class TestAmounts:
    """SAN-01 … SAN-09: the range is policy; outside it only a centre manager, with a reason."""

    @pytest.mark.parametrize("amount", ["50.00", "77.50", "100.00"])
    def test_within_the_range(self, amount: str) -> None:
        assert proposal(people.user("inspector"), amount=Decimal(amount)).amount == Decimal(amount)

    @pytest.mark.parametrize("amount", ["49.99", "100.01"])
    def test_outside_the_range_it_is_refused_and_the_range_named(self, amount: str) -> None:
        problem = refused("sanction.range", proposal, by=people.user("inspector"), amount=Decimal(amount))
        assert (problem.params["low"], problem.params["high"]) == (Decimal("50.00"), Decimal("100.00"))
        assert not Sanction.objects.exists()

    def test_a_centre_manager_goes_outside_with_a_reason(self) -> None:
        manager = people.user("centre_manager")
        refused("sanction.range_reason_needed", proposal, by=manager, amount=Decimal("300"))
        row = proposal(manager, amount=Decimal("300"), range_reason="一个月内第三次")
        assert (row.amount, row.range_reason) == (Decimal("300"), "一个月内第三次")

    def test_a_reason_for_the_range_is_not_kept_where_the_amount_fits(self) -> None:
        row = proposal(people.user("centre_manager"), amount=Decimal("60"), range_reason="多余")
        assert row.range_reason == ""

    def test_by_circumstance_needs_a_reason_and_knows_no_range(self) -> None:
        inspector = people.user("inspector")
        refused("sanction.reason_needed", proposal, by=inspector, violation="SAN-05", amount=Decimal("5000"))
        row = proposal(inspector, violation="SAN-05", amount=Decimal("5000"), reason="媒体曝光")
        assert row.amount == Decimal("5000")

    def test_a_warning_has_no_amount(self) -> None:
        inspector = people.user("inspector")
        refused(
            "sanction.amount_without_fine",
            proposal,
            by=inspector,
            violation="SAN-06",
            measure=Measure.WARNING,
        )
        row = proposal(inspector, violation="SAN-06", measure=Measure.WARNING, amount=None)
        assert (row.measure, row.amount) == ("warning", None)

    def test_a_new_policy_changes_the_range(self) -> None:
        policies.set_policy(
            code="conduct.fine",
            key="SAN-02",
            value={"minimum": "100.00", "maximum": "300.00"},
            by=None,
            reason="提高标准",
            valid_from=AT - timedelta(days=1),
        )
        assert proposal(people.user("inspector"), amount=Decimal("300")).amount == Decimal("300")
        refused("sanction.range", proposal, by=people.user("inspector"), amount=Decimal("80"))

    def test_setting_an_amount_again_makes_the_new_setter_count(self) -> None:
        first, second, third = (people.user("inspector") for _n in range(3))
        row = proposal(first)
        row = services.set_amount(sanction=row, amount=Decimal("90"), by=second, at=AT)
        assert (row.amount, row.amount_set_by, row.version) == (Decimal("90"), second, 2)
        refused("sanction.four_eyes_amount", services.confirm, sanction=row, by=second, at=AT)
        assert services.confirm(sanction=row, by=third, at=AT).state == "confirmed"

    def test_a_stale_form_changes_nothing(self) -> None:
        row = proposal(people.user("inspector"))
        services.set_amount(sanction=row, amount=Decimal("90"), by=people.user("inspector"), at=AT)
        refused(
            "lifecycle.stale",
            services.set_amount,
            sanction=row,
            amount=Decimal("55"),
            version=1,
            by=people.user("inspector"),
            at=AT,
        )
        row.refresh_from_db()
        assert row.amount == Decimal("90")

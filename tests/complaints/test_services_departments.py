"""Departments: routing, handing over, returning, waiving, the statement and its 24 hours (CMP-20 to 22, 35a, 35b)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from complaints import services
from complaints.models import Complaint, Handover, Round, Statement
from deadlines.services import sweep
from organization.models import User
from servicecenter import attachments
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Notice, TrailEntry
from tests import people
from tests.complaints.cases import (
    AT,
    Crew,
    after,
    against_east,
    assert_sound,
    clock,
    fresh,
    handover,
    register,
)

pytestmark = pytest.mark.django_db


def codes(row: Complaint) -> list[str]:
    rows = TrailEntry.objects.filter(kind="complaints.complaint", object_id=row.pk).order_by("pk")
    return list(rows.values_list("code", flat=True))


def hand_in(row: Complaint, code: str, by: User, at: datetime, **given: Any) -> Statement:
    return services.hand_in_statement(
        handover=handover(row, code), text="原因是司机漏装。", employee=by.employee, by=by, at=at, **given
    )


class TestStatement:
    def test_in_time_it_answers_and_the_24_hours_run_from_it(self, crew: Crew) -> None:
        """CMP-21, CMP-22: the main journey's third step."""
        row = register(crew.agent, respondent_department_id=None)
        made = hand_in(row, "inspection", crew.inspector, after(hours=2))
        row = fresh(row)
        assert (made.ordinal, made.is_late) == (1, False)
        assert (row.state, row.next_step, row.answered_at) == ("answered", "find", after(hours=2))
        assert clock(row, "statement").state == "met"
        assert clock(row, "resolution").due_at == after(hours=26)
        assert row.due_at == after(hours=26)
        assert Round.objects.get(complaint=row).rebased_at == after(hours=2)
        assert codes(row) == [
            "complaint.registered", "complaint.route", "clock.rebased", "complaint.begin_inquiry", "complaint.hand_in",
            "complaint.all_in",
        ]  # fmt: skip
        told = Notice.objects.get(code="complaint.statement_in")
        assert (told.user, told.params["late"]) == (crew.agent, False)
        assert_sound()

    def test_late_it_is_a_breach_of_the_respondent_and_moves_nothing(self, crew: Crew) -> None:
        """CMP-22: the resolution clock is not re-based."""
        row = register(crew.agent)
        made = hand_in(row, "inspection", crew.inspector, after(hours=4, minutes=1))
        assert made.is_late
        assert handover(row, "inspection").is_late
        assert clock(row, "statement").state == "met_late"
        assert clock(row, "resolution").due_at == after(hours=24)
        assert Round.objects.get(complaint=row).rebased_at is None
        assert fresh(row).state == "answered"
        assert_sound()

    def test_at_the_due_moment_itself_it_is_in_time(self, crew: Crew) -> None:
        row = register(crew.agent)
        assert not hand_in(row, "inspection", crew.inspector, after(hours=4)).is_late
        assert clock(row, "resolution").due_at == after(hours=28)

    def test_late_routing_wins_nothing(self, crew: Crew) -> None:
        """CMP-22: never beyond the start of the round + 30 minutes + 4 hours + 24 hours."""
        row = register(crew.agent, settle="report")
        services.take_over(complaint=row, by=crew.supervisor, at=after(minutes=40))
        services.route(complaint=row, by=crew.supervisor, at=after(hours=5))
        hand_in(row, "inspection", crew.inspector, after(hours=8, minutes=30))
        assert clock(row, "resolution").due_at == after(hours=28, minutes=30)

    def test_a_correction_is_a_further_statement_and_moves_nothing(self, crew: Crew) -> None:
        """CMP-21."""
        row = register(crew.agent)
        hand_in(row, "inspection", crew.inspector, after(hours=1))
        due = clock(row, "resolution").due_at
        corrected = hand_in(row, "inspection", crew.inspector, after(hours=9))
        assert (corrected.ordinal, corrected.is_late) == (2, False)
        assert clock(row, "resolution").due_at == due
        assert Statement.objects.filter(handover__complaint=row).count() == 2
        assert codes(row)[-1] == "complaint.statement_corrected"
        assert fresh(row).state == "answered"

    def test_of_two_the_last_one_counts_once_per_round(self, crew: Crew) -> None:
        """CMP-22: re-based when the last required first statement arrives; a later one moves nothing more."""
        row = against_east(crew.agent)
        services.hand_over(
            complaint=row, department=people.department("branch_west"), demand="说明中转情况", statement_required=True,
            by=crew.agent, at=after(minutes=30),
        )  # fmt: skip
        hand_in(row, "branch_east", crew.handler, after(hours=1))
        assert clock(row, "resolution").due_at == after(hours=24), "one statement is still missing"
        hand_in(row, "branch_west", crew.west, after(hours=2))
        assert clock(row, "resolution").due_at == after(hours=26)
        assert fresh(row).state == "investigating", "inspection's answer is still missing"
        services.hand_over(
            complaint=row, department=people.department("operations"), demand="再核", statement_required=True,
            by=crew.agent, at=after(hours=3),
        )  # fmt: skip
        operations = people.user("handler", department="operations", name="高原")
        hand_in(row, "operations", operations, after(hours=4))
        assert clock(row, "resolution").due_at == after(hours=26)
        assert_sound()

    def test_an_answer_moves_nothing_and_completes_the_round(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        hand_in(row, "branch_east", crew.handler, after(hours=1))
        due = clock(row, "resolution").due_at
        hand_in(row, "inspection", crew.inspector, after(hours=10))
        assert clock(row, "resolution").due_at == due == after(hours=25)
        assert fresh(row).state == "answered"

    def test_another_department_hands_in_nothing(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        for by in (crew.west, crew.inspector):
            with pytest.raises(RuleBroken) as refused:
                hand_in(row, "branch_east", by, after(hours=1))
            assert refused.value.status in {403, 409}
        assert Statement.objects.count() == 0
        assert fresh(row).state == "routed"

    @pytest.mark.parametrize(
        ("text", "code"), [(" ", "complaint.statement_needed"), ("长" * 5001, "complaint.too_long")]
    )
    def test_what_it_must_hold(self, crew: Crew, text: str, code: str) -> None:
        row = register(crew.agent)
        with pytest.raises(RuleBroken) as refused:
            services.hand_in_statement(
                handover=handover(row, "inspection"),
                text=text,
                employee=crew.inspector.employee,
                by=crew.inspector,
            )
        assert (refused.value.code, refused.value.field) == (code, "text")

    def test_a_statement_names_the_person_concerned_and_a_plain_answer_need_not(self, crew: Crew) -> None:
        """CMP-21: the respondent is a department and a person; CMP-35b: an answer is the department's."""
        row = against_east(crew.agent)
        with pytest.raises(RuleBroken) as refused:
            services.hand_in_statement(handover=handover(row, "branch_east"), text="漏装", by=crew.handler)
        assert (refused.value.code, refused.value.field) == ("complaint.statement_person_needed", "employee")
        assert Statement.objects.count() == 0
        assert handover(row, "branch_east").state == "waiting"
        made = services.hand_in_statement(
            handover=handover(row, "inspection"), text="属实", by=crew.inspector, at=after(hours=1)
        )
        assert made.employee is None
        assert handover(row, "inspection").state == "answered"

    def test_its_files_stand_beside_it_and_recordings_with_the_contact(self, crew: Crew, make_file) -> None:  # type: ignore[no-untyped-def]
        """CMP-03, PRV-10."""
        row = register(crew.agent)
        photo = attachments.store(file=make_file("现场.jpg"), by=crew.inspector)
        made = hand_in(row, "inspection", crew.inspector, after(hours=1), attachment_ids=[photo.public_id])
        photo.refresh_from_db()
        assert (photo.kind, photo.object_id, photo.role) == (
            "complaints.complaint",
            row.pk,
            f"statement-{made.pk}",
        )

    def test_the_sweep_records_the_breach_on_the_department(self, crew: Crew) -> None:
        """CMP-21, CMP-37: what the port adds inside the sweep."""
        row = against_east(crew.agent, at=now_db() - timedelta(hours=5))
        sweep()
        assert handover(row, "branch_east").is_late
        assert not handover(row, "inspection").is_late
        entry = TrailEntry.objects.get(code="complaint.statement_breach", object_id=row.pk)
        assert entry.params["department"]["zh-Hans"] == "城东分公司"
        sweep()
        assert codes(row).count("complaint.statement_breach") == 1


class TestTakingUp:
    def test_the_inquiry_begins_once(self, crew: Crew) -> None:
        """CMP-20."""
        row = against_east(crew.agent)
        handed = handover(row, "branch_east")
        services.accept_handover(handover=handed, by=crew.handler, at=after(minutes=5))
        services.accept_handover(handover=handed, by=crew.handler, at=after(minutes=9))
        handed.refresh_from_db()
        assert (handed.accepted_at, handed.accepted_by, handed.state) == (
            after(minutes=5),
            crew.handler,
            "waiting",
        )
        assert fresh(row).state == "investigating"
        assert codes(row)[-2:] == ["complaint.begin_inquiry", "complaint.take_up"]


class TestReturning:
    def test_not_our_department_gives_the_owner_half_an_hour_to_route_again(self, crew: Crew) -> None:
        """CMP-35a."""
        row = register(crew.agent)
        handed = handover(row, "inspection")
        services.return_handover(handover=handed, reason="属运营部", by=crew.inspector, at=after(hours=1))
        row, handed = fresh(row), handover(row, "inspection")
        assert (handed.state, handed.end_reason, handed.is_late) == ("returned", "属运营部", False)
        assert (row.state, row.next_step, row.due_at) == ("routed", "route", after(hours=1, minutes=30))
        assert clock(row, "statement").state == "cancelled"
        assert Notice.objects.get(code="complaint.returned").user == crew.agent
        services.route(
            complaint=row, department=people.department("operations"), reason="监察部退回", by=crew.agent,
            at=after(hours=1, minutes=10),
        )  # fmt: skip
        row = fresh(row)
        assert (row.department.code, row.next_step) == ("operations", "await_statement")
        assert clock(row, "routing").state == "met"
        assert_sound()

    def test_given_back_it_is_not_answered_until_passed_on_or_waived(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        services.return_handover(
            handover=handover(row, "branch_east"), reason="不归我们", by=crew.handler, at=after(hours=1)
        )
        hand_in(row, "inspection", crew.inspector, after(hours=2))
        assert (fresh(row).state, fresh(row).next_step) == ("investigating", "route")
        services.waive(
            handover=handover(row, "branch_east"),
            reason="已由监察部说明",
            by=crew.supervisor,
            at=after(hours=3),
        )
        assert fresh(row).state == "answered"
        assert handover(row, "branch_east").state == "waived"
        assert_sound()

    def test_it_needs_a_reason_and_the_own_department(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        handed = handover(row, "branch_east")
        with pytest.raises(RuleBroken) as refused:
            services.return_handover(handover=handed, reason="", by=crew.handler)
        assert (refused.value.code, refused.value.status) == ("lifecycle.reason_needed", 400)
        with pytest.raises(RuleBroken):
            services.return_handover(handover=handed, reason="x", by=crew.west)
        assert handover(row, "branch_east").state == "waiting"


class TestWaiving:
    def test_the_supervisor_does_without_it_and_the_rest_counts(self, crew: Crew) -> None:
        """CMP-20, CMP-22: what is waived is required no longer."""
        row = against_east(crew.agent)
        services.hand_over(
            complaint=row, department=people.department("branch_west"), demand="说明", statement_required=True,
            by=crew.agent, at=AT,
        )  # fmt: skip
        hand_in(row, "branch_east", crew.handler, after(hours=2))
        assert clock(row, "resolution").due_at == after(hours=24)
        services.waive(
            handover=handover(row, "branch_west"), reason="与之无关", by=crew.supervisor, at=after(hours=3)
        )
        assert clock(row, "resolution").due_at == after(hours=26)
        assert_sound()

    def test_an_agent_waives_nothing(self, crew: Crew) -> None:
        row = register(crew.agent)
        with pytest.raises(RuleBroken) as refused:
            services.waive(handover=handover(row, "inspection"), reason="急", by=crew.agent)
        assert refused.value.code == "lifecycle.no_right"
        assert handover(row, "inspection").state == "waiting"


class TestHandingOver:
    def test_a_further_department_has_the_limit_that_is_set(self, crew: Crew) -> None:
        """CMP-35b."""
        row = register(crew.agent)
        made = services.hand_over(
            complaint=row, department=people.department("settlement"), demand="查打款", limit_hours=2, by=crew.agent,
            at=after(hours=1),
        )  # fmt: skip
        assert made.due_at == after(hours=3)
        assert (made.statement_required, made.by_category) == (False, False)
        assert fresh(row).due_at == after(hours=3)
        later = services.hand_over(
            complaint=row,
            department=people.department("claims"),
            demand="查保价",
            by=crew.agent,
            at=after(hours=1),
        )
        assert later.due_at == after(hours=13)

    def test_an_answered_ticket_goes_on(self, crew: Crew) -> None:
        row = register(crew.agent)
        hand_in(row, "inspection", crew.inspector, after(hours=1))
        services.hand_over(
            complaint=fresh(row),
            department=people.department("claims"),
            demand="定损",
            by=crew.agent,
            at=after(hours=2),
        )
        row = fresh(row)
        assert (row.state, row.next_step, row.answered_at) == ("investigating", "await_statement", None)
        assert codes(row)[-1] == "complaint.ask_further"
        assert_sound()

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"demand": ""}, "complaint.demand_needed"),
            ({"limit_hours": 0}, "complaint.limit"),
            ({"limit_hours": 721}, "complaint.limit"),
            ({"code": "inspection"}, "complaint.already_with"),
        ],
    )
    def test_what_is_refused(self, crew: Crew, given: dict[str, object], code: str) -> None:
        row = register(crew.agent)
        given = {"demand": "说明", **given}
        department = people.department(str(given.pop("code", "claims")))
        with pytest.raises(RuleBroken) as refused:
            services.hand_over(complaint=row, department=department, by=crew.agent, **given)  # type: ignore[arg-type]
        assert refused.value.code == code
        assert Handover.objects.filter(complaint=row).count() == 1

    def test_a_ticket_with_a_department_is_not_routed_again(self, crew: Crew) -> None:
        row = register(crew.agent)
        with pytest.raises(RuleBroken) as refused:
            services.route(complaint=row, department=people.department("claims"), reason="x", by=crew.agent)
        assert refused.value.code == "complaint.already_routed"

    def test_routed_by_the_supervisor_it_needs_no_reason_where_no_rule_stands(self, crew: Crew) -> None:
        """CMP-10k."""
        row = register(crew.agent, category="other")
        with pytest.raises(RuleBroken) as refused:
            services.route(complaint=row, by=crew.supervisor)
        assert refused.value.code == "complaint.no_destination"
        with pytest.raises(RuleBroken) as refused:
            services.route(complaint=row, department=people.department("claims"), by=crew.supervisor)
        assert refused.value.code == "complaint.route_reason_needed"
        services.route(
            complaint=row,
            department=people.department("claims"),
            reason="主管定",
            by=crew.supervisor,
            at=after(minutes=20),
        )
        row = fresh(row)
        assert (row.state, row.department.code) == ("routed", "claims")
        assert clock(row, "supervisor_takes").state == clock(row, "routing").state == "met"

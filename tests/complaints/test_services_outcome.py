"""From the finding to the close: outcome, written notice, follow-up, rounds, corrective action (CMP-22 to CMP-27)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from complaints import services
from complaints.models import Complaint, CorrectiveAction, Finding, FollowUp, Round, WrittenNotice
from deadlines.models import Clock
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import IssuedDocument, Notice, TrailEntry
from tests import people
from tests.complaints.cases import (
    AT,
    Crew,
    after,
    answered,
    assert_sound,
    clock,
    found,
    fresh,
    notified,
    register,
    resolved,
)

pytestmark = pytest.mark.django_db


def follow_up(row: Complaint, crew: Crew, result: str, **given: object) -> FollowUp:
    given.setdefault("at", after(hours=30))
    return services.record_follow_up(complaint=row, result=result, by=crew.agent, **given)  # type: ignore[arg-type]


class TestFinding:
    def test_it_names_founded_or_not_and_who_is_responsible(self, crew: Crew) -> None:
        """CMP-27."""
        driver = people.employee("branch_east", name="杨勇")
        row = answered(crew)
        services.record_finding(
            complaint=row, founded="partly", text="司机迟到两小时。", employee=driver, measures="减免运费 60 元",
            by=crew.agent, at=after(hours=3),
        )  # fmt: skip
        row = fresh(row)
        assert (row.founded, row.responsible_department.code, row.responsible_employee) == (
            "partly",
            "branch_east",
            driver,
        )
        assert (row.state, row.next_step) == ("answered", "resolve")
        assert Finding.objects.get().measures == "减免运费 60 元"

    def test_a_further_one_replaces_the_former_which_is_kept(self, crew: Crew) -> None:
        row = found(crew)
        services.record_finding(
            complaint=row, founded="unfounded", text="查无此事。", by=crew.agent, at=after(hours=4)
        )
        row = fresh(row)
        assert (row.founded, row.responsible_department) == ("unfounded", None)
        assert [one.founded for one in Finding.objects.order_by("pk")] == ["founded", "unfounded"]

    def test_not_our_responsibility_names_nobody(self, crew: Crew) -> None:
        row = answered(crew)
        made = services.record_finding(
            complaint=row, founded="founded", text="承运方为外部公司。", not_ours=True,
            department=people.department("branch_east"), by=crew.agent,
        )  # fmt: skip
        assert (made.department, made.not_ours) == (None, True)

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"text": " "}, "complaint.finding_needed"),
            ({"text": "x"}, "complaint.responsible_needed"),
        ],
    )
    def test_what_it_must_hold(self, crew: Crew, given: dict[str, str], code: str) -> None:
        row = answered(crew)
        with pytest.raises(RuleBroken) as refused:
            services.record_finding(complaint=row, founded="founded", by=crew.agent, **given)  # type: ignore[arg-type]
        assert refused.value.code == code
        assert Finding.objects.count() == 0


class TestResolution:
    def test_resolved_the_customer_is_told_in_writing_and_then_called(self, crew: Crew) -> None:
        """CMP-25, CMP-35: the main journey's third step."""
        row = resolved(crew)
        assert (row.state, row.next_step, row.resolved_at) == ("resolved", "notify", after(hours=4))
        assert clock(row, "resolution").state == "met"
        assert row.due_at == after(hours=52)
        notice = services.notify_customer(
            complaint=row, way="letter", text="您的投诉已处理，运费减免。", by=crew.agent, at=after(hours=5)
        )
        row = fresh(row)
        assert row.next_step == "follow_up"
        document = IssuedDocument.objects.get(number=notice.document_number)
        assert document.data["text"] == "您的投诉已处理，运费减免。"
        assert (document.kind, document.object_id) == ("complaints.contact", row.contact_id)
        services.confirm_notice(notice=notice, by=crew.agent, at=after(hours=6))
        notice.refresh_from_db()
        assert (notice.confirmed_at, notice.confirmed_by) == (after(hours=6), crew.agent)
        follow_up(row, crew, "satisfied")
        row = fresh(row)
        assert (row.state, row.close_mark, row.closed_at, row.clock, row.next_step) == (
            "closed", "satisfied", after(hours=30), None, "",
        )  # fmt: skip
        assert not Clock.objects.open().of("complaints.complaint", row.pk).exists()
        assert_sound()

    def test_every_state_of_the_way_stands_in_the_history(self, crew: Crew) -> None:
        """CMP-20, I8."""
        row = notified(crew)
        follow_up(row, crew, "satisfied")
        entries = TrailEntry.objects.filter(
            kind="complaints.complaint", object_id=row.pk, changes__has_key="state"
        )
        assert [tuple(entry.changes["state"]) for entry in entries.order_by("pk")] == [
            (None, "registered"), ("registered", "routed"), ("routed", "investigating"), ("investigating", "answered"),
            ("answered", "resolved"), ("resolved", "closed"),
        ]  # fmt: skip

    def test_without_a_finding_nothing_is_resolved(self, crew: Crew) -> None:
        """CMP-27."""
        row = answered(crew)
        with pytest.raises(RuleBroken) as refused:
            services.resolve(complaint=row, resolution="好", by=crew.agent)
        assert refused.value.code == "complaint.no_finding"
        assert fresh(row).state == "answered"

    def test_without_a_notice_no_follow_up_closes_it(self, crew: Crew) -> None:
        """CMP-25: always in writing."""
        row = resolved(crew)
        with pytest.raises(RuleBroken) as refused:
            follow_up(row, crew, "satisfied")
        assert refused.value.code == "complaint.not_notified"
        assert FollowUp.objects.count() == 0

    def test_a_name_that_cannot_be_drawn_refuses_the_notice_and_nothing_is_kept(self, crew: Crew) -> None:
        row = resolved(crew)
        with pytest.raises(RuleBroken) as refused:
            services.notify_customer(complaint=row, way="letter", text="\U0001f9ff 您好", by=crew.agent)
        assert refused.value.code == "document.character"
        assert (WrittenNotice.objects.count(), IssuedDocument.objects.count()) == (0, 0)
        assert fresh(row).next_step == "notify"

    def test_a_stale_form_overwrites_nothing(self, crew: Crew) -> None:
        """CMP-51."""
        row = found(crew)
        seen = row.version
        services.assign(complaint=row, owner=crew.other, reason="换班", by=crew.supervisor)
        with pytest.raises(RuleBroken) as refused:
            services.resolve(complaint=row, resolution="好", by=crew.agent, version=seen)
        assert refused.value.code == "lifecycle.stale"
        assert fresh(row).state == "answered"

    def test_nobody_resolves_without_the_right(self, crew: Crew) -> None:
        row = found(crew)
        for by in (crew.handler, crew.enterprise):
            with pytest.raises(RuleBroken) as refused:
                services.resolve(complaint=row, resolution="好", by=by)
            assert (refused.value.code, refused.value.status) == ("lifecycle.no_right", 403)

    def test_inspection_may_work_on_what_was_routed_to_it(self, crew: Crew) -> None:
        row = found(crew)
        services.resolve(complaint=row, resolution="监察处理完毕", by=crew.inspector, at=after(hours=4))
        assert fresh(row).state == "resolved"


class TestFollowUp:
    @pytest.mark.parametrize("result", ["satisfied", "refused"])
    def test_these_close_it_with_their_mark(self, crew: Crew, result: str) -> None:
        row = notified(crew)
        follow_up(row, crew, result)
        assert (fresh(row).state, fresh(row).close_mark) == ("closed", result)
        assert clock(row, "follow_up").state == "met"

    def test_not_reached_closes_after_three_tries_on_two_days(self, crew: Crew) -> None:
        """CMP-25."""
        row = notified(crew)
        for hours in (5, 6):
            follow_up(row, crew, "not_reached", at=after(hours=hours))
            assert fresh(row).state == "resolved"
        follow_up(row, crew, "not_reached", at=after(hours=7))
        assert fresh(row).state == "resolved", "three tries, but on one day"
        follow_up(row, crew, "not_reached", at=after(days=1))
        assert (fresh(row).state, fresh(row).close_mark) == ("closed", "not_reached")
        assert [one.ordinal for one in FollowUp.objects.order_by("pk")] == [1, 2, 3, 4]

    def test_dissatisfied_begins_the_next_round_with_its_own_24_hours(self, crew: Crew) -> None:
        """CMP-23, CMP-35a; it is no second complaint (CMP-40)."""
        row = notified(crew)
        follow_up(row, crew, "dissatisfied", remarks="赔少了")
        row = fresh(row)
        assert (row.state, row.round, row.next_step, row.is_incident) == ("reopened", 2, "route", False)
        assert clock(row, "resolution").due_at == after(hours=54)
        assert clock(row, "routing").due_at == after(hours=30, minutes=30)
        assert (clock(row, "resolution").round, clock(row, "routing").round) == (2, 2)
        rounds = {one.number: one for one in Round.objects.filter(complaint=row)}
        assert (rounds[1].resolution, rounds[2].reason) == ("已致歉并补送。", "赔少了")
        assert rounds[1].resolved_at == after(hours=4)
        assert_sound()

    def test_why_the_customer_is_dissatisfied_must_be_said(self, crew: Crew) -> None:
        row = notified(crew)
        with pytest.raises(RuleBroken) as refused:
            follow_up(row, crew, "dissatisfied")
        assert (refused.value.code, refused.value.field) == ("complaint.remarks_needed", "remarks")
        assert fresh(row).round == 1

    def test_the_second_round_is_answered_and_written_anew(self, crew: Crew) -> None:
        row = notified(crew)
        follow_up(row, crew, "dissatisfied", remarks="赔少了")
        services.settle_on_spot(complaint=row, resolution="补差 100 元", by=crew.agent, at=after(hours=31))
        with pytest.raises(RuleBroken) as refused:
            follow_up(row, crew, "satisfied", at=after(hours=40))
        assert refused.value.code == "complaint.not_notified"
        services.notify_customer(complaint=row, way="sms", text="已补差。", by=crew.agent, at=after(hours=32))
        follow_up(row, crew, "satisfied", at=after(hours=40))
        assert [one.round for one in WrittenNotice.objects.order_by("pk")] == [1, 2]
        assert (fresh(row).state, fresh(row).round) == ("closed", 2)
        assert_sound()

    def test_a_closed_ticket_reopens_on_new_facts(self, crew: Crew) -> None:
        row = notified(crew)
        follow_up(row, crew, "satisfied")
        services.reopen(complaint=row, reason="客户又发现少一件", by=crew.agent, at=after(days=5))
        row = fresh(row)
        assert (row.state, row.round, row.closed_at, row.close_mark) == ("reopened", 2, None, "")
        assert row.due_at == after(days=5, minutes=30)
        assert_sound()


class TestNotAgreed:
    def third_round(self, crew: Crew) -> Complaint:
        row = notified(crew)
        for n in (1, 2):
            services.reopen(complaint=row, reason=f"第 {n} 次不满意", by=crew.agent, at=after(days=n))
            if n == 1:
                services.settle_on_spot(
                    complaint=row, resolution="再致歉", by=crew.agent, at=after(days=n, hours=1)
                )
        return fresh(row)

    def test_from_round_three_the_centre_manager_closes_in_writing(self, crew: Crew) -> None:
        """CMP-23."""
        row = self.third_round(crew)
        services.close_not_agreed(
            complaint=row, text="我们最后的方案是……您可向消协投诉。", by=crew.manager, at=after(days=3)
        )
        row = fresh(row)
        assert (row.state, row.close_mark) == ("closed", "not_agreed")
        assert clock(row, "resolution").state == "cancelled", "it counts as unresolved"
        assert WrittenNotice.objects.filter(complaint=row, round=3).get().text.startswith("我们最后的方案")
        assert_sound()
        services.reopen(complaint=row, reason="新证据", by=crew.agent, at=after(days=9))
        assert fresh(row).round == 4

    def test_not_before(self, crew: Crew) -> None:
        row = answered(crew)
        with pytest.raises(RuleBroken) as refused:
            services.close_not_agreed(complaint=row, text="不同意", by=crew.manager)
        assert refused.value.code == "complaint.round_too_early"
        assert IssuedDocument.objects.count() == 0

    def test_a_supervisor_may_not(self, crew: Crew) -> None:
        row = self.third_round(crew)
        with pytest.raises(RuleBroken) as refused:
            services.close_not_agreed(complaint=row, text="不同意", by=crew.supervisor)
        assert refused.value.code == "lifecycle.no_right"


class TestCorrectiveAction:
    def ordered(self, crew: Crew) -> CorrectiveAction:
        row = answered(crew)
        services.record_finding(
            complaint=row, founded="founded", text="无复核", department=people.department("branch_east"),
            actions=[
                services.Measure("装车后二人复核", people.department("branch_east"), date(2026, 11, 25), None, True)
            ],
            by=crew.agent, at=after(hours=3),
        )  # fmt: skip
        return CorrectiveAction.objects.get()

    def test_it_has_owner_and_due_date_and_its_own_clock(self, crew: Crew) -> None:
        """CMP-27."""
        handler = crew.handler
        row = self.ordered(crew)
        clocks = Clock.objects.get(subject_kind="complaints.correctiveaction", subject_id=row.pk)
        assert clocks.due_at.isoformat() == "2026-11-25T16:00:00+00:00", "the end of the day at the centre"
        assert (row.is_preventive, row.department.code) == (True, "branch_east")
        assert Notice.objects.get(code="complaint.action_ordered").user == handler

    def test_done_reviewed_by_the_manager_verified_by_the_centre(self, crew: Crew) -> None:
        manager = people.user("department_manager")
        row = self.ordered(crew)
        services.complete_action(action=row, result="已贴上墙", by=crew.handler, at=after(days=2))
        services.review_action(action=row, by=manager, at=after(days=3))
        services.verify_action(action=row, effect="一周无差错", by=crew.agent, at=after(days=10))
        row.refresh_from_db()
        assert (row.done_by, row.reviewed_by, row.verified_by) == (crew.handler, manager, crew.agent)
        assert Clock.objects.get(subject_kind="complaints.correctiveaction").state == "met"
        history = TrailEntry.objects.filter(object_id=row.complaint_id, code__startswith="complaint.action_")
        assert [entry.code for entry in history.order_by("pk")] == [
            "complaint.action_ordered", "complaint.action_completed", "complaint.action_reviewed",
            "complaint.action_verified",
        ]  # fmt: skip

    def test_in_this_order_and_by_these_people_alone(self, crew: Crew) -> None:
        manager = people.user("department_manager")
        row = self.ordered(crew)
        for act, code in (
            (lambda: services.review_action(action=row, by=manager), "complaint.action_not_done"),
            (
                lambda: services.verify_action(action=row, effect="x", by=crew.agent),
                "complaint.action_not_reviewed",
            ),
            (lambda: services.complete_action(action=row, result="x", by=crew.west), "lifecycle.no_right"),
            (
                lambda: services.complete_action(action=row, result=" ", by=crew.handler),
                "complaint.report_needed",
            ),
        ):
            with pytest.raises(RuleBroken) as refused:
                act()
            assert refused.value.code == code
        services.complete_action(action=row, result="好", by=manager)
        with pytest.raises(RuleBroken) as refused:
            services.review_action(action=row, by=manager)
        assert refused.value.code == "lifecycle.no_right", "not who carried it out"

    def test_its_day_is_not_past(self, crew: Crew) -> None:
        row = answered(crew)
        with pytest.raises(RuleBroken) as refused:
            services.record_finding(
                complaint=row, founded="unfounded", text="x", by=crew.agent, at=AT + timedelta(hours=3),
                actions=[services.Measure("x", people.department("claims"), date(2026, 11, 17))],
            )  # fmt: skip
        assert refused.value.code == "complaint.action_past"
        assert (CorrectiveAction.objects.count(), Finding.objects.count()) == (0, 0)


class TestShortening:
    def test_a_better_tier_shortens_open_clocks_and_the_ticket_s_due(self, crew: Crew) -> None:
        """CMP-39: on a supervisor's order, only shorter; the tier at registration stays."""
        from servicecenter.policies import set_policy

        set_policy(
            code="deadlines.clock", key="resolution|tier=A", value={"limit_seconds": 12 * 3600}, by=None, reason="A 级",
            valid_from=AT - timedelta(days=1),
        )  # fmt: skip
        set_policy(
            code="deadlines.clock", key="statement|tier=A", value={"limit_seconds": 2 * 3600}, by=None, reason="A 级",
            valid_from=AT - timedelta(days=1),
        )  # fmt: skip
        row = register(crew.agent)
        services.shorten(
            complaint=row, tier="A", reason="已升级为 A", by=crew.supervisor, at=after(minutes=30)
        )
        row = fresh(row)
        assert row.due_at == after(hours=2) == row.handovers.get().due_at
        assert clock(row, "resolution").due_at == after(hours=12)
        assert row.tier == ""
        with pytest.raises(RuleBroken) as refused:
            services.shorten(complaint=row, tier="A", reason="再来", by=crew.supervisor, at=after(minutes=31))
        assert refused.value.code == "complaint.nothing_shorter"
        assert_sound()

    def test_an_agent_orders_nothing(self, crew: Crew) -> None:
        row = register(crew.agent)
        with pytest.raises(RuleBroken) as refused:
            services.shorten(complaint=row, tier="A", reason="x", by=crew.agent)
        assert refused.value.status == 403

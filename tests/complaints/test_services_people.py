"""Owners, notes, replies, chases, pauses, duty (CMP-05 to CMP-09, CMP-24, CMP-30, CMP-31, CMP-38, ORG-08, PRV-10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from complaints import services
from complaints.models import Chase, Complaint, Message, Pause
from deadlines.models import Clock
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Notice
from tests import people
from tests.complaints.cases import (
    AT,
    Crew,
    after,
    against_east,
    assert_sound,
    clock,
    found,
    fresh,
    intake,
    register,
)

pytestmark = pytest.mark.django_db


class TestOwner:
    """First asked, responsible (CMP-07)."""

    def test_passed_on_the_owner_stays_responsible_until_the_other_accepts(self, crew: Crew) -> None:
        row = register(crew.agent)
        services.assign(
            complaint=row, owner=crew.other, reason="下班", by=crew.supervisor, at=after(minutes=5)
        )
        row = fresh(row)
        assert (row.owner, row.offered_to, row.offered_by) == (crew.agent, crew.other, crew.supervisor)
        assert clock(row, "resolution").owner == crew.agent
        assert Notice.objects.get(code="complaint.offered").user == crew.other
        services.accept(complaint=row, by=crew.other, at=after(minutes=9))
        row = fresh(row)
        assert (row.owner, row.offered_to, row.accepted_at) == (crew.other, None, after(minutes=9))
        assert set(
            Clock.objects.open().of("complaints.complaint", row.pk).values_list("owner", flat=True)
        ) == {crew.other.pk}
        assert_sound()

    def test_who_was_not_asked_does_not_accept(self, crew: Crew) -> None:
        row = register(crew.agent)
        third = people.user("agent", name="李雪")
        services.assign(complaint=row, owner=crew.other, reason="下班", by=crew.supervisor)
        for by, code in ((third, "complaint.not_offered"), (crew.agent, "complaint.already_yours")):
            with pytest.raises(RuleBroken) as refused:
                services.accept(complaint=row, by=by)
            assert refused.value.code == code
        assert fresh(row).owner == crew.agent

    def test_back_to_the_owner_undoes_it(self, crew: Crew) -> None:
        row = register(crew.agent)
        services.assign(complaint=row, owner=crew.other, reason="下班", by=crew.supervisor)
        services.assign(complaint=row, owner=crew.agent, reason="撤回", by=crew.supervisor)
        assert fresh(row).offered_to is None
        with pytest.raises(RuleBroken):
            services.accept(complaint=row, by=crew.other)

    def test_to_oneself_it_is_taken_at_once(self, crew: Crew) -> None:
        row = register(crew.agent)
        services.assign(complaint=row, owner=crew.supervisor, reason="我来", by=crew.supervisor)
        assert (fresh(row).owner, fresh(row).offered_to) == (crew.supervisor, None)

    def test_an_unassigned_one_is_taken_by_any_agent(self, crew: Crew) -> None:
        _supervisor = crew.supervisor
        row = register(None, channel="online")
        assert row.accepted_at is None
        services.accept(complaint=row, by=crew.other)
        assert fresh(row).owner == crew.other

    @pytest.mark.parametrize("who", ["handler", "away"])
    def test_to_whom_it_is_not_passed(self, crew: Crew, who: str) -> None:
        row = register(crew.agent)
        owner, code = crew.handler, "complaint.owner_unfit"
        if who == "away":
            people.absence(crew.other, AT - timedelta(hours=1), after(days=2))
            owner, code = crew.other, "complaint.owner_away"
        with pytest.raises(RuleBroken) as refused:
            services.assign(complaint=row, owner=owner, reason="x", by=crew.supervisor, at=after(minutes=1))
        assert refused.value.code == code
        assert fresh(row).offered_to is None

    def test_several_at_once_all_or_none(self, crew: Crew) -> None:
        """CMP-50."""
        rows = [register(crew.agent, waybill_number=f"8620441730{n}") for n in range(3)]
        moved = services.assign_many(complaints=rows, owner=crew.other, reason="换班", by=crew.supervisor)
        assert [row.offered_to for row in moved] == [crew.other] * 3
        closed = register(
            crew.agent,
            waybill_number="86204417400",
            settle="on_spot",
            resolution="好",
            customer_confirmed=True,
        )
        third = people.user("agent", name="李雪")
        with pytest.raises(RuleBroken) as refused, transaction.atomic():
            services.assign_many(complaints=[*rows, closed], owner=third, reason="x", by=crew.supervisor)
        assert refused.value.code == "lifecycle.wrong_state"
        assert {fresh(row).offered_to for row in rows} == {crew.other}

    def test_reported_upward_the_supervisor_has_an_hour_to_take_it(self, crew: Crew) -> None:
        """CMP-31."""
        supervisor = crew.supervisor
        row = register(crew.agent)
        services.report_upward(complaint=row, text="客户要求赔偿两万", by=crew.agent, at=after(minutes=20))
        assert clock(row, "supervisor_takes").due_at == after(minutes=80)
        assert Notice.objects.get(code="complaint.reported").user == supervisor
        with pytest.raises(RuleBroken) as refused:
            services.report_upward(complaint=row, by=crew.agent, at=after(minutes=25))
        assert refused.value.code == "complaint.reported_already"
        services.take_over(complaint=row, by=supervisor, at=after(minutes=30))
        row = fresh(row)
        assert (row.owner, clock(row, "supervisor_takes").state) == (supervisor, "met")
        assert Notice.objects.get(code="complaint.taken_over").user == crew.agent
        assert_sound()


class TestMessages:
    def test_the_first_reply_is_the_first_response(self, crew: Crew) -> None:
        """CMP-30."""
        row = register(crew.agent, channel="email")
        services.reply(
            complaint=row, channel="email", text="已收到，正在查。", by=crew.agent, at=after(minutes=3)
        )
        row = fresh(row)
        assert (row.state, row.replied_at, row.next_step) == ("routed", after(minutes=3), "await_statement")
        assert clock(row, "first_response").state == "met"
        services.reply(complaint=row, channel="email", text="仍在查。", by=crew.agent, at=after(minutes=30))
        assert fresh(row).replied_at == after(minutes=3)
        assert_sound()

    def test_what_the_customer_sends_is_no_response_of_ours(self, crew: Crew) -> None:
        row = register(crew.agent, channel="email")
        services.reply(
            complaint=row,
            channel="email",
            text="怎么还没回",
            received=True,
            by=crew.agent,
            at=after(minutes=1),
        )
        assert clock(row, "first_response").ended_at is None
        assert Message.objects.get().kind == "received"

    def test_a_note_tells_whom_it_mentions_and_moves_nothing(self, crew: Crew) -> None:
        """CMP-50."""
        row = register(crew.agent)
        version = fresh(row).version
        made = services.add_note(
            complaint=row, text="@林志远 请看", mentions=[crew.supervisor], by=crew.agent, at=after(minutes=1)
        )
        assert list(made.mentions.all()) == [crew.supervisor]
        assert Notice.objects.get(code="complaint.mentioned").user == crew.supervisor
        assert fresh(row).version == version, "a note makes no form stale"

    def test_the_handed_department_may_note_and_another_may_not(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        services.add_note(complaint=row, text="正在问司机", by=crew.handler)
        with pytest.raises(RuleBroken) as refused:
            services.add_note(complaint=row, text="x", by=crew.west)
        assert refused.value.code == "lifecycle.no_right"
        assert Message.objects.count() == 1

    @pytest.mark.parametrize(
        ("text", "code"), [("  ", "complaint.message_needed"), ("长" * 5001, "complaint.too_long")]
    )
    def test_what_is_refused(self, crew: Crew, text: str, code: str) -> None:
        row = register(crew.agent)
        for act in (
            lambda: services.add_note(complaint=row, text=text, by=crew.agent),
            lambda: services.reply(complaint=row, channel="email", text=text, by=crew.agent),
        ):
            with pytest.raises(RuleBroken) as refused:
                act()
            assert refused.value.code == code


class TestChase:
    """CMP-09."""

    def test_it_is_counted_answered_and_no_second_complaint(self, crew: Crew) -> None:
        row = register(crew.agent)
        made = services.register_chase(
            complaint=row, text="到哪了", answer="已转监察部，下午答复", by=crew.other, at=after(hours=1)
        )
        row = fresh(row)
        assert (made.ordinal, row.chase_count, row.rank, row.is_incident) == (1, 1, 5, False)
        assert (made.contact.kind, made.contact.text) == ("chase", "到哪了")
        assert Complaint.objects.count() == 1
        assert Notice.objects.get(code="complaint.chased").user == crew.agent

    def test_the_second_one_raises_the_priority_and_wakes_the_department(self, crew: Crew) -> None:
        inspector = crew.inspector
        row = register(crew.agent)
        for n in (1, 2):
            services.register_chase(complaint=row, answer="正在催", by=crew.other, at=after(hours=n))
        assert fresh(row).rank == 1
        raised = Notice.objects.filter(code="complaint.chased", level="warning")
        assert {notice.user for notice in raised} == {crew.agent, inspector}
        third = services.register_chase(complaint=row, answer="正在催", by=crew.other, at=after(hours=3))
        assert third.ordinal == 3

    def test_what_was_typed_on_the_registration_screen_is_kept(self, crew: Crew) -> None:
        row = register(crew.agent, channel="email")
        made = services.register_chase(
            complaint=row,
            intake=intake(channel="chat", text="还要多久"),
            answer="两小时内",
            by=crew.agent,
            at=after(minutes=2),
        )
        assert (made.contact.channel, made.contact.text) == ("chat", "还要多久")
        assert clock(row, "first_response").state == "met", "the customer was spoken to"

    def test_what_the_customer_was_told_must_be_said(self, crew: Crew) -> None:
        row = register(crew.agent)
        with pytest.raises(RuleBroken) as refused:
            services.register_chase(complaint=row, answer=" ", by=crew.agent)
        assert (refused.value.code, Chase.objects.count()) == ("complaint.answer_needed", 0)

    def test_a_closed_ticket_is_not_chased(self, crew: Crew) -> None:
        row = register(crew.agent, settle="on_spot", resolution="好", customer_confirmed=True)
        with pytest.raises(RuleBroken) as refused:
            services.register_chase(complaint=row, answer="x", by=crew.agent)
        assert refused.value.code == "lifecycle.wrong_state"


class TestPause:
    """CMP-38, CMP-35c."""

    def paused(self, crew: Crew, hours: float = 20) -> Complaint:
        row = found(crew)
        services.pause(
            complaint=row,
            reason="等客户提供照片",
            promised_until=after(hours=4 + hours),
            by=crew.agent,
            at=after(hours=4),
        )
        return fresh(row)

    def test_the_resolution_clock_stands_still_and_the_promise_runs(self, crew: Crew) -> None:
        row = self.paused(crew)
        assert (row.is_paused, row.next_step, row.due_at) == (True, "await_customer", after(hours=24))
        assert clock(row, "resolution").state == "paused"
        assert clock(row, "waiting").due_at == after(hours=24)
        assert_sound()

    def test_resumed_the_due_time_has_moved_by_the_pause(self, crew: Crew) -> None:
        due = clock(self.paused(crew), "resolution").due_at
        row = Complaint.objects.get()
        services.resume(complaint=row, by=crew.agent, at=after(hours=14))
        row = fresh(row)
        assert (row.is_paused, row.next_step) == (False, "resolve")
        assert clock(row, "resolution").due_at == due + timedelta(hours=10) == row.due_at
        assert clock(row, "waiting").state == "met"
        assert Pause.objects.get().ended_at == after(hours=14)
        assert_sound()

    def test_seventy_two_hours_in_all_are_the_most(self, crew: Crew) -> None:
        row = self.paused(crew)
        services.resume(complaint=row, by=crew.agent, at=after(hours=24))
        with pytest.raises(RuleBroken) as refused:
            services.pause(
                complaint=row,
                reason="再等",
                promised_until=after(hours=30 + 53),
                by=crew.agent,
                at=after(hours=30),
            )
        assert refused.value.code == "complaint.promise_too_late"
        assert refused.value.params["latest_at"] == after(hours=30 + 52)
        services.pause(
            complaint=row, reason="再等", promised_until=after(hours=82), by=crew.agent, at=after(hours=30)
        )
        assert fresh(row).is_paused

    def test_when_they_are_used_up_the_clock_runs_by_itself(self, crew: Crew) -> None:
        row = self.paused(crew, hours=72)
        assert services.resume_overdue_pauses(at=after(hours=75)) == 0
        assert services.resume_overdue_pauses(at=after(hours=76)) == 1
        row = fresh(row)
        assert not row.is_paused
        assert Notice.objects.get(code="complaint.pause_over").user == crew.agent
        with pytest.raises(RuleBroken) as refused:
            services.pause(
                complaint=row,
                reason="再等",
                promised_until=after(hours=80),
                by=crew.agent,
                at=after(hours=77),
            )
        assert refused.value.code == "complaint.pause_used_up"
        assert_sound()

    @pytest.mark.parametrize(
        ("reason", "hours", "code"),
        [("", 5, "lifecycle.reason_needed"), ("等", -1, "complaint.promise_past")],
    )
    def test_only_with_a_reason_and_a_promised_date(
        self, crew: Crew, reason: str, hours: int, code: str
    ) -> None:
        row = register(crew.agent)
        with pytest.raises(RuleBroken) as refused:
            services.pause(
                complaint=row, reason=reason, promised_until=after(hours=hours), by=crew.agent, at=AT
            )
        assert refused.value.code == code
        assert Pause.objects.count() == 0

    def test_resolving_ends_the_pause(self, crew: Crew) -> None:
        row = self.paused(crew)
        services.resolve(complaint=row, resolution="照片已收，已赔", by=crew.agent, at=after(hours=10))
        row = fresh(row)
        assert (row.is_paused, row.state) == (False, "resolved")
        assert clock(row, "resolution").state == "met"
        assert_sound()


class TestRelease:
    def test_the_centre_shows_who_complained_with_a_reason(self, crew: Crew) -> None:
        """PRV-10."""
        from complaints.permissions import sees_personal

        row = against_east(crew.agent)
        assert not sees_personal(crew.handler, row)
        assert sees_personal(crew.agent, row)
        assert sees_personal(crew.inspector, row)
        with pytest.raises(RuleBroken):
            services.release_personal(complaint=row, reason=" ", by=crew.supervisor)
        services.release_personal(complaint=row, reason="司机须当面道歉", by=crew.supervisor)
        row = Complaint.objects.select_related("department", "respondent_department").get(pk=row.pk)
        assert sees_personal(crew.handler, row)
        assert (row.personal_released_by, row.personal_released_at is not None) == (crew.supervisor, True)

    def test_the_respondent_releases_nothing(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        with pytest.raises(RuleBroken) as refused:
            services.release_personal(complaint=row, reason="想看", by=crew.handler)
        assert refused.value.status == 403


def test_without_at_the_database_tells_the_time(crew: Crew) -> None:
    before = now_db()
    row = register(crew.agent, at=None)
    assert before <= row.registered_at <= now_db()

"""What a ticket's page reads: the ticket, the inbox, the service incidents."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints import queries, services
from complaints.models import Complaint
from servicecenter import attachments
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from tests import people
from tests.complaints.cases import (
    TELEPHONE,
    Crew,
    after,
    against_east,
    answered,
    found,
    handover,
    notified,
    register,
    resolved,
)
from tests.doors import statements

pytestmark = pytest.mark.django_db


class TestTicket:
    def busy(self, crew: Crew) -> Complaint:
        """A ticket with a long history."""
        row = notified(crew, at=now_db() - timedelta(days=3))
        for n in range(3):
            services.add_note(complaint=row, text=f"备注 {n}", mentions=[crew.supervisor], by=crew.agent)
            services.register_chase(complaint=row, answer=f"答复 {n}", by=crew.agent)
        services.record_follow_up(complaint=row, result="dissatisfied", remarks="太少", by=crew.agent)
        services.route(complaint=row, by=crew.agent)
        services.hand_in_statement(
            handover=handover(row, "branch_east"),
            text="再查",
            employee=crew.handler.employee,
            by=crew.handler,
        )
        services.hand_in_statement(
            handover=handover(row, "branch_east"),
            text="更正",
            employee=crew.handler.employee,
            by=crew.handler,
        )
        register(crew.agent, at=None)
        return Complaint.objects.get(pk=row.pk)

    def test_at_most_twenty_statements_whatever_its_history(self, crew: Crew) -> None:
        plain = register(crew.agent, waybill_number="86204417400", category="price")
        busy = self.busy(crew)

        def page(row: Complaint) -> None:
            view = queries.ticket(user=crew.agent, number=row.number)
            assert view is not None
            queries.timeline(complaint=view.complaint, user=crew.agent)

        page(plain)
        few, many = statements(lambda: page(plain)), statements(lambda: page(busy))
        assert few <= 11
        assert many <= 15, "with a service incident, its consequences, statements and files"

    def test_everything_of_the_ticket_is_there(self, crew: Crew) -> None:
        row = self.busy(crew)
        view = queries.ticket(user=crew.agent, number=row.number)
        assert view is not None
        assert not view.is_masked
        assert [one.number for one in view.rounds] == [2, 1]
        assert {(one.round, one.department.code, one.state) for one in view.handovers} == {
            (1, "branch_east", "answered"), (1, "inspection", "answered"), (2, "branch_east", "answered"),
            (2, "inspection", "waiting"),
        }  # fmt: skip
        newest = next(
            one for one in view.handovers if one.round == 2 and one.department.code == "branch_east"
        )
        assert [one.text for one in newest.statement_list] == ["再查", "更正"]
        assert newest.statement_list[0].handed_in_by.name == "许国梁"
        assert (len(view.chases), len(view.findings), len(view.notices), len(view.follow_ups)) == (3, 1, 1, 1)
        assert view.findings[0].department.name == "城东分公司"
        assert view.findings[0].by.name == "陈晓燕"
        assert view.notices[0].sent_by.name == "陈晓燕"
        assert view.rounds[1].resolved_by.name == "陈晓燕"
        assert view.messages_count == 3
        assert (view.incident.told, view.incident.read) == (0, 0)
        assert view.incident.first.number == row.number, "it is the first itself"
        assert [one.sequence for one in view.same_event] == [2]
        assert view.customer_recent == (2, 1)
        assert {clock.kind for clock in view.clocks} == {
            "resolution",
            "statement",
            "answer",
            "follow_up",
            "routing",
        }
        assert view.department_names[f"h{people.department('branch_east').pk}"] == "城东分公司"
        assert set(view.actions_allowed) >= {"reply", "hand_over", "resolve", "note", "chase"}
        assert not view.actions_allowed["resolve"].allowed

    def test_the_course_tells_everything_newest_first_page_by_page(self, crew: Crew) -> None:
        row = self.busy(crew)
        whole = queries.timeline(complaint=row, user=crew.agent, size=200)
        assert whole.next_cursor == ""
        assert [entry.at for entry in whole.rows] == sorted((entry.at for entry in whole.rows), reverse=True)
        found, cursor = [], ""
        while True:
            page = queries.timeline(complaint=row, user=crew.agent, cursor=cursor, size=7)
            found += [(entry.kind, entry.pk) for entry in page.rows]
            cursor = page.next_cursor
            if not cursor:
                break
        assert found == [(entry.kind, entry.pk) for entry in whole.rows]
        assert len(set(found)) == len(found)
        view = queries.ticket(user=crew.agent, number=row.number)
        assert view.story_count == len(found)
        assert all(entry.text and "%(" not in entry.text for entry in whole.rows)

    def test_a_cursor_of_another_ticket_is_refused(self, crew: Crew) -> None:
        row = self.busy(crew)
        other = register(crew.agent, waybill_number="86204417400", category="price")
        cursor = queries.timeline(complaint=row, user=crew.agent, size=1).next_cursor
        for bad in (cursor, "nonsense"):
            with pytest.raises(RuleBroken) as refused:
                queries.timeline(complaint=other, user=crew.agent, cursor=bad)
            assert refused.value.code == "keyset.cursor"

    def test_the_respondent_sees_what_was_complained_of_and_not_who(self, crew: Crew, make_file) -> None:  # type: ignore[no-untyped-def]
        """PRV-10."""
        photo = attachments.store(file=make_file("现场.jpg"), by=crew.agent)
        row = against_east(crew.agent, attachment_ids=(photo.public_id,))
        services.add_note(complaint=row, text="客户电话 13900000421", by=crew.agent)
        services.add_note(complaint=row, text="@许国梁 请今天交", mentions=[crew.handler], by=crew.agent)
        services.hand_in_statement(
            handover=handover(row, "inspection"),
            text="监察意见",
            employee=crew.inspector.employee,
            by=crew.inspector,
        )
        view = queries.ticket(user=crew.handler, number=row.number)
        assert view.is_masked
        assert [one.department.code for one in view.handovers] == ["branch_east"]
        assert [file.name for file in view.attachments] == ["现场.jpg"]
        assert (view.notices, view.follow_ups, view.customer_recent) == ([], [], (0, 0))
        course = queries.timeline(complaint=view.complaint, user=crew.handler).rows
        said = " ".join(f"{entry.say} {entry.text} {entry.params}" for entry in course)
        assert "13900000421" not in said
        assert "监察意见" not in said
        assert "请今天交" in said
        assert queries.notice(user=crew.handler, number="WS261118-1") is None

    def test_a_letter_is_shown_to_the_centre_and_not_to_the_respondent(self, crew: Crew) -> None:
        row = notified(crew, at=now_db() - timedelta(days=1))
        number = row.written_notices.get().document_number
        assert queries.notice(user=crew.agent, number=number) is not None
        assert queries.notice(user=crew.handler, number=number) is None
        assert queries.subject_contact(object_id=row.contact_id, user=crew.handler) is None
        assert queries.subject_contact(object_id=row.contact_id, user=crew.agent).number == row.number

    def test_a_stale_save_is_shown_who_did_what(self, crew: Crew) -> None:
        """CMP-51."""
        row = found(crew)
        seen = row.version
        services.assign(complaint=row, owner=crew.other, reason="换班", by=crew.supervisor)
        row.refresh_from_db()
        newest = queries.changes_since(row, seen)[0]
        assert (newest.who, newest.code) == ("林志远", "complaint.assign")
        assert "王芳" in newest.text

    def test_the_draft_of_a_notice_is_in_the_customer_s_language(self, crew: Crew) -> None:
        row = resolved(crew)
        draft = queries.notice_text(complaint=row, language="en")
        assert draft.startswith("Dear 刘海涛")
        assert row.number in draft
        assert "已致歉并补送。" in draft

    def test_earlier_tickets_are_found_by_waybill_number_or_customer(self, crew: Crew) -> None:
        """CMP-06."""
        row = register(crew.agent)
        for given in (
            {"waybill": row.waybill, "telephone": "", "customer": None},
            {"waybill": None, "telephone": TELEPHONE, "customer": None},
            {"waybill": None, "telephone": "", "customer": row.customer},
        ):
            assert list(queries.earlier(user=crew.agent, **given)) == [row]
        assert not queries.earlier(waybill=None, telephone="", customer=None, user=crew.agent)
        assert list(queries.of_customer(row.customer_id, crew.west)) == []


class TestInbox:
    def test_what_waits_first_what_is_due_first(self, crew: Crew) -> None:
        later = against_east(crew.agent, at=after(hours=1), waybill_number="86204417401")
        first = against_east(crew.agent)
        rows = queries.inbox(user=crew.handler, tab="waiting").rows
        assert [row.complaint for row in rows] == [first, later]
        assert all(row.is_masked for row in rows)
        assert queries.inbox_counts(crew.handler) == {"waiting": 2, "done": 0, "all": 2, "rectify": 0}
        assert queries.inbox_burden(crew.handler) == (2, 2), "both are long past in the test's November"
        assert queries.inbox(user=crew.west, tab="all").rows == []

    def test_handed_in_it_moves_over(self, crew: Crew) -> None:
        row = answered(crew)
        assert queries.inbox(user=crew.handler, tab="waiting").rows == []
        (done,) = queries.inbox(user=crew.handler, tab="done").rows
        assert done.complaint == row
        assert queries.last_answered(crew.handler) == [done]

    def test_measures_to_carry_out(self, crew: Crew) -> None:
        row = answered(crew, at=now_db() - timedelta(hours=5))
        today = now_db().date()
        services.record_finding(
            complaint=row, founded="founded", text="x", department=people.department("branch_east"), by=crew.agent,
            actions=[services.Measure("二人复核", people.department("branch_east"), today + timedelta(days=2))],
        )  # fmt: skip
        (measure,) = queries.inbox(user=crew.handler, tab="rectify").rows
        assert measure.text == "二人复核"
        assert queries.inbox_counts(crew.handler)["rectify"] == 1
        assert queries.measure(user=crew.handler, pk=measure.pk) == measure
        assert queries.measure(user=crew.west, pk=measure.pk) is None
        assert queries.subject_action(object_id=measure.pk, user=crew.west) is None

    def test_one_paper_with_its_statements_and_no_recording(self, crew: Crew) -> None:
        row = answered(crew)
        paper = queries.handover(user=crew.handler, pk=handover(row, "branch_east").pk)
        assert [one.text for one in paper.statement_list] == ["司机漏装，次日补送。"]
        assert paper.is_masked
        assert queries.files_for_handler(paper) == []
        assert [str(one) for one in queries.departments_of_handler(crew.handler)] == ["城东分公司"]


class TestIncidents:
    def test_who_may_and_sees_the_ticket_sees_the_service_incident(self, crew: Crew) -> None:
        against_east(crew.agent)
        second = against_east(crew.agent)
        incident = second.incidents.get()
        for user in (crew.agent, crew.enterprise, crew.inspector, people.user("department_manager")):
            assert list(queries.incident_rows(user)) == [incident]
        for user in (crew.handler, crew.west, people.user("department_manager", department="branch_west")):
            assert list(queries.incident_rows(user)) == []
        assert queries.incident(user=crew.west, number=incident.number) is None

    def test_its_page_tells_who_was_told_and_what_follows(self, crew: Crew) -> None:
        _told = crew.enterprise
        against_east(crew.agent)
        second = against_east(crew.agent)
        view = queries.incident(user=crew.enterprise, number=second.incidents.get().number)
        assert [one.sequence for one in view.tickets] == [1, 2]
        assert ([one.user for one in view.told], view.read) == ([crew.enterprise], 0)
        assert len(view.consequences.sanctions) == len(view.consequences.disqualifications) == 1
        assert view.suspect is None

    def test_a_suspected_one_names_the_ticket_to_decide(self, crew: Crew) -> None:
        _owner = crew.supervisor
        first = against_east(crew.agent)
        second = register(None, channel="online")
        incident = queries.suspected_incident_of(second)
        assert queries.incident(user=crew.agent, number=incident.number).suspect == second
        assert queries.suspected_incident_of(first) is None, "it is not the one that waits"

"""What users see: scope, queues, search, the ticket and its course, the inbox (ORG-04, CMP-50, PRV-10, D7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import queries, services
from complaints.models import Complaint
from complaints.permissions import holds
from organization.choices import DutyKind
from servicecenter import attachments
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.keyset import paginate
from tests import people
from tests.complaints.cases import (
    TELEPHONE,
    WAYBILL,
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    people.centre()
    return Crew()


def statements(act) -> int:  # type: ignore[no-untyped-def]
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


class TestScope:
    def test_the_centre_sees_its_tickets_and_a_department_what_was_handed_to_it(self, crew: Crew) -> None:
        """ORG-04."""
        mine = against_east(crew.agent)
        other = register(crew.agent, waybill_number="86204417400", category="price")
        for user in (
            crew.agent,
            crew.supervisor,
            crew.manager,
            crew.enterprise,
            crew.leader,
            people.user("controller"),
        ):
            assert set(queries.visible_to(user)) == {mine, other}
        assert set(queries.visible_to(crew.handler)) == {mine}
        assert set(queries.visible_to(crew.inspector)) == {mine}
        assert set(queries.visible_to(crew.west)) == set()
        assert set(queries.visible_to(people.user("storekeeper"))) == set()

    def test_a_department_above_sees_what_was_handed_to_those_below(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        above = people.user("handler", department="branch_management", name="彭亮")
        assert list(queries.visible_to(above)) == [row]

    def test_a_right_counts_for_the_centre_or_for_the_department_routed_to(self, crew: Crew) -> None:
        row = Complaint.objects.select_related("department").get(pk=register(crew.agent).pk)
        assert holds(crew.agent, "complaints.work_complaint", row)
        assert holds(crew.inspector, "complaints.work_complaint", row), "it was routed to inspection"
        adjuster = people.user("adjuster")
        assert not holds(adjuster, "complaints.work_complaint", row)
        assert holds(None, "complaints.close_not_agreed", row)

    def test_a_foreign_ticket_is_not_there(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        assert queries.ticket(user=crew.west, number=row.number) is None
        assert queries.subject(object_id=row.pk, user=crew.west) is None
        assert queries.handover(user=crew.west, pk=handover(row, "branch_east").pk) is None
        assert queries.handover(user=crew.handler, pk=handover(row, "inspection").pk) is None


class TestQueues:
    def codes(self, user: object, code: str) -> set[Complaint]:
        return set(queries.QUEUES[code].rows(user, queries.row_queryset(user)))

    def test_each_ticket_stands_where_it_belongs(self, crew: Crew) -> None:
        now = now_db()
        supervisor = crew.supervisor
        calm = register(crew.agent, at=now)
        late = register(crew.agent, at=now - timedelta(hours=5), waybill_number="86204417401")
        soon = register(crew.agent, at=now - timedelta(hours=3, minutes=30), waybill_number="86204417402")
        machine = register(None, at=now, channel="online", waybill_number="86204417403")
        done = notified(crew, at=now - timedelta(hours=20), waybill_number="86204417404")
        waiting = found(crew, at=now - timedelta(hours=20), waybill_number="86204417405")
        services.pause(
            complaint=waiting, reason="等照片", promised_until=now + timedelta(hours=3), by=crew.agent,
            at=now - timedelta(hours=1),
        )  # fmt: skip
        second = register(crew.other, at=now)
        assert self.codes(crew.agent, "breached") == {late}
        assert self.codes(crew.agent, "due_soon") == {soon, machine}
        assert self.codes(crew.agent, "waiting_statement") == {calm, late, soon, second}
        assert self.codes(crew.agent, "waiting_customer") == {waiting}
        assert self.codes(crew.agent, "follow_ups") == {done}
        assert self.codes(crew.agent, "unassigned") == {machine}
        assert self.codes(crew.agent, "incidents") == {calm, second}
        assert self.codes(crew.agent, "mine") == {calm, late, soon, done, waiting}
        assert self.codes(supervisor, "mine") == {machine}
        assert len(self.codes(crew.agent, "all")) == 7
        counts = queries.queue_counts(crew.agent)
        assert {code: one.count for code, one in counts.items()} == {
            "mine": 5, "breached": 1, "due_soon": 2, "waiting_statement": 4, "waiting_customer": 1, "follow_ups": 1,
            "unassigned": 1, "team": 0, "incidents": 2, "all": 7,
        }  # fmt: skip
        assert counts["waiting_statement"].extra == 1, "one statement is late"
        assert counts["incidents"].extra == 1, "one is a second complaint"
        assert 3590 <= counts["breached"].extra <= 3700
        assert counts["breached"].first_due == late.due_at

    def test_my_team_s_tickets(self, crew: Crew) -> None:
        """ORG-06."""
        people.team("telephone", members=(crew.other,))
        row = register(crew.agent)
        assert self.codes(crew.other, "team") == {row}
        assert self.codes(crew.agent, "team") == set()

    def test_offered_to_me_is_mine_too(self, crew: Crew) -> None:
        """CMP-07."""
        row = register(crew.agent)
        services.assign(complaint=row, owner=crew.other, reason="下班", by=crew.supervisor)
        assert self.codes(crew.other, "mine") == self.codes(crew.agent, "mine") == {row}

    def test_all_counts_are_one_statement_and_a_page_costs_the_same_with_many_rows(self, crew: Crew) -> None:
        register(crew.agent)
        queries.queue_counts(crew.agent)

        def page() -> None:
            rows = queries.QUEUES["all"].rows(crew.agent, queries.row_queryset(crew.agent))
            for row in paginate(rows, order=queries.ORDERS["due"]).rows:
                shown = (row.category, row.customer, row.waybill, row.owner.name, row.department, row.clock)
                assert all(str(part) for part in shown)

        few = statements(page)
        for n in range(30):
            register(crew.agent, waybill_number=f"862044175{n:02}")
        assert statements(page) == few == 2
        assert statements(lambda: queries.queue_counts(crew.agent)) == 3, "the time, the teams, the counts"

    def test_sorted_by_due_time_then_rank(self, crew: Crew) -> None:
        rows = [
            register(crew.agent, at=after(minutes=n), waybill_number=f"862044176{n:02}") for n in (3, 1, 2)
        ]
        ordered = list(queries.ORDERS["due"].apply(queries.row_queryset(crew.agent)))
        assert ordered == [rows[1], rows[2], rows[0]]
        newest = list(queries.ORDERS["newest"].apply(queries.row_queryset(crew.agent)))
        assert newest == [rows[0], rows[2], rows[1]]

    def test_follow_ups_carry_result_and_tries(self, crew: Crew) -> None:
        row = notified(crew, at=now_db() - timedelta(days=1))
        services.record_follow_up(complaint=row, result="not_reached", by=crew.agent)
        (shown,) = queries.follow_up_rows(crew.agent)
        assert (shown.result, shown.tries) == ("已致歉并补送。", 1)
        assert sum(queries.follow_up_counts(crew.agent).values()) == 1


class TestSearch:
    def found(self, user: object, text: str) -> set[Complaint]:
        return set(queries.search_rows(queries.row_queryset(user), text, user=user))

    def test_by_number_waybill_telephone_and_two_character_words(self, crew: Crew) -> None:
        """CMP-50, D11."""
        row = against_east(crew.agent)
        other = register(
            crew.agent,
            waybill_number="99887766554",
            text="箱子压坏了",
            caller_telephone="13711112222",
            caller_name="吴建军",
        )
        figure = row.number.split("-")[1]
        for text in (
            row.number, row.number.lower(), figure if len(figure) >= 4 else row.number, WAYBILL, "8620 4417 309",
            "８６２０４４１７３０９", TELEPHONE, "139 0000 0421", "1390000", "晚上", "聯系", "刘海涛", "联系 上午",
        ):  # fmt: skip
            assert self.found(crew.agent, text) == {row}, text
        assert self.found(crew.agent, "压坏") == {other}
        assert self.found(crew.agent, "没有的词") == set()
        assert self.found(crew.agent, "") == {row, other}

    def test_the_respondent_finds_neither_by_name_nor_by_number(self, crew: Crew) -> None:
        """PRV-10: a search must not tell who complained."""
        row = against_east(crew.agent)
        for text in (TELEPHONE, "1390000", "刘海涛", "海涛", "¦"):
            assert self.found(crew.handler, text) == set(), text
        for text in (row.number, WAYBILL, "晚上"):
            assert self.found(crew.handler, text) == {row}, text

    def test_the_global_box_gives_hits_through_the_scope(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        (hit,) = queries.search_hits(user=crew.handler, text="晚上", limit=8)
        assert (hit.kind, hit.number, hit.title) == ("complaints.complaint", row.number, row.summary)
        assert hit.url.endswith(f"/{row.number}/")
        assert queries.search_hits(user=crew.west, text="晚上", limit=8) == []


class TestTicket:
    def busy(self, crew: Crew) -> Complaint:
        """A ticket with a long history."""
        row = notified(crew, at=now_db() - timedelta(days=3))
        for n in range(3):
            services.add_note(complaint=row, text=f"备注 {n}", mentions=[crew.supervisor], by=crew.agent)
            services.register_chase(complaint=row, answer=f"答复 {n}", by=crew.agent)
        services.record_follow_up(complaint=row, result="dissatisfied", remarks="太少", by=crew.agent)
        services.route(complaint=row, by=crew.agent)
        services.hand_in_statement(handover=handover(row, "branch_east"), text="再查", by=crew.handler)
        services.hand_in_statement(handover=handover(row, "branch_east"), text="更正", by=crew.handler)
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
        services.hand_in_statement(handover=handover(row, "inspection"), text="监察意见", by=crew.inspector)
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
            assert queries.earlier(user=crew.agent, **given) == [row]
        assert queries.earlier(waybill=None, telephone="", customer=None, user=crew.agent) == []
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
        against_east(crew.agent)
        second = register(None, channel="online")
        incident = queries.suspected_incident_of(second)
        assert queries.incident(user=crew.agent, number=incident.number).suspect == second


def test_colleagues_are_found_for_a_mention_by_name_pinyin_or_number(crew: Crew) -> None:
    supervisor = crew.supervisor
    for text in ("林志", "lin zhi", "lzy", supervisor.work_number):
        assert supervisor in queries.mentionable(text, crew.agent), text
    assert crew.agent not in queries.mentionable("陈", crew.agent)


def test_the_duty_agent_of_the_team_comes_before_another_team_s(crew: Crew) -> None:
    from complaints.queries.people import duty_agent

    telephone, online = people.team("telephone"), people.team("online")
    at = after()
    people.duty(DutyKind.AGENT, crew.agent, at - timedelta(hours=1), after(hours=8), team=online)
    people.duty(DutyKind.AGENT, crew.other, at - timedelta(hours=1), after(hours=8), team=telephone)
    assert duty_agent(telephone.pk, at) == crew.other
    assert duty_agent(online.pk, at) == crew.agent
    assert duty_agent(None, at) is not None
    assert duty_agent(telephone.pk, after(hours=9)) is None

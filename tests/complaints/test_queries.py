"""What users see: scope, queues, search, the ticket and its course, the inbox (ORG-04, CMP-50, PRV-10, D7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints import queries, services
from complaints.models import Complaint
from complaints.permissions import holds
from organization.choices import DutyKind
from servicecenter.clock import now_db
from servicecenter.keyset import paginate
from tests import people
from tests.complaints.cases import (
    TELEPHONE,
    WAYBILL,
    Crew,
    after,
    against_east,
    found,
    handover,
    notified,
    register,
)
from tests.doors import statements

pytestmark = pytest.mark.django_db


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
        took = statements(lambda: queries.queue_counts(crew.agent))
        assert took == 4, "the time, who is on duty, the teams, the counts"

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

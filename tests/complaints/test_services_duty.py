"""Owners who are away: whoever is on duty sees their tickets, and has them after half an hour (ORG-08)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from complaints import queries, services
from complaints.models import Complaint
from organization.choices import DutyKind
from servicecenter.clock import now_db
from servicecenter.models import Notice, TrailEntry
from tests import people
from tests.complaints.cases import AT, Crew, after, assert_sound, clock, fresh, register
from tests.doors import client_of

pytestmark = pytest.mark.django_db


class TestDuty:
    """Tickets of an owner who is away go to the duty agent after 30 minutes (ORG-08)."""

    def on_duty(self, crew: Crew, at: object) -> None:
        team = people.team("telephone", members=(crew.other,))
        people.duty(DutyKind.AGENT, crew.other, at - timedelta(hours=2), at + timedelta(hours=6), team=team)  # type: ignore[operator]

    def test_after_thirty_minutes_and_not_before(self, crew: Crew) -> None:
        row = register(crew.agent)
        self.on_duty(crew, AT)
        people.absence(crew.agent, after(hours=1), after(days=1))
        assert services.hand_to_duty(at=after(hours=1, minutes=29)) == 0
        assert services.hand_to_duty(at=after(hours=1, minutes=30)) == 1
        row = fresh(row)
        assert (row.owner, row.accepted_at) == (crew.other, None)
        assert clock(row, "statement").owner == crew.other
        entry = TrailEntry.objects.get(code="complaint.to_duty", object_id=row.pk)
        assert (entry.params["before"], entry.params["owner"], entry.by) == ("陈晓燕", "王芳", None)
        assert Notice.objects.get(code="complaint.to_duty").user == crew.other
        assert services.hand_to_duty(at=after(hours=2)) == 0
        assert_sound()

    def test_who_has_left_has_no_tickets(self, crew: Crew) -> None:
        row = register(crew.agent)
        self.on_duty(crew, AT)
        crew.agent.employee.left_on = AT.date()
        crew.agent.employee.save()
        assert services.hand_to_duty(at=after(days=1)) == 0, "nobody is on duty then"
        people.duty(DutyKind.AGENT, crew.other, after(hours=20), after(days=2), team=people.team("online"))
        assert services.hand_to_duty(at=after(days=1)) == 1
        assert fresh(row).owner == crew.other

    def test_without_duty_agent_the_duty_supervisor(self, crew: Crew) -> None:
        row = register(crew.agent)
        people.absence(crew.agent, AT, after(days=1))
        people.duty(DutyKind.SUPERVISOR, crew.supervisor, AT, after(days=1))
        services.hand_to_duty(at=after(hours=2))
        assert fresh(row).owner == crew.supervisor

    def mine(self, user: Any) -> set[Complaint]:
        return set(queries.QUEUES["mine"].rows(user, queries.row_queryset(user)))

    def test_before_that_they_are_shown_to_the_duty_agent_of_their_team_and_to_nobody_else(
        self, crew: Crew
    ) -> None:
        """ORG-08, ORG-06: in the own queue, with whose they are; the figures count them."""
        now = now_db()
        online = people.user("agent", name="李雪")
        self.on_duty(crew, now)
        people.duty(
            DutyKind.AGENT,
            online,
            now - timedelta(hours=2),
            now + timedelta(hours=6),
            team=people.team("online"),
        )
        called = register(crew.agent, at=now)
        written = register(crew.agent, at=now, channel="chat", waybill_number="86204417402")
        at_work = register(crew.supervisor, at=now, waybill_number="86204417403")
        assert self.mine(crew.other) == self.mine(online) == set()
        people.absence(crew.agent, now - timedelta(minutes=1), now + timedelta(days=1))
        assert self.mine(crew.other) == {called}
        assert self.mine(online) == {written}
        assert self.mine(crew.supervisor) == {at_work}
        assert self.mine(crew.agent) == {called, written}, "they are the owner's still"
        assert queries.queue_counts(crew.other)["mine"].count == 1
        assert fresh(called).owner == crew.agent
        (row,) = queries.with_absent_owner(queries.row_queryset(crew.other), crew.other).filter(pk=called.pk)
        assert row.absent_owner == "陈晓燕"
        page = client_of(crew.other).get(reverse("desk")).content.decode()
        assert called.number in page
        assert "陈晓燕 " in page

    def test_a_team_without_duty_agent_has_its_tickets_shown_to_another_s(self, crew: Crew) -> None:
        """ORG-08: the same one who would own them."""
        now = now_db()
        people.team("online", members=(crew.agent,))
        self.on_duty(crew, now)
        row = register(crew.agent, at=now - timedelta(hours=1), channel="chat")
        people.absence(crew.agent, now - timedelta(hours=1), now + timedelta(days=1))
        assert self.mine(crew.other) == {row}
        assert services.hand_to_duty(at=now) == 1
        assert fresh(row).owner == crew.other

    def test_without_duty_agent_a_supervisor_sees_them(self, crew: Crew) -> None:
        now = now_db()
        row = register(crew.agent, at=now)
        people.absence(crew.agent, now - timedelta(minutes=1), now + timedelta(days=1))
        assert self.mine(crew.supervisor) == {row}
        assert self.mine(crew.other) == set()
        people.duty(DutyKind.SUPERVISOR, crew.manager, now - timedelta(hours=1), now + timedelta(hours=1))
        assert self.mine(crew.supervisor) == set()
        assert self.mine(crew.manager) == {row}

    def test_closed_tickets_and_those_of_people_at_work_stay(self, crew: Crew) -> None:
        register(crew.agent, settle="on_spot", resolution="好", customer_confirmed=True)
        register(crew.supervisor, waybill_number="86204417400")
        self.on_duty(crew, AT)
        people.absence(crew.agent, AT, after(days=1))
        assert services.hand_to_duty(at=after(hours=3)) == 0

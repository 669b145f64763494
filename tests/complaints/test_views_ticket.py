"""The ticket's page and the acts on it: who sees what, which acts are offered, what refusals and stale saves say."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints import services
from complaints.models import Complaint, Message
from servicecenter.models import Notice, TrailEntry
from tests import people
from tests.complaints.cases import (
    Crew,
    against_east,
    at_page,
    found,
    handover,
    notified,
    register,
)
from tests.doors import HTMX, client_of, shown, statements, words

pytestmark = pytest.mark.django_db


class TestWhoSees:
    def test_a_foreign_departments_ticket_is_not_there(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        for name in ("detail", "older", "sheet", "sheet-pdf"):
            assert (
                client_of(crew.west).get(reverse(f"complaint-{name}", args=[row.number])).status_code == 404
            )
        assert client_of(crew.handler).get(at_page(row)).status_code == 200

    @pytest.mark.parametrize("number", ["TS000000-1", "x", "TS261118-10001'"])
    def test_a_number_that_is_none_is_not_there(self, crew: Crew, number: str) -> None:
        people.centre()
        assert client_of(crew.agent).get(reverse("complaint-detail", args=[number])).status_code == 404

    def test_the_department_complained_of_is_not_told_who_complained(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        services.add_note(complaint=row, text="客户很急，电话 13900000421。", by=crew.agent)
        services.reply(complaint=row, channel="telephone", text="刘海涛先生，正在查。", by=crew.agent)
        for tab in ("story", "statements", "files"):
            page = shown(client_of(crew.handler).get(at_page(row, tab=tab)))
            assert "刘海涛" not in page
            assert "0421" not in page
        sheet = shown(client_of(crew.handler).get(reverse("complaint-sheet", args=[row.number])))
        assert "刘海涛" not in sheet
        assert "0421" not in sheet

    def test_a_released_name_is_shown(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        services.release_personal(complaint=row, reason="须当面道歉", by=crew.supervisor)
        assert "刘海涛" in shown(client_of(crew.handler).get(at_page(row)))

    def test_the_number_is_masked_for_the_centre_too(self, crew: Crew) -> None:
        row = register(crew.agent)
        page = shown(client_of(crew.agent).get(at_page(row)))
        assert "139****0421" in page
        assert "13900000421" not in page

    def test_the_plain_trail_is_for_those_who_check(self, crew: Crew) -> None:
        row = register(crew.agent)
        assert client_of(crew.supervisor).get(at_page(row, tab="trail")).status_code == 200
        assert client_of(crew.handler).get(at_page(row, tab="trail")).status_code == 404

    def test_the_course_never_says_a_code(self, crew: Crew) -> None:
        row = notified(crew)
        page = words(client_of(crew.agent).get(at_page(row)))
        for code in TrailEntry.objects.filter(number=row.number).values_list("code", flat=True):
            assert code not in page

    def test_markup_in_a_text_is_text(self, crew: Crew) -> None:
        row = register(crew.agent, text="<script>alert(1)</script> & <b>急</b>")
        body = client_of(crew.agent).get(at_page(row)).content.decode()
        assert "<script>alert(1)" not in body
        assert "&lt;script&gt;" in body


class TestThePage:
    def test_it_takes_at_most_twenty_statements_whatever_its_history(self, crew: Crew) -> None:
        row = found(crew)
        browser = client_of(crew.agent)
        few = statements(lambda: browser.get(at_page(row)))
        for n in range(30):
            services.add_note(complaint=row, text=f"备注 {n}", by=crew.agent)
            services.reply(complaint=row, channel="telephone", text=f"答复 {n}", by=crew.agent)
        many = statements(lambda: browser.get(at_page(row)))
        assert many <= few + 1
        assert many <= 20

    def test_the_act_of_the_next_step_is_the_one_primary_button(self, crew: Crew) -> None:
        row = found(crew)
        answer = client_of(crew.agent).get(at_page(row))
        front = {button["code"]: button["look"] for button in answer.context["buttons"].front}
        assert front["resolve"] == "primary"
        assert list(front.values()).count("primary") == 1

    def test_a_refused_act_stays_in_place_and_says_why(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        answer = client_of(crew.agent).get(at_page(row))
        buttons = {button["code"]: button["answer"] for button in answer.context["buttons"].front}
        assert not buttons["resolve"].allowed
        assert 'aria-disabled="true"' in shown(answer)

    def test_acts_without_the_right_are_not_shown(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        page = shown(client_of(crew.handler).get(at_page(row)))
        assert reverse("complaint-cancel", args=[row.number]) not in page
        assert reverse("complaint-hand-over", args=[row.number]) not in page

    def test_older_entries_come_as_a_fragment(self, crew: Crew) -> None:
        row = register(crew.agent)
        for n in range(60):
            services.add_note(complaint=row, text=f"第 {n} 条备注", by=crew.agent)
        browser = client_of(crew.agent)
        first = browser.get(at_page(row))
        assert "第 0 条备注" not in shown(first)
        cursor = first.context["page"].next_cursor
        rest = browser.get(reverse("complaint-older", args=[row.number]), {"cursor": cursor}, headers=HTMX)
        assert "第 0 条备注" in shown(rest)
        assert "<html" not in shown(rest)

    def test_it_stands_among_those_opened_last(self, crew: Crew) -> None:
        row = register(crew.agent)
        browser = client_of(crew.agent)
        browser.get(at_page(row))
        assert row.number in [item.label for item in browser.get(reverse("desk")).context["recent"]]

    def test_the_menu_repeats_no_act_and_no_name_of_the_head(self, crew: Crew) -> None:
        def offered(row: Complaint, user: Any) -> tuple[list[str], list[str]]:
            buttons = client_of(user).get(at_page(row)).context["buttons"]
            shown = [*buttons.front, *buttons.more]
            names = [str(button["label"]) for button in shown]
            assert len(set(names)) == len(names), names
            return [button["code"] for button in buttons.front], [button["code"] for button in buttons.more]

        with_department = against_east(crew.agent)
        for user in (crew.agent, crew.supervisor):
            front, more = offered(with_department, user)
            assert "hand_over" in front
            assert not {"route", "hand_over"} & {*more}
        front, more = offered(
            register(crew.agent, settle="report", caller_telephone="13922220001"), crew.agent
        )
        assert "route" in front
        assert not {"route", "hand_over"} & {*more}
        front, more = offered(notified(crew, caller_telephone="13922220002"), crew.agent)
        assert not {"route", "hand_over"} & {*front}
        assert [code for code in more if code in {"route", "hand_over"}] == ["hand_over"]
        services.return_handover(
            handover=handover(with_department, "branch_east"), reason="不是我们", by=crew.handler
        )
        front, more = offered(with_department, crew.agent)
        assert "route" in front
        assert "hand_over" in more


class TestWriting:
    def write(self, browser: Client, row: Complaint, **given: Any) -> Any:
        form = {"kind": "note", "text": "请尽快", "idempotency_key": uuid.uuid4().hex, **given}
        return browser.post(reverse("complaint-write", args=[row.number]), form, headers=HTMX)

    def test_a_note_tells_whoever_it_names_also_without_a_space_behind_the_name(self, crew: Crew) -> None:
        row = register(crew.agent)
        assert all([crew.supervisor, crew.other])
        self.write(client_of(crew.agent), row, text="@林志远请看；@王芳 也请看。邮箱 a@b.cn 不算。")
        assert set(Message.objects.get().mentions.all()) == {crew.supervisor, crew.other}
        assert Notice.objects.filter(code="complaint.mentioned").count() == 2

    def test_nobody_of_that_name_is_told_and_the_text_stays(self, crew: Crew) -> None:
        row = register(crew.agent)
        page = shown(self.write(client_of(crew.agent), row, text="@没这人 请看"), 422)
        assert "@没这人 请看" in page
        assert Message.objects.count() == 0

    def test_namesakes_must_be_told_apart_by_work_number(self, crew: Crew) -> None:
        row = register(crew.agent)
        twin = people.user("agent", name="王芳")
        assert crew.other
        browser = client_of(crew.agent)
        assert twin.work_number in shown(self.write(browser, row, text="@王芳 请看"), 422)
        self.write(browser, row, text=f"@{twin.work_number} 请看")
        assert list(Message.objects.get().mentions.all()) == [twin]

    def test_a_reply_names_its_channel_and_is_the_first_response(self, crew: Crew) -> None:
        row = register(crew.agent)
        self.write(client_of(crew.agent), row, kind="reply", channel="telephone", text="已告知正在查")
        row.refresh_from_db()
        assert row.replied_at is not None

    def test_a_department_writes_notes_and_no_replies(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        browser = client_of(crew.handler)
        assert self.write(browser, row).status_code == 204
        answer = self.write(browser, row, kind="reply", channel="telephone")
        assert answer.status_code in {403, 422}
        assert Message.objects.filter(kind="reply").count() == 0

    def test_an_empty_or_over_long_note_is_refused(self, crew: Crew) -> None:
        row = register(crew.agent)
        browser = client_of(crew.agent)
        assert self.write(browser, row, text=" ").status_code == 422
        assert self.write(browser, row, text="长" * 4001).status_code == 422
        assert Message.objects.count() == 0

    def test_a_double_click_writes_once(self, crew: Crew) -> None:
        row = register(crew.agent)
        browser, key = client_of(crew.agent), uuid.uuid4().hex
        for _again in range(2):
            self.write(browser, row, idempotency_key=key)
        assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "offered"), [("inspector", True), ("supervisor", True), ("agent", False)], ids=str
)
def test_san_10_a_sanction_is_proposed_from_ticket_and_service_incident_by_whoever_may(
    crew: Crew, role: str, offered: bool
) -> None:
    against_east(crew.agent)
    second = against_east(crew.agent)
    incident = second.incidents.get()
    browser = client_of(people.user(role))
    for page, kind, pk in (
        (reverse("complaint-detail", args=[second.number]), "complaints.complaint", second.pk),
        (reverse("incident-detail", args=[incident.number]), "complaints.serviceincident", incident.pk),
    ):
        there = f"{reverse('sanction-new')}?kind={kind}&id={pk}"
        assert (f'href="{there}"' in shown(browser.get(page))) is offered
        assert browser.get(there).status_code == (200 if offered else 403)


class TestRevealing:
    def test_who_must_not_learn_who_complained_cannot_reveal_the_number_either(self, crew: Crew) -> None:
        """PRV-10: claims was only asked too; inspection handles the ticket in the centre's stead."""
        row = against_east(crew.agent)
        services.hand_over(
            complaint=row, department=people.department("claims"), demand="请核对货损。", by=crew.agent
        )
        ask = f"{reverse('reveal')}?kind=complaints.complaint&what=caller_telephone&id={row.pk}"
        adjuster = people.user("adjuster")
        assert client_of(adjuster).get(at_page(row)).status_code == 200
        answer = client_of(adjuster).post(ask, {"reason": "核对"})
        assert answer.status_code == 404
        assert not TrailEntry.objects.filter(code="reveal").exists()
        told = words(client_of(crew.inspector).post(ask, {"reason": "回访"}))
        assert "139 0000 0421" in told or "13900000421" in told
        assert TrailEntry.objects.get(code="reveal").by == crew.inspector

"""The acts on a ticket in its dialogs, stale saves and the ticket's papers."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import services
from complaints.models import Chase, Complaint, CorrectiveAction, Message, Pause, WrittenNotice
from complaints.views.table import ACTS
from servicecenter.models import DocumentCopy
from tests import people
from tests.complaints.cases import (
    Crew,
    against_east,
    answered,
    at_page,
    found,
    handover,
    notified,
    register,
    resolved,
)
from tests.doors import HTMX, client_of, shown, words

pytestmark = pytest.mark.django_db


def act(browser: Client, row: Complaint, slug: str, **given: Any) -> Any:
    """Send the dialog of an act, as htmx does."""
    row.refresh_from_db()
    form = {"version": row.version, "idempotency_key": uuid.uuid4().hex, **given}
    return browser.post(reverse(f"complaint-{slug}", args=[row.number]), form, headers=HTMX)


class TestActs:
    def test_pass_on_again_when_a_department_sent_it_back(self, crew: Crew) -> None:
        row = register(crew.agent, category="clerical_error")
        services.return_handover(
            handover=row.handovers.get(),
            reason="不是我部门",
            by=people.user("handler", department="business"),
        )
        answer = act(client_of(crew.agent), row, "route", department="operations", reason="装车环节")
        assert answer["HX-Redirect"] == at_page(row)
        row.refresh_from_db()
        assert row.department.code == "operations"

    def test_hand_over_to_a_further_department_with_a_limit(self, crew: Crew) -> None:
        row = against_east(crew.agent, at=timezone.now())
        act(
            client_of(crew.agent),
            row,
            "hand-over",
            department="operations",
            demand="查装车记录",
            limit_hours=6,
        )
        made = handover(row, "operations")
        assert made.due_at - made.handed_at == timedelta(hours=6)

    @pytest.mark.parametrize("hours", ["0", "73", "", "x", "-1"])
    def test_a_limit_that_is_none_is_refused(self, crew: Crew, hours: str) -> None:
        row = against_east(crew.agent, at=timezone.now())
        answer = act(
            client_of(crew.agent), row, "hand-over", department="operations", demand="查", limit_hours=hours
        )
        assert answer.status_code == 422
        assert row.handovers.count() == 2

    def test_a_chase_is_counted_with_what_was_told(self, crew: Crew) -> None:
        row = register(crew.agent)
        act(client_of(crew.agent), row, "chase", text="到哪了", answer="正在装车")
        assert Chase.objects.get().answer == "正在装车"
        assert Complaint.objects.count() == 1

    def test_pass_to_another_owner_who_takes_it(self, crew: Crew) -> None:
        row = register(crew.agent)
        act(client_of(crew.supervisor), row, "assign", owner=crew.other.work_number, reason="换班")
        row.refresh_from_db()
        assert (row.owner, row.offered_to) == (crew.agent, crew.other)
        act(client_of(crew.other), row, "accept")
        row.refresh_from_db()
        assert row.owner == crew.other

    def test_wait_for_the_customer_and_go_on_with_the_answer(self, crew: Crew) -> None:
        row = register(crew.agent, at=timezone.now())
        until = (timezone.localtime() + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M")
        act(client_of(crew.agent), row, "pause", reason="缺返货证明", promised_until=until)
        row.refresh_from_db()
        assert row.is_paused
        act(client_of(crew.agent), row, "resume", channel="telephone", text="已传真")
        row.refresh_from_db()
        assert not row.is_paused
        assert Message.objects.get().kind == "received"

    def test_a_promise_in_the_past_is_refused(self, crew: Crew) -> None:
        row = register(crew.agent, at=timezone.now())
        past = (timezone.localtime() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
        assert act(client_of(crew.agent), row, "pause", reason="缺", promised_until=past).status_code == 422
        assert Pause.objects.count() == 0

    def test_the_finding_names_who_is_responsible_and_orders_measures(self, crew: Crew) -> None:
        row = answered(crew, at=timezone.now() - timedelta(hours=5))
        form = {
            "founded": "founded", "text": "漏装属实", "department": "branch_east", "measures": "道歉",
            "measures-TOTAL_FORMS": "2", "measures-INITIAL_FORMS": "0", "measures-0-text": "班前核对清单",
            "measures-0-department": "branch_east",
            "measures-0-due_on": (timezone.localdate() + timedelta(days=5)).isoformat(), "measures-1-text": "",
        }  # fmt: skip
        answer = act(client_of(crew.agent), row, "finding", **form)
        assert answer.status_code == 204
        row.refresh_from_db()
        assert (row.founded, row.responsible_department.code) == ("founded", "branch_east")
        assert CorrectiveAction.objects.get().text == "班前核对清单"

    def test_a_founded_complaint_without_a_responsible_department_is_refused_and_all_typed_stays(
        self, crew: Crew
    ) -> None:
        row = answered(crew)
        form = {
            "founded": "founded", "text": "漏装属实", "measures": "补送", "measures-TOTAL_FORMS": "1",
            "measures-INITIAL_FORMS": "0", "measures-0-text": "核对清单",
        }  # fmt: skip
        page = shown(act(client_of(crew.agent), row, "finding", **form), 422)
        for typed in ("漏装属实", "补送", "核对清单"):
            assert typed in page
        row.refresh_from_db()
        assert row.founded == ""

    def test_resolve_notify_follow_up_close(self, crew: Crew) -> None:
        row = found(crew, at=timezone.now() - timedelta(hours=4))
        browser = client_of(crew.agent)
        act(browser, row, "resolve", resolution="已致歉并补送。")
        assert words(browser.get(reverse("complaint-notify", args=[row.number])))
        answer = act(browser, row, "notify", way="print", language="zh-hans", text="尊敬的客户：已补送。")
        notice = WrittenNotice.objects.get()
        assert answer["HX-Redirect"].startswith(at_page(row))
        paper = browser.get(reverse("complaint-notice-pdf", args=[notice.document_number]))
        assert b"".join(paper.streaming_content).startswith(b"%PDF")
        browser.post(reverse("complaint-notice-confirmed", args=[notice.document_number]))
        notice.refresh_from_db()
        assert notice.confirmed_at is not None
        act(browser, row, "follow-up", result="satisfied", remarks="满意")
        row.refresh_from_db()
        assert (row.state, row.close_mark) == ("closed", "satisfied")

    def test_dissatisfied_needs_the_customers_words_and_begins_the_next_round(self, crew: Crew) -> None:
        row = notified(crew)
        browser = client_of(crew.agent)
        assert act(browser, row, "follow-up", result="dissatisfied").status_code == 422
        act(browser, row, "follow-up", result="dissatisfied", remarks="只道歉不赔")
        row.refresh_from_db()
        assert (row.state, row.round) == ("reopened", 2)

    def test_cancel_and_merge_need_a_reason_and_the_right(self, crew: Crew) -> None:
        row, twin = register(crew.agent), register(crew.agent)
        assert act(client_of(crew.agent), row, "merge", into=twin.number, reason="重复").status_code == 403
        assert act(client_of(crew.supervisor), twin, "merge", into="TS0", reason="重复").status_code == 422
        assert act(client_of(crew.supervisor), twin, "cancel", reason="").status_code == 422
        act(client_of(crew.supervisor), twin, "merge", into=row.number, reason="同一来电登记两次")
        twin.refresh_from_db()
        assert twin.merged_into == row

    def test_report_upward_and_take_over(self, crew: Crew) -> None:
        row = register(crew.agent, at=timezone.now())
        assert crew.supervisor
        act(client_of(crew.agent), row, "report-upward", text="要求赔偿一万元")
        act(client_of(crew.supervisor), row, "take-over")
        row.refresh_from_db()
        assert row.owner == crew.supervisor

    def test_not_agreed_is_the_managers_from_round_three_on(self, crew: Crew) -> None:
        row = register(crew.agent)
        answer = client_of(crew.manager).get(reverse("complaint-close-not-agreed", args=[row.number]))
        assert answer.status_code == 409

    @pytest.mark.parametrize("row_of_the_table", ACTS, ids=lambda one: one.slug)
    def test_an_act_on_a_foreign_ticket_is_not_there(self, crew: Crew, row_of_the_table: Any) -> None:
        row = against_east(crew.agent)
        stranger = people.user("handler", "supervisor", department="branch_west")
        answer = client_of(stranger).get(reverse(row_of_the_table.url_name, args=[row.number]))
        assert answer.status_code in {403, 404}

    @pytest.mark.parametrize("row_of_the_table", ACTS, ids=lambda one: one.slug)
    def test_a_handler_does_none_of_the_centres_acts(self, crew: Crew, row_of_the_table: Any) -> None:
        row = against_east(crew.agent)
        answer = client_of(crew.handler).post(reverse(row_of_the_table.url_name, args=[row.number]), {})
        assert answer.status_code == 403

    @pytest.mark.parametrize("row_of_the_table", ACTS, ids=lambda one: one.slug)
    def test_every_act_has_words_in_full(self, row_of_the_table: Any) -> None:
        for text in (row_of_the_table.label, row_of_the_table.question, row_of_the_table.verb):
            assert str(text)


class TestStaleSaves:
    def test_the_second_saver_sees_what_changed_and_keeps_what_was_typed(self, crew: Crew) -> None:
        row = found(crew)
        seen = row.version
        services.add_note(complaint=row, text="……", by=crew.supervisor)
        services.assign(complaint=row, owner=crew.other, reason="换班", by=crew.supervisor)
        answer = act(client_of(crew.agent), row, "resolve", version=seen, resolution="我写了很久的处理结果。")
        page = shown(answer, 422)
        assert "我写了很久的处理结果。" in page
        assert "林志远" in page
        row.refresh_from_db()
        assert row.state == "answered"

    def test_a_ticket_that_has_moved_on_refuses_without_losing_the_text(self, crew: Crew) -> None:
        row = found(crew)
        seen = row.version
        services.resolve(complaint=row, resolution="另一位同事处理了。", by=crew.supervisor)
        page = shown(act(client_of(crew.agent), row, "resolve", version=seen, resolution="我的结果"), 422)
        assert "我的结果" in page
        row.refresh_from_db()
        assert row.rounds.get().resolution == "另一位同事处理了。"


class TestPapers:
    def test_the_sheet_holds_the_complaint_and_prints_as_pdf(self, crew: Crew) -> None:
        row = found(crew)
        browser = client_of(crew.agent)
        text = words(browser.get(reverse("complaint-sheet", args=[row.number])))
        for part in (row.number, "说好上午送到", "漏装", "139****0421"):
            assert part in text
        paper = browser.get(reverse("complaint-sheet-pdf", args=[row.number]))
        assert b"".join(paper.streaming_content).startswith(b"%PDF")

    def test_a_reprint_needs_a_reason_and_is_counted(self, crew: Crew) -> None:
        notified(crew)
        notice = WrittenNotice.objects.get()
        browser = client_of(crew.agent)
        url = reverse("complaint-notice-reprint", args=[notice.document_number])
        assert browser.post(url, {"reason": ""}, headers=HTMX).status_code == 422
        answer = browser.post(url, {"reason": "客户遗失"}, headers=HTMX)
        assert DocumentCopy.objects.get().ordinal == 1
        copy = browser.get(answer["HX-Redirect"])
        assert b"".join(copy.streaming_content).startswith(b"%PDF")

    def test_a_notice_names_the_customer_so_the_department_never_gets_it(self, crew: Crew) -> None:
        notified(crew)
        notice = WrittenNotice.objects.get()
        for name in ("notice-pdf", "notice-reprint"):
            url = reverse(f"complaint-{name}", args=[notice.document_number])
            assert client_of(crew.handler).get(url).status_code == 403
        assert client_of(crew.agent).get(reverse("complaint-notice-pdf", args=["WS0"])).status_code == 404

    def test_resolved_without_notice_the_next_step_is_to_tell_the_customer(self, crew: Crew) -> None:
        row = resolved(crew)
        answer = client_of(crew.agent).get(at_page(row))
        assert answer.context["buttons"].primary["code"] == "notify"

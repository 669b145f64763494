"""The inbox and its statements; measures; service incidents; the catalogue (CMP-21, CMP-27, CMP-40, CMP-11)."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import services
from complaints.models import (
    Category,
    CorrectiveAction,
    Handover,
    Keyword,
    Routing,
    ServiceIncident,
    Statement,
    Subcase,
)
from servicecenter import attachments, drafts
from tests import people
from tests.complaints.cases import Crew, against_east, answered, handover, register
from tests.doors import HTMX, client, client_of, shown, statements, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    return Crew()


def hand_in(browser: Client, row: Handover, **given: Any) -> Any:
    form = {"text": "司机漏装，次日补送。", "idempotency_key": uuid.uuid4().hex, **given}
    return browser.post(reverse("inbox-hand-in", args=[row.pk]), form)


class TestInbox:
    def test_it_shows_what_my_department_must_answer_and_the_paper_for_it(self, crew: Crew) -> None:
        row = against_east(crew.agent, at=timezone.now())
        page = shown(client_of(crew.handler).get(reverse("inbox")))
        assert row.number in page
        assert row.text in page
        assert "刘海涛" not in page
        assert "0421" not in page

    def test_another_departments_paper_is_not_there(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent), "branch_east")
        west = client_of(crew.west)
        assert row.complaint.number not in shown(west.get(reverse("inbox")))
        for name in ("inbox-item", "inbox-send-back"):
            assert west.get(reverse(name, args=[row.pk])).status_code == 404
        for name in ("inbox-hand-in", "inbox-take-up"):
            assert west.post(reverse(name, args=[row.pk]), {}).status_code == 404
        assert Statement.objects.count() == 0

    def test_agents_have_no_inbox(self) -> None:
        assert client("agent").get(reverse("inbox")).status_code == 403

    def test_nothing_waits_and_the_last_answers_are_named(self, crew: Crew) -> None:
        row = answered(crew)
        page = client_of(crew.handler).get(reverse("inbox"))
        assert "empty" in shown(page)
        assert [one.complaint for one in page.context["answered"]] == [row]

    @pytest.mark.parametrize("tab", ["waiting", "rectify", "done", "all"])
    def test_every_tab_opens(self, crew: Crew, tab: str) -> None:
        answered(crew)
        assert client_of(crew.handler).get(reverse("inbox"), {"tab": tab}).status_code == 200

    def test_an_unknown_tab_is_not_there(self, crew: Crew) -> None:
        assert client_of(crew.handler).get(reverse("inbox"), {"tab": "x"}).status_code == 404

    def test_a_paper_that_was_asked_for_takes_the_phones_width(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent), "branch_east")
        browser = client_of(crew.handler)
        assert "split reading" in shown(browser.get(reverse("inbox-item", args=[row.pk])))
        assert "split reading" not in shown(browser.get(reverse("inbox")))

    def test_it_takes_no_more_statements_for_thirty_papers_than_for_five(self, crew: Crew) -> None:
        def fill(first: int, last: int) -> None:
            for n in range(first, last):
                against_east(crew.agent, caller_telephone=f"139{n:08}", waybill_number=f"8620{n:07}")

        fill(0, 5)
        browser = client_of(crew.handler)
        few = statements(lambda: browser.get(reverse("inbox")))
        fill(5, 30)
        assert statements(lambda: browser.get(reverse("inbox"))) == few


class TestStatement:
    def test_it_is_handed_in_with_person_stage_and_files(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent, at=timezone.now()), "branch_east")
        driver = people.employee("branch_east", name="杨勇")
        file = attachments.store(file=SimpleUploadedFile("记录.txt", b"06:40"), by=crew.handler)
        answer = hand_in(
            client_of(crew.handler),
            row,
            employee="杨勇",
            stage="delivery",
            measures="次日补送",
            attachments=[file.public_id],
        )
        assert answer["Location"] == reverse("inbox")
        made = Statement.objects.get()
        assert (made.employee, made.stage, made.is_late) == (driver, "delivery", False)
        file.refresh_from_db()
        assert file.bound_at is not None

    def test_two_people_of_one_name_must_be_told_apart_and_what_was_written_stays(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent, at=timezone.now()), "branch_east")
        one, two = people.employee("branch_east", name="杨勇"), people.employee("branch_east", name="杨勇")
        browser = client_of(crew.handler)
        page = shown(hand_in(browser, row, employee="杨勇"), 422)
        assert one.work_number in page
        assert two.work_number in page
        assert "司机漏装，次日补送。" in page
        assert Statement.objects.count() == 0
        hand_in(browser, row, employee="杨勇", employee_number=two.work_number)
        assert Statement.objects.get().employee == two

    def test_a_person_of_another_department_is_nobody_here(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent, at=timezone.now()), "branch_east")
        people.employee("branch_west", name="钱西")
        page = shown(hand_in(client_of(crew.handler), row, employee="钱西"), 422)
        assert "不知道可以不填" not in page, "the field is needed: nobody says that it may stay empty"
        assert Statement.objects.count() == 0

    def test_an_answer_names_nobody_of_the_department(self, crew: Crew) -> None:
        """CMP-35b: only the respondent's own statement has a person (CMP-21)."""
        _inspector = crew.inspector
        row = handover(against_east(crew.agent, at=timezone.now()), "inspection")
        assert hand_in(client_of(crew.inspector), row, employee="钱西").status_code == 422
        assert hand_in(client_of(crew.inspector), row, employee="").status_code == 302
        assert Statement.objects.get().employee is None

    @pytest.mark.parametrize(
        "given", [{"text": ""}, {"text": "长" * 5001}, {"stage": "moon"}, {"employee": ""}]
    )
    def test_what_lacks_is_named(self, crew: Crew, given: dict[str, str]) -> None:
        row = handover(against_east(crew.agent, at=timezone.now()), "branch_east")
        people.employee("branch_east", name="杨勇")
        assert hand_in(client_of(crew.handler), row, **{"employee": "杨勇", **given}).status_code == 422
        assert Statement.objects.count() == 0

    def test_a_further_one_is_a_correction_and_the_first_stays(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent, at=timezone.now()), "branch_east")
        people.employee("branch_east", name="杨勇")
        browser = client_of(crew.handler)
        hand_in(browser, row, employee="杨勇")
        hand_in(browser, row, employee="杨勇", text="更正：漏装的是第 3 箱。")
        assert list(Statement.objects.order_by("ordinal").values_list("ordinal", "text")) == [
            (1, "司机漏装，次日补送。"),
            (2, "更正：漏装的是第 3 箱。"),
        ]
        page = shown(browser.get(reverse("inbox-item", args=[row.pk])))
        assert "司机漏装，次日补送。" in page
        assert "更正：漏装的是第 3 箱。" in page

    def test_a_double_click_hands_in_once(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent, at=timezone.now()), "branch_east")
        people.employee("branch_east", name="杨勇")
        browser, key = client_of(crew.handler), uuid.uuid4().hex
        for _again in range(2):
            assert hand_in(browser, row, employee="杨勇", idempotency_key=key).status_code == 302
        assert Statement.objects.count() == 1

    def test_the_draft_falls_with_it(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent, at=timezone.now()), "branch_east")
        people.employee("branch_east", name="杨勇")
        name = f"complaints.statement.{row.pk}"
        drafts.keep(user=crew.handler, form=name, data={"text": ["…"]})
        hand_in(client_of(crew.handler), row, employee="杨勇")
        assert drafts.find(user=crew.handler, form=name) is None

    def test_not_our_department_goes_back_with_a_reason(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent), "branch_east")
        browser = client_of(crew.handler)
        url = reverse("inbox-send-back", args=[row.pk])
        assert browser.post(url, {"reason": ""}, headers=HTMX).status_code == 422
        browser.post(url, {"reason": "是城西派送的"}, headers=HTMX)
        row.refresh_from_db()
        assert (row.state, row.end_reason) == ("returned", "是城西派送的")

    def test_taken_up_the_centre_sees_it(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent), "branch_east")
        client_of(crew.handler).post(reverse("inbox-take-up", args=[row.pk]))
        row.refresh_from_db()
        assert row.accepted_by == crew.handler

    def test_the_supervisor_waives_with_a_reason_and_nobody_else(self, crew: Crew) -> None:
        row = handover(against_east(crew.agent), "branch_east")
        url = reverse("complaint-waive", args=[row.pk])
        assert client_of(crew.agent).get(url).status_code == 403
        browser = client_of(crew.supervisor)
        assert browser.post(url, {"reason": ""}, headers=HTMX).status_code == 422
        browser.post(url, {"reason": "车辆事故，原因已明"}, headers=HTMX)
        row.refresh_from_db()
        assert row.state == "waived"


class TestMeasures:
    def ordered(self, crew: Crew) -> CorrectiveAction:
        row = answered(crew, at=timezone.now() - timedelta(hours=4))
        services.record_finding(
            complaint=row, founded="founded", text="漏装", department=people.department("branch_east"),
            actions=[
                services.Measure(
                    text="班前核对", department=people.department("branch_east"),
                    due_on=timezone.localdate() + timedelta(days=7),
                )
            ],
            by=crew.agent,
        )  # fmt: skip
        return CorrectiveAction.objects.get()

    def test_carried_out_reviewed_and_verified_each_by_its_own(self, crew: Crew) -> None:
        measure = self.ordered(crew)
        chief = people.user("department_manager")
        assert "班前核对" in shown(client_of(crew.handler).get(reverse("inbox"), {"tab": "rectify"}))
        done = client_of(crew.handler).post(
            reverse("complaint-measure-done", args=[measure.pk]), {"result": "已实行"}, headers=HTMX
        )
        assert done.status_code == 204
        client_of(chief).post(reverse("complaint-measure-reviewed", args=[measure.pk]))
        client_of(crew.agent).post(
            reverse("complaint-measure-verified", args=[measure.pk]), {"effect": "一周无漏装"}, headers=HTMX
        )
        measure.refresh_from_db()
        assert (measure.done_by, measure.reviewed_by, measure.verified_by) == (
            crew.handler,
            chief,
            crew.agent,
        )

    def test_another_departments_measure_is_not_there(self, crew: Crew) -> None:
        measure = self.ordered(crew)
        url = reverse("complaint-measure-done", args=[measure.pk])
        assert client_of(crew.west).post(url, {"result": "x"}).status_code == 404
        measure.refresh_from_db()
        assert measure.done_at is None


class TestIncidents:
    def second(self, crew: Crew, **given: Any) -> ServiceIncident:
        assert all([crew.enterprise, crew.manager, crew.leader])
        against_east(crew.agent, at=timezone.now() - timedelta(hours=2))
        against_east(crew.agent, at=timezone.now() - timedelta(hours=1), **given)
        return ServiceIncident.objects.get()

    def test_its_page_names_tickets_who_was_told_and_what_follows(self, crew: Crew) -> None:
        incident = self.second(crew)
        answer = client_of(crew.enterprise).get(reverse("incident-detail", args=[incident.number]))
        text = words(answer)
        for ticket in incident.complaints.all():
            assert ticket.number in text
        assert crew.enterprise.name in text
        assert "城东分公司" in text
        assert answer.context["view"].consequences.live_disqualifications

    @pytest.mark.parametrize(
        "role", ["agent", "handler", "adjuster", "inspector", "cashier", "enterprise_management"]
    )
    def test_no_page_leads_where_its_reader_may_not_go(self, crew: Crew, role: str) -> None:
        incident = self.second(crew)
        browser = client(role, department="branch_east")
        pages = [reverse("complaint-detail", args=[row.number]) for row in incident.complaints.all()]
        pages += [reverse("desk"), reverse("inbox"), reverse("complaint-list"), reverse("follow-up-list")]
        answers = {page: browser.get(page) for page in pages}
        opened = [page for page, answer in answers.items() if answer.status_code == 200]
        assert set(pages[:2]) <= set(opened)
        # Every address once, with the first page that names it: the frame's are on all of them.
        leads: dict[str, str] = {}
        for page in opened:
            for address in re.findall(r'<a [^>]*href="(/[^"#]+)"', answers[page].content.decode()):
                leads.setdefault(unescape(address), page)
        assert len(leads) > len(opened)
        for address, page in leads.items():
            assert browser.get(address).status_code < 400, f"{page} leads to {address}"

    def test_it_stands_in_the_list_and_on_the_tickets(self, crew: Crew) -> None:
        incident = self.second(crew)
        assert incident.number in shown(client_of(crew.enterprise).get(reverse("incident-list")))
        ticket = incident.complaints.last()
        page = shown(client_of(crew.agent).get(reverse("complaint-detail", args=[ticket.number])))
        assert incident.number in page

    def test_without_the_right_it_is_closed(self, crew: Crew) -> None:
        incident = self.second(crew)
        assert client_of(crew.handler).get(
            reverse("incident-detail", args=[incident.number])
        ).status_code in {403, 404}
        assert client("storekeeper").get(reverse("incident-list")).status_code == 403

    @pytest.mark.parametrize("month", ["2026-11", "2026-13", "x", "2026", "'"])
    def test_a_months_filter_never_breaks(self, crew: Crew, month: str) -> None:
        people.centre()
        assert client_of(crew.enterprise).get(reverse("incident-list"), {"month": month}).status_code == 200

    def test_a_suspected_one_is_confirmed_or_refuted_from_its_page(self, crew: Crew) -> None:
        incident = self.second(crew, channel="online")
        ticket = incident.complaints.get(is_suspected=True)
        page = shown(client_of(crew.supervisor).get(reverse("incident-detail", args=[incident.number])))
        assert reverse("complaint-confirm-incident", args=[ticket.number]) in page
        answer = client_of(crew.supervisor).post(
            reverse("complaint-refute", args=[ticket.number]) + "?back=incident-list",
            {"reason": "是另一车货", "version": ticket.version},
            headers=HTMX,
        )
        assert answer["HX-Redirect"] == reverse("incident-list")
        incident.refresh_from_db()
        assert incident.state == "withdrawn"


class TestCatalogue:
    @pytest.fixture
    def manager(self, crew: Crew) -> Client:
        return client_of(crew.manager)

    def test_agents_do_not_edit_it(self, crew: Crew) -> None:
        browser = client_of(crew.agent)
        for name in ("category-new", "category-keyword-new"):
            assert browser.post(reverse(name), {}).status_code == 403

    def test_every_category_stands_with_where_it_goes(self, manager: Client) -> None:
        people.centre()
        text = words(manager.get(reverse("category-list")))
        for row in Category.objects.all():
            assert str(row) in text

    def test_a_category_gets_its_subcase_its_way_and_its_word(self, manager: Client) -> None:
        people.centre()
        manager.post(
            reverse("category-new"),
            {"code": "app_fault", "name_hans": "下单系统故障", "ordinal": 12},
            headers=HTMX,
        )
        row = Category.objects.get(code="app_fault")
        manager.post(
            reverse("category-subcase-new", args=["app_fault"]),
            {"code": "app_payment", "name_hans": "付款失败", "ordinal": 1},
            headers=HTMX,
        )
        manager.post(
            reverse("category-routing", args=["app_fault"]),
            {
                "subcase": "app_payment",
                "department": "operations",
                "valid_from": timezone.localdate().isoformat(),
            },
            headers=HTMX,
        )
        manager.post(
            reverse("category-keyword-new"),
            {"word": "闪退", "category": "app_fault", "weight": 2},
            headers=HTMX,
        )
        assert Subcase.objects.get(category=row).code == "app_payment"
        assert Routing.objects.get(category=row).department.code == "operations"
        assert Keyword.objects.get(word="闪退").category == row
        tried = shown(manager.get(reverse("category-try-words"), {"text": "软件一直闪退"}))
        assert "下单系统故障" in tried

    def test_a_way_names_a_kind_or_a_department_not_both(self, manager: Client) -> None:
        people.centre()
        answer = manager.post(
            reverse("category-routing", args=["price"]),
            {"department_kind": "business", "department": "operations", "valid_from": "2026-12-01"},
            headers=HTMX,
        )
        assert answer.status_code == 422

    def test_what_is_not_there_is_not_there(self, manager: Client) -> None:
        assert manager.get(reverse("category-detail", args=["nothing"])).status_code == 404

    def test_a_new_complaint_goes_the_new_way_from_its_day_on(self, crew: Crew, manager: Client) -> None:
        people.centre()
        manager.post(
            reverse("category-routing", args=["price"]),
            {"department": "operations", "valid_from": timezone.localdate().isoformat()},
            headers=HTMX,
        )
        assert register(crew.agent, at=timezone.now(), category="price").department.code == "operations"

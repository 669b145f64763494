"""Complaints in a real browser: the live intake, keyboard, dialogs, the composer, widths (CMP-06, CMP-50)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from complaints.models import Complaint, Message
from tests import people
from tests.browser import PHONE, as_role, login, overflow, screenshot, unreachable
from tests.complaints.cases import Crew, against_east, found, handover, register


@pytest.fixture
def crew(transactional_db: None) -> Crew:
    return Crew()


def test_a_second_call_is_announced_while_it_is_typed_and_saved_by_keyboard(page: Any, crew: Crew) -> None:
    first = register(crew.agent, at=timezone.now())
    login(page, crew.agent)
    page.goto("/intake/")
    page.keyboard.type("13900000421")
    expect(page.locator("#intake-side")).to_contain_text(first.number)
    page.keyboard.press("Tab")
    page.keyboard.type("8620 4417 309")
    expect(page.locator("#id_caller_name")).to_have_value("刘海涛")
    page.locator("#id_party_role").select_option("consignor")
    page.locator("#id_category").select_option("late_delivery")
    expect(page.locator("#intake-side .banner.red")).to_be_visible()
    expect(page.locator('#intake-buttons use[href$="i-siren"]')).to_be_visible()
    screenshot(page, "intake-second")
    page.locator("#id_text").fill("又没送到𠮷😀，第二次打电话了。")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/complaints/TS"))
    second = Complaint.objects.latest("pk")
    assert (second.sequence, second.is_incident, second.text) == (2, True, "又没送到𠮷😀，第二次打电话了。")
    expect(page.locator(".banner.red")).to_contain_text(second.incidents.get().number)
    screenshot(page, "ticket-second")


def test_what_is_asked_follows_what_is_chosen(page: Any, crew: Crew) -> None:
    login(page, crew.agent)
    people.centre()
    page.goto("/intake/")
    page.locator("#id_category").select_option("misrouted")
    shown = page.locator("#id_subcase optgroup:not([hidden])")
    expect(shown).to_have_count(1)
    page.locator("#id_settle_0").check()
    expect(page.locator("#id_resolution")).to_be_visible()
    expect(page.locator("#id_department")).to_be_hidden()
    page.locator("#id_settle_1").check()
    expect(page.locator("#id_resolution")).to_be_hidden()
    expect(page.locator("#id_route_reason")).to_be_hidden()
    page.locator("#id_department").select_option("operations")
    expect(page.locator("#id_route_reason")).to_be_visible()


def test_a_caller_name_that_was_typed_is_never_overwritten(page: Any, crew: Crew) -> None:
    register(crew.agent, at=timezone.now())
    login(page, crew.agent)
    page.goto("/intake/")
    page.locator("#id_caller_name").fill("刘海涛的妻子")
    page.locator("#id_telephone").fill("13900000421")
    expect(page.locator("#intake-side")).to_contain_text("139****0421")
    expect(page.locator("#id_caller_name")).to_have_value("刘海涛的妻子")


def test_a_refused_form_keeps_everything_and_leads_to_the_wrong_field(page: Any, crew: Crew) -> None:
    login(page, crew.agent)
    people.centre()
    page.goto("/intake/")
    page.locator("#id_text").fill("写了很久的经过。")
    page.locator("#id_waybill").fill("8620 4417")
    page.locator("#id_text").press("Control+Enter")
    expect(page.locator(".field.bad").first).to_be_visible()
    expect(page.locator("#id_text")).to_have_value("写了很久的经过。")
    expect(page.locator("#id_waybill")).to_be_focused()
    assert Complaint.objects.count() == 0


def test_two_of_one_name_are_chosen_by_work_number_before_saving(page: Any, crew: Crew) -> None:
    people.employee("branch_east", name="杨勇")
    second = people.employee("branch_east", name="杨勇")
    row = handover(against_east(crew.agent, at=timezone.now()), "branch_east")
    login(page, crew.handler)
    page.goto("/inbox/")
    page.locator("#id_employee").fill("yy")
    hit = page.locator(f'.people input[value="{second.work_number}"]')
    expect(hit).to_be_visible()
    hit.check()
    page.locator("#id_text").fill("分拣时漏装第 3 箱。")
    page.locator(".read form .btn-primary").click()
    expect(page.locator(".toast-w")).to_be_visible()
    assert row.statements.get().employee == second


def test_a_note_is_written_by_keyboard_and_a_wrong_name_costs_nothing(page: Any, crew: Crew) -> None:
    row = register(crew.agent, at=timezone.now())
    assert crew.supervisor
    login(page, crew.agent)
    page.goto(f"/complaints/{row.number}/")
    page.keyboard.press("c")
    page.keyboard.type("@没这人 请看")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#write .err")).to_be_visible()
    expect(page.locator("#write textarea")).to_have_value("@没这人 请看")
    page.locator("#write textarea").fill("@林志远请看")
    page.locator("#write textarea").press("Control+Enter")
    expect(page.locator(".tl")).to_contain_text("@林志远请看")
    assert list(Message.objects.get().mentions.all()) == [crew.supervisor]


def test_a_dialog_asks_refuses_in_place_and_gives_the_focus_back(page: Any, crew: Crew) -> None:
    row = against_east(crew.agent, at=timezone.now())
    login(page, crew.agent)
    page.goto(f"/complaints/{row.number}/")
    opener = page.locator(f'.acts a[href="/complaints/{row.number}/hand-over/"]')
    opener.click()
    dialog = page.locator(".modal.show")
    expect(dialog.locator("#id_department")).to_be_visible()
    dialog.locator('button[type="submit"]').click()
    expect(dialog.locator(".err").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".modal.show")).to_have_count(0)
    expect(opener).to_be_focused()
    assert row.handovers.count() == 2


def test_the_desk_is_worked_by_keyboard_and_chosen_rows_are_passed_on(page: Any, crew: Crew) -> None:
    one = register(crew.agent, at=timezone.now())
    register(crew.agent, at=timezone.now(), caller_telephone="13811112222", waybill_number="86200000001")
    assert crew.other
    login(page, crew.supervisor)
    page.goto("/desk/?queue=all")
    page.keyboard.press("j")
    page.keyboard.press("x")
    bar = page.locator("[data-bulk]")
    expect(bar).to_be_visible()
    bar.locator("[data-bulk-dialog]").click()
    dialog = page.locator(".modal.show")
    dialog.locator("#id_owner").select_option(crew.other.work_number)
    dialog.locator("#id_reason").fill("换班")
    dialog.locator('button[type="submit"]').click()
    toast = page.locator(".toast-w")
    expect(toast).to_contain_text("王芳")
    one.refresh_from_db()
    assert one.offered_to == crew.other
    with page.expect_navigation():
        toast.locator("button").first.click()
    expect(page.locator(".toast-w")).to_be_visible()
    one.refresh_from_db()
    assert one.offered_to is None


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_no_page_is_wider_than_its_window_or_out_of_reach(new_page: Any, crew: Crew, lang: str) -> None:
    row = against_east(crew.agent, at=timezone.now())
    second = against_east(crew.agent, at=timezone.now())
    incident = second.incidents.get()
    paths = [
        "/desk/", "/complaints/", "/intake/?telephone=13900000421&waybill=86204417309", f"/complaints/{row.number}/",
        f"/complaints/{row.number}/?tab=statements", f"/complaints/{second.number}/finding/", "/incidents/",
        f"/incidents/{incident.number}/", "/follow-ups/", "/categories/", "/categories/misrouted/", "/reply-templates/",
        "/reply-templates/received/", "/inbox/",
    ]  # fmt: skip
    found: list[str] = []
    for wide, narrow in (({"width": 1440, "height": 900}, {"width": 1024, "height": 768}), (PHONE, None)):
        page = new_page(wide)
        as_role(page, "centre_manager", "inspector", language=lang)
        for path in paths:
            page.set_viewport_size(wide)
            page.goto(path)
            assert overflow(page) == 0, (path, wide)
            if lang == "en":
                found += unreachable(page)
            if narrow:
                page.set_viewport_size(narrow)
                assert overflow(page) == 0, (path, narrow)
    assert found == []


def test_a_template_comes_at_the_cursor_is_undone_and_is_reached_by_keyboard(page: Any, crew: Crew) -> None:
    row = register(crew.agent, at=timezone.now())
    login(page, crew.agent)
    page.goto(f"/complaints/{row.number}/?write=reply")
    text = page.locator("#write textarea")
    text.fill("前后")
    text.press("ArrowLeft")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "template":
            break
    page.keyboard.press("End")
    expect(page.locator("#write select[name=template]")).to_have_value("apology")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile("^前刘海涛，您好.*后$"))
    expect(text).to_be_focused()
    page.keyboard.press("Control+z")
    expect(text).to_have_value("前后")
    page.locator("#write select[name=template_language]").select_option("en")
    page.locator("#write select[name=template]").select_option("received")
    page.locator("#write [data-phrases] button").click()
    expect(text).to_have_value(re.compile(f"前Dear 刘海涛, .*{row.number}.*后"))
    text.press("Control+Enter")
    expect(page.locator(".tl")).to_contain_text("Dear 刘海涛")
    assert Message.objects.get().kind == "reply"


def test_a_dialog_takes_a_template_on_a_phone_and_stays_within_its_width(phone: Any, crew: Crew) -> None:
    row = found(crew)
    login(phone, crew.agent)
    phone.goto(f"/complaints/{row.number}/resolve/")
    phone.locator("select[name=template]").select_option("resolved")
    phone.locator("[data-phrases] button").click()
    expect(phone.locator("#id_resolution")).to_have_value(re.compile(row.number))
    assert overflow(phone) == 0
    phone.goto(f"/complaints/{row.number}/")
    expect(phone.locator("#write select[name=template]")).to_be_visible()
    assert overflow(phone) == 0

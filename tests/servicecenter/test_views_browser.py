"""In a real browser: clocks, keys, dialogs, forms, drafts, files."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import expect

from servicecenter import countdown
from servicecenter.models import Attachment, Draft
from tests.browser import as_role, login
from tests.servicecenter import tryout, uploads
from tests.servicecenter.test_views_countdown import Clock

pytestmark = pytest.mark.urls("tests.servicecenter.tryout")


MOMENTS = [
    timedelta(days=3, hours=5),
    timedelta(days=2),
    timedelta(hours=9, minutes=36),
    timedelta(hours=6),
    timedelta(hours=2),
    timedelta(minutes=30),
    timedelta(minutes=29, seconds=59),
    timedelta(seconds=59),
    timedelta(0),
    -timedelta(seconds=45),
    -timedelta(minutes=35),
    -timedelta(hours=1, minutes=4),
    -timedelta(days=2, hours=3),
]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_ticker_says_what_the_server_says(page: Any, language: str) -> None:
    as_role(page, "agent", language=language)
    page.goto("/gallery/")
    start, due = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    clock = Clock(started_at=start, due_at=due)
    for left in MOMENTS:
        with translation.override(language):
            face = countdown.face(clock, due - left)
        shown = page.evaluate(
            "given => window.wb.face(given, given.now)",
            {
                "state": "running",
                "start": start.timestamp(),
                "warn": face.warn_at.timestamp(),
                "deadline": due.timestamp(),
                "now": (due - left).timestamp(),
            },
        )
        assert (shown["look"], shown["words"]) == (face.look, face.words), left


def test_clocks_follow_the_servers_time_not_the_machines(new_page: Any) -> None:
    page = new_page()
    as_role(page, "agent")
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=5))
    page.goto("/gallery/")
    page.clock.run_for(3000)
    chip = page.locator(".chips time.sla.calm").first
    assert re.fullmatch(r"剩 9 时 3[56] 分", chip.inner_text())


def test_words_change_while_one_watches_and_the_edge_moves_with_the_chip(page: Any) -> None:
    as_role(page, "agent")
    page.goto("/gallery/")
    row = page.locator("tr[data-row]").first
    assert "over" not in (row.get_attribute("class") or "")
    page.evaluate(
        """() => { const chip = document.querySelector("tr[data-row] time.sla");
                   chip.dataset.deadline = String(Math.floor(window.wb.now() / 1000) - 60); }"""
    )
    expect(row.locator("time.sla.over")).to_have_text("超 1 分")
    expect(row).to_have_class(re.compile(r"\bover\b"))


def test_j_k_x_work_a_list_and_the_bulk_bar_counts(page: Any) -> None:
    as_role(page, "agent")
    page.goto("/gallery/")
    rows = page.locator("tr[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_class(re.compile(r"\bcur\b"))
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 2 项")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#TS2611"))
    page.locator("[data-bulk-clear]").click()
    expect(page.locator("[data-bulk]")).to_be_hidden()


def test_slash_searches_and_question_mark_tells_all_keys(desk: Any) -> None:
    desk.keyboard.press("/")
    expect(desk.locator("[data-search]")).to_be_focused()
    desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    expect(desk.locator("#modal h2")).to_have_text("按键与颜色")


def test_ctrl_k_goes_anywhere_and_c_writes_a_note(desk: Any) -> None:
    desk.keyboard.press("c")
    expect(desk.locator("#note")).to_be_focused()
    desk.keyboard.press("Control+k")
    expect(desk.locator("[data-palette]")).to_be_focused()


def test_shortcuts_are_letters_while_one_types(desk: Any) -> None:
    desk.locator("#note").click()
    desk.keyboard.type("j?x/c")
    expect(desk.locator("#note")).to_have_value("j?x/c")
    expect(desk.locator("#modal")).to_be_hidden()


def test_keys_of_an_input_method_are_no_shortcuts(desk: Any) -> None:
    desk.evaluate(
        """() => document.body.dispatchEvent(
             new KeyboardEvent("keydown", { key: "?", bubbles: true, isComposing: true }))"""
    )
    desk.wait_for_timeout(300)
    expect(desk.locator("#modal")).to_be_hidden()


def test_a_live_search_waits_for_the_end_of_the_composition(desk: Any) -> None:
    desk.evaluate(
        """() => { const field = document.getElementById("find");
            field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
            for (const part of ["c", "ch", "che"]) { field.value = part;
              field.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true })); } }"""
    )
    desk.wait_for_timeout(500)
    assert tryout.seen.saved == []
    desk.evaluate(
        """() => { const field = document.getElementById("find"); field.value = "城东";
            field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true })); }"""
    )
    expect(desk.locator("#hits")).to_have_text("1")
    assert tryout.seen.saved == [("城东", "find")]


def test_typing_fast_asks_once(desk: Any) -> None:
    # sign by sign in one breath of the page: no other process is so slow that a pause comes between two of them
    desk.evaluate(
        """() => { const field = document.getElementById("find");
            for (const sign of "86204417309") { field.value += sign;
              field.dispatchEvent(new InputEvent("input", { bubbles: true, data: sign })); } }"""
    )
    expect(desk.locator("#hits")).to_have_text("1")
    assert tryout.seen.saved == [("86204417309", "find")]


def test_a_dialog_asks_refuses_and_saves_and_gives_the_focus_back(desk: Any) -> None:
    desk.locator("#open").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#modal h2")).to_have_text("作废 TS261118-0117?")
    expect(desk.locator("#modal textarea")).to_be_focused()
    desk.get_by_role("button", name="作废", exact=True).click()
    expect(desk.locator("#modal .err")).to_be_visible()
    assert tryout.seen.saved == []
    desk.locator("#modal textarea").fill("重复登记")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#modal")).to_be_hidden()
    expect(desk.locator(".toast-w")).to_contain_text("已作废")
    expect(desk.locator("#open")).to_be_focused()
    assert tryout.seen.saved == [("重复登记", "dialog")]


def test_a_rule_that_no_form_caught_is_told_and_what_was_typed_stays(desk: Any) -> None:
    desk.locator("#open").click()
    desk.locator("#modal textarea").fill("stale")
    desk.get_by_role("button", name="作废", exact=True).click()
    expect(desk.locator(".toast-w.red")).to_contain_text("TS261118-0117 期间被别人改过")
    expect(desk.locator("#modal textarea")).to_have_value("stale")
    assert tryout.seen.saved == []


def test_a_refused_button_says_why_when_pressed(page: Any) -> None:
    as_role(page, "agent")
    page.goto("/gallery/")
    page.locator('[aria-disabled="true"]').click(force=True)
    expect(page.locator(".toast-w").last).to_contain_text("当前状态下不能这样做")


def test_escape_leaves_a_dialog_and_nothing_is_done(desk: Any) -> None:
    desk.locator("#open").click()
    expect(desk.locator("#modal textarea")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator("#modal")).to_be_hidden()
    expect(desk.locator("#open")).to_be_focused()
    assert tryout.seen.saved == []


def test_without_scripts_the_same_dialog_is_a_page(new_page: Any, nothing_sent: None) -> None:
    page = new_page(java_script_enabled=False)
    as_role(page, "agent")
    page.goto("/try/")
    page.locator("#open").click()
    expect(page.locator("h1")).to_have_text("作废 TS261118-0117?")
    assert page.title().startswith("作废 TS261118-0117?·")
    page.locator("textarea").fill("重复登记")
    page.get_by_role("button", name="作废", exact=True).click()
    assert tryout.seen.saved == [("重复登记", "dialog")]


def test_a_saved_form_tells_so_and_can_be_undone_for_a_while(desk: Any) -> None:
    desk.locator("#id_text").fill("三天没人回电")
    desk.get_by_role("button", name="保存").click()
    toast = desk.locator(".toast-w")
    expect(toast).to_contain_text("已保存")
    assert tryout.seen.saved == [("三天没人回电", "now")]
    with desk.expect_response("**/try/undo/"):
        toast.get_by_role("button", name=re.compile("撤消")).click()
    expect(toast).to_be_hidden()
    assert tryout.seen.undone == 1


def test_a_double_click_saves_once(desk: Any) -> None:
    tryout.seen.slow = 0.5
    desk.locator("#id_text").fill("双击")
    desk.get_by_role("button", name="保存").dblclick(no_wait_after=True)
    expect(desk.locator(".toast-w")).to_contain_text("已保存")
    assert tryout.seen.saved == [("双击", "now")]


def test_a_form_that_fits_not_comes_back_with_what_was_typed_and_the_focus_on_it(desk: Any) -> None:
    desk.locator("#id_kind").select_option("damage")
    desk.locator("#form").evaluate("form => form.noValidate = true")
    desk.get_by_role("button", name="保存").click()
    expect(desk.locator("#id_text")).to_be_focused()
    expect(desk.locator("#id_kind")).to_have_value("damage")
    assert tryout.seen.saved == []


def test_a_fragment_takes_the_focus_to_its_heading(desk: Any) -> None:
    desk.locator("#live-form input[name=text]").fill("x")
    desk.get_by_role("button", name="发").click()
    expect(desk.locator("#answer h2")).to_have_text("收到 1")


def test_what_was_typed_is_there_again_in_another_window(desk: Any, new_page: Any) -> None:
    desk.locator("#id_text").fill("司机卸货时把电视机摔了")
    desk.locator("#id_kind").select_option("damage")
    desk.locator("#id_outside").check()
    expect(desk.locator("[data-draft-state]")).to_contain_text("草稿已存", timeout=8000)
    other = new_page()
    login(other, desk.agent)
    other.goto("/try/")
    expect(other.locator("#form .banner")).to_contain_text("的草稿")
    expect(other.locator("#id_text")).to_have_value("司机卸货时把电视机摔了")
    expect(other.locator("#id_kind")).to_have_value("damage")
    expect(other.locator("#id_outside")).to_be_checked()
    with other.expect_response(lambda answer: answer.request.method == "POST" and "/drafts/" in answer.url):
        other.get_by_role("button", name="放弃草稿").click()
    expect(other.locator("#id_text")).to_have_value("")
    expect(other.locator("#id_kind")).to_have_value("late")
    assert not Draft.objects.exists()


def test_a_reload_before_the_server_knows_loses_nothing(desk: Any) -> None:
    desk.locator("#id_text").fill("刚打的字")
    desk.reload()
    expect(desk.locator("#id_text")).to_have_value("刚打的字")


def test_a_saved_form_leaves_no_draft(desk: Any) -> None:
    desk.locator("#id_text").fill("要保存的")
    expect(desk.locator("[data-draft-state]")).to_contain_text("草稿已存", timeout=8000)
    desk.get_by_role("button", name="保存").click()
    expect(desk.locator(".toast-w")).to_contain_text("已保存")
    assert not Draft.objects.exists()
    expect(desk.locator("#id_text")).to_have_value("")
    desk.wait_for_timeout(500)
    expect(desk.locator("#form .banner")).to_have_count(0)


def test_files_come_by_choice_paste_and_drop_and_go_with_the_form(desk: Any) -> None:
    desk.locator("[data-upload-input]").set_input_files(
        {"name": "配送单.png", "mimeType": "image/png", "buffer": uploads.image()}
    )
    expect(desk.locator(".file[data-file]")).to_have_count(1)
    give = """([target, kind, type, bytes, name]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name, { type }));
        const event = kind === "paste"
          ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector(target).dispatchEvent(event); }"""
    desk.evaluate(give, ["#id_text", "paste", "image/png", list(uploads.image("PNG", (3, 3))), "image.png"])
    expect(desk.locator(".file[data-file]")).to_have_count(2)
    desk.evaluate(give, ["#form .drop", "drop", "application/pdf", list(uploads.PDF), "报告.pdf"])
    expect(desk.locator(".file[data-file]")).to_have_count(3)
    desk.get_by_role("button", name="移除 image.png").click()
    desk.locator("#id_text").fill("有附件")
    desk.get_by_role("button", name="保存").click()
    expect(desk.locator(".toast-w")).to_contain_text("已保存")
    names = {row.public_id: row.name for row in Attachment.objects.all()}
    assert [names[public_id] for public_id in tryout.seen.files] == ["配送单.png", "报告.pdf"]


def test_a_refused_file_says_why_and_is_not_in_the_form(desk: Any) -> None:
    desk.locator("[data-upload-input]").set_input_files(
        {"name": "prize.exe", "mimeType": "image/png", "buffer": uploads.EXE}
    )
    expect(desk.locator(".toast-w.red")).to_contain_text("prize.exe")
    expect(desk.locator(".file")).to_have_count(0)

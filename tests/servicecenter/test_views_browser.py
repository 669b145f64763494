"""The frame in a real browser: clocks, keys, dialogs, drafts, files, a session that is over, a server that is away."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import translation
from playwright.sync_api import expect

from servicecenter import countdown
from servicecenter.models import Attachment, Draft
from tests import people
from tests.browser import as_role, expect_errors, login, overflow, screenshot
from tests.servicecenter import tryout, uploads
from tests.servicecenter.test_views_countdown import Clock

pytestmark = pytest.mark.urls("tests.servicecenter.tryout")


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> None:
    tryout.reset()
    settings.PORTS = settings.PORTS | {
        "servicecenter.subject": {"organization.department": "tests.servicecenter.subjects.department"},
        "servicecenter.search": {},
    }


@pytest.fixture
def desk(page: Any) -> Any:
    """A logged-in agent on the try-out page."""
    page.agent = as_role(page, "agent")
    page.goto("/try/")
    return page


def end_session() -> None:
    """As the idle limit does."""
    Session.objects.all().delete()


# -- clocks ---------------------------------------------------------------------------------------------------

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


# -- keys -----------------------------------------------------------------------------------------------------


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
    desk.locator("#find").press_sequentially("86204417309", delay=20)
    expect(desk.locator("#hits")).to_have_text("1")
    assert tryout.seen.saved == [("86204417309", "find")]


# -- dialogs --------------------------------------------------------------------------------------------------


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


def test_escape_leaves_a_dialog_and_nothing_is_done(desk: Any) -> None:
    desk.locator("#open").click()
    expect(desk.locator("#modal textarea")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator("#modal")).to_be_hidden()
    expect(desk.locator("#open")).to_be_focused()
    assert tryout.seen.saved == []


def test_without_scripts_the_same_dialog_is_a_page(new_page: Any) -> None:
    page = new_page(java_script_enabled=False)
    as_role(page, "agent")
    page.goto("/try/")
    page.locator("#open").click()
    expect(page.locator("h1")).to_have_text("作废 TS261118-0117?")
    page.locator("textarea").fill("重复登记")
    page.get_by_role("button", name="作废", exact=True).click()
    assert tryout.seen.saved == [("重复登记", "dialog")]


# -- forms ----------------------------------------------------------------------------------------------------


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


# -- drafts ---------------------------------------------------------------------------------------------------


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
    other.get_by_role("button", name="放弃草稿").click()
    expect(other.locator("#id_text")).to_have_value("")
    expect(other.locator("#id_kind")).to_have_value("late")
    other.wait_for_timeout(300)
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


# -- files ----------------------------------------------------------------------------------------------------


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


# -- a session that is over -----------------------------------------------------------------------------------


def log_in_again(page: Any, user: Any) -> None:
    page.locator("#login-modal #id_work_number").fill(user.work_number)
    page.locator("#login-modal #id_password").fill(people.PASSWORD)
    page.locator("#login-modal").get_by_role("button", name="登录").click()


def test_a_fragment_asks_for_the_login_and_goes_on(desk: Any) -> None:
    end_session()
    desk.locator("#live-form input[name=text]").fill("没有丢")
    desk.get_by_role("button", name="发").click()
    expect(desk.locator("#login-modal h2")).to_have_text("重新登录")
    assert tryout.seen.saved == []
    log_in_again(desk, desk.agent)
    expect(desk.locator("#answer h2")).to_have_text("收到 1")
    assert tryout.seen.saved == [("没有丢", "fragment")]


def test_a_dialog_opens_after_the_login(desk: Any) -> None:
    end_session()
    desk.locator("#open").click()
    expect(desk.locator("#login-modal h2")).to_have_text("重新登录")
    log_in_again(desk, desk.agent)
    expect(desk.locator("#modal h2")).to_have_text("作废 TS261118-0117?")


def test_a_page_form_is_sent_once_after_the_login(desk: Any) -> None:
    desk.locator("#id_text").fill("写了很久的一段")
    end_session()
    desk.get_by_role("button", name="保存").click()
    expect(desk.locator("#login-modal h2")).to_have_text("重新登录")
    expect(desk.locator("#id_text")).to_have_value("写了很久的一段")
    log_in_again(desk, desk.agent)
    expect(desk.locator(".toast-w")).to_contain_text("已保存")
    assert tryout.seen.saved == [("写了很久的一段", "now")]


def test_a_wrong_password_in_the_dialog_stays_in_the_dialog(desk: Any) -> None:
    end_session()
    desk.locator("#open").click()
    desk.locator("#login-modal #id_work_number").fill(desk.agent.work_number)
    desk.locator("#login-modal #id_password").fill("wrong")
    desk.locator("#login-modal").get_by_role("button", name="登录").click()
    expect(desk.locator("#login-modal .banner.red")).to_contain_text("工号或密码不对")


def test_if_somebody_else_logs_in_nothing_of_the_former_page_stays(desk: Any) -> None:
    desk.locator("#live-form input[name=text]").fill("别人的内容")
    end_session()
    desk.get_by_role("button", name="发").click()
    expect(desk.locator("#login-modal h2")).to_have_text("重新登录")
    log_in_again(desk, people.user("supervisor"))
    expect(desk.locator(".who-btn")).to_contain_text("林志远")
    expect(desk.locator("#live-form input[name=text]")).to_have_value("")
    assert tryout.seen.saved == []


# -- a server that is away ------------------------------------------------------------------------------------


def test_while_the_database_is_away_the_form_stays_and_is_sent_by_itself(desk: Any) -> None:
    expect_errors(desk, "503")
    tryout.seen.away = 1
    desk.locator("#live-form input[name=text]").fill("等一等")
    desk.get_by_role("button", name="发").click()
    expect(desk.locator(".toast-w.red")).to_contain_text("内容还在")
    expect(desk.locator("#live-form input[name=text]")).to_have_value("等一等")
    expect(desk.locator("#answer h2")).to_have_text("收到 1", timeout=9000)
    expect(desk.locator(".toast-w.red")).to_have_count(0)
    assert tryout.seen.saved == [("等一等", "fragment")]


def test_without_a_connection_nothing_typed_is_lost_and_one_can_try_again(desk: Any) -> None:
    expect_errors(desk, "ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    desk.locator("#live-form input[name=text]").fill("断网了")
    desk.context.set_offline(True)
    desk.get_by_role("button", name="发").click()
    toast = desk.locator(".toast-w.red")
    expect(toast).to_contain_text("没有保存：网络断开")
    desk.context.set_offline(False)
    toast.get_by_role("button", name="再试").click()
    expect(desk.locator("#answer h2")).to_have_text("收到 1")
    assert tryout.seen.saved == [("断网了", "fragment")]


# -- frame ----------------------------------------------------------------------------------------------------


def test_cmp51_each_sees_who_else_is_there(desk: Any, new_page: Any) -> None:
    other = new_page()
    as_role(other, "supervisor")
    other.goto("/try/")
    expect(other.locator("[data-presence]")).to_contain_text("陈晓燕正在看")
    desk.reload()
    expect(desk.locator("[data-presence]")).to_contain_text("林志远正在看")


def test_the_theme_is_switched_kept_and_there_from_the_first_paint(desk: Any) -> None:
    desk.locator("[data-theme-next]").first.click()
    expect(desk.locator("html")).to_have_attribute("data-bs-theme", "dark")
    desk.wait_for_timeout(300)
    desk.goto("/notices/", wait_until="commit")
    desk.wait_for_selector("body", state="attached")
    assert desk.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    desk.agent.refresh_from_db()
    assert desk.agent.theme == "dark"


def test_as_the_system_says_means_dark_in_the_dark(new_page: Any) -> None:
    page = new_page(dark=True)
    page.goto("/login/")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_row_height_is_switched_and_kept(desk: Any) -> None:
    desk.locator(".who-btn").click()
    desk.locator("[data-density-next]").click()
    expect(desk.locator("html")).to_have_attribute("data-density", "compact")
    desk.wait_for_timeout(300)
    desk.agent.refresh_from_db()
    assert desk.agent.density == "compact"


def test_the_language_is_switched_from_the_menu(desk: Any) -> None:
    desk.locator(".who-btn").click()
    desk.get_by_role("button", name="English").click()
    expect(desk.locator("html")).to_have_attribute("lang", "en")


def test_copying_says_so(desk: Any) -> None:
    desk.locator("#copy").click()
    expect(desk.locator(".toast-w")).to_contain_text("已复制")


def test_the_skip_link_comes_first_and_leads_to_the_content(desk: Any) -> None:
    desk.keyboard.press("Tab")
    expect(desk.locator(".skip")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#main")).to_be_focused()


def test_logging_in_by_hand_and_out_again(page: Any) -> None:
    user = people.user("agent")
    page.goto("/notices/")
    page.get_by_label("工号").fill(user.work_number)
    page.get_by_label("密码", exact=True).fill(people.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/notices/$"))
    page.locator(".who-btn").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("h1")).to_have_text("登录")


# -- looks ----------------------------------------------------------------------------------------------------

PAGES = [
    "/gallery/",
    "/profile/",
    "/notices/",
    "/search/?q=xx",
    "/nothing/",
    "/profile/codes/",
    "/profile/password/",
]
WIDTHS = [1440, 1366, 1024, 390]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_scrolls_sideways_at_any_width(page: Any, language: str) -> None:
    as_role(page, "agent", language=language)
    for address in PAGES:
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) == 0, (address, width)
            screenshot(page, f"{address.strip('/').replace('/', '-').split('?')[0]}-{language}-{width}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_passes_the_accessibility_rules(new_page: Any, theme: str) -> None:
    """WCAG 2.2 AA as far as a program can tell, contrast included."""
    from servicecenter.local import assets

    axe = (assets.assets_dir() / "dev" / "axe.min.js").read_text(encoding="utf-8")
    page = new_page(dark=theme == "dark")

    def broken() -> list[str]:
        page.evaluate(axe)
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = page.evaluate("rules => window.axe.run({ runOnly: { type: 'tag', values: rules } })", rules)
        return [
            f"{page.url} {rule['id']}: {node['html'][:160]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    page.goto("/login/")
    found = broken()
    as_role(page, "agent")
    for address in [*PAGES, "/try/"]:
        page.goto(address)
        page.wait_for_timeout(200)
        found += broken()
    page.goto("/try/")
    page.locator("#open").click()
    expect(page.locator("#modal textarea")).to_be_focused()
    page.wait_for_timeout(400)
    found += broken()
    assert not found, "\n".join(found)


def test_on_a_telephone_the_bar_is_below_and_targets_are_large(phone: Any) -> None:
    as_role(phone, "administrator")
    phone.goto("/gallery/")
    expect(phone.locator(".wb-rail")).to_be_hidden()
    expect(phone.locator(".tabbar")).to_be_visible()
    assert overflow(phone) == 0
    small = phone.evaluate(
        """() => [...document.querySelectorAll(".tabbar a, .tabbar button, .acts .btn, .wb-top a, .wb-top button")]
             .filter((e) => e.offsetParent && (e.offsetHeight < 44 && e.offsetWidth < 44))
             .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    phone.locator(".tabbar button").click()
    expect(phone.locator("#more")).to_be_visible()


def test_in_print_navigation_and_actions_are_gone(page: Any) -> None:
    as_role(page, "agent")
    page.goto("/gallery/")
    page.emulate_media(media="print")
    for gone in (".wb-rail", ".wb-top", ".acts", ".tabbar", ".bulk"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("table.q").first).to_be_visible()

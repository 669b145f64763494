"""In a real browser: the frame, its looks at every width and in both themes, the accessibility rules."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import people
from tests.browser import as_role, overflow, screenshot, unreachable

pytestmark = pytest.mark.urls("tests.servicecenter.tryout")


def test_cmp51_each_sees_who_else_is_there(desk: Any, new_page: Any) -> None:
    other = new_page()
    as_role(other, "supervisor")
    other.goto("/try/")
    expect(other.locator("[data-presence]")).to_contain_text("陈晓燕正在看")
    desk.reload()
    expect(desk.locator("[data-presence]")).to_contain_text("林志远正在看")


def test_the_theme_is_switched_kept_and_there_from_the_first_paint(desk: Any) -> None:
    with desk.expect_response("**/taste/"):
        desk.locator("[data-theme-next]").first.click()
    expect(desk.locator("html")).to_have_attribute("data-bs-theme", "dark")
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
    with desk.expect_response("**/taste/"):
        desk.locator("[data-density-next]").click()
    expect(desk.locator("html")).to_have_attribute("data-density", "compact")
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
    page = new_page(dark=theme == "dark", reduced_motion="reduce")
    page.goto("/login/")
    found = unreachable(page, "best-practice")
    as_role(page, "agent")
    for address in [*PAGES, "/try/"]:
        page.goto(address)
        page.wait_for_timeout(200)
        found += unreachable(page, "best-practice")
    page.goto("/try/")
    page.locator("#open").click()
    expect(page.locator("#modal textarea")).to_be_focused()
    page.wait_for_timeout(400)
    found += unreachable(page, "best-practice")
    assert not found, "\n".join(found)


def test_a_long_rail_scrolls_by_itself_and_keeps_its_foot_in_view(new_page: Any) -> None:
    page = new_page({"width": 1440, "height": 420})
    as_role(page, "administrator")
    page.goto("/gallery/")
    places = page.locator(".wb-places")
    assert places.evaluate("(box) => box.scrollHeight > box.clientHeight")
    expect(page.locator(".wb-rail [data-help]")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.querySelector('.wb-rail').getBoundingClientRect().bottom") <= 420


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


def test_the_apis_description_works_under_the_content_policy(page: Any) -> None:
    as_role(page, "administrator")
    page.goto("/api/docs/")
    # half a megabyte is drawn
    expect(page.locator(".opblock").first).to_be_visible(timeout=60_000)
    expect(page.locator(".api-top a").first).to_be_visible()


OLD_FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:115.0) Gecko/20100101 Firefox/115.0"


def test_old_firefox_gets_its_icons_into_the_page(new_page: Any) -> None:
    """Before 132 it asks `default-src` for the file behind `<use>`; what comes later is redirected too."""
    page = new_page(user_agent=OLD_FIREFOX)
    as_role(page, "agent")
    page.goto("/gallery/")
    expect(page.locator("body > svg.d-none symbol#i-clock")).to_have_count(1)
    expect(page.locator('use[href*=".svg#"]')).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("#modal .dhead use").first).to_have_attribute("href", "#i-help")


def test_every_other_browser_takes_the_icons_from_the_one_file(page: Any) -> None:
    as_role(page, "agent")
    page.goto("/gallery/")
    expect(page.locator("body > svg.d-none")).to_have_count(0)
    assert page.locator('use[href="/static/icons.svg#i-clock"]').count() > 3

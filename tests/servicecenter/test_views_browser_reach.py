"""In a real browser: every kind of page passes the accessibility rules, on a desktop in both themes and on a phone.

The pages are those of the matrix, of its world, each as somebody sees it whom the door lets in. The browser's requests
are answered in this process, so that nothing has to be committed; what a page sends by itself is not taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import copy_context
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.browser import DESKTOP, PHONE, overflow, unreachable
from tests.matrix import walk
from tests.matrix.rows import World

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("files_of_the_world")]

# Route -> a role whose page it is, where the first who is let in would see the poorer one.
PAGES = {
    "inbox": "handler",
    "claim-list": "adjuster",
    "claim-new": "adjuster",
    "claim-detail": "adjuster",
    "claim-determine": "adjuster",
    "claim-approvals": "centre_manager",
    "claim-rules": "adjuster",
    "claim-accounts": "finance",
    "claim-asked": "handler",
    "counter": "cashier",
    "counter-voucher": "cashier",
    "voucher-list": "cashier",
    "voucher-detail": "cashier",
    "customer-list": "agent",
    "customer": "agent",
    "customer-tiers": "",
    "waybill-list": "agent",
    "waybill": "agent",
    "board": "supervisor",
    "board-management": "centre_manager",
    "board-claims": "adjuster",
    "board-stock": "",
    "report-list": "centre_manager",
    "report-detail": "centre_manager",
    "merit": "inspector",
    "sanction-list": "inspector",
    "duty-rota": "supervisor",
    "stock-count": "stock_accountant",
    "people-list": "administrator",
    "person-detail": "administrator",
    "role-list": "administrator",
    "policy-list": "administrator",
    "policy-detail": "administrator",
    "department-list": "administrator",
    "search": "agent",
    "notices": "agent",
    "profile": "agent",
}
SENT = {"hx-request", "hx-target", "hx-trigger", "hx-current-url", "x-passive", "accept"}
MENUS = (".who-btn", "[data-notices]")


class _Static(SimpleHTTPRequestHandler):
    """The static files, without a word about it."""

    def translate_path(self, path: str) -> str:
        return str(finders.find(urlsplit(path).path.removeprefix("/static/")) or "")

    def log_message(self, *said: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """Where the static files are; what else is asked of it never arrives there."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Static) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browse(_chromium: Any, world: World, host: str) -> Iterator[Callable[..., Any]]:
    """`browse(phone=False)`: a page that is answered from the world; `page.role` says as whom."""
    contexts: list[Any] = []

    def make(*, phone: bool = False) -> Any:
        context = _chromium.new_context(
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="light",
            reduced_motion="reduce",
            base_url=host,
        )
        contexts.append(context)
        page = context.new_page()
        page.role, page.broken, page.clients = "", [], {}
        # A browser's calls come with a context of their own, in which Django would open another connection.
        here = copy_context()

        def answer(route: Any) -> None:
            if route.request.method == "GET":
                route.fulfill(**here.copy().run(_given, route.request, page, world))
            else:
                route.fulfill(status=204)

        page.route(lambda address: not urlsplit(address).path.startswith("/static/"), answer)
        page.on("pageerror", lambda problem: page.broken.append(f"{page.url} {problem}"))
        return page

    yield make
    for context in contexts:
        context.close()


def _given(request: Any, page: Any, world: World) -> dict[str, Any]:
    """What the test client is answered, as the browser wants it."""
    if page.role not in page.clients:
        page.clients[page.role] = Client()
        page.clients[page.role].force_login(world.people[page.role])
    asked = urlsplit(request.url)
    headers = {name: value for name, value in request.headers.items() if name in SENT}
    answer = page.clients[page.role].get(f"{asked.path}?{asked.query}", headers=headers, follow=True)
    if answer.status_code >= 400:
        page.broken.append(f"{asked.path} {answer.status_code}")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return {"status": answer.status_code, "headers": dict(answer.headers), "body": body}


def _visits(world: World) -> Iterator[tuple[str, str]]:
    """Role and address of every page."""
    rows = {row.route: row for row in reversed(walk.rows()) if "GET" in row.methods}
    for route, role in PAGES.items():
        row = rows[route]
        if role:
            thing = next(thing for thing in row.takes if world.sees(role, thing))
        else:
            role, thing = row.seen_by_one(world)
        yield role, walk.address(row, world, thing, role)


def test_every_page_passes_the_accessibility_rules_on_a_desktop_in_both_themes_and_on_a_phone(
    browse: Callable[..., Any], world: World
) -> None:
    """WCAG 2.2 AA as far as a program can tell, contrast included. Loaded once: no rule of ours asks for a finger."""
    page, found = browse(), []
    for page.role, path in _visits(world):
        page.set_viewport_size(DESKTOP)
        page.goto(path)
        found += unreachable(page)
        assert overflow(page) == 0, path
        page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        found += [f"dark: {broken}" for broken in unreachable(page, rule="color-contrast")]
        page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
        page.set_viewport_size(PHONE)
        found += [f"phone: {broken}" for broken in unreachable(page)]
        assert overflow(page) == 0, path
    assert not found and not page.broken, "\n".join([*found, *page.broken])


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_what_lies_under_an_open_menu_rests_until_it_is_closed(
    browse: Callable[..., Any], phone: bool
) -> None:
    """WCAG 2.5.8: a part of a control that sticks out under a menu would be a target too small."""
    page, found = browse(phone=phone), []
    page.role = "agent"
    for opener in MENUS:
        page.goto("/desk/")
        page.locator(opener).first.click()
        page.locator(".dropdown-menu.show").wait_for()
        found += unreachable(page)
        page.keyboard.press("Escape")
        page.locator(".dropdown-menu.show").wait_for(state="hidden")
        assert page.evaluate("document.getElementById('main').inert") is False
    assert not found, "\n".join(found)

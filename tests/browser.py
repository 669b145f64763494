"""A real browser for tests: Chromium against the live server. A page that logs an error fails its test.

`page` (1440 × 900) and `phone` (390 × 844) fail the test on any CSP violation, console error, page error, answer of
5xx or missing static file. What a test expects it names beforehand: `expect_errors(page, "503")`.
Every test that uses them gets the mark `browser`, and stands where all of them run on one worker (tests/workers.py).
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.workers import group_of

# Playwright's event loop runs in this thread, and the ORM refuses a thread with a running loop unless told.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

SCREENS = Path(__file__).resolve().parent.parent / "var" / "screens"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Answers of the application that are no defects: invalid input, no right, session over, nothing there.
ANSWERED = re.compile(r"(status of|Error Code) (400|401|403|404|409|413|422|429)\b")
USERS_OF_A_BROWSER = {"page", "phone", "new_page"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests carry their mark. Raises UsageError for one that would bring a browser into another worker."""
    for item in items:
        if USERS_OF_A_BROWSER & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            if group_of(item.nodeid) != "browser":
                raise pytest.UsageError(
                    f"{item.nodeid} uses a browser: move it into tests/journeys/ or a test_views_browser*.py"
                )


def browser_path() -> str:
    """Chromium's executable: SERVICECENTER_BROWSER, else where Debian puts it."""
    path = os.environ.get("SERVICECENTER_BROWSER") or "/usr/bin/chromium"
    if not Path(path).exists():
        pytest.fail(f"There is no browser at {path}. Install it: apt-get install -y chromium")
    return path


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


class Watch:
    """What went wrong on one page, except what the test expects."""

    def __init__(self, page: Any) -> None:
        self.found: list[str] = []
        self.expected: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda problem: self.found.append(f"page error: {problem}"))
        page.on("response", self._response)

    def _console(self, message: Any) -> None:
        if message.type != "error" or ANSWERED.search(message.text):
            return
        self.found.append(f"console: {message.text}")

    def _response(self, response: Any) -> None:
        missing = response.status == 404 and "/static/" in response.url
        if response.status >= 500 or missing:
            self.found.append(f"answer: {response.status} {response.url}")

    def unexpected(self) -> list[str]:
        """The errors nobody announced."""
        return [text for text in self.found if not any(part in text for part in self.expected)]


_watches: dict[int, Watch] = {}


def expect_errors(page: Any, *parts: str) -> None:
    """Errors that hold one of these texts are part of the test."""
    _watches[id(page)].expected += parts


@pytest.fixture
def new_page(_chromium: Any, live_server: Any, transactional_db: None) -> Iterator[Any]:
    """A maker of pages: `new_page(viewport=…, lang="en", dark=True)`; each is a browser of its own (cookies).

    It asks for the database itself, so that its pages are closed before the database is dropped.
    """
    contexts: list[Any] = []
    pages: list[Any] = []

    def make(
        viewport: dict[str, int] | None = None, *, lang: str = "zh-CN", dark: bool = False, **more: Any
    ) -> Any:
        context = _chromium.new_context(
            viewport=viewport or DESKTOP,
            locale=lang,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            base_url=live_server.url,
            **more,
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        contexts.append(context)
        pages.append(page)
        _watches[id(page)] = Watch(page)
        return page

    yield make
    found = [text for page in pages for text in _watches.pop(id(page)).unexpected()]
    for context in contexts:
        context.close()
    assert not found, "\n".join(found)


@pytest.fixture
def page(new_page: Any) -> Any:
    """A desktop browser's page."""
    return new_page()


@pytest.fixture
def phone(new_page: Any) -> Any:
    """A telephone's page."""
    return new_page(PHONE, has_touch=True, is_mobile=True)


def login(page: Any, user: Any) -> Any:
    """Log `user` in without the login page, as the login itself does it. Returns the user."""
    from django.conf import settings
    from django.test import Client

    from servicecenter.models import LoginSession

    client = Client()
    client.force_login(user)
    session = client.session
    session["opened_at"] = session["touched_at"] = time.time()
    session.save()
    LoginSession.objects.create(session_key=session.session_key, user=user, address="127.0.0.1")
    server = _server(page)
    page.context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": server},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": user.language, "url": server},
        ]
    )
    return user


def _server(page: Any) -> str:
    """The live server's address: what a relative address leads to."""
    page.goto("/healthz")
    return page.url.removesuffix("/healthz")


def as_role(page: Any, *roles: str, **more: Any) -> Any:
    """A new user with these roles, logged in: `as_role(page, "agent")`; further names go to `tests.people.user`."""
    from tests import people

    return login(page, people.user(*roles, **more))


def screenshot(page: Any, name: str) -> None:
    """A picture of the page in var/screens when SCREENS=1."""
    if os.environ.get("SCREENS") == "1":
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png")


def overflow(page: Any) -> int:
    """By how many pixels the page is wider than its window: must be 0."""
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@cache
def _axe() -> str:
    from servicecenter.local import assets

    return (assets.assets_dir() / "dev" / "axe.min.js").read_text(encoding="utf-8")


def unreachable(page: Any, *more: str, rule: str = "") -> list[str]:
    """What on the page breaks the accessibility rules (WCAG 2.2 AA as far as a program can tell, contrast included).

    `more` are further sets of axe's rules, such as `best-practice`; `rule` is the one rule that is asked.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    only = {"type": "rule", "values": [rule]} if rule else {"type": "tag", "values": [*RULES, *more]}
    # What passed is not gathered node by node: only what was violated is read.
    asked = {"runOnly": only, "resultTypes": ["violations"]}
    found = page.evaluate("asked => window.axe.run(asked)", asked)
    return [
        f"{page.url} {rule['id']}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]

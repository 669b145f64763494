"""The frame in a real browser: ticker, keys, dialogs, drafts, a session that is over, a server that is away."""

from __future__ import annotations

from typing import Any

from tests.browser import as_role, overflow, screenshot


def test_the_gallery_shows_every_part_without_an_error(page: Any) -> None:
    as_role(page, "agent")
    page.goto("/gallery/")
    assert page.locator("h1").inner_text() == "部件一览"
    assert page.locator("time.sla").count() > 8
    assert overflow(page) == 0
    screenshot(page, "gallery")

"""Journey 10: the board on the wall: F, every minute anew without a hand, amber when the clock stands still."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from servicecenter import kept
from servicecenter.clock import now_db
from servicecenter.models import KeptNumber
from tests.browser import overflow
from tests.complaints.cases import Crew, register

MINUTE = 61_000


def test_the_board_on_the_wall(crew: Crew, at_work: Callable[..., Any]) -> None:
    """RPT-20, RPT-24."""
    register(crew.agent, at=now_db())
    kept.compute()
    page = at_work(crew.supervisor, viewport={"width": 1920, "height": 1080})
    page.set_default_timeout(30_000)
    page.clock.install()
    page.goto("/board/")
    figure, chip = page.locator("#tile-open b"), page.locator("[data-fresh]")
    expect(figure).to_have_text("1")
    expect(page.locator(".wb-rail")).to_be_visible()

    page.keyboard.press("f")
    expect(page.locator("body")).to_have_class(re.compile(r"\bwall\b"))
    expect(page.locator(".panel-due")).to_have_count(0)
    expect(page.locator(".wb-rail")).to_be_hidden()
    expect(page.locator("[data-wall]")).to_be_hidden()
    assert page.url.endswith("?wall=1")
    assert overflow(page) == 0
    sizes = "els => els.map(el => parseFloat(getComputedStyle(el).fontSize))"
    assert min(page.locator(".tile b").evaluate_all(sizes)) >= 80
    assert min(page.locator(".tile").evaluate_all(sizes)) >= 30

    register(crew.agent, at=now_db(), caller_telephone="13800000001", waybill_number="86204417310")
    kept.compute()
    page.clock.fast_forward(MINUTE)
    expect(figure).to_have_text("2")
    expect(chip).not_to_have_class(re.compile("stale"))
    expect(page.locator("body")).to_have_class(re.compile(r"\bwall\b"))

    KeptNumber.objects.update(computed_at=now_db() - timedelta(minutes=5))
    page.clock.fast_forward(MINUTE)
    expect(chip).to_have_class(re.compile("stale"))

    page.keyboard.press("f")
    expect(page.locator(".wb-rail")).to_be_visible()
    expect(page.locator(".panel-due")).to_be_visible()
    assert page.url.endswith("/board/")

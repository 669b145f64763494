"""The sheet of a count in a real browser: from figure to figure by Enter, on the phone by scanning (INV-54)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from inventory import services
from inventory.domain.counting import CountHead
from inventory.models import Stocktake
from tests.browser import login, overflow, screenshot
from tests.inventory.stores import AT, TODAY, D, Stores, line, stocked, stores


@pytest.fixture
def s(transactional_db: None) -> Stores:
    return stores()


@pytest.fixture
def row(s: Stores) -> Stocktake:
    """Line 1: 3 pumps, line 2: 12 wrenches, line 3: 40 of grease."""
    stocked(s, line(s.wrench, 12), line(s.grease, 40), line(s.pump, 3))
    return services.begin_count(head=CountHead(s.sound.pk, "monthly", TODAY), by=None, at=AT)


def counted(page: Any, ordinal: int) -> Any:
    return page.locator(f'[name="line-{ordinal}-counted"]')


def test_a_count_goes_from_figure_to_figure_and_is_handed_in_without_the_mouse(
    page: Any, s: Stores, row: Stocktake
) -> None:
    login(page, s.keeper)
    page.goto(f"/stock/counts/{row.number}/")
    counted(page, 1).focus()
    for figure in ("3", "10", "40"):
        page.keyboard.type(figure)
        page.keyboard.press("Enter")
    expect(page.locator("#new-code")).to_be_focused()
    expect(page.locator("tr.differs")).to_have_count(1)
    expect(page.locator("tr.differs [data-difference]")).to_have_text("−2.000")
    page.locator('[name="line-2-cause"]').select_option("lost")
    page.locator('[name="line-2-reason"]').fill("找不到")
    screenshot(page, "stock-count")
    page.keyboard.press("Control+Enter")
    expect(page.locator('[name="line-2-was"]')).to_have_value("10")
    page.locator('form[action$="/finish/"] button').press("Enter")
    page.locator('a[href$="/hand-in/"]').press("Enter")
    dialog = page.locator(".modal.show")
    dialog.locator("[name=liability]").fill("保管员")
    dialog.locator("[name=proposal]").fill("调账")
    dialog.locator("[name=proposal]").press("Control+Enter")
    expect(page.locator('a[href$="/hand-in/"]')).to_have_count(0)
    row.refresh_from_db()
    assert (row.state, row.lines.get(ordinal=2).counted) == ("submitted", D(10))


def test_on_the_phone_a_scanned_code_leads_to_its_figure(phone: Any, s: Stores, row: Stocktake) -> None:
    login(phone, s.keeper)
    phone.goto(f"/stock/counts/{row.number}/?q={s.grease.code}")
    expect(phone.locator("tr[data-line]")).to_have_count(1)
    expect(counted(phone, 3)).to_be_focused()
    assert overflow(phone) == 0
    phone.keyboard.type("39")
    expect(phone.locator('[name="line-3-reason"]')).to_be_visible()
    screenshot(phone, "stock-count-phone")

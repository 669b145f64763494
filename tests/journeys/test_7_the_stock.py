"""Journey 7: from a purchase to an audited ledger; shortage, un-audit, red letter, transfer, books, files."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect

from inventory.models import Document, Transfer
from tests.browser import login
from tests.inventory.stores import D, Stores, on_hand, stores


@pytest.fixture
def s(transactional_db: None) -> Stores:
    return stores()


def fill(page: Any, *lines: tuple[str, str]) -> None:
    """Type lines into the grid by keyboard."""
    for at, (code, quantity) in enumerate(lines):
        page.locator(f'[name="lines-{at}-code"]').focus()
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        page.keyboard.type(quantity)
        page.keyboard.press("Tab")


def press(page: Any, tool: str) -> None:
    """A button of the bar, and the page after it."""
    with page.expect_navigation():
        page.locator(f'.erp-bar [data-tool="{tool}"]').click()


def test_from_purchase_to_ledger(page: Any, new_page: Any, s: Stores) -> None:
    # the storekeeper drafts what arrived
    login(page, s.keeper)
    page.goto("/stock/documents/new/?category=purchase_in")
    page.locator("#id_warehouse").select_option(s.sound.code)
    page.locator("#id_supplier").select_option(s.supplier.code)
    page.locator("#id_counted").check()
    fill(page, (s.wrench.code, "12"), (s.pump.code, "4"))
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile(r"/stock/documents/CR"))
    bought = Document.objects.get()
    assert on_hand(s.sound, s.wrench) == [D(0)]
    expect(page.locator('.erp-bar [data-tool="audit"]')).to_have_attribute("aria-disabled", "true")

    # the accountant audits it: the stock appears
    desk = new_page()
    login(desk, s.accountant)
    desk.goto("/stock/?state=waiting")
    desk.get_by_role("link", name=bought.number).click()
    press(desk, "audit")
    assert on_hand(s.sound, s.wrench, s.pump) == [D(12), D(4)]

    # an issue beyond the stock is refused and names every short line
    desk.goto("/stock/documents/new/?category=own_use_out")
    desk.locator("#id_warehouse").select_option(s.sound.code)
    desk.locator("#id_use").select_option("spare_issue")
    fill(desk, (s.wrench.code, "13"), (s.pump.code, "5"))
    press(desk, "save")
    press(desk, "audit")
    shortage = desk.locator(".banner.red")
    expect(shortage).to_contain_text(s.wrench.code)
    expect(shortage).to_contain_text(s.pump.code)
    expect(shortage).to_contain_text(bought.number)
    assert on_hand(s.sound, s.wrench, s.pump) == [D(12), D(4)]

    # un-audit, change, audit again: the warehouse stays
    desk.goto(f"/stock/documents/{bought.number}/")
    desk.locator('.erp-bar [data-tool="unaudit"]').click()
    with desk.expect_navigation():
        desk.locator('.modal.show button[type="submit"]').click()
    assert on_hand(s.sound, s.wrench) == [D(0)]
    press(desk, "edit")
    expect(desk.locator("#id_warehouse")).to_be_disabled()
    desk.locator('[name="lines-0-quantity"]').fill("10")
    press(desk, "save")
    press(desk, "audit")
    assert on_hand(s.sound, s.wrench, s.pump) == [D(10), D(4)]

    # a red letter gives part of it back, in red
    desk.locator('a[href$="/red/"]').click()
    dialog = desk.locator(".modal.show")
    dialog.locator('[name="back-1"]').fill("2")
    dialog.locator('[name="back-2"]').fill("")
    with desk.expect_navigation():
        dialog.locator('button[type="submit"]').click()
    expect(desk.locator(".erp.red h1")).to_be_visible()
    press(desk, "audit")
    assert on_hand(s.sound, s.wrench) == [D(8)]

    # a transfer to a site of another department: made by planning, each side audits its own
    plan = new_page()
    login(plan, s.planner)
    plan.goto("/stock/transfers/new/")
    plan.locator("#id_kind").select_option("directive")
    plan.locator("#id_source").select_option(s.sound.code)
    plan.locator("#id_target").select_option(s.far.code)
    plan.locator("#id_requisition").fill("LL-2611-0042")
    fill(plan, (s.wrench.code, "3"))
    press(plan, "save")
    press(plan, "audit")
    out = Document.objects.get(transfer=Transfer.objects.get(), direction="out")
    into = Document.objects.get(transfer=out.transfer, direction="in")
    desk.goto(f"/stock/documents/{out.number}/")
    press(desk, "audit")
    assert (on_hand(s.sound, s.wrench), on_hand(s.far, s.wrench)) == ([D(5)], [D(0)])
    far = new_page()
    login(far, s.accountant_far)
    far.goto("/stock/in-transit/")
    expect(far.locator("tbody")).to_contain_text("3.000")
    far.goto(f"/stock/documents/{into.number}/")
    press(far, "audit")
    assert on_hand(s.far, s.wrench) == [D(3)]

    # the books tell the same
    desk.goto(f"/stock/items/{s.wrench.code}/card/?warehouse={s.sound.code}")
    expect(desk.locator(".facts")).to_contain_text("5.000")
    desk.goto("/stock/day-book/")
    expect(desk.locator("tbody")).to_contain_text(out.number)

    # the month's in-out balance, taken away as a spreadsheet and on paper
    desk.goto(f"/stock/in-out/?warehouse={s.sound.code}")
    expect(desk.locator("tbody")).to_contain_text("5.000")
    desk.locator('main button[data-bs-toggle="dropdown"]:has(use[href$="i-down"])').click()
    with desk.expect_download() as download:
        desk.locator('.dropdown-menu.show [name="form"][value="xlsx"]').click()
    sheet = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).active
    wrench = next(row for row in sheet.iter_rows(values_only=True) if s.wrench.code in row)
    assert [float(cell) for cell in wrench if isinstance(cell, int | float)] == [0.0, 8.0, 3.0, 5.0]
    paper = desk.locator('main a[target="_blank"][href*="in-out.pdf"]').get_attribute("href")
    answer = desk.request.get(paper)
    assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")

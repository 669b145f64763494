"""The grid of a stock document in a real browser: keys, picker, paste, widths."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from inventory.models import Document
from tests.browser import login, overflow, screenshot, unreachable
from tests.inventory.stores import D, Stores, issue, line, stocked, stores, transfer

PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
  );
}"""


@pytest.fixture
def s(transactional_db: None) -> Stores:
    return stores()


def cell(page: Any, row: int, name: str) -> Any:
    return page.locator(f'[name="lines-{row}-{name}"]')


def test_a_purchase_is_typed_picked_copied_and_saved_without_the_mouse(page: Any, s: Stores) -> None:
    stocked(s, line(s.wrench, 16))
    login(page, s.accountant)
    page.goto("/stock/documents/new/?category=purchase_in")
    page.locator("#id_warehouse").select_option(s.sound.code)
    page.locator("#id_supplier").select_option(s.supplier.code)
    page.locator("#id_counted").check()
    cell(page, 0, "code").focus()
    page.keyboard.type("gj-01042")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-line]").first.locator('[data-show="name"]')).to_have_text("开口扳手")
    expect(cell(page, 0, "code")).to_have_value("GJ-01042")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(cell(page, 0, "quantity")).to_have_value("12.000")
    expect(page.locator("#line-card")).to_contain_text("28.000")
    page.keyboard.type("38")
    for _cell in range(4):
        page.keyboard.press("Enter")
    # the last cell of the line leads into the next line
    expect(cell(page, 1, "code")).to_be_focused()
    page.keyboard.press("F2")
    picker = page.locator(".modal.show")
    expect(picker.locator("input[type=search]")).to_be_focused()
    page.keyboard.type("HC-2")
    expect(picker.locator("[data-pick-item]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".modal.show")).to_have_count(0)
    expect(cell(page, 1, "quantity")).to_be_focused()
    page.keyboard.press("Control+d")
    expect(cell(page, 1, "quantity")).to_have_value("12.000")
    expect(page.locator('[data-total="quantity"]')).to_have_text("24.000")
    expect(page.locator('[data-total="amount"]')).to_have_text("456.00")
    cell(page, 2, "code").focus()
    page.keyboard.type("WEG-1")
    page.keyboard.press("Tab")
    expect(cell(page, 2, "code")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Control+Delete")
    expect(cell(page, 2, "code")).to_have_value("")
    screenshot(page, "stock-grid")
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile(r"/stock/documents/CR\d+-\d+/$"))
    made = Document.objects.latest("pk")
    assert list(made.lines.order_by("ordinal").values_list("item__code", "quantity")) == [
        ("GJ-01042", D(12)),
        ("HC-20031", D(12)),
    ]


def test_cells_of_a_spreadsheet_are_pasted_by_their_headings(page: Any, s: Stores) -> None:
    login(page, s.accountant)
    page.goto("/stock/documents/new/?category=purchase_in")
    cell(page, 0, "code").focus()
    table = [["备注", "存货编码", "数量"], ['"两 ""行"""', "GJ-01042", "3"], ["", "WEG-1", "1,5"]]
    table += [["", "HC-20031", str(n)] for n in range(1, 9)]
    page.evaluate(PASTE, "\n".join("\t".join(row) for row in table))
    expect(page.locator(".toast-w.red")).to_be_visible()
    expect(cell(page, 0, "remarks")).to_have_value('两 "行"')
    expect(cell(page, 9, "quantity")).to_have_value("8")
    expect(page.locator("tr[data-line] td.p-code.bad")).to_have_count(1)
    expect(page.locator('[data-total="quantity"]')).to_have_text("54.000")
    page.evaluate(PASTE, "GJ-01042\t7")
    assert not Document.objects.exists()


def test_lines_that_were_taken_stay_and_what_is_discarded_does_not_come_back(page: Any, s: Stores) -> None:
    login(page, s.accountant)
    page.goto("/stock/documents/new/?category=purchase_in")
    cell(page, 0, "code").fill("GJ-01042")
    page.locator("details summary").click()
    page.locator("#pasted").fill("HC-20031\t5")
    with page.expect_navigation():
        page.locator('button[formaction*="read-lines"]').click()
    page.wait_for_load_state("networkidle")
    expect(cell(page, 0, "code")).to_have_value("GJ-01042")
    expect(cell(page, 1, "code")).to_have_value("HC-20031")
    with page.expect_navigation():
        page.locator('[data-tool="abandon"]').click()
    page.goto("/stock/documents/new/?category=purchase_in")
    page.wait_for_load_state("networkidle")
    expect(cell(page, 0, "code")).to_have_value("")
    assert not Document.objects.exists()


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_no_page_of_the_stock_is_wider_than_its_window_or_out_of_reach(
    new_page: Any, s: Stores, lang: str
) -> None:
    made = stocked(s, line(s.wrench, 16))
    short = issue(s, line(s.pump, 3))
    way = transfer(s, (s.wrench, 1))
    s.chief.language = lang
    paths = [
        "/stock/", "/stock/documents/new/?category=purchase_in", f"/stock/documents/{made.number}/",
        f"/stock/documents/{short.number}/", f"/stock/documents/{made.number}/red/", "/stock/transfers/",
        f"/stock/transfers/{way.number}/", "/stock/on-hand/", "/stock/in-out/?from=2026-11-01",
        "/stock/day-book/?from=2026-11-01", "/stock/items/", f"/stock/items/{s.wrench.code}/",
        f"/stock/items/{s.wrench.code}/card/?from=2026-11-01", "/stock/suppliers/", "/stock/warehouses/",
        "/stock/opening/",
    ]  # fmt: skip
    found: list[str] = []
    for width, height in ((1440, 900), (390, 844)):
        page = new_page({"width": width, "height": height})
        login(page, s.chief)
        for path in paths:
            page.goto(path)
            assert overflow(page) == 0, (path, width)
            # on a phone the bar of places lies over what is scrolled under it: that is no small target
            if lang == "en" and width == 1440:
                found += unreachable(page)
    assert found == []

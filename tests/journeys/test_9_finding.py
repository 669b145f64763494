"""Journey 9: two signs, pinyin initials, the last four figures, a voucher's number: whoever may see it finds it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from servicecenter import finding
from servicecenter.clock import now_db
from tests import people
from tests.claims import cases as claims
from tests.complaints.cases import Crew, against_east


def composing(page: Any, text: str) -> None:
    """What an input method does: it composes, and only then is the text there."""
    page.evaluate(
        """text => {
          const field = document.activeElement;
          field.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
          field.value = text;
          field.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true}));
        }""",
        text,
    )


def test_the_palette_finds_by_keyboard_what_one_may_see_and_nothing_else(
    at_work: Callable[..., Any], crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D11, ORG-04: an agent, and a cashier who sees vouchers but no customers."""
    monkeypatch.setattr(finding, "PATIENCE", 30_000)
    monkeypatch.setattr(finding, "PATIENCE_IN_ALL", 60_000)
    people.centre()
    voucher = claims.issued(claims.Crew(), at=now_db())
    ticket = against_east(crew.agent, at=now_db())
    customer = ticket.customer
    page = at_work(crew.agent)
    page.goto("/desk/")
    hits = page.locator("#palette-hits")

    # two signs, typed through an input method: nothing is asked before it has ended
    page.keyboard.press("Control+k")
    field = page.locator("[data-palette]")
    expect(field).to_be_focused()
    composing(page, "kh")
    expect(hits).not_to_contain_text(customer.number)
    page.evaluate(
        """text => {
          const field = document.activeElement;
          field.value = text;
          field.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true, data: text}));
          field.dispatchEvent(new InputEvent("input", {bubbles: true}));
        }""",
        customer.name[:2],
    )
    expect(hits).to_contain_text(customer.number)
    expect(hits).to_contain_text(ticket.number)
    assert not re.search(r"1[3-9]\d{9}", hits.inner_text())

    # pinyin initials, the arrows, Enter
    initials = customer.name_key.split(" ")[-1][:3]
    field.fill(initials)
    expect(hits.locator(f'a[href="/customers/{customer.number}/"]')).to_be_visible()
    file = f"/customers/{customer.number}/"
    for _press in range(12):
        page.keyboard.press("ArrowDown")
        expect(hits.locator(".hit.cur")).to_have_count(1)
        if hits.locator(".hit.cur").get_attribute("href") == file:
            break
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/customers/{customer.number}/"))

    # the record opened last stands there before anything is typed; the last four figures of the telephone find it too
    page.goto("/desk/")
    page.keyboard.press("Control+k")
    expect(hits).to_contain_text(customer.number)
    field.fill(customer.telephones.get().number[-4:])
    expect(hits.locator(f'a[href="/customers/{customer.number}/"]')).to_be_visible()
    page.keyboard.press("Escape")

    # the cashier finds the voucher by its number, spelled without hyphens, and never the customer
    window = at_work(people.user("cashier"))
    window.goto(f"/search/?q={voucher.number.replace('-', '')}")
    expect(window).to_have_url(re.compile(f"/vouchers/{voucher.number}/"))
    window.goto(f"/search/?q={customer.name[:2]}")
    expect(window.locator("main")).not_to_contain_text(customer.number)
    expect(window.locator("main")).not_to_contain_text(ticket.number)

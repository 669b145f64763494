"""Journey 11: why a customer has its tier, what the month proposes, a manager confirms it, and it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from customers import services
from servicecenter.clock import business_date, now_db
from tests import people
from tests.browser import screenshot
from tests.customers.samples import AT
from tests.customers.test_services_tiers import shipper


def test_a_proposed_tier_is_read_confirmed_and_stands(
    at_work: Callable[..., Any], transactional_db: None
) -> None:
    """CUS-10 to CUS-13: from facts alone, criterion by criterion, and by somebody's word."""
    people.centre()
    works = shipper("甲机电厂", "C", waybills=24, freight=20_000, trade="机电")
    assert services.propose_tiers(at=AT) == 1
    manager, agent = people.user("business_manager"), people.user("agent")

    # the customer's page says what would change, and leads to the decision
    page = at_work(manager)
    page.goto(f"/customers/{works.number}/")
    expect(page.locator(".tier.c.big")).to_be_visible()
    proposed = page.locator(".next")
    expect(proposed).to_contain_text("决定是否升降为 A 级")
    expect(proposed.locator('a[href*="/tiers/confirm/?row="]')).to_have_count(1)

    # the month's proposals, with the reason of each criterion; by keyboard
    page.goto("/customers/tiers/")
    row = page.locator("tr[data-row]")
    expect(row).to_have_count(1)
    expect(row.locator(".dots > span")).to_have_count(4)
    expect(row).to_contain_text("100.0")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator('[data-bulk-dialog$="/tiers/confirm/"]').press("Enter")
    dialog = page.locator(".modal.show .dialog")
    expect(dialog).to_contain_text(works.name)
    expect(dialog.locator("#id_effective_on")).to_have_value(f"{business_date(now_db())}")
    dialog.locator("#id_effective_on").press("Control+Enter")
    expect(row).to_have_count(0)

    # the tier stands, with its reasons and who confirmed it; an agent sees the same
    for reader in (page, at_work(agent)):
        reader.goto(f"/customers/{works.number}/")
        expect(reader.locator(".tier.a.big")).to_be_visible()
        expect(reader.locator(".crit")).to_have_count(4)
        for criterion in reader.locator(".crit").all():
            expect(criterion.locator(".why")).not_to_be_empty()
            expect(criterion.locator(".num")).to_have_text(re.compile(r"^\d+\.\d / \d+"))
        expect(reader.get_by_text(manager.name).first).to_be_attached()
    screenshot(page, "customer-tier")
    works.refresh_from_db()
    assert (works.tier, works.tier_since) == ("A", business_date(now_db()))

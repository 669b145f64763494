"""In a real browser: a view is kept from a list, shared with the team, and chosen by a colleague."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from organization.models import Team
from tests import people
from tests.browser import as_role, screenshot


def test_a_view_is_kept_on_a_list_shared_and_chosen_by_a_colleague(page: Any, new_page: Any) -> None:
    names = {"zh-Hans": "电话组", "zh-Hant": "電話組", "en": "Telephone"}
    team = Team.objects.create(code="calls", names=names, department=people.department("service_centre"))
    maker = as_role(page, "agent")
    colleague = new_page()
    team.members.set([maker.employee, as_role(colleague, "agent", name="吴凡").employee])

    page.goto("/customers/?tier=A")
    page.locator(".dropdown:has(.views) > button").click()
    box = page.locator(".dropdown-menu.views")
    box.get_by_role("textbox").fill("大客户")
    box.get_by_role("textbox").press("Enter")
    expect(box.locator("a[aria-current]")).to_contain_text("大客户")
    box.locator(".view-line").hover()
    box.locator("form[action$='/share/'] button").click()
    expect(box.locator(".view-line a use[href$='i-users']")).to_have_count(1)
    screenshot(page, "saved-views")

    colleague.goto("/customers/")
    colleague.locator(".dropdown:has(.views) > button").click()
    shared = colleague.locator(".dropdown-menu.views a", has_text="大客户")
    expect(shared).to_contain_text("陈晓燕")
    screenshot(colleague, "saved-views-shared")
    shared.click()
    expect(colleague).to_have_url("/customers/?tier=A")

"""Journey 2: an agent takes a call about a late delivery and registers it by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from complaints.models import Complaint, ServiceIncident
from servicecenter.clock import now_db
from tests.complaints.cases import Crew, against_east, clock, handover
from tests.customers import samples
from tests.journeys.hands import choose, tab_to

WORDS = "说好今天上午送货上门，等到现在没人联系，电话也打不通。客户要求今天送到。"


def test_a_late_delivery_is_registered_by_keyboard_routed_and_its_clocks_count_down(
    at_work: Callable[..., Any], crew: Crew
) -> None:
    """CMP-06, CMP-10c, CMP-32, CMP-33: telephone, waybill, words, Ctrl+Enter; the rest the system knows."""
    samples.customer(tier="A", at=now_db())
    samples.waybill(at=now_db())
    assert crew.handler.employee.department.code == "branch_east"
    page = at_work(crew.agent)
    page.goto("/desk/")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r"/intake/"))
    expect(page.locator("#id_telephone")).to_be_focused()

    # who it is, before anything is saved
    page.keyboard.type("139 0000 0421")
    side = page.locator("#intake-side")
    expect(side).to_contain_text("杭州华茂五金有限公司")
    expect(side.locator(".tier")).to_have_text("A")
    expect(side).to_contain_text("没有：第一次来电。")
    tab_to(page, "id_waybill")
    page.keyboard.type("86204417309")
    expect(side).to_contain_text("五金件")
    expect(page.locator("#id_party_role")).to_have_value("consignor")
    expect(page.locator("#id_caller_name")).to_have_value("刘海涛")
    tab_to(page, "id_category")
    choose(page, "送货晚点")
    expect(side).to_contain_text("监察部")
    tab_to(page, "id_text")
    page.keyboard.insert_text(WORDS)
    tab_to(page, "id_respondent_department")
    choose(page, "城东分公司")
    assert Complaint.objects.count() == 0
    page.keyboard.press("Control+Enter")

    # one ticket, with its number, at inspection, the branch must write
    expect(page).to_have_url(re.compile(r"/complaints/TS\d{6}-\d+/$"))
    row = Complaint.objects.get()
    expect(page.locator(".toast-w")).to_contain_text(f"{row.number} 已登记")
    assert (row.state, row.category.code, row.sequence, row.text) == ("routed", "late_delivery", 1, WORDS)
    assert (row.owner, row.department.code, row.tier) == (crew.agent, "inspection", "A")
    assert not row.is_incident
    assert ServiceIncident.objects.count() == 0
    assert handover(row, "branch_east").statement_required
    assert not handover(row, "inspection").statement_required
    assert clock(row, "statement").due_at == row.registered_at + timedelta(hours=4)
    assert clock(row, "resolution").due_at == row.registered_at + timedelta(hours=24)

    # the same clock counts down on the ticket and on the desk
    expect(page.locator(".head h1")).to_contain_text("已转办")
    chips = page.locator(".clocks .sla")
    expect(chips.filter(has_text=re.compile(r"剩 3 时 5\d 分"))).to_have_count(1)
    expect(chips.filter(has_text=re.compile(r"剩 23 时 5\d 分"))).to_have_count(1)
    page.goto("/desk/")
    mine = page.locator("[data-row]")
    expect(mine).to_have_count(1)
    expect(mine).to_contain_text(row.number)
    expect(mine.locator(".sla")).to_contain_text(re.compile(r"剩 3 时 5\d 分"))


def test_the_last_minutes_are_counted_second_by_second_without_a_reload(
    at_work: Callable[..., Any], crew: Crew
) -> None:
    """Look §6: under half an hour with seconds; the one ticker writes desk and ticket."""
    row = against_east(crew.agent, at=now_db() - timedelta(hours=3, minutes=40))
    page = at_work(crew.agent)
    page.goto("/desk/?queue=all")
    chip = page.locator("[data-row] .sla")
    expect(chip).to_have_class(re.compile(r"\bhot\b"))
    before = chip.inner_text()
    assert re.fullmatch(r"剩 1\d 分 \d+ 秒", before), before
    expect(chip).not_to_have_text(before)
    page.goto(f"/complaints/{row.number}/")
    chip = page.locator(".clocks .sla.hot")
    before = chip.inner_text()
    expect(chip).not_to_have_text(before)
    assert re.fullmatch(r"剩 1\d 分 \d+ 秒", chip.inner_text())

"""Journey 7: goods are short; the adjuster finds who bears it, the customer agrees, signs and is paid, once."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import expect

from claims.models import Claim, Determination, Voucher
from servicecenter.clock import now_db
from tests import people
from tests.browser import overflow, screenshot
from tests.claims import cases as claims
from tests.complaints.cases import Crew, register

# The answers that decide it; the others were recorded before.
ANSWERS = {"position": "arrived", "copy_2": "noted", "copy_3": "noted", "noter": "driver"}


def choose(page: Any, name: str, value: str) -> None:
    """Answer one question."""
    page.locator(f'input[name="{name}"][value="{value}"]').check()


def ask(page: Any, part: str) -> Any:
    """Open the dialog whose address has this part."""
    page.locator(f'a[href*="{part}"]:visible').first.click()
    dialog = page.locator(".modal.show .dialog")
    expect(dialog).to_be_visible()
    return dialog


def send(page: Any) -> None:
    """Press the dialog's verb and wait until it is done."""
    page.locator('.modal.show .dialog button[type="submit"]').click()
    expect(page.locator(".modal.show")).to_have_count(0)


def bind(page: Any, role: str, *, person: str = "", department: str = "") -> None:
    """Say who a party is."""
    dialog = ask(page, "/parties/")
    dialog.locator("#id_role").select_option(role)
    if person:
        dialog.locator("#id_employee").fill(person)
    if department:
        dialog.locator("#id_department").select_option(department)
    send(page)


def test_from_a_shortage_to_a_voucher_that_is_paid_once(at_work: Callable[..., Any], crew: Crew) -> None:
    """CLM-01 to CLM-10, CLM-16, LR-33, MON-02."""
    people.centre()
    claims.waybill()
    driver, loader = (people.employee("operations", name=name) for name in ("周建国", "马强"))
    ticket = register(
        crew.agent,
        at=now_db(),
        category="damage_shortage",
        waybill_number=claims.WAYBILL,
        text="到货少了两件果酱。",
    )
    adjuster, cashier, other = (people.user(role) for role in ("adjuster", "cashier", "cashier"))

    # the agent opens the claim from the ticket: one action
    agent_page = at_work(crew.agent)
    agent_page.goto(f"/complaints/{ticket.number}/")
    agent_page.locator('a[href^="/claims/new/"]').click()
    expect(agent_page.locator("#id_waybill")).to_have_value(claims.WAYBILL)
    choose(agent_page, "kind", "shortage")
    agent_page.locator("#id_incident_on").fill("2026-11-16")
    agent_page.locator("#id_branch").select_option("branch_east")
    agent_page.locator("#id_claimant").fill(claims.PAYEE)
    agent_page.locator("#id_claimant").press("Control+Enter")
    expect(agent_page).to_have_url(re.compile(r"/claims/LC\d{6}-\d+/$"))
    claim = Claim.objects.get()

    # the adjuster takes it, records goods and people
    page = at_work(adjuster)
    page.goto("/claims/?queue=unassigned")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(claim.number))
    ask(page, "/take/")
    send(page)
    page.goto(f"/claims/{claim.number}/goods/")
    page.locator("#id_lines-0-goods").fill("果酱")
    page.locator("#id_lines-0-pieces").fill("2")
    page.locator("#id_lines-0-claimed").fill("1,680.32")
    page.locator("#id_lines-0-claimed").press("Control+Enter")
    expect(page.locator("table")).to_contain_text("¥1,680.32")
    bind(page, "driver", person=driver.work_number)
    bind(page, "loader", person=loader.work_number)
    bind(page, "branch", department="branch_east")

    # what is missing stands on the page, and stops nothing once it has come in
    expect(page.locator("#papers .is-missing")).to_have_count(5)
    ask(page, "/receive-papers/")
    for paper in ("incident_report", "waybill_copy", "claim_letter", "value_proof"):
        choose(page, "papers", paper)
    send(page)
    expect(page.locator("#papers .is-missing")).to_have_count(1)
    screenshot(page, "claim")

    # facts left, verdict right: it follows every answer, and asks for what would decide it
    unknown = dict.fromkeys(ANSWERS)
    claims.known(claims.fresh(claim), SimpleNamespace(adjuster=adjuster), at=now_db(), **unknown)  # type: ignore[arg-type]
    page.goto(f"/claims/{claim.number}/determination/")
    verdict = page.locator("#verdict")
    expect(page.locator("#fact-position")).to_have_class(re.compile("ask"))
    for name, value in ANSWERS.items():
        choose(page, name, value)
    expect(verdict.locator(".rule-id")).to_have_text("LR-03b")
    expect(verdict.locator(".trace tr")).to_have_count(18)
    expect(page.locator(".fact.ask")).to_have_count(0)
    assert not Determination.objects.exists()
    screenshot(page, "claim-determination")
    page.locator("[data-firm]").click()
    expect(page.locator(".verdict .share")).to_have_count(3)
    expect(page.locator(".verdict")).to_contain_text("马强")

    # assessed, agreed, put before the manager
    ask(page, "/assess/")
    send(page)
    dialog = ask(page, "/negotiate/")
    choose(page, "move", "agree")
    dialog.locator("#id_amount").fill("1680.32")
    dialog.locator("#id_way").select_option("signed")
    send(page)
    ask(page, "/request-approval/")
    send(page)

    # another person signs
    manager_page = at_work(crew.manager)
    manager_page.goto("/claims/approvals/")
    expect(manager_page.locator("tbody tr")).to_have_count(1)
    ask(manager_page, "/claims/approvals/")
    send(manager_page)
    expect(manager_page.locator(".empty")).to_be_visible()

    # the voucher of the one payee
    page.goto(f"/claims/{claim.number}/parts/")
    page.locator("#id_parts-0-identity").fill(claims.IDENTITY)
    page.locator("#id_parts-0-identity").press("Control+Enter")
    expect(page).to_have_url(re.compile("tab=payout"))
    ask(page, "/issue/")
    send(page)
    voucher = Voucher.objects.get()
    expect(page).to_have_url(re.compile(f"/vouchers/{voucher.number}/"))
    page.goto(f"/claims/{claim.number}/?tab=liability")
    expect(page.locator(".verdict")).to_contain_text("¥560.10")
    screenshot(page, "claim-liability")

    # the customer has lost it: another takes its place, and the lost one is void for good
    manager_page.goto(f"/vouchers/{voucher.number}/")
    dialog = ask(manager_page, "/reissue/")
    dialog.locator("#id_reason").fill("客户遗失凭证")
    manager_page.keyboard.press("Control+Enter")
    expect(manager_page.locator(".modal.show")).to_have_count(0)
    lost, voucher = voucher, Voucher.objects.get(state="issued")
    expect(manager_page).to_have_url(re.compile(f"/vouchers/{voucher.number}/"))
    expect(manager_page.locator(f'a[href="/vouchers/{lost.number}/"]')).to_be_visible()

    # the counter: the lost one is refused; the new one is scanned, checked, paid
    counter = at_work(cashier)
    counter.goto("/counter/")
    expect(counter.locator('.scan [name="number"]')).to_be_focused()
    counter.keyboard.type(lost.number)
    counter.keyboard.press("Enter")
    expect(counter.locator(".banner.red")).to_be_visible()
    expect(counter.locator("form[data-pay]")).to_have_count(0)
    counter.goto("/counter/")
    expect(counter.locator('.scan [name="number"]')).to_be_focused()
    counter.keyboard.type(voucher.number.lower())
    counter.keyboard.press("Enter")
    expect(counter.locator(".money")).to_have_text("¥1,680.32")
    expect(counter.locator("#id_identity_last_four")).to_be_focused()
    counter.keyboard.type("2416")
    counter.locator("#id_signed").check()
    counter.locator("#id_window").fill("1 号窗口")
    expect(counter.locator(".check.done")).to_have_count(5)
    screenshot(counter, "counter")
    assert overflow(counter) == 0
    counter.locator(".pay-foot .btn-primary").click()
    expect(counter.locator("table")).to_contain_text(claims.PAYEE)

    # the second try is told who paid it, when and where
    second = at_work(other)
    second.goto(f"/counter/?number={voucher.number}")
    refusal = second.locator(".banner.red")
    expect(refusal).to_contain_text(cashier.name)
    expect(refusal).to_contain_text("1 号窗口")
    expect(second.locator("form[data-pay]")).to_have_count(0)
    voucher.refresh_from_db()
    claim.refresh_from_db()
    lost.refresh_from_db()
    assert (voucher.state, voucher.paid_by, claim.state) == ("paid", cashier, "paid")
    assert (lost.state, lost.paid_by, voucher.replaces) == ("void", None, lost)

    # for the inside: why it happened and who bears it, drawn up by one and approved by another
    page.goto(f"/claims/{claim.number}/?tab=liability")
    dialog = ask(page, "/draw-up-opinion/")
    dialog.locator("#id_cause").fill("装车时未逐件清点，二、三联私自加注。")
    dialog.locator("#id_cause").press("Control+Enter")
    expect(page.locator(".modal.show")).to_have_count(0)
    manager_page.goto(f"/claims/{claim.number}/?tab=liability")
    ask(manager_page, "/approve-opinion/")
    send(manager_page)
    paper = manager_page.locator('a[href$="/opinion.pdf"]:visible').first
    expect(paper).to_be_visible()
    answer = manager_page.request.get(paper.get_attribute("href"))
    assert answer.body().startswith(b"%PDF")

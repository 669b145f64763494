"""The claims' pages through their doors: opening, determination, approval, vouchers, counter, what stays inside."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from claims import services
from claims.models import Claim, ClaimFact, Determination, Voucher
from servicecenter import attachments
from servicecenter.clock import now_db
from tests import people
from tests.claims import cases
from tests.claims.cases import Crew
from tests.complaints import cases as tickets
from tests.doors import HTMX, client_of, shown, words
from tests.servicecenter.uploads import image, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    people.centre()
    return Crew()


def typed(crew: Crew, **changed: Any) -> dict[str, Any]:
    """What an adjuster types to open a claim directly."""
    return {
        "waybill": cases.waybill().number,
        "kind": "loss",
        "incident_on": "2026-11-16",
        "gravity": "simple",
        "branch": "branch_east",
        "claimant": "黄立新",
        "claimed_amount": "￥１，800.00",
        "receipt_remarked": "no",
        "idempotency_key": "k-1",
        **changed,
    }


def answered(claim: Claim, **changed: Any) -> dict[str, Any]:
    """The facts as the screen posts them: P23 on arrival."""
    return {
        "kind": "loss", "position": "arrived", "copy_1": "clean", "copy_2": "noted", "copy_3": "noted",
        "copy_4": "clean", "noter": "driver", "refused": "no", "slip": "", "driver_record": "recorded",
        "loader_record": "recorded", "entered": "yes", "system_up": "yes", "notice": "noted",
        "loader_signature": "", "off_post_is": "no", "swapped_post_is": "no", "return_label_covered": "no",
        "traffic_or_theft": "no", "version": claim.version, **changed,
    }  # fmt: skip


def damage_ticket(crew: Crew) -> Any:
    """A complaint about damage on a known waybill."""
    cases.waybill()
    return tickets.register(
        crew.agent,
        at=now_db(),
        category="damage_shortage",
        waybill_number=cases.WAYBILL,
        text="到货少了两件果酱。",
    )


def test_a_complaint_about_damage_offers_a_claim_and_one_action_opens_it(crew: Crew) -> None:
    """CLM-01: one action opens it, none opens by itself."""
    ticket = damage_ticket(crew)
    agent = client_of(crew.agent)
    assert not Claim.objects.exists()
    slot = f"/claims/of-complaint/{ticket.number}/"
    assert slot in shown(agent.get(f"/complaints/{ticket.number}/"))
    assert f"/claims/new/?complaint={ticket.number}" in shown(agent.get(slot, headers=HTMX))
    page = shown(agent.get(f"/claims/new/?complaint={ticket.number}"))
    assert cases.WAYBILL in page
    sent = typed(crew, claimed_amount="1800")
    answer = agent.post(f"/claims/new/?complaint={ticket.number}", sent)
    claim = Claim.objects.get()
    assert answer["Location"] == f"/claims/{claim.number}/"
    assert (claim.complaint, claim.waybill.number, claim.state) == (ticket, cases.WAYBILL, "reported")
    assert claim.number in words(agent.get(slot, headers=HTMX))


def test_a_complaint_of_another_category_offers_none(crew: Crew) -> None:
    cases.waybill()
    ticket = tickets.register(crew.agent, at=now_db(), waybill_number=cases.WAYBILL)
    agent = client_of(crew.agent)
    assert "/claims/new/" not in shown(agent.get(f"/claims/of-complaint/{ticket.number}/"))
    assert agent.get(f"/claims/new/?complaint={ticket.number}").status_code == 403


def test_an_amount_may_be_typed_as_people_write_it_and_a_double_click_opens_one_claim(crew: Crew) -> None:
    """D20."""
    browser = client_of(crew.adjuster)
    first = browser.post("/claims/new/", typed(crew))
    second = browser.post("/claims/new/", typed(crew))
    assert first["Location"] == second["Location"]
    assert Claim.objects.get().claimed_amount == Decimal("1800.00")


def test_a_refused_form_keeps_what_was_typed(crew: Crew) -> None:
    page = shown(
        client_of(crew.adjuster).post("/claims/new/", typed(crew, incident_on="", claimed_amount="很多")), 422
    )
    assert 'value="很多"' in page
    assert cases.WAYBILL in page
    assert not Claim.objects.exists()


def test_the_same_pieces_have_one_live_claim_and_the_second_is_told_its_number(crew: Crew) -> None:
    """CLM-13."""
    standing = cases.opened(crew)
    page = words(client_of(crew.adjuster).post("/claims/new/", typed(crew)), 422)
    assert standing.number in page
    assert Claim.objects.count() == 1


def test_the_desk_shows_the_adjuster_the_own_claims_and_the_others_by_queue(crew: Crew) -> None:
    mine = cases.investigated(crew)
    other = services.open_claim(
        intake=cases.intake(), waybill=cases.waybill("86202222009"), by=crew.other, at=cases.AT
    )
    browser = client_of(crew.adjuster)
    page = shown(browser.get("/claims/"))
    assert mine.number in page
    assert other.number not in page
    assert other.number in shown(browser.get("/claims/?queue=unassigned"))
    assert other.number in shown(browser.get("/claims/?q=86202222009"))


def test_the_verdict_follows_the_answers_before_anything_is_saved(crew: Crew) -> None:
    """LR-33: LR-03b in thirds, and every row with its reason."""
    claim = cases.opened(crew)
    browser = client_of(crew.adjuster)
    there = f"/claims/{claim.number}/determination/verdict/"
    page = shown(browser.get(there, answered(claim), headers=HTMX))
    assert page.count("<tr") == 18
    assert '<tr class="win"><td>C</td><td>LR-03b</td>' in page
    assert page.count("1/3") == 3
    assert not ClaimFact.objects.exists()
    assert not Determination.objects.exists()


def test_an_open_fact_makes_it_provisional_and_the_page_says_which_would_decide(crew: Crew) -> None:
    claim = cases.opened(crew)
    browser = client_of(crew.adjuster)
    page = shown(
        browser.get(
            f"/claims/{claim.number}/determination/verdict/", answered(claim, position=""), headers=HTMX
        )
    )
    assert 'href="#fact-position"' in page
    assert 'href="#fact-entered"' not in page
    assert 'data-provisional="yes"' in page


def test_a_value_that_is_on_no_list_is_refused_not_judged(crew: Crew) -> None:
    claim = cases.opened(crew)
    browser = client_of(crew.adjuster)
    answer = browser.post(
        f"/claims/{claim.number}/determination/", answered(claim, position="moon", do="determine")
    )
    assert answer.status_code == 422
    assert not Determination.objects.exists()


def test_determining_records_the_facts_and_the_outcome_in_one_act(crew: Crew) -> None:
    """LR-33, MON-02: 1 680.32 in thirds is 560.11, 560.11 and 560.10."""
    claim = cases.approved(crew)
    cases.bound(claim, crew)
    claim = cases.fresh(claim)
    browser = client_of(crew.adjuster)
    answer = browser.post(f"/claims/{claim.number}/determination/", answered(claim, do="determine"))
    assert answer.status_code == 302, words(answer, 422)
    made = Determination.objects.get()
    assert (made.outcome, made.status, made.facts["off_post"]) == ("LR-03b", "final", [])
    page = words(browser.get(f"/claims/{claim.number}/?tab=liability"))
    for part in ("LR-03b", "马强", "周建国", "¥560.11", "¥560.10", "¥100.00"):
        assert part in page


def test_the_facts_alone_may_be_kept(crew: Crew) -> None:
    claim = cases.opened(crew)
    browser = client_of(crew.adjuster)
    browser.post(f"/claims/{claim.number}/determination/", answered(claim, position="", do="facts"))
    assert ClaimFact.objects.get(name="noter").value == "driver"
    assert not ClaimFact.objects.filter(name="position").exclude(value=None).exists()
    assert not Determination.objects.exists()


def test_where_no_row_decides_a_person_does_with_shares_and_a_reason(crew: Crew) -> None:
    """LR-23: plain damage."""
    claim = cases.opened(crew, kind="damage")
    cases.known(claim, crew, kind="damage")
    cases.bound(claim, crew)
    browser = client_of(crew.adjuster)
    there = f"/claims/{claim.number}/determination/by-hand/"
    page = shown(browser.get(there))
    assert '<option value="DAMAGE_NO_RULE" selected>' in page
    sent = {
        "outcome": "DAMAGE_NO_RULE", "reason": "", "shares-TOTAL_FORMS": 2, "shares-INITIAL_FORMS": 0,
        "shares-0-party": "driver", "shares-0-share": "7 / 10", "shares-1-party": "loader", "shares-1-share": "3/10",
        "version": cases.fresh(claim).version,
    }  # fmt: skip
    assert 'value="7 / 10"' in shown(browser.post(there, sent), 422)
    assert not Determination.objects.exists()
    assert browser.post(there, {**sent, "reason": "双方确认。"}).status_code == 302
    made = Determination.objects.get()
    assert [str(share.fraction) for share in made.shares.order_by("party")] == ["7/10", "3/10"]


def test_the_agent_sees_the_claim_and_nothing_of_who_bears_it(crew: Crew) -> None:
    """CLM-07, CLM-16."""
    made = cases.determined(crew)
    number = made.claim.number
    browser = client_of(crew.agent)
    page = words(browser.get(f"/claims/{number}/"))
    assert number in page
    for inside in ("马强", "LR-03b", "1/3"):
        assert inside not in page
    assert browser.get(f"/claims/{number}/?tab=liability").status_code == 404
    assert browser.get(f"/claims/{number}/determination/verdict/").status_code == 403


def test_who_must_sign_finds_it_and_the_maker_does_not(crew: Crew) -> None:
    """CLM-08: 1 680.32 needs the centre manager; the maker never approves."""
    claim = cases.agreed(crew)
    step = services.request_approval(claim=claim, by=crew.adjuster, at=cases.AT).steps.get()
    assert claim.number not in shown(client_of(crew.supervisor).get("/claims/approvals/"))
    assert client_of(crew.adjuster).get("/claims/approvals/").status_code == 403
    manager = client_of(crew.manager)
    assert claim.number in shown(manager.get("/claims/approvals/"))
    assert manager.post(f"/claims/approvals/{step.pk}/", {"approved": "no", "remark": ""}).status_code == 422
    assert cases.fresh(claim).state == "negotiated"
    assert manager.post(f"/claims/approvals/{step.pk}/", {"approved": "yes"}).status_code == 302
    assert cases.fresh(claim).approved_amount == Decimal("1680.32")


def test_goods_are_typed_line_by_line_and_less_than_claimed_needs_a_reason(crew: Crew) -> None:
    """CLM-04."""
    claim = cases.opened(crew)
    browser = client_of(crew.adjuster)
    line = {
        "lines-TOTAL_FORMS": 2, "lines-INITIAL_FORMS": 0, "lines-0-goods": "果酱", "lines-0-pieces": "2",
        "lines-0-claimed": "1,800", "lines-0-assessed": "0", "version": claim.version,
    }  # fmt: skip
    assert 'value="1,800"' in shown(browser.post(f"/claims/{claim.number}/goods/", line), 422)
    assert not claim.lines.exists()
    browser.post(f"/claims/{claim.number}/goods/", {**line, "lines-0-reduction": "unproven"})
    kept = claim.lines.get()
    assert (kept.claimed, kept.assessed, kept.reduction) == (Decimal("1800.00"), Decimal("0.00"), "unproven")


def test_the_computation_is_shown_step_by_step(crew: Crew) -> None:
    """CLM-06: 3 times the freight of the part, once it is proven that the customer was told."""
    claim = cases.agreed(crew, "900", freight=Decimal("120.00"), cap_told=True)
    page = words(client_of(crew.adjuster).get(f"/claims/{claim.number}/?tab=payout"))
    for part in ("¥900.00", "¥120.00", "¥360.00"):
        assert part in page


def paying(**changed: Any) -> dict[str, Any]:
    """What the cashier fills in."""
    return {
        "receiver": cases.PAYEE, "identity_last_four": "2416", "signed": "on", "window": "2 号窗口",
        "idempotency_key": "pay-1", **changed,
    }  # fmt: skip


def test_the_counter_finds_a_voucher_in_any_spelling_checks_and_pays_it_once(crew: Crew) -> None:
    """CLM-10: a second try is told who paid, when and where."""
    voucher = cases.issued(crew, at=now_db())
    browser = client_of(crew.cashier)
    spelled = voucher.number.replace("-", "").lower()
    there = browser.get("/counter/", {"number": f" {spelled[:8]} {spelled[8:]}"})["Location"]
    assert there == f"/counter/{voucher.number}/"
    assert "壹仟陆佰捌拾元零叁角贰分" in words(browser.get(there))
    assert browser.post(there, paying(identity_last_four="0000")).status_code == 422
    assert browser.post(there, paying(signed="")).status_code == 422
    assert Voucher.objects.get().state == "issued"
    assert browser.post(there, paying())["Location"] == "/counter/"
    paid = Voucher.objects.get()
    assert (paid.state, paid.paid_by, paid.window) == ("paid", crew.cashier, "2 号窗口")
    told = words(client_of(crew.second_cashier).post(there, paying(idempotency_key="pay-2")), 422)
    for part in ("王秀兰", "2 号窗口", cases.PAYEE, "¥1,680.32"):
        assert part in told
    assert Voucher.objects.get().paid_by == crew.cashier


def test_a_proxy_needs_the_own_identity_and_a_signed_authority(crew: Crew) -> None:
    """CLM-10."""
    voucher = cases.issued(crew, at=now_db())
    browser = client_of(crew.cashier)
    there = f"/counter/{voucher.number}/"
    proxy = paying(receiver="黄小妹", is_proxy="on", proxy_identity="330106199901012222")
    assert browser.post(there, proxy).status_code == 422
    assert Voucher.objects.get().state == "issued"


def test_an_unknown_number_says_so_and_keeps_what_was_typed(crew: Crew) -> None:
    page = shown(client_of(crew.cashier).get("/counter/", {"number": "LP-9-202611-0001X"}))
    assert 'value="LP-9-202611-0001X"' in page


def test_who_made_it_gets_no_button_that_pays(crew: Crew) -> None:
    """CLM-08."""
    voucher = cases.issued(crew, at=now_db())
    both = people.user("cashier", "adjuster", name="林双")
    page = shown(client_of(both).get(f"/counter/{voucher.number}/"))
    assert "data-pay" in page
    assert client_of(crew.adjuster).get(f"/counter/{voucher.number}/").status_code == 403


def test_a_void_voucher_keeps_its_number_and_leads_to_its_successor(crew: Crew) -> None:
    """CLM-10."""
    voucher = cases.issued(crew, at=now_db())
    browser = client_of(crew.manager)
    sent = {"reason": "客户遗失", "language": "en"}
    new = browser.post(f"/vouchers/{voucher.number}/reissue/", sent)["Location"].split("/")[2]
    assert new != voucher.number
    page = words(browser.get(f"/vouchers/{voucher.number}/"))
    assert "客户遗失" in page
    assert new in page
    cashier = client_of(crew.cashier)
    assert "data-pay" not in shown(cashier.get(f"/counter/{voucher.number}/"))
    assert "data-pay" in shown(cashier.get(f"/counter/{new}/"))


def test_the_rules_are_readable_row_by_row_in_each_language(crew: Crew) -> None:
    """LR-30, LR-32."""
    browser = client_of(crew.adjuster)
    page = words(browser.get("/claims/rules/2026-1/"))
    for row in ("LR-00", "LR-03b", "LR-11", "U1", "U6", "DAMAGE_NO_RULE"):
        assert row in page
    assert "装卸工、司机、分公司各承担三分之一" in page
    browser.post("/language/", {"language": "en"})
    assert "loader, driver and branch bear a third each" in words(browser.get("/claims/rules/2026-1/"))


def test_evidence_is_bound_to_its_fact_and_opens_for_the_inside_alone(crew: Crew) -> None:
    """CLM-03, CLM-07."""
    claim = cases.investigated(crew)
    file = attachments.store(file=upload("上车记录.png", image()), by=crew.adjuster)
    browser = client_of(crew.adjuster)
    there = f"/claims/{claim.number}/facts/driver_record/"
    assert (
        browser.post(there, {"evidence": "loading_record", "attachments": file.public_id}).status_code == 302
    )
    fact = claim.facts.get(name="driver_record")
    assert (fact.value, fact.evidence) == ("recorded", "loading_record")
    assert "上车记录.png" in words(browser.get(f"/claims/{claim.number}/"))
    answer = browser.get(f"/attachments/{file.public_id}/")
    assert (answer.status_code, len(b"".join(answer.streaming_content))) == (200, file.size)
    agent = client_of(crew.agent)
    assert "上车记录.png" not in words(agent.get(f"/claims/{claim.number}/"))
    assert agent.get(f"/attachments/{file.public_id}/").status_code == 404

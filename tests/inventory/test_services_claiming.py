"""What was lost on its way is offered to claims; stock and claims do not know each other (INV-82, LED-06)."""

from __future__ import annotations

import pytest

from claims.models import Claim
from customers.models import Waybill
from inventory import services
from inventory.models import Document
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests import people
from tests.claims.cases import waybill as a_waybill
from tests.doors import client_of
from tests.inventory.stores import AT, D, Stores, audited, line, purchase, sides, stocked, transfer


@pytest.fixture
def bill(s: Stores) -> Waybill:
    people.department("claims")
    return a_waybill()


def lost(s: Stores) -> Document:
    """Two of five wrenches never arrived; approved and audited."""
    stocked(s, line(s.wrench, 5))
    moved = services.audit_transfer(transfer=transfer(s, (s.wrench, 5)), by=s.accountant, at=AT)
    audited(sides(moved)[0])
    loss = services.draft_transit_loss(
        transfer=moved, remarks="承运商丢失", quantities={1: D(2)}, by=s.accountant, at=AT
    )
    return loss


def approved(s: Stores) -> Document:
    return audited(services.approve_document(document=lost(s), by=s.manager, at=AT))


def test_a_loss_in_transit_becomes_a_claim_once(s: Stores, bill: Waybill) -> None:
    loss = approved(s)
    number = services.claim_loss(document=loss, waybill=bill.number, by=s.accountant, at=AT)
    claim = Claim.objects.get()
    assert (claim.number, claim.waybill, claim.kind) == (number, bill, "loss")
    assert loss.number in claim.incident_report
    assert s.wrench.code in claim.incident_report
    loss.refresh_from_db()
    assert (loss.claim_kind, loss.claim_public_id) == ("claims.claim", claim.public_id)
    assert TrailEntry.objects.get(code="stockdoc.claim").params["claim"] == number
    with pytest.raises(RuleBroken, match=r"document\.claimed_already"):
        services.claim_loss(document=loss, waybill=bill.number, by=s.accountant, at=AT)
    assert Claim.objects.count() == 1


def test_not_before_the_loss_is_approved_and_audited(s: Stores, bill: Waybill) -> None:
    with pytest.raises(RuleBroken, match=r"lifecycle\.wrong_state"):
        services.claim_loss(document=lost(s), waybill=bill.number, by=s.accountant, at=AT)
    assert not Claim.objects.exists()


def test_goods_that_arrived_damaged_become_a_claim_of_what_they_cost(s: Stores, bill: Waybill) -> None:
    bought = audited(purchase(s, line(s.wrench, 5, price=D("38.00"))))
    red = services.draft_red(original=bought, reason="arrived", quantities={1: D(2)}, by=s.accountant, at=AT)
    red = audited(red)
    services.claim_loss(document=red, waybill=bill.number, by=s.accountant, at=AT)
    claim = Claim.objects.get()
    assert (claim.kind, claim.claimed_amount) == ("damage", D("76.00"))


def test_an_ordinary_document_does_not(s: Stores, bill: Waybill) -> None:
    bought = audited(purchase(s, line(s.wrench, 5)))
    with pytest.raises(RuleBroken, match=r"document\.claim_none"):
        services.claim_loss(document=bought, waybill=bill.number, by=s.accountant, at=AT)


def test_an_unknown_waybill_is_told_at_its_field(s: Stores) -> None:
    loss = approved(s)
    answer = client_of(s.accountant).post(f"/stock/documents/{loss.number}/claim/", {"waybill": "000"})
    assert answer.status_code == 422
    assert 'id="id_waybill_error"' in answer.content.decode()
    assert not Claim.objects.exists()

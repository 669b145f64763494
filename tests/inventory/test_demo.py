"""The demonstration's stores: played through the services, sound, with something for everybody to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inventory.choices import CountState, DocumentState, ItemRequestState
from inventory.demo import seed
from inventory.models import Balance, Document, ItemRequest, Stocktake, Transfer, TransferLine
from inventory.queries import documents_visible_to, shortages_of
from organization.demo import seed as organization
from organization.models import User
from servicecenter.clock import now_db
from tests.faults.sound import violations


@pytest.mark.django_db
def test_three_months_of_the_stores_are_played_and_every_book_agrees() -> None:
    at = now_db()
    organization(at=at)
    seed(at=at)
    assert violations() == []
    documents = Document.objects.all()
    assert at - timedelta(days=92) < documents.earliest("created_at").created_at < at - timedelta(days=89)
    # Every state is alive.
    for model, states in (
        (Document, DocumentState), (Transfer, DocumentState), (Stocktake, CountState), (ItemRequest, ItemRequestState),
    ):  # fmt: skip
        assert set(model.objects.values_list("state", flat=True)) == set(states.values), model
    assert set(documents.values_list("category", flat=True)) >= {
        "opening_in", "purchase_in", "own_use_out", "damage_in", "repair_out", "repaired_in", "scrap_out", "return_in",
        "return_out", "sound_transfer_out", "sound_transfer_in", "damaged_transfer_out", "damaged_transfer_in",
        "transit_loss_out",
    }  # fmt: skip
    assert documents.filter(business_date__gt=at + timedelta(days=1)).count() == 0
    assert set(Transfer.objects.values_list("kind", flat=True)) == {"directive", "negotiated", "internal"}
    assert [line.in_transit for line in TransferLine.objects.filter(issued__gt=0) if line.in_transit] == [
        1,
        1,
    ]
    short = Document.objects.get(remarks="大修领用")
    assert len(shortages_of(short)) == 2
    assert ItemRequest.objects.count() == 5
    keeper = User.objects.get(work_number="1501")
    assert documents_visible_to(keeper).filter(state="editing").count() == 1
    rows = Document.objects.count(), Balance.objects.count()
    seed(at=at)
    assert (Document.objects.count(), Balance.objects.count()) == rows

"""`manage.py verify` names every damage to the stock: ledger, balances, documents, transfers (I4, I5, I8)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from inventory import services
from inventory.models import Document, Transfer
from tests.faults import damage
from tests.faults.damage import Statements, sql
from tests.faults.sound import assert_sound
from tests.inventory import stores
from tests.inventory.stores import D, line

pytestmark = pytest.mark.usefixtures("world")
APPS = {"inventory"}
GUARDED: dict[str, tuple[str, ...]] = {
    "inventory_document": ("stockdoc_audited",),
    "inventory_documentline": ("stockline_returned",),
    "inventory_transfer": ("transfer_audited",),
    "inventory_transferline": ("transfer_line_arrived",),
    "inventory_ledgerentry": (),
    "inventory_balance": ("balance_not_negative",),
}


@dataclass
class World:
    """Goods bought, used, sent back and moved, and an audit taken back."""

    bought: Document
    used: Document
    undone: Document
    moved: Transfer
    outbound: Document
    key: str = "BP-W GJ-01042"


@pytest.fixture(scope="module")
def world(committed: None) -> World:
    s = stores.stores()
    bought = stores.stocked(s, line(s.wrench, 10), line(s.grease, 4))
    used = stores.audited(stores.issue(s, line(s.wrench, 3)))
    red = services.draft_red(
        original=bought, reason="arrived", quantities={1: D(2)}, by=s.accountant, at=stores.AT
    )
    stores.audited(red, s.accountant)
    undone = stores.audited(stores.issue(s, line(s.wrench, 1)))
    services.unaudit_document(document=undone, by=None, at=stores.AT)
    moved = stores.transfer(s, (s.grease, 2))
    moved = services.audit_transfer(transfer=moved, by=s.accountant, at=stores.AT)
    outbound, inbound = stores.sides(moved)
    stores.audited(outbound)
    stores.audited(inbound)
    for row in (bought, used, undone, moved, outbound):
        row.refresh_from_db()
    return World(bought, used, undone, moved, outbound)


BALANCE = """
UPDATE inventory_balance SET {} WHERE warehouse_id = {{w.bought.warehouse_id}}
 AND item_id = (SELECT id FROM inventory_item WHERE code = 'GJ-01042')
"""
DOCUMENT = "UPDATE inventory_document SET {} WHERE id = {{w.{}.pk}}"

# invariant, what is done to the database, who is named, what is said of it
DAMAGES = [
    pytest.param(
        "I4", sql(BALANCE.format("quantity = quantity + 1")), "key", "has a balance of 6",
        id="I4-a-piece-out-of-nowhere",
    ),
    pytest.param(
        "I4", sql("DELETE FROM inventory_balance"), "key", "has a balance of 0", id="I4-balances-taken-away",
    ),
    pytest.param(
        "I4", sql("DELETE FROM inventory_ledgerentry WHERE document_id = {w.used.pk}"), "used",
        "is audited, but 0 rows of it stand", id="I4-an-audited-document-without-its-rows",
    ),
    pytest.param(
        "I4",
        sql(
            "DELETE FROM inventory_ledgerentry WHERE document_id = {w.undone.pk} AND reverses_id IS NOT NULL"
        ),
        "undone", "is saved, but 1 rows of it stand", id="I4-an-audit-taken-back-without-its-mirror",
    ),
    pytest.param(
        "I4", sql("UPDATE inventory_transferline SET received = received - 1 WHERE transfer_id = {w.moved.pk}"),
        "moved", "its documents say", id="I4-a-transfer-that-counts-less-than-arrived",
    ),
    pytest.param(
        "I4",
        sql("UPDATE inventory_documentline SET returned = 1 WHERE document_id = {w.bought.pk} AND ordinal = 1"),
        "bought", "counts 1", id="I4-a-line-that-counts-less-than-went-back",
    ),
    pytest.param(
        "I4",
        sql("UPDATE inventory_ledgerentry SET quantity = quantity + 1 WHERE document_id = {w.outbound.pk} AND leg = 2"),
        "outbound", "more than it takes", id="I4-more-arrives-in-transit-than-left",
    ),
    pytest.param(
        "I5", sql(BALANCE.format("quantity = -1")), "key", "is -1", id="I5-below-zero"
    ),
    pytest.param(
        "I8", sql(DOCUMENT.format("state = 'saved'", "used")), "used", "is saved, its trail says audited",
        id="I8-an-audit-that-nobody-took-back",
    ),
    pytest.param(
        "I8", sql("UPDATE inventory_transfer SET state = 'saved' WHERE id = {w.moved.pk}"), "moved",
        "is saved, its trail says audited", id="I8-a-transfer-that-nobody-took-back",
    ),
]  # fmt: skip


def test_a_sound_database_has_no_violation() -> None:
    assert_sound()


@pytest.mark.parametrize(("code", "statements", "subject", "said"), DAMAGES)
def test_a_damage_is_named_with_its_record(
    world: World, code: str, statements: Statements, subject: str, said: str
) -> None:
    record = getattr(world, subject)
    named = getattr(record, "number", record)
    damage.assert_named(world, statements, GUARDED, code=code, named=named, said=said)


def test_every_check_has_its_damage(world: World) -> None:
    damage.assert_every_check_proven(world, DAMAGES, GUARDED, APPS)

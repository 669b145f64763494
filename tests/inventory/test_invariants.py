"""`manage.py verify` names what does not agree in the stock (I4, I5, I8)."""

from __future__ import annotations

import pytest
from django.db import connection

from inventory import services
from servicecenter.models import TrailEntry
from tests.faults.sound import violations
from tests.inventory.stores import AT, Stores, audited, issue, line, sides, stocked, transfer


def without_guards(sql: str, *tables: str) -> None:
    """As somebody with the database's own key would: past every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)


def lived(s: Stores) -> None:
    """Goods bought, used, sent on."""
    stocked(s, line(s.wrench, 10))
    audited(issue(s, line(s.wrench, 2)))
    made = services.audit_transfer(transfer=transfer(s, (s.wrench, 3)), by=None, at=AT)
    for document in sides(made):
        audited(document)
    assert violations() == []


@pytest.mark.parametrize(
    ("sql", "tables", "expected"),
    [
        (
            "UPDATE inventory_balance SET quantity = quantity + 1 WHERE quantity = 5",
            ["inventory_balance"],
            "I4 BP-W GJ-01042: has a balance of 6.000, its ledger says 5.000",
        ),
        (
            "UPDATE inventory_document SET state = 'saved', audited_at = NULL WHERE category = 'own_use_out'",
            ["inventory_document"],
            "is saved, but 1 rows of it stand in the ledger",
        ),
        (
            "UPDATE inventory_transferline SET received = 2",
            ["inventory_transferline"],
            "/1: counts 3.000 issued, 2.000 received, 0.000 lost; its documents say 3.000, 3.000, 0",
        ),
        (
            "UPDATE inventory_documentline SET returned = 1 WHERE quantity = 10",
            ["inventory_documentline"],
            "/1: counts 1.000 returned, its red letters say 0",
        ),
        (
            "UPDATE inventory_document SET state = 'editing' WHERE category = 'own_use_out'",
            ["inventory_document"],
            "is editing, its trail says audited",
        ),
        (
            "ALTER TABLE inventory_balance DROP CONSTRAINT balance_not_negative;"
            " UPDATE inventory_balance SET quantity = -5 WHERE quantity = 5",
            ["inventory_balance"],
            "I5 BP-W GJ-01042: is -5.000",
        ),
    ],
)
def test_what_does_not_agree_is_named(s: Stores, sql: str, tables: list[str], expected: str) -> None:
    lived(s)
    if "audited_at" not in sql and "state" in sql:
        sql = sql.replace("SET state", "SET audited_at = NULL, state")
    without_guards(sql, *tables)
    found = violations()
    assert any(expected in violation for violation in found), found


def test_a_quiet_store_is_sound(s: Stores) -> None:
    lived(s)
    assert TrailEntry.objects.filter(kind="inventory.document").exists()

"""What the database itself refuses of the stock, whatever writes to it (LED-01, 03, 06, 08, 13, INV-13, INV-26)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from inventory import services
from inventory.domain import categories
from inventory.models import Balance, CategoryRule, Document, LedgerEntry
from tests.inventory.stores import (
    AT,
    TODAY,
    Stores,
    audited,
    issue,
    line,
    on_hand,
    purchase,
    sides,
    stocked,
)
from tests.inventory.stores import transfer as a_transfer


def refused(name: str, sql: str, *values: Any) -> None:
    """The statement fails by that constraint; '' where a table is append-only."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cause = caught.value.__cause__
    assert (getattr(cause, "diag").constraint_name or "") == name, cause  # noqa: B009
    if not name:
        assert "append-only" in str(cause)


POST = """
INSERT INTO inventory_ledgerentry (document_id, line, posting_number, leg, warehouse_id, item_id, quantity,
                                   business_date, posted_at, reverses_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now(), %s)
"""


def test_the_guards_table_is_the_declarative_table(s: Stores) -> None:
    """LED-13: one table for database, forms, API and tests."""
    held = CategoryRule.objects.values_list(
        "category", "warehouse_kind", "direction", "colour", "is_transfer"
    )
    assert set(held) == set(categories.rows())


@pytest.mark.parametrize("table", ["ledgerentry", "document", "transfer", "balance"])
def test_a_table_of_the_books_is_never_emptied(s: Stores, table: str) -> None:
    """LED-03: TRUNCATE is not stopped by row triggers; a statement trigger stops it."""
    refused("", f"TRUNCATE inventory_{table} CASCADE")


class TestLedger:
    def test_it_is_append_only(self, s: Stores) -> None:
        """LED-01."""
        stocked(s, line(s.wrench, 5))
        refused("", "UPDATE inventory_ledgerentry SET quantity = 6")
        refused("", "DELETE FROM inventory_ledgerentry")

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("ledger_follows_lines", {"quantity": 6}),
            ("ledger_follows_lines", {"quantity": -5}),
            ("ledger_follows_lines", {"item": "grease"}),
            ("ledger_follows_lines", {"warehouse": "sound_b"}),
            ("ledger_follows_lines", {"line": 3}),
            ("ledger_follows_lines", {"day": TODAY - timedelta(days=1)}),
            ("ledger_follows_lines", {"leg": 2}),
            ("ledger_leg", {"leg": 3}),
            ("ledger_quantity", {"quantity": 0}),
            ("ledger_whole_document", {}),
        ],
    )
    def test_nothing_is_posted_that_does_not_follow_the_document(
        self, s: Stores, name: str, change: dict[str, Any]
    ) -> None:
        """A row by hand: not the line's, not the document's place or day, not the whole document."""
        audited(purchase(s, line(s.bulb, 1)))
        made = purchase(s, line(s.wrench, 5), line(s.grease, 2))
        row = {
            "quantity": 5,
            "item": "wrench",
            "warehouse": "sound",
            "line": 1,
            "day": TODAY,
            "leg": 1,
        } | change
        refused(
            name, POST, made.pk, row["line"], 1, row["leg"], getattr(s, row["warehouse"]).pk,
            getattr(s, row["item"]).pk, row["quantity"], row["day"], None,
        )  # fmt: skip
        assert on_hand(s.sound, s.wrench) == [0]

    def test_a_document_is_posted_once(self, s: Stores) -> None:
        made = stocked(s, line(s.wrench, 5))
        refused("ledger_state", POST, made.pk, 1, 2, 1, s.sound.pk, s.wrench.pk, 5, TODAY, None)

    @pytest.mark.parametrize(
        ("name", "quantity", "number"),
        [("ledger_mirror", -4, 2), ("ledger_mirror", 5, 2), ("ledger_mirror", -5, 1)],
    )
    def test_a_reversal_is_the_mirror_of_its_row(
        self, s: Stores, name: str, quantity: int, number: int
    ) -> None:
        """LED-02."""
        made = stocked(s, line(s.wrench, 5))
        row = LedgerEntry.objects.get(document=made)
        sql, values = POST, [made.pk, 1, number, 1, s.sound.pk, s.wrench.pk, quantity, TODAY, row.pk]
        expected = "ledger_once" if number == 1 else name
        refused(expected, sql, *values)

    def test_a_row_is_reversed_once(self, s: Stores) -> None:
        made = stocked(s, line(s.wrench, 5))
        row = LedgerEntry.objects.get(document=made)
        services.unaudit_document(document=made, by=None, at=AT)
        again = [made.pk, 1, 3, 1, s.sound.pk, s.wrench.pk, -5, TODAY, row.pk]
        refused("inventory_ledgerentry_reverses_id_key", POST, *again)

    def test_no_row_enters_a_closed_month(self, s: Stores) -> None:
        """LED-08."""
        past = TODAY.replace(month=10)
        stocked(s, line(s.wrench, 5), day=past)
        services.close_period(month=past, by=None, at=AT)
        made = purchase(s, line(s.wrench, 1))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inventory_document SET business_date = %s WHERE id = %s", [past, made.pk])
        refused("ledger_open_period", POST, made.pk, 1, 1, 1, s.sound.pk, s.wrench.pk, 1, past, None)


class TestBalance:
    def test_nothing_but_the_ledger_writes_it(self, s: Stores) -> None:
        """LED-03."""
        stocked(s, line(s.wrench, 5))
        refused("balance_by_ledger", "UPDATE inventory_balance SET quantity = 50")
        refused("balance_by_ledger", "DELETE FROM inventory_balance")
        refused(
            "balance_by_ledger",
            "INSERT INTO inventory_balance (warehouse_id, item_id, quantity) VALUES (%s, %s, 9)",
            s.far.pk,
            s.wrench.pk,
        )
        assert list(Balance.objects.values_list("quantity", flat=True)) == [5]

    def test_it_is_never_below_zero_even_by_a_true_document(self, s: Stores) -> None:
        """I5, LED-03: also for a key that has no row yet, and lines of one key are summed first."""
        stocked(s, line(s.wrench, 5))
        made = issue(s, line(s.wrench, 6))
        refused("balance_not_negative", POST, made.pk, 1, 1, 1, s.sound.pk, s.wrench.pk, -6, TODAY, None)
        made = issue(s, line(s.grease, 1))
        refused("balance_not_negative", POST, made.pk, 1, 1, 1, s.sound.pk, s.grease.pk, -1, TODAY, None)
        audited(issue(s, line(s.wrench, 2), line(s.wrench, 3)))
        assert on_hand(s.sound, s.wrench, s.grease) == [0, 0]


class TestDocuments:
    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("stockdoc_keeps_identity", "number = 'CR2611-1'"),
            ("stockdoc_keeps_identity", "colour = 'red', red_reason = 'arrived', original_id = id"),
            ("stockdoc_category", "direction = 'out'"),
            ("stockdoc_category", "category = 'damage_in'"),
            ("stockdoc_category", "category = 'return_in'"),
            ("stockdoc_category", "category = 'sound_transfer_in'"),
            ("stockdoc_category", "warehouse_id = {damaged}"),
            (
                "stockdoc_path",
                "state = 'audited', audited_at = now(), first_audited_at = now(), posting_number = 1",
            ),
            ("stockdoc_has_posted", "posting_number = 4"),
            ("stockdoc_voided", "state = 'voided', voided_at = now()"),
            ("stockdoc_counted", "counted_at = NULL"),
            ("stockdoc_claim", "claim_kind = 'claims.claim'"),
            ("stockdoc_causes", "cause = 'weather'"),
            ("stockdoc_uses", "use = 'fun'"),
        ],
    )
    def test_a_draft_is_never_what_it_cannot_be(self, s: Stores, name: str, change: str) -> None:
        made = purchase(s, line(s.wrench, 5))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE inventory_document SET counted_by_id = %s, state = 'editing' WHERE id = %s",
                [s.keeper.pk, made.pk],
            )
        sql = f"UPDATE inventory_document SET {change.format(damaged=s.damaged.pk)} WHERE id = {made.pk}"
        refused(name, sql)

    def test_a_saved_one_is_not_audited_by_hand(self, s: Stores) -> None:
        """LED-01: the state follows the ledger."""
        made = purchase(s, line(s.wrench, 5))
        refused(
            "stockdoc_has_posted",
            "UPDATE inventory_document SET state = 'audited', audited_at = now(), first_audited_at = now(),"
            " posting_number = 1 WHERE id = %s",
            made.pk,
        )

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("stockdoc_read_only", "remarks = 'x'"),
            ("stockdoc_read_only", "business_date = '2026-11-01'"),
            ("stockdoc_read_only", "supplier_id = NULL"),
            ("stockdoc_warehouse_kept", "warehouse_id = {sound_b}"),
            ("stockdoc_has_posted", "state = 'saved', audited_at = NULL, audited_by_id = NULL"),
            ("stockdoc_path", "state = 'voided', audited_at = NULL, voided_at = now(), void_reason = 'x'"),
        ],
    )
    def test_an_audited_one_is_read_only(self, s: Stores, name: str, change: str) -> None:
        """INV-12."""
        made = stocked(s, line(s.wrench, 5))
        sql = f"UPDATE inventory_document SET {change.format(sound_b=s.sound_b.pk)} WHERE id = {made.pk}"
        refused(name, sql)

    def test_its_warehouse_stays_after_the_first_audit_for_ever(self, s: Stores) -> None:
        """INV-13: un-audited, and yet kept."""
        made = stocked(s, line(s.wrench, 5))
        services.unaudit_document(document=made, by=None, at=AT)
        sql = "UPDATE inventory_document SET warehouse_id = %s WHERE id = %s"
        refused("stockdoc_warehouse_kept", sql, s.sound_b.pk, made.pk)
        sql = "UPDATE inventory_document SET first_audited_at = NULL WHERE id = %s"
        refused("stockdoc_warehouse_kept", sql, made.pk)

    def test_it_is_never_deleted_and_a_voided_one_never_changes(self, s: Stores) -> None:
        """INV-14."""
        made = purchase(s, line(s.wrench, 5))
        refused("", "DELETE FROM inventory_document WHERE id = %s", made.pk)
        services.void_document(document=made, reason="错", by=None, at=AT)
        refused("stockdoc_voided_kept", "UPDATE inventory_document SET remarks = 'x' WHERE id = %s", made.pk)

    def test_it_begins_as_a_draft(self, s: Stores) -> None:
        """INV-11."""
        made = purchase(s, line(s.wrench, 5))
        columns = [
            field.column for field in Document._meta.local_fields if field.column not in {"id", "number"}
        ]
        names = ", ".join(f'"{column}"' for column in columns)
        picked = ", ".join("7" if column == "posting_number" else f'"{column}"' for column in columns)
        refused(
            "stockdoc_begins",
            f"INSERT INTO inventory_document (number, {names}) SELECT 'CR2611-7', {picked}"
            f" FROM inventory_document WHERE id = {made.pk}",
        )


class TestLines:
    LINE = (
        "INSERT INTO inventory_documentline (document_id, ordinal, colour, item_id, quantity, location, remarks,"
        " returned) VALUES (%s, 9, %s, %s, %s, '', '', %s)"
    )

    @pytest.mark.parametrize(
        ("name", "colour", "quantity", "returned"),
        [
            ("stockline_sign", "blue", -1, 0),
            ("stockline_sign", "blue", 0, 0),
            ("stockline_sign", "red", 1, 0),
            ("stockline_colour", "red", -1, 0),
            ("stockline_returned_kept", "blue", 5, 1),
            ("stockline_returned", "blue", 5, 6),
        ],
    )
    def test_the_sign_is_the_documents_colour(
        self, s: Stores, name: str, colour: str, quantity: int, returned: int
    ) -> None:
        """INV-26: blue above zero, red below; and the colour is the document's."""
        made = purchase(s, line(s.wrench, 5))
        refused(name, self.LINE, made.pk, colour, s.grease.pk, quantity, returned)

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE inventory_documentline SET quantity = 9 WHERE document_id = %s",
            "DELETE FROM inventory_documentline WHERE document_id = %s",
            "UPDATE inventory_documentline SET returned = 1 WHERE document_id = %s",
        ],
    )
    def test_lines_of_an_audited_document_stay(self, s: Stores, sql: str) -> None:
        made = stocked(s, line(s.wrench, 5))
        refused("stockline_read_only", sql, made.pk)
        refused("stockline_read_only", self.LINE, made.pk, "blue", s.grease.pk, 1, 0)

    def test_no_line_moves_into_an_audited_document(self, s: Stores) -> None:
        made, other = stocked(s, line(s.wrench, 5)), purchase(s, line(s.grease, 1))
        refused(
            "stockline_read_only",
            "UPDATE inventory_documentline SET document_id = %s, ordinal = 9 WHERE document_id = %s",
            made.pk,
            other.pk,
        )

    def test_red_letters_together_never_exceed_the_line(self, s: Stores) -> None:
        """LED-02: the database counts what was returned, and refuses beyond."""
        bought = stocked(s, line(s.wrench, 5), line(s.grease, 9))
        stocked(s, line(s.wrench, 5))
        for _again in range(2):
            services.draft_red(original=bought, reason="arrived", quantities={1: D(4)}, by=None, at=AT)
        first, second = Document.objects.filter(colour="red").order_by("pk")
        audited(first)
        refused("stockline_returned", POST, second.pk, 1, 1, 1, s.sound.pk, s.wrench.pk, -4, TODAY, None)
        draft = purchase(s, line(s.wrench, 5))
        sql = "UPDATE inventory_documentline SET returned = 1 WHERE document_id = %s"
        refused("stockline_returned_kept", sql, draft.pk)


class TestTransfers:
    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("transfer_kinds_of_warehouses", "target_id = {damaged_b}"),
            ("transfer_kinds_of_warehouses", "source_id = {held}, target_id = {held}"),
            ("transfer_kinds_of_warehouses", "transit_id = {far}"),
            ("transfer_ends", "target_id = source_id"),
            ("transfer_ground", "kind = 'directive'"),
            ("transfer_ground", "kind = 'negotiated'"),
            ("transfer_ground", "kind = 'gift'"),
            ("transfer_keeps_identity", "number = 'DB2611-1'"),
            ("transfer_audited", "state = 'audited'"),
        ],
    )
    def test_a_draft_is_never_what_it_cannot_be(self, s: Stores, name: str, change: str) -> None:
        made = a_transfer(s, (s.wrench, 1))
        ids = {name: getattr(s, name).pk for name in ("damaged_b", "held", "far")}
        refused(name, f"UPDATE inventory_transfer SET {change.format(**ids)} WHERE id = {made.pk}")

    def test_what_is_in_transit_comes_from_the_ledger(self, s: Stores) -> None:
        made = a_transfer(s, (s.wrench, 5))
        sql = "UPDATE inventory_transferline SET issued = 1 WHERE transfer_id = %s"
        refused("transfer_line_by_ledger", sql, made.pk)
        services.audit_transfer(transfer=made, by=None, at=AT)
        for change in ("quantity = 7", "issued = 1"):
            refused(
                "transfer_line_read_only",
                f"UPDATE inventory_transferline SET {change} WHERE transfer_id = {made.pk}",
            )

    def test_no_more_arrives_than_was_issued(self, s: Stores) -> None:
        """LED-06, in the database too."""
        stocked(s, line(s.wrench, 9))
        for _twice in range(2):
            made = services.audit_transfer(transfer=a_transfer(s, (s.wrench, 3)), by=None, at=AT)
            out, into = sides(made)
            audited(out)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inventory_documentline SET quantity = 4 WHERE document_id = %s", [into.pk])
        both = POST.replace(
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now(), %s)",
            "VALUES (%(d)s, 1, 1, 1, %(to)s, %(i)s, 4, %(day)s, now(), NULL),"
            " (%(d)s, 1, 1, 2, %(via)s, %(i)s, -4, %(day)s, now(), NULL)",
        )
        values = {"d": into.pk, "to": s.sound_b.pk, "via": s.transit.pk, "i": s.wrench.pk, "day": TODAY}
        with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(both, values)
        assert caught.value.__cause__.diag.constraint_name == "transfer_line_arrived"  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        "sql",
        [
            "INSERT INTO inventory_transferline (transfer_id, ordinal, item_id, quantity, remarks, issued, received,"
            " lost) SELECT transfer_id, 9, item_id, 1, '', 0, 0, 0 FROM inventory_transferline WHERE transfer_id = %s",
            "DELETE FROM inventory_transferline WHERE transfer_id = %s",
        ],
    )
    def test_lines_of_an_audited_transfer_stay(self, s: Stores, sql: str) -> None:
        """INV-12."""
        made = services.audit_transfer(transfer=a_transfer(s, (s.wrench, 3)), by=None, at=AT)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inventory_documentline SET transfer_line_id = NULL")
        refused("transfer_line_read_only", sql, made.pk)

    def test_a_transfer_under_way_is_not_taken_back(self, s: Stores) -> None:
        stocked(s, line(s.wrench, 9))
        made = services.audit_transfer(transfer=a_transfer(s, (s.wrench, 3)), by=None, at=AT)
        audited(sides(made)[0])
        refused(
            "transfer_in_order",
            "UPDATE inventory_transfer SET state = 'saved', audited_at = NULL WHERE id = %s",
            made.pk,
        )
        refused(
            "transfer_warehouses_kept",
            "UPDATE inventory_transfer SET source_id = target_id, target_id = source_id WHERE id = %s",
            made.pk,
        )

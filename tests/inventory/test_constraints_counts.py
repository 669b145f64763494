"""What the database refuses of counts, whatever writes to it (INV-54, INV-55, LED-07)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from inventory import services
from inventory.domain.counting import Counted, CountHead
from inventory.models import Document, Stocktake
from tests.inventory.stores import AT, TODAY, D, Stores, line, stocked
from tests.inventory.test_constraints import refused

UPDATE = "UPDATE inventory_stocktake SET {} WHERE id = %s"
LINE = "UPDATE inventory_stocktakeline SET {} WHERE stocktake_id = %s"

MIRROR = """
INSERT INTO inventory_ledgerentry (document_id, line, posting_number, leg, warehouse_id, item_id, quantity,
                                   business_date, posted_at, reverses_id)
SELECT document_id, line, 2, leg, warehouse_id, item_id, -quantity, business_date, now(), id
FROM inventory_ledgerentry WHERE document_id = %s
"""


@pytest.fixture
def row(s: Stores) -> Stocktake:
    """One line: 12 wrenches in the books."""
    stocked(s, line(s.wrench, 12))
    return services.begin_count(head=CountHead(s.sound.pk, "spot", TODAY), by=None, at=AT)


def counted(s: Stores, row: Stocktake, quantity: int = 10, reason: str = "找不到") -> Stocktake:
    entry = Counted(s.wrench.code, D(quantity), "lost" if reason else "", reason, at=1)
    services.save_counts(stocktake=row, entries=[entry], by=None, at=AT)
    return services.finish_count(stocktake=row, by=None, at=AT)


def submitted(s: Stores, row: Stocktake) -> Stocktake:
    return services.hand_in_count(
        stocktake=counted(s, row), liability="保管员", proposal="调账", by=None, at=AT
    )


def approved(s: Stores, row: Stocktake) -> Stocktake:
    return services.approve_count(stocktake=submitted(s, row), by=None, at=AT)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("stocktake_keeps_identity", "number = 'PD-X'"),
        ("stocktake_path", "state = 'approved', approved_at = now(), submitted_at = now()"),
        ("stocktake_all_counted", "state = 'counted'"),
        ("stocktake_states", "state = 'lost'"),
        ("stocktake_kinds", "kind = 'weekly'"),
        ("stocktake_modes", "mode = 'never'"),
        ("stocktake_counted", "counted_by_id = 1"),
        ("stocktake_submitted", "submitted_at = now()"),
        ("stocktake_approved", "approved_at = now()"),
        ("stocktake_voided", "state = 'voided', voided_at = now()"),
    ],
)
def test_a_count_goes_its_way_and_no_other(row: Stocktake, name: str, change: str) -> None:
    if name == "stocktake_states":
        # Before the way is asked: a state that is none.
        refused("stocktake_path", UPDATE.format(change), row.pk)
        return
    refused(name, UPDATE.format(change), row.pk)


def test_it_begins_with_counting_one_at_a_time(row: Stocktake, s: Stores) -> None:
    copy = (
        "INSERT INTO inventory_stocktake (number, warehouse_id, kind, mode, is_blind, item_class, state, version,"
        " due_on, witness, remarks, liability, proposal, booked_at, print_count, created_at, void_reason)"
        " SELECT 'PD-2', %s, kind, mode, is_blind, %s, %s, 1, due_on, '', '', '', '', booked_at, 0, created_at,"
        " '' FROM inventory_stocktake"
    )
    refused("stocktake_begins", copy, s.damaged.pk, "", "counted")
    refused("stocktake_one_open", copy, s.sound.pk, "", "counting")
    refused("stocktake_classes", copy, s.damaged.pk, "toy", "counting")


def test_it_is_never_deleted_nor_is_a_line(row: Stocktake) -> None:
    refused("", "DELETE FROM inventory_stocktake WHERE id = %s", row.pk)
    refused("", "DELETE FROM inventory_stocktakeline WHERE stocktake_id = %s", row.pk)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("stocktake_line_figures", "book = 10"),
        ("stocktake_line_figures", "position = 0"),
        ("stocktake_line_not_negative", "counted = -1, counted_at = now()"),
        ("stocktake_line_causes", "cause = 'weather'"),
        ("stocktake_line_counted", "counted = 5"),
    ],
)
def test_what_the_books_said_stays_unless_it_is_counted_again(row: Stocktake, name: str, change: str) -> None:
    """LED-07."""
    refused(name, LINE.format(change), row.pk)


def test_figures_stand_once_everything_is_counted(row: Stocktake, s: Stores) -> None:
    counted(s, row)
    refused("stocktake_line_figures", LINE.format("counted = 12"), row.pk)


def test_nothing_changes_after_it_was_handed_in(row: Stocktake, s: Stores) -> None:
    submitted(s, row)
    refused("stocktake_line_read_only", LINE.format("reason = 'x'"), row.pk)
    insert = (
        "INSERT INTO inventory_stocktakeline (stocktake_id, ordinal, item_id, location, book, position, round, cause,"
        " reason) VALUES (%s, 2, %s, '', 0, 0, 1, '', '')"
    )
    refused("stocktake_line_read_only", insert, row.pk, s.grease.pk)


def test_it_is_not_handed_in_while_a_difference_is_not_explained(row: Stocktake, s: Stores) -> None:
    """INV-54."""
    counted(s, row, reason="")
    refused("stocktake_explained", UPDATE.format("state = 'submitted', submitted_at = now()"), row.pk)


def test_a_watched_count_is_not_handed_in_without_who_watched(row: Stocktake, s: Stores) -> None:
    """INV-53."""
    counted(s, row)
    refused(
        "stocktake_witness",
        UPDATE.format("mode = 'witnessed', state = 'submitted', submitted_at = now()"),
        row.pk,
    )


def test_nobody_approves_what_he_handed_in(row: Stocktake, s: Stores) -> None:
    """INV-55."""
    submitted(s, row)
    who = s.keeper.pk
    refused(
        "stocktake_by_another",
        "UPDATE inventory_stocktake SET state = 'approved', approved_at = now(), approved_by_id = %s,"
        " submitted_by_id = %s WHERE id = %s",
        who,
        who,
        row.pk,
    )


def test_an_approval_without_its_posting_does_not_commit(row: Stocktake, s: Stores) -> None:
    """LED-07: the ledger holds exactly what was found."""
    submitted(s, row)
    refused("stocktake_posted", UPDATE.format("state = 'approved', approved_at = now()"), row.pk)


def test_what_is_approved_stays(row: Stocktake, s: Stores) -> None:
    approved(s, row)
    refused("stocktake_final", UPDATE.format("remarks = 'x'"), row.pk)


class TestDocuments:
    """INV-55: surplus and shortage come from an approved count alone."""

    def draft(self, stocktake: Any, warehouse: int) -> tuple[str, tuple[Any, ...]]:
        insert = (
            "INSERT INTO inventory_document (number, category, direction, colour, state, version, warehouse_id,"
            " business_date, requisition, application, cause, use, red_reason, claim_kind, claim_public_id, remarks,"
            " posting_number, print_count, created_at, void_reason, stocktake_id)"
            " VALUES ('PK-X', 'shortage_out', 'out', 'blue', 'saved', 1, %s, %s, '', '', '', '', '', '', '', '', 0, 0,"
            " now(), '', %s)"
        )
        return insert, (warehouse, TODAY, stocktake)

    def test_none_without_a_count(self, s: Stores, row: Stocktake) -> None:
        sql, values = self.draft(None, s.sound.pk)
        refused("stockdoc_of_count", sql, *values)

    def test_none_before_its_approval(self, s: Stores, row: Stocktake) -> None:
        sql, values = self.draft(row.pk, s.sound.pk)
        refused("stockdoc_count_approved", sql, *values)

    def test_one_of_each_direction(self, s: Stores, row: Stocktake) -> None:
        approved(s, row)
        sql, values = self.draft(row.pk, s.sound.pk)
        refused("stockdoc_one_of_count", sql, *values)

    def test_it_keeps_its_count_and_is_not_taken_back(self, s: Stores, row: Stocktake) -> None:
        approved(s, row)
        posted = Document.objects.get(stocktake=row)
        refused(
            "stockdoc_keeps_count",
            "UPDATE inventory_document SET stocktake_id = NULL WHERE id = %s",
            posted.pk,
        )
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(MIRROR, [posted.pk])
            refused(
                "stockdoc_of_count_kept",
                "UPDATE inventory_document SET state = 'saved', posting_number = 2, audited_at = NULL,"
                " audited_by_id = NULL WHERE id = %s",
                posted.pk,
            )
            transaction.set_rollback(True)

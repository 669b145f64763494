"""The guards of counts and code requests that no attack of their app meets alone: rows one guard stands against."""

from __future__ import annotations

import pytest

from tests.faults.forging import refuse_emptying, refuse_row, refuse_twin

TWINS = [
    ("inventory_stocktake_number_key", "inventory_stocktake", {"state": "'voided'"}),
    ("stocktake_line_once", "inventory_stocktakeline", {}),
    ("stocktake_item_once", "inventory_stocktakeline", {}),
    ("inventory_itemrequest_number_key", "inventory_itemrequest", {}),
    ("inventory_itemrequest_item_id_key", "inventory_itemrequest", {"item_id": "1"}),
    ("stockdoc_one_of_count", "inventory_document", {"stocktake_id": "1"}),
]
NOW = "'2026-11-18 02:07:00+00'"
CONTRADICTIONS = [
    ("stocktake_states", "inventory_stocktake", {}),
    ("stocktake_counted", "inventory_stocktake", {"counted_by_id": "1"}),
    ("stocktake_line_not_negative", "inventory_stocktakeline", {"book": "-1"}),
    ("itemrequest_states", "inventory_itemrequest", {}),
    ("itemrequest_classes", "inventory_itemrequest", {}),
    ("itemrequest_said", "inventory_itemrequest", {"reason": "''"}),
    ("stockdoc_of_count", "inventory_document", {"category": "'surplus_in'"}),
]
EMPTIED = [
    ("stocktake_no_truncate", "inventory_stocktake"),
    ("stocktake_line_no_truncate", "inventory_stocktakeline"),
    ("itemrequest_no_truncate", "inventory_itemrequest"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("guard", "table", "columns"), TWINS, ids=[row[0] for row in TWINS])
def test_a_twin_is_refused(guard: str, table: str, columns: dict[str, str]) -> None:
    refuse_twin(guard, table, columns)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("guard", "table", "columns"), CONTRADICTIONS, ids=[row[0] for row in CONTRADICTIONS]
)
def test_a_row_that_contradicts_itself_is_refused(guard: str, table: str, columns: dict[str, str]) -> None:
    refuse_row(guard, table, columns)


@pytest.mark.django_db
@pytest.mark.parametrize(("guard", "table"), EMPTIED, ids=[row[0] for row in EMPTIED])
def test_a_table_is_never_emptied(guard: str, table: str) -> None:
    refuse_emptying(guard, table)

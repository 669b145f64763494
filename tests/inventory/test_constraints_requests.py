"""What the database refuses of requests for item codes, whatever writes to them (INV-16)."""

from __future__ import annotations

import pytest
from django.db import connection

from inventory import services
from inventory.models import ItemRequest
from tests.inventory.stores import AT, Stores
from tests.inventory.test_constraints import refused

UPDATE = "UPDATE inventory_itemrequest SET {} WHERE id = %s"


@pytest.fixture
def row(s: Stores) -> ItemRequest:
    return ItemRequest.objects.create(
        number="BM2611-1", warehouse=s.sound, name="倍增器", spec="NB-1500", unit="台", item_class="tool",
        reason="复检", created_at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("itemrequest_path", "state = 'granted', passed_at = now(), decided_at = now(), item_id = {item}"),
        ("itemrequest_passed", "state = 'passed'"),
        ("itemrequest_passed", "passed_at = now()"),
        ("itemrequest_decided", "state = 'refused', answer = '有编码'"),
        ("itemrequest_decided", "decided_at = now()"),
        ("itemrequest_granted", "item_id = {item}"),
        ("itemrequest_answered", "state = 'withdrawn', decided_at = now()"),
        ("itemrequest_answered", "answer = '有编码'"),
        ("itemrequest_kept_words", "name = '别的'"),
        ("itemrequest_kept_words", "warehouse_id = {far}"),
    ],
)
def test_a_request_goes_its_way_and_no_other(s: Stores, row: ItemRequest, name: str, change: str) -> None:
    refused(name, UPDATE.format(change.format(item=s.wrench.pk, far=s.far.pk)), row.pk)


def test_what_is_decided_does_not_change(s: Stores, row: ItemRequest) -> None:
    services.refuse_item_request(item_request=row, reason="有编码", by=None, at=AT)
    refused("itemrequest_final", UPDATE.format("answer = '没有理由'"), row.pk)


def test_it_begins_with_being_asked(s: Stores, row: ItemRequest) -> None:
    copy = """
    INSERT INTO inventory_itemrequest (number, warehouse_id, name, spec, unit, item_class, reason, state, version,
                                       created_at, passed_at, answer)
    SELECT 'BM2611-2', warehouse_id, name, spec, unit, item_class, reason, 'passed', 1, created_at, now(), ''
    FROM inventory_itemrequest WHERE id = %s
    """
    refused("itemrequest_begins", copy, row.pk)


def test_it_is_never_deleted(row: ItemRequest) -> None:
    refused("", "DELETE FROM inventory_itemrequest WHERE id = %s", row.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inventory_itemrequest")
        assert cursor.fetchone() == (1,)

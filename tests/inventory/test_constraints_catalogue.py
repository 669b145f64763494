"""What the database itself refuses of items, suppliers, warehouses and places (INV-06, INV-15, LED-13)."""

from __future__ import annotations

import pytest

from inventory import services
from tests.inventory.stores import (
    AT,
    TODAY,
    Stores,
    line,
    stocked,
)
from tests.inventory.stores import transfer as a_transfer
from tests.inventory.test_constraints import refused


class TestMasterData:
    def test_a_warehouse_keeps_its_kind_and_is_never_deleted(self, s: Stores) -> None:
        refused(
            "warehouse_keeps_kind",
            "UPDATE inventory_warehouse SET kind = 'damaged' WHERE id = %s",
            s.sound.pk,
        )
        refused("", "DELETE FROM inventory_warehouse WHERE id = %s", s.far.pk)
        refused("", "DELETE FROM inventory_item WHERE id = %s", s.bulb.pk)

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("item_code_form", "code = 'a b'"),
            ("item_classes", "item_class = 'toy'"),
            ("item_unit", "unit = ''"),
            ("item_aux_pair", "aux_unit = '箱'"),
            ("item_aux_pair", "aux_unit = '箱', aux_factor = 0"),
            ("item_reserve", "reserve_least = 9, reserve_most = 1"),
        ],
    )
    def test_an_item_is_whole(self, s: Stores, name: str, change: str) -> None:
        refused(name, f"UPDATE inventory_item SET {change} WHERE id = {s.bulb.pk}")

    def test_a_month_and_a_transfer_are_never_deleted(self, s: Stores) -> None:
        stocked(s, line(s.wrench, 1))
        refused("", "DELETE FROM inventory_period")
        a_transfer(s, (s.wrench, 1))
        refused("", "DELETE FROM inventory_transfer")

    def test_months_are_closed_and_opened_in_their_order(self, s: Stores) -> None:
        """LED-08."""
        stocked(s, line(s.wrench, 1), day=TODAY.replace(month=9))
        stocked(s, line(s.wrench, 1), day=TODAY.replace(month=10))
        close = "UPDATE inventory_period SET state = 'closed', closed_at = now() WHERE month = %s"
        refused("period_in_order", close, TODAY.replace(month=10, day=1))
        for month in (9, 10):
            services.close_period(month=TODAY.replace(month=month), by=None, at=AT)
        back = "UPDATE inventory_period SET state = 'open', closed_at = NULL WHERE month = %s"
        refused("period_in_order", back, TODAY.replace(month=9, day=1))
        refused(
            "period_in_order", "INSERT INTO inventory_period (month, state) VALUES ('2026-08-01', 'open')"
        )
        refused(
            "period_month_first", "INSERT INTO inventory_period (month, state) VALUES ('2026-12-02', 'open')"
        )

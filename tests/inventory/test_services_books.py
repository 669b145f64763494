"""Months, item codes, warehouses, and what is loaded from files (LED-08, INV-06, INV-16, INV-52)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal as D

import pytest

from inventory import services
from inventory.models import Document, Item, Period, PeriodBalance, Place, Warehouse
from servicecenter.kernel.errors import RulesBroken
from servicecenter.models import TrailEntry
from tests.faults.sound import assert_sound
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
    transfer,
)
from tests.refusals import refusal

DAY = timedelta(days=1)
OCTOBER = TODAY.replace(month=10, day=1)


class TestMonths:
    def test_closing_writes_what_lay_there_at_its_end(self, s: Stores) -> None:
        """LED-08: what is dated later does not count."""
        stocked(s, line(s.wrench, 10), line(s.grease, 3), day=OCTOBER)
        audited(issue(s, line(s.wrench, 4)))
        services.close_period(month=OCTOBER + 9 * DAY, by=s.chief, at=AT)
        held = PeriodBalance.objects.values_list("warehouse__code", "item__code", "quantity")
        assert set(held) == {("BP-W", "GJ-01042", 10), ("BP-W", "HC-20031", 3)}
        assert Period.objects.get(month=OCTOBER).state == "closed"

    def test_nothing_enters_or_leaves_a_closed_month(self, s: Stores) -> None:
        """LED-05, LED-10."""
        bought = stocked(s, line(s.wrench, 10), day=OCTOBER)
        waiting = purchase(s, line(s.wrench, 1), day=TODAY)
        services.close_period(month=OCTOBER, by=s.chief, at=AT)
        with refusal("period.closed"):
            purchase(s, line(s.wrench, 1), day=OCTOBER)
        with refusal("period.closed"):
            purchase(s, line(s.wrench, 1), day=OCTOBER - 40 * DAY)
        with refusal("period.closed"):
            services.unaudit_document(document=bought, by=s.accountant, at=AT)
        audited(waiting)
        assert on_hand(s.sound, s.wrench) == [11]

    def test_it_is_refused_while_drafts_wait_and_names_them(self, s: Stores) -> None:
        waiting = purchase(s, line(s.wrench, 1), day=OCTOBER)
        with refusal("period.obstacles") as caught:
            services.close_period(month=OCTOBER, by=s.chief, at=AT)
        assert caught.value.params == {"numbers": waiting.number, "count": 1}
        services.void_document(document=waiting, reason="错", by=s.accountant, at=AT)
        assert services.close_period(month=OCTOBER, by=s.chief, at=AT).state == "closed"

    def test_it_is_refused_while_goods_are_too_long_under_way(self, s: Stores) -> None:
        """LED-08: seven days by policy."""
        stocked(s, line(s.wrench, 10), day=OCTOBER)
        made = services.audit_transfer(transfer=transfer(s, (s.wrench, 2)), by=None, at=AT)
        audited(sides(made)[0])
        late = AT + 30 * DAY
        services.close_period(month=OCTOBER, by=s.chief, at=AT)
        services.void_document(document=sides(made)[1], reason="重做", by=None, at=AT)
        with refusal("period.obstacles") as caught:
            services.close_period(month=TODAY, by=s.chief, at=late)
        assert caught.value.params["numbers"] == made.number

    def test_months_are_closed_in_their_order_by_business_management(self, s: Stores) -> None:
        stocked(s, line(s.wrench, 1), day=OCTOBER - 20 * DAY)
        stocked(s, line(s.wrench, 1), day=OCTOBER)
        with refusal("period.in_order"):
            services.close_period(month=OCTOBER, by=s.chief, at=AT)
        with refusal("period.running"):
            services.close_period(month=TODAY, by=s.chief, at=AT)
        with refusal("lifecycle.no_right"):
            services.close_period(month=OCTOBER - 20 * DAY, by=s.accountant, at=AT)
        services.close_period(month=OCTOBER - 20 * DAY, by=s.chief, at=AT)
        with refusal("period.closed_already"):
            services.close_period(month=OCTOBER - 20 * DAY, by=s.chief, at=AT)

    def test_only_the_latest_closed_one_is_opened_again_with_a_reason(self, s: Stores) -> None:
        stocked(s, line(s.wrench, 1), day=OCTOBER - 20 * DAY)
        stocked(s, line(s.wrench, 1), day=OCTOBER)
        for month in (OCTOBER - 20 * DAY, OCTOBER):
            services.close_period(month=month, by=s.chief, at=AT)
        with refusal("period.not_latest"):
            services.reopen_period(month=OCTOBER - 20 * DAY, reason="补单", by=s.chief, at=AT)
        with refusal("lifecycle.reason_needed"):
            services.reopen_period(month=OCTOBER, reason="", by=s.chief, at=AT)
        services.reopen_period(month=OCTOBER, reason="补单", by=s.chief, at=AT)
        assert not PeriodBalance.objects.filter(period__month=OCTOBER).exists()
        assert TrailEntry.objects.get(code="period.reopened").params["reason"] == "补单"
        purchase(s, line(s.wrench, 1), day=OCTOBER)


class TestItems:
    def test_business_management_alone_makes_codes(self, s: Stores) -> None:
        """INV-16."""
        values = {"code": "bj-1", "names": {"zh-Hans": "轴承"}, "item_class": "spare", "unit": "只"}
        with refusal("lifecycle.no_right"):
            services.add_item(**values, by=s.accountant, at=AT)  # type: ignore[arg-type]
        made = services.add_item(**values, by=s.chief, at=AT)  # type: ignore[arg-type]
        assert (made.code, made.name_key) == ("BJ-1", "zhou cheng zc")
        with refusal("item.code_taken"):
            services.add_item(**values, by=s.chief, at=AT)  # type: ignore[arg-type]

    def test_everything_wrong_with_an_item_is_told_at_once(self, s: Stores) -> None:
        with pytest.raises(RulesBroken) as caught:
            services.add_item(
                code="轴承", names={"en": "bearing"}, item_class="toy", unit=" ", aux_unit="箱",
                reserve_least=D(9), reserve_most=D(1), by=s.chief, at=AT,
            )  # fmt: skip
        assert [fault.code for fault in caught.value.broken] == [
            "item.code_form", "item.name_needed", "item.class", "item.unit_needed", "item.aux_pair", "item.reserve",
        ]  # fmt: skip

    def test_a_unit_stays_once_the_item_has_moved(self, s: Stores) -> None:
        assert services.change_item(item=s.wrench, unit="套", by=s.chief, at=AT).unit == "套"
        stocked(s, line(s.wrench, 1))
        with refusal("item.unit_kept"):
            services.change_item(item=s.wrench, unit="只", by=s.chief, at=AT)
        again = services.change_item(item=s.wrench, names={"zh-Hans": "活动扳手"}, by=s.chief, at=AT)
        assert (again.name_key, Item.objects.get(pk=s.wrench.pk).version) == ("huo dong ban shou hdbs", 3)

    def test_an_item_no_longer_used_is_put_on_no_line(self, s: Stores) -> None:
        services.change_item(item=s.wrench, closed_on=TODAY, by=s.chief, at=AT)
        with refusal("line.closed_item"):
            purchase(s, line(s.wrench, 1))

    def test_where_it_lies_is_noted_by_the_keeper_of_the_warehouse(self, s: Stores) -> None:
        """INV-09."""
        services.set_place(warehouse=s.sound, item=s.wrench, location="02-A", by=s.keeper, at=AT)
        with refusal("lifecycle.no_right"):
            services.set_place(warehouse=s.far, item=s.wrench, location="02-A", by=s.keeper, at=AT)
        services.set_place(warehouse=s.sound, item=s.wrench, location="", by=s.keeper, at=AT)
        assert not Place.objects.exists()


def test_a_warehouse_is_closed_only_when_nothing_lies_or_waits_there(s: Stores) -> None:
    bought = stocked(s, line(s.wrench, 1))
    with refusal("warehouse.not_empty"):
        services.change_warehouse(warehouse=s.sound, closed_on=TODAY, by=s.chief, at=AT)
    services.unaudit_document(document=bought, by=None, at=AT)
    with refusal("warehouse.drafts"):
        services.change_warehouse(warehouse=s.sound, closed_on=TODAY, by=s.chief, at=AT)
    services.void_document(document=bought, reason="错", by=None, at=AT)
    services.change_warehouse(warehouse=s.sound, closed_on=TODAY, by=s.chief, at=AT)
    with refusal("warehouse.closed"):
        purchase(s, line(s.wrench, 1))


class TestImports:
    ITEM = ("存货编码", "存货名称", "规格型号", "存货大类", "单位", "商修类别")

    def items(self, *rows: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
        return list(enumerate((dict(zip(self.ITEM, row, strict=True)) for row in rows), 2))

    def test_items_are_added_changed_or_left(self, s: Stores) -> None:
        rows = self.items(
            ("GJ-01042", "开口扳手", "", "工具", "把", ""),
            ("HC-20031", "润滑剂", "500 mL", "耗材", "罐", ""),
            ("BJ-9", "轴承", "6204", "备品备件", "只", "II类"),
        )
        tried = services.import_items(rows=rows, dry_run=True, by=s.chief, at=AT)
        assert (tried.created, tried.changed, tried.unchanged) == (1, 1, 1)
        assert not Item.objects.filter(code="BJ-9").exists()
        services.import_items(rows=rows, by=s.chief, at=AT)
        assert Item.objects.get(code="BJ-9").repair_class == "two"
        assert Item.objects.get(code="HC-20031").name == "润滑剂"
        again = services.import_items(rows=rows, by=s.chief, at=AT)
        assert (again.created, again.changed, again.unchanged) == (0, 0, 3)

    def test_every_error_of_every_line_is_told_and_nothing_is_loaded(self, s: Stores) -> None:
        rows = self.items(
            ("BJ-9", "", "", "玩具", "只", ""),
            ("轴", "轴承", "", "工具", "", ""),
            ("BJ-10", "轴承", "", "工具", "只", ""),
            ("BJ-10", "轴承", "", "工具", "只", ""),
        )
        found = services.import_items(rows=rows, by=s.chief, at=AT)
        assert [(one.line, one.column, one.code) for one in found.problems] == [
            (2, "存货大类", "stock.import_choice"),
            (3, "存货编码", "stock.import_fault"),
            (3, "单位", "stock.import_fault"),
            (5, "存货编码", "stock.import_twice"),
        ]
        assert not Item.objects.filter(code="BJ-10").exists()
        with refusal("stock.column_missing"):
            services.import_items(rows=[(2, {"存货编码": "A-1"})], by=s.chief, at=AT)

    def opening(self, *rows: tuple[str, str, str]) -> list[tuple[int, dict[str, str]]]:
        return [
            (at, {"仓库编码": store, "存货编码": code, "数量": quantity, "货位": "A-1"})
            for at, (store, code, quantity) in enumerate(rows, 2)
        ]

    def test_opening_stock_makes_one_document_a_warehouse(self, s: Stores) -> None:
        rows = self.opening(("BP-W", "GJ-01042", "5"), ("BP-S", "BJ-33015", "2"), ("BP-W", "HC-20031", "1.5"))
        made = services.import_opening(rows=rows, audit=True, by=s.chief, at=AT)
        assert [(document.warehouse.code, document.state) for document in made.documents] == [
            ("BP-S", "audited"), ("BP-W", "audited"),
        ]  # fmt: skip
        assert (on_hand(s.sound, s.wrench, s.grease), on_hand(s.damaged, s.pump)) == ([5, D("1.5")], [2])
        again = services.import_opening(rows=rows[:1], by=s.chief, at=AT)
        assert [one.code for one in again.problems] == ["stock.import_opened"]
        assert_sound()

    def test_every_error_of_the_opening_stock_is_told_at_once(self, s: Stores) -> None:
        rows = self.opening(
            ("XX-1", "GJ-01042", "5"), ("BP-W", "NO-1", "5"), ("BP-W", "GJ-01042", "-5"),
            ("JB-W", "GJ-01042", "1"), ("ZT", "GJ-01042", "1"), ("BP-W", "GJ-01042", "viele"),
        )  # fmt: skip
        found = services.import_opening(rows=rows, by=s.accountant, at=AT)
        assert [(one.line, one.code) for one in found.problems] == [
            (2, "stock.import_warehouse"), (3, "stock.import_item"), (4, "stock.import_fault"),
            (5, "stock.import_warehouse"), (6, "stock.import_warehouse"), (7, "stock.import_number"),
        ]  # fmt: skip
        assert not Document.objects.exists()

    def test_a_storekeeper_loads_no_opening_stock(self, s: Stores) -> None:
        with refusal("lifecycle.no_right"):
            services.import_opening(rows=self.opening(("BP-W", "GJ-01042", "5")), by=s.keeper, at=AT)


def test_a_warehouse_belongs_to_one_node_and_is_opened_by_business_management(s: Stores) -> None:
    """INV-06."""
    where = s.sound.department
    with refusal("lifecycle.no_right"):
        services.add_warehouse(
            code="BP-X", names={"zh-Hans": "新库"}, department=where, kind="sound", by=s.accountant, at=AT
        )
    made = services.add_warehouse(
        code="BP-X", names={"zh-Hans": "新库"}, department=where, kind="sound", by=s.chief, at=AT
    )
    assert Warehouse.objects.get(code="BP-X").department_id == made.department_id == where.pk

"""The rules of documents as pure decisions: categories and warehouses, what a head and its lines must carry."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from inventory.choices import Category
from inventory.domain import categories, quantities
from inventory.domain.documents import (
    Head,
    ItemFacts,
    Line,
    OriginalFacts,
    date_faults,
    head_faults,
    line_faults,
)
from inventory.domain.import_rows import LINE_HEADINGS, columns_of, pasted_rows, read_line
from inventory.domain.transfers import Sides, TransferHead, right_faults
from inventory.domain.transfers import head_faults as transfer_faults
from servicecenter.kernel.errors import RuleBroken

DAY = date(2026, 11, 19)

# Written a second time, by hand from chapter INV: category → direction, kinds, colours, by a transfer.
BOOK = {
    "purchase_in": ("in", "quarantine sound", "blue red", False),
    "petty_in": ("in", "sound", "blue red", False),
    "damage_in": ("in", "damaged", "blue red", False),
    "repaired_in": ("in", "sound", "blue red", False),
    "sound_transfer_in": ("in", "sound", "blue red", True),
    "damaged_transfer_in": ("in", "damaged", "blue red", True),
    "opening_in": ("in", "damaged quarantine sound", "blue red", False),
    "return_in": ("in", "damaged quarantine sound", "red", False),
    "surplus_in": ("in", "damaged quarantine sound", "blue", False),
    "own_use_out": ("out", "sound", "blue red", False),
    "repair_out": ("out", "damaged", "blue red", False),
    "scrap_out": ("out", "damaged", "blue red", False),
    "sound_transfer_out": ("out", "sound", "blue red", True),
    "damaged_transfer_out": ("out", "damaged", "blue red", True),
    "transit_loss_out": ("out", "transit", "blue red", True),
    "return_out": ("out", "damaged sound", "red", False),
    "shortage_out": ("out", "damaged quarantine sound", "blue", False),
}


def codes(faults: list[RuleBroken]) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.field) for fault in faults]


def test_every_category_is_as_the_book_says() -> None:
    """LED-13: INV-20 to INV-35 in one table, against a second one written by hand."""
    found = {
        str(category): (
            str(rule.direction),
            " ".join(sorted(rule.kinds)),
            " ".join(sorted(rule.colours)),
            rule.is_transfer,
        )
        for category, rule in categories.TABLE.items()
    }
    assert found == BOOK
    assert set(categories.TABLE) == set(Category)


def test_damaged_goods_leave_by_repair_scrap_transfer_return_and_an_approved_count_alone() -> None:
    """INV-35, INV-55."""
    out = {
        str(c) for c, rule in categories.TABLE.items() if rule.direction == "out" and "damaged" in rule.kinds
    }
    assert out == {"repair_out", "scrap_out", "damaged_transfer_out", "return_out", "shortage_out"}
    assert [str(c) for c, rule in categories.TABLE.items() if rule.of_count] == ["surplus_in", "shortage_out"]


def test_number_prefixes_are_apart() -> None:
    """LED-09."""
    prefixes = [rule.prefix for rule in categories.TABLE.values()]
    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize(
    ("head", "kind", "expected"),
    [
        pytest.param({"category": "purchase_in", "supplier_id": 1}, "sound", [], id="INV-20"),
        pytest.param(
            {"category": "purchase_in"}, "sound", [("document.field_needed", "supplier")], id="INV-20-supplier"
        ),
        pytest.param(
            {"category": "petty_in"}, "sound", [("document.field_needed", "application")], id="INV-21"
        ),
        pytest.param(
            {"category": "damage_in", "cause": "bad_storage"},
            "sound",
            [("document.warehouse_kind", "warehouse")],
            id="INV-22-damaged-only",
        ),
        pytest.param({"category": "damage_in"}, "damaged", [("document.field_needed", "cause")], id="INV-22"),
        pytest.param(
            {"category": "repaired_in"}, "sound", [("document.original_needed", "original")], id="INV-23"
        ),
        pytest.param({"category": "own_use_out"}, "sound", [("document.field_needed", "use")], id="INV-30"),
        pytest.param(
            {"category": "own_use_out", "use": "consumable"},
            "damaged",
            [("document.warehouse_kind", "warehouse")],
            id="INV-30-sound-only",
        ),
        pytest.param(
            {"category": "repair_out"}, "sound", [("document.warehouse_kind", "warehouse")], id="INV-31"
        ),
        pytest.param({"category": "return_in"}, "sound", [
            ("document.colour", "category"), ("document.original_needed", "original")], id="INV-26"),
    ],
)  # fmt: skip
def test_the_head_of_a_blue_document(head: dict[str, object], kind: str, expected: list[object]) -> None:
    given = Head(warehouse_id=1, **head)  # type: ignore[arg-type]
    rule = categories.rule_of(given.category)
    assert codes(head_faults(given, rule, kind=kind, colour="blue", original=None)) == expected


@pytest.mark.parametrize(
    ("original", "fits"),
    [
        (OriginalFacts("repair_out", "blue", "audited"), True),
        (OriginalFacts("repair_out", "blue", "saved"), False),
        (OriginalFacts("scrap_out", "blue", "audited"), False),
        (OriginalFacts("repair_out", "red", "audited"), False),
        (None, False),
    ],
)
def test_repaired_goods_close_what_was_sent_for_repair(original: OriginalFacts | None, fits: bool) -> None:
    """INV-23."""
    head = Head("repaired_in", 1, original_id=7)
    faults = head_faults(
        head, categories.rule_of("repaired_in"), kind="sound", colour="blue", original=original
    )
    assert codes(faults) == ([] if fits else [("document.original_kind", "original")])


def one_line(line: Line, *, category: str = "purchase_in", colour: str = "blue", repair: str = "none",
             closed: bool = False, class_one: str = "either", known: bool = True,
             remarks: str = "") -> list[tuple[str, str | None]]:  # fmt: skip
    item = ItemFacts(1, "A-1", repair, closed) if known else None
    return codes(
        line_faults(
            [line], [item], category=category, colour=colour, class_one=class_one, head_remarks=remarks
        )
    )


@pytest.mark.parametrize(
    ("line", "more", "expected"),
    [
        pytest.param(Line("A-1", D("0.001")), {}, [], id="LED-12"),
        pytest.param(Line("A-1", D("0")), {}, [("quantity.zero", "lines.1.quantity")], id="INV-15"),
        pytest.param(Line("A-1", D("1.0001")), {}, [("quantity.decimals", "lines.1.quantity")], id="LED-12-four"),
        pytest.param(Line("A-1", D("1e11")), {}, [("quantity.large", "lines.1.quantity")], id="LED-12-large"),
        pytest.param(Line("A-1", D("-1")), {}, [("line.blue_above_zero", "lines.1.quantity")], id="INV-26-blue"),
        pytest.param(
            Line("A-1", D("1")), {"colour": "red"}, [("line.red_below_zero", "lines.1.quantity")], id="INV-26-red"
        ),
        pytest.param(Line("A-1", D("-1")), {"colour": "red"}, [], id="INV-26"),
        pytest.param(
            Line("??", D("1")), {"known": False}, [("line.unknown_item", "lines.1.code")], id="INV-15-master"
        ),
        pytest.param(Line("A-1", D("1")), {"closed": True}, [("line.closed_item", "lines.1.code")], id="closed"),
        pytest.param(Line("A-1", D("1"), price=D("1.005")), {}, [("line.price", "lines.1.price")], id="price"),
        pytest.param(Line("A-1", D("1"), price=D("-1")), {}, [("line.price", "lines.1.price")], id="price-sign"),
        pytest.param(Line("A-1", D("1"), location="x" * 41), {}, [("line.too_long", "lines.1.location")], id="long"),
        pytest.param(
            Line("A-1", D("1")), {"category": "repair_out", "repair": "one"},
            [("line.repair_class_two", "lines.1.code")], id="INV-31",
        ),
        pytest.param(Line("A-1", D("1")), {"category": "repair_out", "repair": "two"}, [], id="INV-31-two"),
        pytest.param(Line("A-1", D("1")), {"category": "scrap_out", "repair": "one"}, [], id="INV-32-one"),
        pytest.param(
            Line("A-1", D("1")), {"category": "scrap_out", "repair": "two"},
            [("line.scrap_reason", "lines.1.remarks")], id="INV-32-two-needs-reason",
        ),
        pytest.param(
            Line("A-1", D("1"), remarks="修过三次"), {"category": "scrap_out", "repair": "two"}, [], id="INV-32-two"
        ),
        pytest.param(
            Line("A-1", D("1")), {"category": "scrap_out", "repair": "one", "class_one": "returned"},
            [("line.class_one_returned", "lines.1.code")], id="INV-Q3",
        ),
    ],
)  # fmt: skip
def test_a_line(line: Line, more: dict[str, object], expected: list[object]) -> None:
    assert one_line(line, **more) == expected  # type: ignore[arg-type]


def test_every_fault_of_every_line_is_named() -> None:
    """LED-11: never only the first."""
    lines = [Line("A-1", D("0")), Line("??", D("-2")), Line("A-1", D("3"), price=D("-1"))]
    item = ItemFacts(1, "A-1", "none", False)
    faults = line_faults(
        lines, [item, None, item], category="purchase_in", colour="blue", class_one="either", head_remarks=""
    )
    assert codes(faults) == [
        ("quantity.zero", "lines.1.quantity"),
        ("line.unknown_item", "lines.2.code"),
        ("line.blue_above_zero", "lines.2.quantity"),
        ("line.price", "lines.3.price"),
    ]


@pytest.mark.parametrize(
    ("day", "is_open", "right", "expected"),
    [
        (DAY, True, False, []),
        (date(2026, 11, 20), True, True, [("document.future", "business_date")]),
        (date(2026, 11, 18), True, False, [("document.backdate", "business_date")]),
        (date(2026, 11, 18), True, True, []),
        (date(2026, 10, 31), False, True, [("period.closed", "business_date")]),
    ],
)
def test_a_date_is_not_ahead_and_goes_back_only_with_the_right_in_an_open_month(
    day: date, is_open: bool, right: bool, expected: list[object]
) -> None:
    """LED-05."""
    assert codes(date_faults(day, today=DAY, made_on=DAY, is_open=is_open, may_backdate=right)) == expected


def sides(**more: object) -> Sides:
    values: dict[str, object] = {
        "source_kind": "sound",
        "target_kind": "sound",
        "source_department": 1,
        "target_department": 1,
        "drafts_both": True,
        "plans": False,
    }
    return Sides(**(values | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "planning", "expected"),
    [
        pytest.param({}, False, [], id="INV-44"),
        pytest.param({}, True, ["transfer.through_planning"], id="INV-Q2"),
        pytest.param({"plans": True}, True, [], id="INV-Q2-planner"),
        pytest.param({"target_department": 2}, False, ["transfer.cross_department"], id="INV-05"),
        pytest.param({"target_department": 2, "plans": True}, False, [], id="INV-03"),
        pytest.param({"drafts_both": False}, False, ["lifecycle.no_right"], id="INV-01"),
    ],
)
def test_who_makes_a_transfer(facts: dict[str, object], planning: bool, expected: list[str]) -> None:
    assert [fault.code for fault in right_faults(sides(**facts), through_planning=planning)] == expected


@pytest.mark.parametrize(
    ("head", "facts", "expected"),
    [
        pytest.param({"kind": "internal"}, {}, [], id="INV-44"),
        pytest.param(
            {"kind": "internal", "target_id": 1}, {}, ["transfer.same_warehouse"], id="INV-40-from-is-not-to"
        ),
        pytest.param({"kind": "internal"}, {"target_kind": "damaged"}, ["transfer.kinds"], id="INV-24"),
        pytest.param(
            {"kind": "internal"}, {"source_kind": "damaged", "target_kind": "damaged"}, [], id="INV-25"
        ),
        pytest.param(
            {"kind": "internal"}, {"source_kind": "quarantine", "target_kind": "quarantine"},
            ["transfer.kinds"], id="INV-28-held-goods-stay",
        ),
        pytest.param(
            {"kind": "directive"}, {"target_department": 2}, ["transfer.requisition_needed"], id="INV-41"
        ),
        pytest.param(
            {"kind": "negotiated"}, {"target_department": 2}, ["transfer.consent_needed"], id="INV-43"
        ),
        pytest.param({"kind": "internal"}, {"target_department": 2}, ["transfer.kind_across"], id="INV-41-kind"),
        pytest.param(
            {"kind": "negotiated", "remarks": "同意"}, {}, ["transfer.kind_within"], id="INV-44-kind"
        ),
    ],
)  # fmt: skip
def test_the_head_of_a_transfer(
    head: dict[str, object], facts: dict[str, object], expected: list[str]
) -> None:
    values: dict[str, object] = {"source_id": 1, "target_id": 2} | head
    found = transfer_faults(TransferHead(**values), sides(**facts))  # type: ignore[arg-type]
    assert [fault.code for fault in found] == expected


def test_auxiliary_units_convert_without_loss() -> None:
    """LED-12."""
    assert quantities.in_base(D("2.5"), D("12")) == D("30.000")
    assert quantities.in_aux(D("30.5"), D("12")) == (D("2"), D("6.5"))
    assert quantities.in_aux(D("-30.5"), D("12")) == (D("-2"), D("-6.5"))
    with pytest.raises(RuleBroken):
        quantities.in_base(D("0.0001"), D("1.5"))


@pytest.mark.parametrize("heading", ["存货编码", "存貨編碼", " 存货编码* ", "Item Code", "ITEM CODE"])
def test_a_heading_is_known_in_any_spelling(heading: str) -> None:
    assert columns_of([heading, "数量"], LINE_HEADINGS)["code"] == heading


def test_text_pasted_from_a_spreadsheet_needs_no_headings() -> None:
    short = pasted_rows("GJ-1\t12\t38.00\n\nGJ-2\t3")
    assert short == [
        (1, {"code": "GJ-1", "quantity": "12", "price": "38.00"}),
        (3, {"code": "GJ-2", "quantity": "3"}),
    ]
    grid = pasted_rows("GJ-1\t扳手\t24\t把\t12\t38.00\t456.00\t02-A\t2026-12-01\t急")
    assert grid[0][1] == {
        "code": "GJ-1", "quantity": "12", "price": "38.00", "location": "02-A",
        "expires_on": "2026-12-01", "remarks": "急",
    }  # fmt: skip
    headed = pasted_rows("数量\t存货编码\n5\tGJ-9")
    assert headed == [(2, {"数量": "5", "存货编码": "GJ-9"})]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"数量": "1,200", "存货编码": "a-1"}, []),
        ({"数量": "−3", "存货编码": "A-1"}, []),
        ({"数量": "一打", "存货编码": "A-1"}, ["stock.import_number"]),
        ({"数量": "", "存货编码": ""}, ["stock.import_code", "stock.import_number"]),
        ({"数量": "1", "存货编码": "A-1", "有效期至": "2026-02-30"}, ["stock.import_date"]),
        ({"数量": "NaN", "存货编码": "A-1"}, ["stock.import_number"]),
    ],
)
def test_a_line_of_a_file_is_read_or_refused_with_every_reason(
    cells: dict[str, str], expected: list[str]
) -> None:
    found, problems = read_line(2, cells, columns_of(cells, LINE_HEADINGS))
    assert [problem.code for problem in problems] == expected
    assert (found is None) == bool(expected)

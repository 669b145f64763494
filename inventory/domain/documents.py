"""What a stock document must carry before it is saved: every fault at once (INV-15, INV-20 to INV-35, LED-13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.choices import (
    Category,
    ClassOne,
    Colour,
    DamageCause,
    DocumentState,
    RepairClass,
    UseKind,
)
from inventory.domain import quantities
from inventory.domain.categories import CategoryRule
from servicecenter.kernel.errors import RuleBroken

MOST_LINES = 5_000
MOST_PRICE = Decimal("999999999999.99")


@dataclass(frozen=True)
class Head:
    """The head of a document as it is typed; ids of what it names. No date: today's (of the centre)."""

    category: str
    warehouse_id: int
    business_date: date | None = None
    supplier_id: int | None = None
    requisition: str = ""
    application: str = ""
    cause: str = ""
    use: str = ""
    original_id: int | None = None
    counted: bool = False
    remarks: str = ""


@dataclass(frozen=True)
class Line:
    """A line as it is typed: item by code, quantity in base units (below zero on a red letter), price in yuan.

    `original_line` is the line of the original document, or of the transfer, that this one follows.
    """

    code: str
    quantity: Decimal
    price: Decimal | None = None
    location: str = ""
    expires_on: date | None = None
    remarks: str = ""
    original_line: int | None = None


@dataclass(frozen=True)
class ItemFacts:
    """What is known of an item when it is put on a line."""

    id: int
    code: str
    repair_class: str
    is_closed: bool


@dataclass(frozen=True)
class OriginalFacts:
    """The document that another one names as its original."""

    category: str
    colour: str
    state: str


def head_faults(
    head: Head, rule: CategoryRule, *, kind: str, colour: str, original: OriginalFacts | None
) -> list[RuleBroken]:
    """What is missing or wrong in the head of a blue or red document for a warehouse of that kind."""
    found: list[RuleBroken] = []
    if kind not in rule.kinds:
        found.append(
            RuleBroken(
                "document.warehouse_kind", field="warehouse", stock_category=head.category, stock_kind=kind
            )
        )
    if colour not in rule.colours:
        found.append(
            RuleBroken("document.colour", field="category", status=400, stock_category=head.category)
        )
    found += [
        RuleBroken("document.field_needed", field=field, status=400)
        for field, lacking in (
            ("supplier", rule.needs_supplier and head.supplier_id is None),
            ("application", rule.needs_application and not head.application.strip()),
            ("cause", rule.needs_cause and head.cause not in DamageCause.values),
            ("use", rule.needs_use and head.use not in UseKind.values),
        )
        if lacking and colour == Colour.BLUE
    ]
    if colour == Colour.BLUE:
        found += _origin_faults(head, rule, original)
    return found


def _origin_faults(head: Head, rule: CategoryRule, original: OriginalFacts | None) -> list[RuleBroken]:
    if head.original_id is None:
        return (
            [RuleBroken("document.original_needed", field="original", status=400)]
            if rule.origin_needed
            else []
        )
    fits = (
        original is not None
        and original.category == rule.origin
        and original.state == DocumentState.AUDITED
        and original.colour == Colour.BLUE
    )
    return (
        [] if fits else [RuleBroken("document.original_kind", field="original", stock_category=head.category)]
    )


def line_faults(
    lines: Sequence[Line],
    items: Sequence[ItemFacts | None],
    *,
    category: str,
    colour: str,
    class_one: str,
    head_remarks: str,
) -> list[RuleBroken]:
    """What is wrong in the lines; `items` are the items of their codes in the same order, None where there is none."""
    if not lines:
        return [RuleBroken("document.lines_needed", field="lines", status=400)]
    if len(lines) > MOST_LINES:
        return [RuleBroken("document.too_many_lines", field="lines", status=400, limit=MOST_LINES)]
    found: list[RuleBroken] = []
    for number, (line, item) in enumerate(zip(lines, items, strict=True), 1):
        found += _line_faults(number, line, item, colour)
        if item is not None:
            found += _repair_faults(number, line, item, category, class_one, head_remarks)
    return found


def _line_faults(number: int, line: Line, item: ItemFacts | None, colour: str) -> Iterable[RuleBroken]:
    at = f"lines.{number}"
    if item is None:
        yield RuleBroken(
            "line.unknown_item", field=f"{at}.code", status=400, line=number, item=line.code[:40]
        )
    elif item.is_closed:
        yield RuleBroken("line.closed_item", field=f"{at}.code", line=number, item=item.code)
    if (wrong := quantities.check(line.quantity, field=f"{at}.quantity")) is not None:
        wrong.params = wrong.params | {"line": number}
        yield wrong
    elif (line.quantity < 0) != (colour == Colour.RED):
        code = "line.red_below_zero" if colour == Colour.RED else "line.blue_above_zero"
        yield RuleBroken(code, field=f"{at}.quantity", status=400, line=number)
    price = line.price
    if price is not None and (
        not price.is_finite() or price < 0 or price > MOST_PRICE or price != price.quantize(Decimal("0.01"))
    ):
        yield RuleBroken("line.price", field=f"{at}.price", status=400, line=number)
    for name, text, most in (("location", line.location, 40), ("remarks", line.remarks, 200)):
        if len(text) > most:
            yield RuleBroken("line.too_long", field=f"{at}.{name}", status=400, line=number, limit=most)


def _repair_faults(
    number: int, line: Line, item: ItemFacts, category: str, class_one: str, head_remarks: str
) -> Iterable[RuleBroken]:
    """INV-31: class II alone goes for repair. INV-32: class I is scrapped, class II only with a reason; INV-Q3."""
    field = f"lines.{number}.code"
    if category == Category.REPAIR_OUT and item.repair_class != RepairClass.TWO:
        yield RuleBroken("line.repair_class_two", field=field, line=number, item=item.code)
    if category == Category.SCRAP_OUT:
        if item.repair_class == RepairClass.ONE:
            if class_one == ClassOne.RETURNED:
                yield RuleBroken("line.class_one_returned", field=field, line=number, item=item.code)
        elif not (line.remarks.strip() or head_remarks.strip()):
            yield RuleBroken(
                "line.scrap_reason", field=f"lines.{number}.remarks", line=number, item=item.code
            )


def date_faults(
    day: date, *, today: date, made_on: date, is_open: bool, may_backdate: bool
) -> list[RuleBroken]:
    """LED-05: never ahead of today; earlier than the day it was made only with the right; in an open period."""
    if day > today:
        return [RuleBroken("document.future", field="business_date", status=400)]
    if not is_open:
        return [RuleBroken("period.closed", field="business_date", month=f"{day:%Y-%m}")]
    if day < made_on and not may_backdate:
        return [RuleBroken("document.backdate", field="business_date", status=403)]
    return []

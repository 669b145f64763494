"""Items and the opening stock from files: checked whole, every error at once, loaded whole (INV-16, INV-52)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inventory.choices import Category, Colour, DocumentState, RepairClass
from inventory.domain.categories import rule_of
from inventory.domain.documents import MOST_LINES, ItemFacts, date_faults, line_faults
from inventory.domain.import_rows import (
    ITEM_HEADINGS,
    OPENING_HEADINGS,
    ItemRow,
    ReadLine,
    read_item,
    read_line,
)
from inventory.models import Document, Item, Warehouse
from inventory.permissions import Right, can_backdate, can_import_opening, may
from inventory.queries.facts import LIVE
from inventory.queries.lines import in_base_units, needed_columns
from inventory.queries.periods import is_open
from inventory.queries.scope import stock_policy
from inventory.services.catalogue import code_fault, item_faults, prepare
from inventory.services.documents import insert_lines
from inventory.services.posting import audit_document
from inventory.services.rows import items_of, next_numbers
from servicecenter import trail
from servicecenter.clock import business_date as day_of
from servicecenter.clock import now_db
from servicecenter.i18n import FALLBACK
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.rows import Problem
from servicecenter.trail import Line as TrailLine
from servicecenter.wording import rule_text

Rows = Iterable[tuple[int, Mapping[str, str]]]
PLAIN = (
    "spec",
    "item_class",
    "repair_class",
    "unit",
    "aux_unit",
    "aux_factor",
    "reserve_least",
    "reserve_most",
)
DERIVED = ("names", "name_key", "search_text", *PLAIN)


@dataclass(frozen=True)
class ItemsImported:
    """What an import of items did, or in a dry run would do. With problems nothing is done."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class OpeningImported:
    """The opening documents that were made, and how many lines. With problems nothing is done; a dry run makes none."""

    documents: tuple[Document, ...] = ()
    lines: int = 0
    problems: tuple[Problem, ...] = ()


@transaction.atomic
def import_items(
    *, rows: Rows, dry_run: bool = False, by: Any | None, at: datetime | None = None
) -> ItemsImported:
    """Add items, and change those whose code is known, from (line, cells by heading). Statements do not grow with rows.

    Raises RuleBroken `stock.column_missing`; what is wrong in lines comes back in the result.
    """
    if not may(by, Right.EDIT_ITEMS):
        raise RuleBroken("lifecycle.no_right", status=403, action="import")
    read, columns, problems = _read_items(rows)
    known = {
        item.code: item
        for item in Item.objects.select_for_update().filter(code__in=[row.code for row in read])
    }
    moved = set(Item.objects.filter(code__in=known, balances__isnull=False).values_list("code", flat=True))
    moment = at or now_db()
    new: list[Item] = []
    changed: list[tuple[Item, dict[str, list[Any]]]] = []
    unchanged = 0
    for row in read:
        item = known.get(row.code)
        wrong, values = _values(row, item)
        if item is not None and row.code in moved and values["unit"] != item.unit:
            wrong.append(RuleBroken("item.unit_kept", field="unit", item=item.code))
        problems += [_problem(row.at, fault, columns) for fault in wrong]
        if wrong:
            continue
        if item is None:
            new.append(prepare(Item(code=row.code, created_at=moment, created_by=by, **values)))
            continue
        differs = trail.changes_between({name: getattr(item, name) for name in values}, values)
        if not differs:
            unchanged += 1
            continue
        for name, value in values.items():
            setattr(item, name, value)
        item.version += 1
        changed.append((prepare(item), differs))
    result = ItemsImported(len(new), len(changed), unchanged, _in_order(problems))
    if problems or dry_run:
        return result
    Item.objects.bulk_create(new)
    Item.objects.bulk_update([item for item, _differs in changed], [*DERIVED, "version"])
    trail.record_many(
        [TrailLine("inventory.item", item.pk, item.code, "item.made", {"item": item.code}) for item in new]
        + [
            TrailLine("inventory.item", item.pk, item.code, "item.changed", {"item": item.code}, differs)
            for item, differs in changed
        ],
        by=by,
        at=moment,
    )
    return result


def _read_items(rows: Rows) -> tuple[list[ItemRow], dict[str, str], list[Problem]]:
    columns: dict[str, str] | None = None
    read: list[ItemRow] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for at, cells in rows:
        if columns is None:
            columns = needed_columns(cells, ITEM_HEADINGS, ("code", "name", "item_class", "unit"))
        row, wrong = read_item(at, cells, columns)
        problems += wrong
        if row is None:
            continue
        if row.code in seen:
            problems.append(Problem(at, columns["code"], "stock.import_twice", {"line": seen[row.code]}))
            continue
        seen[row.code] = at
        read.append(row)
    return read, columns or {}, problems


def _values(row: ItemRow, item: Item | None) -> tuple[list[RuleBroken], dict[str, Any]]:
    """The columns of the item as the file wants them, with what is wrong in them."""
    given = dict(row.values)
    names = dict(item.names) if item is not None else {}
    names[FALLBACK] = str(given.pop("name", ""))
    if english := str(given.pop("name_en", "")):
        names["en"] = english
    values: dict[str, Any] = {
        "spec": "",
        "repair_class": RepairClass.NONE.value,
        "aux_unit": "",
        "aux_factor": None,
        "reserve_least": None,
        "reserve_most": None,
    }
    if item is not None:
        values |= {name: getattr(item, name) for name in PLAIN}
    values |= {**given, "names": names}
    wrong = code_fault(row.code)
    return [*([wrong] if wrong else []), *item_faults(values)], values


def _problem(at: int, fault: RuleBroken, columns: Mapping[str, str]) -> Problem:
    """A broken rule as a problem of a line."""
    name = {"names": "name"}.get(str(fault.field), str(fault.field)).rpartition(".")[2]
    return Problem(at, columns.get(name, name), "stock.import_fault", {"text": rule_text(fault)})


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda one: one.line))


@transaction.atomic
def import_opening(
    *,
    rows: Rows,
    business_date: date | None = None,
    dry_run: bool = False,
    audit: bool = False,
    by: Any | None,
    at: datetime | None = None,
) -> OpeningImported:
    """The opening stock: one opening document for each warehouse of the file, saved, or `audit`ed at once.

    A warehouse has one opening document; a second is refused with the number of the first. Raises RuleBroken
    `stock.column_missing`, and what an audit raises; what is wrong in lines comes back in the result.
    """
    if not can_import_opening(by):
        raise RuleBroken("lifecycle.no_right", status=403, action="import")
    moment = at or now_db()
    day = business_date or day_of(moment)
    read, columns, problems = _read_opening(rows)
    stores = _stores(read, by)
    read, wrong = in_base_units(read, columns)
    problems += wrong
    opened = _opened(stores)
    by_store: dict[str, list[ReadLine]] = {}
    for row in read:
        by_store.setdefault(row.warehouse, []).append(row)
    items = dict(
        zip([row.at for row in read], items_of([row.line.code for row in read], at=moment), strict=True)
    )
    policy = stock_policy(at=moment)
    for code, rows_of in by_store.items():
        problems += _faults_of(stores.get(code), rows_of, items, opened, columns, policy.class_one)
    first = min((row.at for row in read), default=1)
    dated = date_faults(
        day,
        today=day_of(moment),
        made_on=day_of(moment),
        is_open=is_open(day),
        may_backdate=all(can_backdate(by, store) for store in stores.values()),
    )
    problems += [_problem(first, fault, {}) for fault in dated]
    if problems or dry_run:
        return OpeningImported((), len(read), _in_order(problems))
    made = [
        _document(stores[code], rows_of, items, day, by, moment) for code, rows_of in sorted(by_store.items())
    ]
    if audit:
        made = [audit_document(document=document, by=by, at=at) for document in made]
    return OpeningImported(tuple(made), len(read))


def _read_opening(rows: Rows) -> tuple[list[ReadLine], dict[str, str], list[Problem]]:
    columns: dict[str, str] | None = None
    read: list[ReadLine] = []
    problems: list[Problem] = []
    for at, cells in rows:
        if columns is None:
            columns = needed_columns(cells, OPENING_HEADINGS, ("warehouse", "code", "quantity"))
        row, wrong = read_line(at, cells, columns)
        problems += wrong
        if row is not None:
            read.append(row)
    return read, columns or {}, problems


def _stores(read: Iterable[ReadLine], by: Any | None) -> dict[str, Warehouse]:
    """The open warehouses of the file where this user may load stock, by code."""
    found = Warehouse.objects.select_related("department").filter(
        code__in={row.warehouse for row in read}, closed_on=None
    )
    kinds = rule_of(Category.OPENING_IN).kinds
    return {row.code: row for row in found if row.kind in kinds and can_import_opening(by, row)}


def _opened(stores: Mapping[str, Warehouse]) -> dict[int, str]:
    """The opening documents there are: warehouse → number."""
    rows = Document.objects.filter(
        category=Category.OPENING_IN, colour=Colour.BLUE, warehouse__in=stores.values(), state__in=LIVE
    )
    return dict(rows.values_list("warehouse_id", "number"))


def _faults_of(
    store: Warehouse | None,
    rows: list[ReadLine],
    items: Mapping[int, ItemFacts | None],
    opened: Mapping[int, str],
    columns: Mapping[str, str],
    class_one: str,
) -> list[Problem]:
    """Everything wrong with the lines of one warehouse."""
    column = columns.get("warehouse", "warehouse")
    if store is None:
        value = {"value": rows[0].warehouse[:40]}
        return [Problem(row.at, column, "stock.import_warehouse", value) for row in rows]
    if store.pk in opened:
        params = {"value": store.code, "number": opened[store.pk]}
        return [Problem(rows[0].at, column, "stock.import_opened", params)]
    known = [row for row in rows if items[row.at] is not None]
    if not known:
        return []
    if len(rows) > MOST_LINES:
        fault = RuleBroken("document.too_many_lines", limit=MOST_LINES)
        return [_problem(rows[0].at, fault, columns)]
    faults = line_faults(
        [row.line for row in known],
        [items[row.at] for row in known],
        category=Category.OPENING_IN,
        colour=Colour.BLUE,
        class_one=class_one,
        head_remarks="",
    )
    found = []
    for fault in faults:
        number = int(str(fault.field).split(".")[1])
        at = known[number - 1].at
        fault.params = fault.params | {"line": at}
        found.append(_problem(at, fault, columns))
    return found


def _document(
    store: Warehouse,
    rows: list[ReadLine],
    items: Mapping[int, ItemFacts | None],
    day: date,
    by: Any | None,
    at: datetime,
) -> Document:
    rule = rule_of(Category.OPENING_IN)
    row = Document.objects.create(
        number=next_numbers(rule.prefix, 1, at=at)[0],
        category=Category.OPENING_IN,
        direction=rule.direction,
        colour=Colour.BLUE,
        state=DocumentState.SAVED,
        warehouse=store,
        business_date=day,
        created_at=at,
        created_by=by,
    )
    insert_lines(row, [one.line for one in rows], [items[one.at] for one in rows])
    trail.record(row, "stockdoc.imported", by=by, at=at, lines=len(rows))
    return row

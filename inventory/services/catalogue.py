"""What stock consists of: items, suppliers, warehouses, places (INV-06, INV-08, INV-09, INV-16)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from inventory.choices import ItemClass, RepairClass, WarehouseKind
from inventory.domain.quantities import STEP
from inventory.models import Item, Place, Supplier, Warehouse
from inventory.models.catalogue import CODE
from inventory.permissions import Right, may
from inventory.queries.facts import WAITING
from inventory.services.rows import raise_all, stale
from organization.models import Department
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.i18n import FALLBACK, LANGUAGE_TAGS
from servicecenter.kernel.errors import RuleBroken
from servicecenter.lifecycle import write
from servicecenter.search import fold, name_key, searchable

ITEM_FIELDS = frozenset(
    {
        "names",
        "spec",
        "item_class",
        "repair_class",
        "unit",
        "aux_unit",
        "aux_factor",
        "reserve_least",
        "reserve_most",
        "closed_on",
    }
)
SUPPLIER_FIELDS = frozenset({"name", "contact", "telephone", "remarks", "closed_on"})
WAREHOUSE_FIELDS = frozenset({"names", "department", "closed_on"})
LENGTHS = {
    "spec": 120,
    "unit": 10,
    "aux_unit": 10,
    "name": 120,
    "contact": 60,
    "telephone": 30,
    "remarks": 200,
}


def _right(by: Any | None, right: str, warehouse: Warehouse | None = None) -> None:
    if not may(by, right, warehouse):
        raise RuleBroken("lifecycle.no_right", status=403, action="save")


def item_faults(values: Mapping[str, Any]) -> list[RuleBroken]:
    """What is wrong with an item's fields; those not given are not looked at."""
    found = [
        RuleBroken("item.too_long", field=name, status=400, limit=most)
        for name, most in LENGTHS.items()
        if len(str(values.get(name) or "")) > most
    ]
    if "names" in values and not _texts(values["names"]).get(FALLBACK):
        found.append(RuleBroken("item.name_needed", field="names", status=400))
    if "item_class" in values and values["item_class"] not in ItemClass.values:
        found.append(RuleBroken("item.class", field="item_class", status=400))
    if "repair_class" in values and values["repair_class"] not in RepairClass.values:
        found.append(RuleBroken("item.repair_class", field="repair_class", status=400))
    if "unit" in values and not str(values["unit"]).strip():
        found.append(RuleBroken("item.unit_needed", field="unit", status=400))
    factor = values.get("aux_factor")
    if "aux_unit" in values and bool(str(values["aux_unit"]).strip()) != (factor is not None):
        found.append(RuleBroken("item.aux_pair", field="aux_factor", status=400))
    if factor is not None and (factor <= 0 or factor != factor.quantize(STEP)):
        found.append(RuleBroken("item.aux_factor", field="aux_factor", status=400))
    least, most = values.get("reserve_least"), values.get("reserve_most")
    if least is not None and most is not None and least > most:
        found.append(RuleBroken("item.reserve", field="reserve_most", status=400))
    for name, value in (("reserve_least", least), ("reserve_most", most)):
        if value is not None and (value < 0 or value != value.quantize(STEP)):
            found.append(RuleBroken("item.reserve_form", field=name, status=400))
    return found


def code_fault(code: str) -> RuleBroken | None:
    """A code is 2 to 30 capitals, digits, dots, dashes."""
    return None if re.fullmatch(CODE, code) else RuleBroken("item.code_form", field="code", status=400)


def _texts(names: Any) -> dict[str, str]:
    tags = set(LANGUAGE_TAGS.values())
    return {tag: str(text).strip() for tag, text in dict(names).items() if tag in tags and str(text).strip()}


def names_text(names: Mapping[str, str]) -> str:
    """Names as they are searched: in all their languages, the Chinese one in pinyin and initials too."""
    return fold(" ".join([*names.values(), searchable(names.get(FALLBACK, ""))]))


def supplier_keys(name: str) -> dict[str, str]:
    """What a supplier is sorted and found by."""
    return {"name_key": name_key(name), "search_text": searchable(name)}


def prepare(item: Item) -> Item:
    """Set what is derived from an item's own fields."""
    item.names = _texts(item.names)
    item.name_key = name_key(item.names.get(FALLBACK, ""))
    item.search_text = fold(f"{item.code} {names_text(item.names)} {item.spec}")
    return item


@transaction.atomic
def add_item(
    *,
    code: str,
    names: Mapping[str, str],
    item_class: str,
    unit: str,
    spec: str = "",
    repair_class: str = RepairClass.NONE,
    aux_unit: str = "",
    aux_factor: Decimal | None = None,
    reserve_least: Decimal | None = None,
    reserve_most: Decimal | None = None,
    by: Any | None,
    at: datetime | None = None,
) -> Item:
    """A new item code: business management alone makes them (INV-16). Raises RuleBroken `item.*`."""
    _right(by, Right.EDIT_ITEMS)
    code = code.strip().upper()
    values: dict[str, Any] = {
        "names": dict(names),
        "item_class": item_class,
        "unit": unit.strip(),
        "spec": spec.strip(),
        "repair_class": repair_class,
        "aux_unit": aux_unit.strip(),
        "aux_factor": aux_factor,
        "reserve_least": reserve_least,
        "reserve_most": reserve_most,
    }
    wrong = code_fault(code)
    raise_all([*([wrong] if wrong else []), *item_faults(values)])
    moment = at or now_db()
    row = prepare(Item(code=code, created_at=moment, created_by=by, **values))
    _insert(row, "item.code_taken", code)
    trail.record(row, "item.made", by=by, at=moment, item=code)
    return row


@transaction.atomic
def change_item(
    *, item: Item, version: int | None = None, by: Any | None, at: datetime | None = None, **fields: Any
) -> Item:
    """Change an item; its code and, once it has moved, its unit stay. Raises RuleBroken `item.*`, `lifecycle.stale`."""
    _right(by, Right.EDIT_ITEMS)
    row = Item.objects.select_for_update().get(pk=item.pk)
    stale_item(row, version)
    after = _known(fields, ITEM_FIELDS)
    if "names" in after:
        after["names"] = _texts(after["names"])
    whole = {name: getattr(row, name) for name in ITEM_FIELDS} | after
    raise_all(item_faults(whole))
    if after.get("unit", row.unit) != row.unit and row.balances.exists():
        raise RuleBroken("item.unit_kept", field="unit", item=row.code)
    for name, value in after.items():
        setattr(row, name, value)
    prepare(row)
    derived = {"name_key": row.name_key, "search_text": row.search_text}
    return _change(row, Item.objects.get(pk=row.pk), after, "item.changed", by, at, derived, item=row.code)


@transaction.atomic
def add_supplier(
    *,
    code: str,
    name: str,
    contact: str = "",
    telephone: str = "",
    remarks: str = "",
    by: Any | None,
    at: datetime | None = None,
) -> Supplier:
    """A new supplier (INV-20). Raises RuleBroken `item.code_form`, `item.code_taken`, `supplier.name_needed`."""
    _right(by, Right.EDIT_SUPPLIERS)
    code, values = (
        code.strip().upper(),
        {
            "name": name.strip(),
            "contact": contact.strip(),
            "telephone": telephone.strip(),
            "remarks": remarks.strip(),
        },
    )
    wrong = code_fault(code)
    raise_all([*([wrong] if wrong else []), *_supplier_faults(values)])
    moment = at or now_db()
    derived = supplier_keys(values["name"])
    row = Supplier(code=code, created_at=moment, created_by=by, **values, **derived)
    _insert(row, "item.code_taken", code)
    trail.record(row, "supplier.made", by=by, at=moment, supplier=row.name)
    return row


@transaction.atomic
def change_supplier(
    *,
    supplier: Supplier,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
    **fields: Any,
) -> Supplier:
    """Change a supplier, or end its use. Raises RuleBroken `supplier.name_needed`, `lifecycle.stale`."""
    _right(by, Right.EDIT_SUPPLIERS)
    row = Supplier.objects.select_for_update().get(pk=supplier.pk)
    stale_item(row, version)
    after = _known(fields, SUPPLIER_FIELDS)
    raise_all(_supplier_faults({"name": row.name} | after))
    derived = supplier_keys(after.get("name", row.name))
    return _change(row, row, after, "supplier.changed", by, at, derived, supplier=row.name)


@transaction.atomic
def add_warehouse(
    *,
    code: str,
    names: Mapping[str, str],
    department: Department,
    kind: str,
    by: Any | None,
    at: datetime | None = None,
) -> Warehouse:
    """A new warehouse at one node of the tree; its kind stays (INV-06, INV-100). Raises RuleBroken `item.*`."""
    row = Warehouse(code=code.strip().upper(), names=_texts(names), department=department, kind=kind)
    _right(by, Right.EDIT_WAREHOUSES, row)
    faults = [fault for fault in [code_fault(row.code)] if fault is not None]
    if not row.names.get(FALLBACK):
        faults.append(RuleBroken("item.name_needed", field="names", status=400))
    if kind not in WarehouseKind.values:
        faults.append(RuleBroken("warehouse.kind", field="kind", status=400))
    raise_all(faults)
    row.created_at, row.created_by, row.search_text = at or now_db(), by, names_text(row.names)
    _insert(row, "item.code_taken", row.code)
    trail.record(row, "warehouse.made", by=by, at=row.created_at, warehouse=row.code)
    return row


@transaction.atomic
def change_warehouse(
    *,
    warehouse: Warehouse,
    version: int | None = None,
    by: Any | None,
    at: datetime | None = None,
    **fields: Any,
) -> Warehouse:
    """Rename a warehouse, move it to another node, or close it: closed only when empty and nothing waits there.

    Raises RuleBroken `warehouse.not_empty`, `warehouse.drafts`, `item.name_needed`.
    """
    row = Warehouse.objects.select_for_update(of=("self",)).select_related("department").get(pk=warehouse.pk)
    _right(by, Right.EDIT_WAREHOUSES, row)
    stale_item(row, version)
    after = _known(fields, WAREHOUSE_FIELDS)
    if "names" in after:
        after["names"] = _texts(after["names"])
        if not after["names"].get(FALLBACK):
            raise RuleBroken("item.name_needed", field="names", status=400)
    if after.get("closed_on") is not None and row.closed_on is None:
        if row.balances.filter(quantity__gt=0).exists():
            raise RuleBroken("warehouse.not_empty", field="closed_on", name=row.name)
        if row.documents.filter(state__in=WAITING).exists():
            raise RuleBroken("warehouse.drafts", field="closed_on", name=row.name)
    derived = {"search_text": names_text(after.get("names", row.names))}
    return _change(row, row, after, "warehouse.changed", by, at, derived, warehouse=row.code)


@transaction.atomic
def set_place(
    *, warehouse: Warehouse, item: Item, location: str, by: Any | None, at: datetime | None = None
) -> Place | None:
    """Where the item lies in the warehouse (INV-09); an empty location takes the note away."""
    if not (may(by, Right.DRAFT_DOCUMENT, warehouse) or may(by, Right.DRAFT_FOR_SITE, warehouse)):
        raise RuleBroken("lifecycle.no_right", status=403, action="save")
    location = location.strip()
    if len(location) > 40:
        raise RuleBroken("item.too_long", field="location", status=400, limit=40)
    rows = Place.objects.filter(warehouse=warehouse, item=item)
    before = rows.select_for_update().values_list("location", flat=True).first() or ""
    found = None
    if location:
        found, _new = Place.objects.update_or_create(
            warehouse=warehouse, item=item, defaults={"location": location}
        )
    else:
        rows.delete()
    if before != location:
        moment = at or now_db()
        changes = {"location": [before, location]}
        trail.record(item, "item.placed", by=by, at=moment, changes=changes, warehouse=warehouse.code)
    return found


def stale_item(row: Any, version: int | None) -> None:
    """As `stale`, for rows that are known by code."""
    row.number = row.code
    stale(row, version)


def _supplier_faults(values: Mapping[str, Any]) -> list[RuleBroken]:
    found = [
        RuleBroken("item.too_long", field=name, status=400, limit=LENGTHS[name])
        for name in ("name", "contact", "telephone", "remarks")
        if len(str(values.get(name) or "")) > LENGTHS[name]
    ]
    if not str(values.get("name", "")).strip():
        found.append(RuleBroken("supplier.name_needed", field="name", status=400))
    return found


def _known(fields: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    if unknown := set(fields) - known:
        raise TypeError(f"unknown fields {sorted(unknown)}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}


def _insert(row: Any, code: str, named: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        if "_code_" not in str(taken):
            raise
        raise RuleBroken(code, field="code", item=named) from taken


def _change(
    row: Any,
    before: Any,
    after: Mapping[str, Any],
    code: str,
    by: Any | None,
    at: datetime | None,
    derived: Mapping[str, Any],
    **params: Any,
) -> Any:
    """Write what differs and record it; nothing when nothing does."""
    changes = trail.changes_between({name: getattr(before, name) for name in after}, after)
    if not changes:
        return row
    write(row, expected_version=row.version, **after, **derived)
    trail.record(row, code, by=by, at=at or now_db(), changes=changes, **params)
    return row

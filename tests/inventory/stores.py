"""A small field-service side for tests: two business departments with sites, warehouses, items, people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from inventory import services
from inventory.domain.documents import Head, Line
from inventory.domain.transfers import TransferHead, TransferLineIn
from inventory.models import Balance, Document, Item, Supplier, Transfer, Warehouse
from organization.models import Department, User
from tests import people

AT = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 19)
D = Decimal


def _department(code: str, kind: str, parent: Department, name: str) -> Department:
    found, _new = Department.objects.get_or_create(
        code=code, defaults={"kind": kind, "parent": parent, "names": {"zh-Hans": name, "en": code}}
    )
    return found


@dataclass
class Stores:
    """The warehouses by short names, items, a supplier, and the people who work with them."""

    sound: Warehouse  # 北坡现场完好品库, first department
    damaged: Warehouse
    sound_b: Warehouse  # another site of the first department
    damaged_b: Warehouse
    far: Warehouse  # a site of the second department
    far_damaged: Warehouse
    transit: Warehouse
    held: Warehouse
    wrench: Item
    grease: Item
    pump: Item  # class II
    bulb: Item  # class I
    supplier: Supplier
    keeper: User
    accountant: User
    accountant_far: User
    manager: User
    chief: User  # business-management accountant
    planner: User  # business-management planner
    extra: list[Item] = field(default_factory=list)


def stores() -> Stores:
    """Build it: a few dozen statements."""
    tree = people.centre()
    site_b = _department("site_b", "site", tree["field_business"], "南坡现场")
    field_two = _department("field_two", "field_business", tree["business_management"], "第二业务部")
    far = _department("site_far", "site", field_two, "江滨现场")

    def warehouse(code: str, department: Department, kind: str, name: str) -> Warehouse:
        return services.add_warehouse(
            code=code, names={"zh-Hans": name}, department=department, kind=kind, by=None, at=AT
        )

    def item(code: str, name: str, **more: object) -> Item:
        values: dict[str, object] = {"item_class": "spare", "unit": "只"} | more
        return services.add_item(code=code, names={"zh-Hans": name}, by=None, at=AT, **values)  # type: ignore[arg-type]

    return Stores(
        sound=warehouse("BP-W", tree["site"], "sound", "北坡现场完好品库"),
        damaged=warehouse("BP-S", tree["site"], "damaged", "北坡现场损坏品库"),
        sound_b=warehouse("NP-W", site_b, "sound", "南坡现场完好品库"),
        damaged_b=warehouse("NP-S", site_b, "damaged", "南坡现场损坏品库"),
        far=warehouse("JB-W", far, "sound", "江滨现场完好品库"),
        far_damaged=warehouse("JB-S", far, "damaged", "江滨现场损坏品库"),
        transit=warehouse("ZT", tree["business_management"], "transit", "在途"),
        held=warehouse("BP-G", tree["site"], "quarantine", "北坡现场隔离库"),
        wrench=item("GJ-01042", "开口扳手", item_class="tool", unit="把"),
        grease=item("HC-20031", "防锈润滑剂", item_class="consumable", unit="罐"),
        pump=item("BJ-33015", "液压泵", repair_class="two"),
        bulb=item("BJ-33002", "指示灯", repair_class="one"),
        supplier=services.add_supplier(code="JB-01", name="江北工具厂", by=None, at=AT),
        keeper=people.user("storekeeper"),
        accountant=people.user("stock_accountant"),
        accountant_far=people.user("stock_accountant", department=field_two, name="江敏"),
        manager=people.user("department_manager", department="field_business"),
        chief=people.user("business_management_accountant"),
        planner=people.user("business_management_planner"),
    )


def line(item: Item, quantity: object, **more: object) -> Line:
    return Line(code=item.code, quantity=D(str(quantity)), **more)  # type: ignore[arg-type]


def purchase(
    s: Stores,
    *lines: Line,
    by: User | None = None,
    warehouse: Warehouse | None = None,
    day: date = TODAY,
    counted: bool = True,
    at: datetime = AT,
) -> Document:
    """A saved purchase inbound."""
    head = Head(
        category="purchase_in",
        warehouse_id=(warehouse or s.sound).pk,
        business_date=day,
        supplier_id=s.supplier.pk,
        counted=counted,
    )
    return services.save_document(head=head, lines=lines, by=by or s.accountant, at=at)


def issue(
    s: Stores,
    *lines: Line,
    by: User | None = None,
    warehouse: Warehouse | None = None,
    day: date = TODAY,
    at: datetime = AT,
) -> Document:
    """A saved issue for own use."""
    head = Head(
        category="own_use_out",
        warehouse_id=(warehouse or s.sound).pk,
        business_date=day,
        use="spare_issue",
    )
    return services.save_document(head=head, lines=lines, by=by or s.accountant, at=at)


def stocked(s: Stores, *lines: Line, warehouse: Warehouse | None = None, day: date = TODAY) -> Document:
    """Goods that lie there: an audited purchase, or opening stock where nothing is bought."""
    where = warehouse or s.sound
    if where.kind == "damaged":
        head = Head(category="opening_in", warehouse_id=where.pk, business_date=day)
        made = services.save_document(head=head, lines=lines, by=None, at=AT)
    else:
        made = purchase(s, *lines, warehouse=where, day=day)
    return services.audit_document(document=made, by=None, at=AT)


def transfer(
    s: Stores,
    *lines: tuple[Item, object],
    source: Warehouse | None = None,
    target: Warehouse | None = None,
    kind: str = "internal",
    by: User | None = None,
    requisition: str = "",
    remarks: str = "",
) -> Transfer:
    """A saved transfer, in the first department unless told otherwise."""
    head = TransferHead(
        kind=kind,
        source_id=(source or s.sound).pk,
        target_id=(target or s.sound_b).pk,
        business_date=TODAY,
        requisition=requisition,
        remarks=remarks,
    )
    rows = [TransferLineIn(item.code, D(str(quantity))) for item, quantity in lines]
    return services.save_transfer(head=head, lines=rows, by=by or s.accountant, at=AT)


def sides(transfer: Transfer) -> tuple[Document, Document]:
    """The waiting or audited outbound and inbound of a transfer."""
    rows = list(Document.objects.filter(transfer=transfer).exclude(state="voided").order_by("pk"))
    return (
        next(row for row in rows if row.direction == "out"),
        next(row for row in rows if row.direction == "in"),
    )


def on_hand(warehouse: Warehouse, *items: Item) -> list[Decimal]:
    """What lies there of each item, by the database's balance."""
    rows = dict(Balance.objects.filter(warehouse=warehouse).values_list("item_id", "quantity"))
    return [rows.get(item.pk, D(0)) for item in items]


def audited(document: Document, by: User | None = None, *, at: datetime = AT) -> Document:
    return services.audit_document(document=document, by=by, at=at)


def lines_of(document: Document) -> Sequence[tuple[str, Decimal]]:
    return list(document.lines.order_by("ordinal").values_list("item__code", "quantity"))

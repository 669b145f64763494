"""A small field-service side for tests: two business departments with sites, warehouses, items, people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property

from inventory import services
from inventory.domain.documents import Head, Line
from inventory.domain.transfers import TransferHead, TransferLineIn
from inventory.models import Balance, Document, Item, Supplier, Transfer, Warehouse
from inventory.services.catalogue import names_text, prepare, supplier_keys
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
    """The warehouses by short names, items, a supplier; the people who work with them are made when asked for."""

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

    @cached_property
    def keeper(self) -> User:
        """Storekeeper of the first site."""
        return people.user("storekeeper")

    @cached_property
    def accountant(self) -> User:
        """Stock accountant of the first department."""
        return people.user("stock_accountant")

    @cached_property
    def accountant_far(self) -> User:
        """Stock accountant of the second department."""
        department = Department.objects.get(code="field_two")
        return people.user("stock_accountant", department=department, name="江敏")

    @cached_property
    def manager(self) -> User:
        """Manager of the first department."""
        return people.user("department_manager", department="field_business")

    @cached_property
    def chief(self) -> User:
        """Accountant of business management."""
        return people.user("business_management_accountant")

    @cached_property
    def planner(self) -> User:
        """Planner of business management."""
        return people.user("business_management_planner")


def stores() -> Stores:
    """Build it in a dozen statements."""
    tree = people.centre()
    site_b = _department("site_b", "site", tree["field_business"], "南坡现场")
    field_two = _department("field_two", "field_business", tree["business_management"], "第二业务部")
    far = _department("site_far", "site", field_two, "江滨现场")
    site, above = tree["site"], tree["business_management"]
    places = [
        ("BP-W", site, "sound", "北坡现场完好品库"),
        ("BP-S", site, "damaged", "北坡现场损坏品库"),
        ("NP-W", site_b, "sound", "南坡现场完好品库"),
        ("NP-S", site_b, "damaged", "南坡现场损坏品库"),
        ("JB-W", far, "sound", "江滨现场完好品库"),
        ("JB-S", far, "damaged", "江滨现场损坏品库"),
        ("ZT", above, "transit", "在途"),
        ("BP-G", site, "quarantine", "北坡现场隔离库"),
    ]
    warehouses = Warehouse.objects.bulk_create(
        Warehouse(
            code=code,
            names={"zh-Hans": name},
            search_text=names_text({"zh-Hans": name}),
            department=department,
            kind=kind,
            created_at=AT,
        )
        for code, department, kind, name in places
    )
    goods = [
        ("GJ-01042", "开口扳手", "tool", "把", "none"),
        ("HC-20031", "防锈润滑剂", "consumable", "罐", "none"),
        ("BJ-33015", "液压泵", "spare", "只", "two"),
        ("BJ-33002", "指示灯", "spare", "只", "one"),
    ]
    items = Item.objects.bulk_create(
        prepare(
            Item(
                code=code,
                names={"zh-Hans": name},
                item_class=kind,
                unit=unit,
                repair_class=repair,
                created_at=AT,
            )
        )
        for code, name, kind, unit, repair in goods
    )
    named = supplier_keys("江北工具厂")
    supplier = Supplier.objects.create(code="JB-01", name="江北工具厂", created_at=AT, **named)
    return Stores(*warehouses, *items, supplier)


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


def stocked(
    s: Stores, *lines: Line, warehouse: Warehouse | None = None, day: date = TODAY, at: datetime = AT
) -> Document:
    """Goods that lie there: an audited purchase, or opening stock where nothing is bought."""
    where = warehouse or s.sound
    bought = where.kind == "sound"
    head = Head(
        category="purchase_in" if bought else "opening_in",
        warehouse_id=where.pk,
        business_date=day,
        supplier_id=s.supplier.pk if bought else None,
        counted=bought,
    )
    made = services.save_document(head=head, lines=lines, by=None, at=at)
    return services.audit_document(document=made, by=None, at=at)


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

"""The stock's routes: papers with every act, transfers, books, items, suppliers, warehouses (INV-01 to INV-06)."""

from __future__ import annotations

from typing import Any

from inventory import services
from inventory.domain.counting import Counted, CountHead
from inventory.domain.documents import Head
from inventory.domain.transfers import TransferHead, TransferLineIn
from inventory.models import Item, ItemRequest, Stocktake, Warehouse
from inventory.services.catalogue import prepare
from tests import people
from tests.inventory import stores
from tests.matrix.roles import Roles, roles
from tests.matrix.rows import Row, World, api
from tests.matrix.stock_counts import count_rows, request_rows
from tests.matrix.stock_rights import (
    ACCOUNTS,
    ALL,
    ASK,
    CHIEF,
    EXPORTS,
    MAKES,
    MANAGER,
    NEAR,
    PLANS,
    READ,
    TRANSFERS,
    WAREHOUSES,
    reason,
)

THINGS: dict[str, Roles] = {
    "near document": NEAR,
    "far document": ALL,
    # In a store of the manager's own branch.
    "east document": ALL | roles("department_manager"),
    "near transfer": NEAR,
    "far transfer": ALL,
    "near stock": NEAR,
    "far stock": ALL,
    "item": READ,
    "supplier": READ,
    "near store": NEAR,
    "far store": ALL,
    "sample": READ,
    "month": READ,
    "near count": NEAR,
    "far count": ALL,
    # Handed in, in a store of the manager's own branch.
    "east count": ALL | roles("department_manager"),
    "near request": NEAR,
    "far request": ALL,
    "near place": NEAR,
    "far place": ALL,
}
DOCUMENTS = ("near document", "far document")
PAPERS = ("near transfer", "far transfer")
STOCK = ("near stock", "far stock")
STORES = ("near store", "far store")
SPAN = "from=2026-11-01&until=2026-11-30"


def build(world: World) -> None:
    """An audited purchase of another item at each of two sites, and a transfer within each department."""
    s = stores.stores()
    s.__dict__.update(
        accountant=world.people["stock_accountant"],
        keeper=world.people["storekeeper"],
        chief=world.people["business_management_accountant"],
        planner=world.people["business_management_planner"],
    )
    near = stores.stocked(s, stores.line(s.wrench, 5))
    made = stores.purchase(s, stores.line(s.grease, 5), warehouse=s.far, by=s.chief)
    far = stores.audited(made)
    near_way = stores.transfer(s, (s.wrench, 1))
    beside = Warehouse.objects.create(
        code="JB-X",
        names={"zh-Hans": "江滨现场二库"},
        department=s.far.department,
        kind="sound",
        created_at=stores.AT,
    )
    far_way = services.save_transfer(
        head=TransferHead("internal", s.far.pk, beside.pk, stores.TODAY),
        lines=[TransferLineIn(s.grease.code, stores.D(1))],
        by=None,
        at=stores.AT,
    )
    for side, document, transfer, warehouse, item in (
        ("near", near, near_way, s.sound, s.wrench),
        ("far", far, far_way, s.far, s.grease),
    ):
        world.put(f"{side} document", {"number": document.number}, document.number)
        world.put(f"{side} transfer", {"number": transfer.number}, transfer.number)
        # The name, not the code: a filter's chip repeats the code that was asked for.
        world.put(f"{side} stock", {"code": item.code}, item.names["zh-Hans"])
        world.put(f"{side} store", {"code": warehouse.code}, warehouse.code)
        world.put(f"{side} place", {"warehouse": warehouse.code, "code": item.code})
    world.put("item", {"code": s.wrench.code}, s.wrench.code)
    east = Warehouse.objects.create(
        code="CD-S", names={"zh-Hans": "城东损坏品库"}, department=people.department("branch_east"), kind="damaged",
        created_at=stores.AT,
    )  # fmt: skip
    opened = services.save_document(
        head=Head("opening_in", east.pk, stores.TODAY), lines=[stores.line(s.pump, 1)], by=None, at=stores.AT
    )
    world.put("east document", {"number": opened.number}, opened.number)
    for side, warehouse in (("near", s.sound), ("far", s.far)):
        begun = services.begin_count(
            head=CountHead(warehouse.pk, "spot", stores.TODAY), by=None, at=stores.AT
        )
        world.put(f"{side} count", {"number": begun.number}, begun.number)
        request = _request(f"BM2611-{side}", warehouse)
        world.put(f"{side} request", {"number": request.number}, request.number)
    stores.audited(opened)
    counted = services.begin_count(head=CountHead(east.pk, "spot", stores.TODAY), by=None, at=stores.AT)
    services.save_counts(
        stocktake=counted, entries=[Counted(s.pump.code, stores.D(1))], by=None, at=stores.AT
    )
    counted = services.hand_in_count(
        stocktake=services.finish_count(stocktake=counted, by=None, at=stores.AT), by=None, at=stores.AT
    )
    world.put("east count", {"number": counted.number}, counted.number)
    world.put("month", {"month": "2026-11"})
    world.put("sample", {"what": "opening"})
    world.put("supplier", {"code": s.supplier.code}, s.supplier.code)


def _request(number: str, warehouse: Warehouse) -> ItemRequest:
    """A request for a code, without its pictures."""
    return ItemRequest.objects.create(
        number=number.upper(), warehouse=warehouse, name="倍增器", spec="NB-1500", unit="台", item_class="tool",
        reason="复检", created_at=stores.AT,
    )  # fmt: skip


def grow(world: World, count: int) -> None:
    """So many more items with stock, documents, transfers and warehouses at the near site."""
    number = Item.objects.count()
    site = Warehouse.objects.get(code="BP-W")
    items = Item.objects.bulk_create(
        prepare(
            Item(
                code=f"WZ-{number + n}", names={"zh-Hans": f"物资{number + n}"}, item_class="tool", unit="个",
                created_at=stores.AT,
            )
        )
        for n in range(count)
    )  # fmt: skip
    Warehouse.objects.bulk_create(
        Warehouse(
            code=f"BP-{number + n}", names={"zh-Hans": f"北坡{number + n}库"}, department=site.department, kind="sound",
            created_at=stores.AT,
        )
        for n in range(count)
    )  # fmt: skip
    beside = Warehouse.objects.get(code=f"BP-{number}")
    Stocktake.objects.bulk_create(
        Stocktake(
            number=f"PD-{store.code}", warehouse=store, kind="spot", mode="self", due_on=stores.TODAY,
            booked_at=stores.AT, created_at=stores.AT,
        )
        for store in Warehouse.objects.filter(code__in=[f"BP-{number + n}" for n in range(count)])
    )  # fmt: skip
    for n in range(count):
        _request(f"BM-{number + n}", site)
    lines = [stores.line(item, 3) for item in items]
    opening = Head("opening_in", site.pk, stores.TODAY)
    stores.audited(services.save_document(head=opening, lines=lines, by=None, at=stores.AT))
    for item in items:
        services.save_document(head=opening, lines=[stores.line(item, 1)], by=None, at=stores.AT)
        services.save_transfer(
            head=TransferHead("internal", site.pk, beside.pk, stores.TODAY),
            lines=[TransferLineIn(item.code, stores.D(1))],
            by=None,
            at=stores.AT,
        )


def _acts(near: Roles, far: Roles) -> dict[str, Roles]:
    return {"near document": near, "far document": far}


def _moves(near: Roles, far: Roles) -> dict[str, Roles]:
    return {"near transfer": near, "far transfer": far}


NARROW = (
    "", "?q=CR2611", "?q=LY", "?direction=in", "?category=purchase_in", "?state=audited", "?state=waiting",
    "?warehouse=&department=site_far", "?colour=blue", "?day_after=2026-11-01", "?day_min=&supplier=JB-01",
    "?item=HC-20031", "?transfer=", "?check=late",
)  # fmt: skip
NARROW_WAYS = (
    "",
    "?q=DB2611",
    "?kind=internal",
    "?state=saved",
    "?source=&target=",
    "?day_after=2026-11-01&day_min=",
    "?under_way=true",
)
NARROW_STOCK = (
    "", "?q=HC-20", "?warehouse=&department=site_far", "?kind=sound", "?item_class=consumable", "?item=HC-20031",
    "?stock=coming", "?stock=low", "?stock=due",
)  # fmt: skip
NARROW_DAYS = tuple(
    f"?{SPAN}" + (f"&{more[1:]}" if more else "") for more in NARROW_STOCK if "stock=" not in more
)
NARROW_BOOK = (*NARROW_DAYS, f"?{SPAN}&direction=in&category=purchase_in")
# act -> (the door, on the near document, on the far one)
ON_DOCUMENT: dict[str, tuple[str, Roles, Roles, Roles]] = {
    "save": ("POST", MAKES, MAKES, CHIEF),
    "edit": ("POST", MAKES, MAKES, CHIEF),
    "abandon": ("POST", MAKES, MAKES, CHIEF),
    "void": (ASK, MAKES, ACCOUNTS, CHIEF),
    "audit": ("POST", ACCOUNTS, ACCOUNTS, CHIEF),
    "unaudit": (ASK, ACCOUNTS, ACCOUNTS, CHIEF),
    "red": (ASK, MAKES, MAKES, CHIEF),
    "claim": (ASK, MAKES, MAKES, CHIEF),
}
ON_TRANSFER: dict[str, tuple[str, Roles, Roles, Roles]] = {
    "save": ("POST", TRANSFERS, TRANSFERS, PLANS),
    "edit": ("POST", TRANSFERS, TRANSFERS, PLANS),
    "abandon": ("POST", TRANSFERS, TRANSFERS, PLANS),
    "void": (ASK, TRANSFERS, TRANSFERS, PLANS),
    "audit": ("POST", TRANSFERS, TRANSFERS, PLANS),
    "unaudit": (ASK, TRANSFERS, TRANSFERS, PLANS),
}


def _page_acts() -> list[Row]:
    found = [
        Row(f"stock-document-{act}", door, methods=methods, takes=DOCUMENTS, acts=_acts(near, far))
        for act, (methods, door, near, far) in ON_DOCUMENT.items()
    ]
    return found + [
        Row(f"stock-transfer-{act}", door, methods=methods, takes=PAPERS, acts=_moves(near, far))
        for act, (methods, door, near, far) in ON_TRANSFER.items()
    ]


def _api_acts() -> list[Row]:
    found = [
        api(
            f"stock-document-{act}",
            door,
            methods="POST",
            takes=DOCUMENTS,
            acts=_acts(near, far),
            sends=SENDS.get(act),
        )
        for act, (_methods, door, near, far) in ON_DOCUMENT.items()
    ]
    return found + [
        api(
            f"stock-transfer-{act}",
            door,
            methods="POST",
            takes=PAPERS,
            acts=_moves(near, far),
            sends=SENDS.get(act),
        )
        for act, (_methods, door, near, far) in ON_TRANSFER.items()
    ]


def _book(name: str, narrow: tuple[str, ...]) -> list[Row]:
    return [
        Row(f"stock-{name}", READ, lists=STOCK, narrow=narrow),
        Row(f"stock-{name}-export", EXPORTS, methods="POST", lists=STOCK, narrow=narrow[:1]),
        Row(f"stock-{name}-pdf", READ, page=False),
        api(f"stock-{name}-list", READ, lists=STOCK, narrow=narrow),
    ]


SENDS: dict[str, Any] = {
    "void": reason,
    "red": lambda world: {"reason": "arrived"},
    "claim": lambda world: {"waybill": "0"},
}
ROWS = [
    Row("stock-document-list", READ, lists=DOCUMENTS, narrow=NARROW),
    Row("stock-document-export", EXPORTS, methods="POST", lists=DOCUMENTS),
    Row("stock-document-new", MAKES, methods=ASK),
    Row("stock-document-read-lines", MAKES, methods="POST"),
    Row("stock-document", READ, takes=DOCUMENTS),
    Row("stock-document-attach", MAKES, methods="POST", takes=DOCUMENTS, acts=_acts(MAKES, CHIEF)),
    Row("stock-document-print", READ, methods="POST", takes=DOCUMENTS),
    Row("stock-document-pdf", READ, takes=DOCUMENTS, page=False, alike="reads the same as the document's page"),
    Row("stock-document-delivery", READ, takes=DOCUMENTS, page=False, alike="reads the same as the document's page"),
    Row("stock-transfer-attach", TRANSFERS, methods="POST", takes=PAPERS, acts=_moves(TRANSFERS, PLANS)),
    Row("stock-transfer-list", READ, lists=PAPERS, narrow=NARROW_WAYS),
    Row("stock-transfer-export", EXPORTS, methods="POST", lists=PAPERS),
    Row("stock-transfer-negotiated", EXPORTS, methods="POST", page=False),
    Row("stock-transfer-new", TRANSFERS, methods=ASK),
    Row("stock-transfer-read-lines", TRANSFERS, methods="POST"),
    Row("stock-transfer", READ, takes=PAPERS),
    Row("stock-transfer-print", READ, methods="POST", takes=PAPERS),
    Row("stock-transfer-pdf", READ, takes=PAPERS, page=False, alike="reads the same as the transfer's page"),
    Row("stock-transfer-receive-rest", READ, methods=ASK, takes=PAPERS, acts=_moves(ACCOUNTS, CHIEF)),
    Row("stock-transfer-loss", READ, methods=ASK, takes=PAPERS, acts=_moves(MAKES, CHIEF)),
    Row("stock-document-approve", MANAGER, methods=ASK, takes=("east document", *DOCUMENTS)),
    *_page_acts(),
    *_book("on-hand", NARROW_STOCK),
    *_book("in-out", NARROW_DAYS),
    *_book("day-book", NARROW_BOOK),
    *count_rows(),
    *request_rows(),
    Row("stock-in-transit", READ),
    Row("stock-months", READ),
    Row("stock-month-close", CHIEF, methods=ASK, takes=("month",)),
    Row("stock-month-reopen", CHIEF, methods=ASK, takes=("month",)),
    Row("stock-place", MAKES, methods=ASK, takes=("near place", "far place"),
        acts={"near place": MAKES, "far place": CHIEF}),
    Row("stock-item-list", READ, narrow=("", "?stock=none")),
    Row("stock-item-export", EXPORTS, methods="POST"),
    Row("stock-item-new", CHIEF, methods=ASK),
    Row("stock-item-import", CHIEF, methods=ASK),
    Row("stock-item-known", READ, query="?code=GJ-01042", page=False),
    Row("stock-item-pick", READ, query="?q=GJ"),
    Row("stock-line-card", READ, query="?item=GJ-01042&warehouse=BP-W&quantity=1&direction=in&line=1"),
    Row("stock-item", READ, takes=("item",)),
    Row("stock-item-change", CHIEF, methods=ASK, takes=("item",)),
    Row("stock-item-card", READ, takes=("item",), query=f"?{SPAN}"),
    Row("stock-item-card-export", EXPORTS, methods="POST", takes=("item",)),
    Row("stock-item-card-pdf", NEAR, takes=("item",), page=False),
    Row("stock-supplier-list", READ),
    Row("stock-supplier-export", EXPORTS, methods="POST"),
    Row("stock-supplier-new", ACCOUNTS, methods=ASK),
    Row("stock-supplier-change", ACCOUNTS, methods=ASK, takes=("supplier",)),
    Row("stock-warehouse-list", READ, lists=STORES, narrow=("", "?kind=sound", "?department=site_far")),
    Row("stock-warehouse-new", WAREHOUSES, methods=ASK),
    Row("stock-warehouse-change", WAREHOUSES, methods=ASK, takes=STORES),
    Row("stock-opening", ACCOUNTS, methods=ASK),
    Row("stock-sample", ACCOUNTS, methods="POST", takes=("sample",), page=False),
    api("stock-document-list", READ, lists=DOCUMENTS, narrow=NARROW),
    api("stock-document-list", MAKES, methods="POST"),
    api("stock-document-categories", READ),
    api("stock-document-detail", READ, takes=DOCUMENTS),
    api("stock-transfer-list", READ, lists=PAPERS, narrow=NARROW_WAYS),
    api("stock-transfer-list", TRANSFERS, methods="POST"),
    api("stock-transfer-detail", READ, takes=PAPERS),
    api("stock-transfer-receive-rest", READ, methods="POST", takes=PAPERS, acts=_moves(ACCOUNTS, CHIEF)),
    api("stock-transfer-transit-loss", READ, methods="POST", takes=PAPERS, acts=_moves(MAKES, CHIEF),
        sends=lambda world: {"remarks": "丢失"}),
    api("stock-document-approve", MANAGER, methods="POST", takes=("east document", *DOCUMENTS)),
    *_api_acts(),
    api("stock-in-transit-list", READ),
    api("stock-item-list", READ),
    api("stock-item-list", CHIEF, methods="POST"),
    api("stock-item-load", CHIEF, methods="POST"),
    api("stock-document-opening", ACCOUNTS, methods="POST"),
    api("stock-item-detail", READ, takes=("item",)),
    api("stock-item-change", CHIEF, methods="POST", takes=("item",)),
    api("stock-item-card", NEAR, takes=("item",), query=f"?warehouse=BP-W&{SPAN}"),
    api("stock-supplier-list", READ),
    api("stock-supplier-list", ACCOUNTS, methods="POST"),
    api("stock-supplier-detail", READ, takes=("supplier",)),
    api("stock-supplier-change", ACCOUNTS, methods="POST", takes=("supplier",)),
    api("stock-warehouse-list", READ, lists=STORES, narrow=("", "?kind=sound", "?department=site_far")),
    api("stock-warehouse-list", WAREHOUSES, methods="POST"),
    api("stock-warehouse-detail", READ, takes=STORES),
    api("stock-warehouse-change", WAREHOUSES, methods="POST", takes=STORES),
    api("stock-warehouse-place", MAKES, methods="POST", takes=STORES,
        acts={"near store": MAKES, "far store": CHIEF}),
]  # fmt: skip

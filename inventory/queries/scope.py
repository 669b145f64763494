"""Which warehouses, documents and transfers a person may see, and where one may draft (INV-02, INV-06, ORG-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from inventory.choices import WarehouseKind
from inventory.domain.policy import SitePolicy, StockPolicy
from inventory.models import Document, Item, Supplier, Transfer, Warehouse
from inventory.permissions import Right, may
from organization.choices import DepartmentKind
from organization.models import Department
from organization.queries import ids_of, within
from servicecenter import policies
from servicecenter.clock import now_db
from servicecenter.models import ClockTimestamp, Policy

RULES, SITE = "inventory.rules", "inventory.site"


def warehouse_ids(user: Any) -> list[int] | None:
    """Ids of the warehouses the user sees: None is all (INV-02 lets accountants read every department's), [] none."""
    if user.has_right(Right.VIEW_ALL_STOCK):
        return None
    paths = user.rights.paths(Right.VIEW_STOCK)
    if not paths:
        return []
    rows = Warehouse.objects.filter(within(paths)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def warehouses_visible_to(user: Any) -> QuerySet[Warehouse]:
    """The warehouses of the own departments and below, or all."""
    rows = Warehouse.objects.select_related("department")
    ids = warehouse_ids(user)
    return rows if ids is None else rows.filter(pk__in=ids)


def documents_visible_to(user: Any) -> QuerySet[Document]:
    """Documents of the visible warehouses, and both sides of the transfers that touch them (INV-42)."""
    rows = Document.objects.all()
    ids = warehouse_ids(user)
    if ids is None:
        return rows
    if not ids:
        return rows.none()
    touching = Transfer.objects.filter(Q(source_id__in=ids) | Q(target_id__in=ids)).values("pk")
    return rows.filter(Q(warehouse_id__in=ids) | Q(transfer_id__in=touching))


def transfers_visible_to(user: Any) -> QuerySet[Transfer]:
    """Transfers from or to a visible warehouse."""
    rows = Transfer.objects.all()
    ids = warehouse_ids(user)
    return rows if ids is None else rows.filter(Q(source_id__in=ids) | Q(target_id__in=ids))


def items_visible_to(user: Any) -> QuerySet[Item]:
    """The whole list of items for those who see stock."""
    rows = Item.objects.all()
    return rows if user.has_right(Right.VIEW_STOCK) else rows.none()


def suppliers_visible_to(user: Any) -> QuerySet[Supplier]:
    """The whole list of suppliers for those who see stock."""
    rows = Supplier.objects.all()
    return rows if user.has_right(Right.VIEW_STOCK) else rows.none()


def stock_policy(*, at: datetime | None = None) -> StockPolicy:
    """The switches of the book's readings (INV-Q1 to INV-Q5) at an instant."""
    found: StockPolicy = policies.value(RULES, at=at or now_db())
    return found


def site_policy(department: Department, *, at: datetime | None = None) -> SitePolicy:
    """Who keeps the books of a site (INV-07)."""
    found: SitePolicy = policies.value(SITE, at=at or now_db(), key=department.code)
    return found


def drafts(user: Any | None, warehouse: Warehouse, *, at: datetime | None = None) -> bool:
    """May this user make and change documents of the warehouse (INV-07): the department's accountant always, the
    storekeeper where the site keeps its own books."""
    if may(user, Right.DRAFT_DOCUMENT, warehouse):
        return True
    return may(user, Right.DRAFT_FOR_SITE, warehouse) and site_policy(warehouse.department, at=at).site_drafts


def warehouses_to_draft(user: Any) -> QuerySet[Warehouse]:
    """The open warehouses where the user may begin a document by hand."""
    rows = Warehouse.objects.select_related("department").filter(closed_on=None)
    rows = rows.exclude(kind=WarehouseKind.TRANSIT)
    own = within(user.rights.paths(Right.DRAFT_DOCUMENT))
    as_keeper = user.rights.paths(Right.DRAFT_FOR_SITE)
    if not as_keeper:
        return rows.filter(own)
    newest = (
        Policy.objects.filter(code=SITE, valid_from__lte=ClockTimestamp())
        .order_by("key", "-valid_from", "-version")
        .distinct("key")
    )
    held: dict[str, SitePolicy] = {row.key: policies.parse(SITE, row.value) for row in newest}
    general = held.pop("", SitePolicy()).site_drafts
    differing = [code for code, policy in held.items() if policy.site_drafts != general]
    sites = within(as_keeper) & (
        ~Q(department__code__in=differing) if general else Q(department__code__in=differing)
    )
    return rows.filter(own | sites)


def warehouses_to_count(user: Any) -> QuerySet[Warehouse]:
    """The open warehouses of the own departments and below, whoever keeps their books (INV-50, INV-51)."""
    paths = [*user.rights.paths(Right.DRAFT_DOCUMENT), *user.rights.paths(Right.DRAFT_FOR_SITE)]
    rows = Warehouse.objects.select_related("department").filter(within(paths), closed_on=None)
    return rows.order_by("department__path", "code")


def business_departments(*warehouses: Warehouse) -> list[int]:
    """The business department of each warehouse: the nearest 业务部 above it, else its own department (INV-05)."""
    above = [ids_of(warehouse.department.path) for warehouse in warehouses]
    field = set(
        Department.objects.filter(
            pk__in={pk for path in above for pk in path}, kind=DepartmentKind.FIELD_BUSINESS
        ).values_list("pk", flat=True)
    )
    return [
        next((pk for pk in reversed(path) if pk in field), warehouse.department_id)
        for path, warehouse in zip(above, warehouses, strict=True)
    ]

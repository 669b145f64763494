"""Rights of the stock, and who may do what where (INV-01 to INV-06). Which rows one sees: `queries.scope`."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from inventory.models import Warehouse
from servicecenter import permissions as ground


class Right(StrEnum):
    """The rights, as roles hold them. Each is held for a department and what lies below it."""

    VIEW_STOCK = "inventory.view_stock"
    VIEW_ALL_STOCK = "inventory.view_all_stock"
    DRAFT_DOCUMENT = "inventory.draft_document"
    DRAFT_FOR_SITE = "inventory.draft_for_site"
    AUDIT_DOCUMENT = "inventory.audit_document"
    APPROVE_DOCUMENT = "inventory.approve_document"
    DRAFT_TRANSFER = "inventory.draft_transfer"
    AUDIT_TRANSFER = "inventory.audit_transfer"
    PLAN_TRANSFER = "inventory.plan_transfer"
    BACKDATE = "inventory.backdate"
    EDIT_ITEMS = "inventory.edit_items"
    EDIT_SUPPLIERS = "inventory.edit_suppliers"
    EDIT_WAREHOUSES = "inventory.edit_warehouses"
    IMPORT_OPENING = "inventory.import_opening"
    CLOSE_PERIOD = "inventory.close_period"
    REOPEN_PERIOD = "inventory.reopen_period"


def may(user: Any | None, right: str, warehouse: Warehouse | None = None) -> bool:
    """Whether the user holds the right, for the warehouse's department when one is named; the system may all."""
    if user is None:
        return True
    return bool(user.has_right(right, warehouse.department if warehouse is not None else None))


def can_draft(user: Any | None, warehouse: Warehouse | None = None) -> bool:
    """Make and change documents of the warehouse: its storekeeper, the department's accountant, or anywhere when None.

    Whether the site keeps its own books (INV-07) is asked by the service, which knows the policy.
    """
    return may(user, Right.DRAFT_DOCUMENT, warehouse) or may(user, Right.DRAFT_FOR_SITE, warehouse)


def can_audit(user: Any | None, warehouse: Warehouse) -> bool:
    """Audit and un-audit the warehouse's documents: own department, or business management for all (INV-04)."""
    return may(user, Right.AUDIT_DOCUMENT, warehouse)


def can_approve(user: Any | None, warehouse: Warehouse) -> bool:
    """Approve scrapping and losses of the department (INV-32)."""
    return may(user, Right.APPROVE_DOCUMENT, warehouse)


def can_void(user: Any | None, document: Any) -> bool:
    """Delete what is not audited: its maker, or whoever may audit there (INV-14)."""
    if user is None:
        return True
    made_it = document.created_by_id == user.pk and can_draft(user, document.warehouse)
    return made_it or can_audit(user, document.warehouse)


def can_backdate(user: Any | None, warehouse: Warehouse) -> bool:
    """Give a document an earlier date than today's (LED-05)."""
    return may(user, Right.BACKDATE, warehouse)


def can_plan_transfer(user: Any | None) -> bool:
    """Transfers across departments (INV-03): planning and accounting of business management."""
    return may(user, Right.PLAN_TRANSFER)


def can_edit_items(user: Any | None) -> bool:
    """Make item codes: business management alone (INV-16)."""
    return may(user, Right.EDIT_ITEMS)


def can_edit_suppliers(user: Any | None) -> bool:
    """Keep the suppliers."""
    return may(user, Right.EDIT_SUPPLIERS)


def can_edit_warehouses(user: Any | None) -> bool:
    """Open and close warehouses."""
    return may(user, Right.EDIT_WAREHOUSES)


def can_import_opening(user: Any | None, warehouse: Warehouse | None = None) -> bool:
    """Load the opening stock."""
    return may(user, Right.IMPORT_OPENING, warehouse)


def can_close_period(user: Any | None) -> bool:
    """Close a month (LED-08)."""
    return may(user, Right.CLOSE_PERIOD)


def can_reopen_period(user: Any | None) -> bool:
    """Open the latest closed month again (LED-08)."""
    return may(user, Right.REOPEN_PERIOD)


def can_export(user: Any) -> bool:
    """Take lists away as files (PRV-04, INV-02)."""
    return ground.can_export(user)

"""The stock in Django's admin (administrators alone): to look at; it has its own pages for every act."""

from __future__ import annotations

from django.contrib import admin

from inventory.models import (
    Balance,
    CategoryRule,
    Document,
    Item,
    ItemRequest,
    LedgerEntry,
    Period,
    Supplier,
    Transfer,
    Warehouse,
)
from servicecenter.admin import ReadOnlyAdmin


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    """Item codes."""

    list_display = ("code", "__str__", "item_class", "repair_class", "unit", "closed_on")
    list_filter = ("item_class", "repair_class")
    search_fields = ("code", "name_key")


@admin.register(ItemRequest)
class ItemRequestAdmin(ReadOnlyAdmin):
    """Requests for item codes."""

    list_display = ("number", "name", "spec", "state", "warehouse", "item")
    list_filter = ("state", "item_class")
    search_fields = ("number", "name")


@admin.register(Supplier)
class SupplierAdmin(ReadOnlyAdmin):
    """Suppliers."""

    list_display = ("code", "name", "contact", "closed_on")
    search_fields = ("code", "name", "name_key")


@admin.register(Warehouse)
class WarehouseAdmin(ReadOnlyAdmin):
    """Warehouses and where they belong."""

    list_display = ("code", "__str__", "kind", "department", "closed_on")
    list_filter = ("kind",)
    search_fields = ("code",)


@admin.register(CategoryRule)
class CategoryRuleAdmin(ReadOnlyAdmin):
    """The table of categories as the database guards it (LED-13)."""

    list_display = ("category", "warehouse_kind", "direction", "colour", "is_transfer")
    list_filter = ("direction", "colour")


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Stock documents."""

    list_display = ("number", "category", "colour", "state", "warehouse", "business_date")
    list_filter = ("state", "colour", "category")
    search_fields = ("number",)


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    """Transfers."""

    list_display = ("number", "kind", "state", "source", "target", "business_date")
    list_filter = ("state", "kind")
    search_fields = ("number",)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """The ledger, append-only (LED-01)."""

    list_display = (
        "document",
        "line",
        "posting_number",
        "leg",
        "warehouse",
        "item",
        "quantity",
        "business_date",
    )
    search_fields = ("document__number", "item__code")


@admin.register(Balance)
class BalanceAdmin(ReadOnlyAdmin):
    """What lies where, as the database keeps it (LED-03)."""

    list_display = ("warehouse", "item", "quantity")
    search_fields = ("item__code", "warehouse__code")


@admin.register(Period)
class PeriodAdmin(ReadOnlyAdmin):
    """Months, open and closed (LED-08)."""

    list_display = ("month", "state", "closed_at", "closed_by")
    list_filter = ("state",)

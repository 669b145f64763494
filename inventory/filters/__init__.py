"""One set of filters for pages, API, exports and saved views; ordering is not their business (D12)."""

from inventory.filters.books import InOutFilter, LedgerFilter, OnHandFilter, days_of
from inventory.filters.catalogue import ItemFilter, ItemRequestFilter, SupplierFilter, WarehouseListFilter
from inventory.filters.papers import (
    WAITING,
    CountLineFilter,
    DocumentFilter,
    StocktakeFilter,
    TransferFilter,
)

__all__ = [
    "WAITING",
    "CountLineFilter",
    "DocumentFilter",
    "InOutFilter",
    "ItemFilter",
    "ItemRequestFilter",
    "LedgerFilter",
    "OnHandFilter",
    "StocktakeFilter",
    "SupplierFilter",
    "TransferFilter",
    "WarehouseListFilter",
    "days_of",
]

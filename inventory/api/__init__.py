"""The stock's API: documents and transfers with every act on them, the books, items, suppliers, warehouses."""

from typing import Any

from inventory.api.books import DayBookViewSet, InOutViewSet, InTransitViewSet, OnHandViewSet
from inventory.api.catalogue import ItemViewSet, SupplierViewSet, WarehouseViewSet
from inventory.api.counts import StocktakeViewSet
from inventory.api.documents import DocumentViewSet
from inventory.api.requests import ItemRequestViewSet
from inventory.api.transfers import TransferViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("stock/documents", DocumentViewSet, "stock-document"),
    ("stock/transfers", TransferViewSet, "stock-transfer"),
    ("stock/counts", StocktakeViewSet, "stock-count"),
    ("stock/on-hand", OnHandViewSet, "stock-on-hand"),
    ("stock/in-out", InOutViewSet, "stock-in-out"),
    ("stock/day-book", DayBookViewSet, "stock-day-book"),
    ("stock/in-transit", InTransitViewSet, "stock-in-transit"),
    ("stock/items", ItemViewSet, "stock-item"),
    ("stock/item-requests", ItemRequestViewSet, "stock-item-request"),
    ("stock/suppliers", SupplierViewSet, "stock-supplier"),
    ("stock/warehouses", WarehouseViewSet, "stock-warehouse"),
]

"""The rows of the stock."""

from inventory.models.catalogue import CategoryRule, Item, Place, Supplier, Warehouse
from inventory.models.counts import Stocktake, StocktakeLine
from inventory.models.documents import Document, DocumentLine, Transfer, TransferLine
from inventory.models.ledger import Balance, LedgerEntry, Period, PeriodBalance
from inventory.models.requests import ItemRequest

__all__ = [
    "Balance",
    "CategoryRule",
    "Document",
    "DocumentLine",
    "Item",
    "ItemRequest",
    "LedgerEntry",
    "Period",
    "PeriodBalance",
    "Place",
    "Stocktake",
    "StocktakeLine",
    "Supplier",
    "Transfer",
    "TransferLine",
    "Warehouse",
]

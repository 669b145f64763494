"""The columns of the stock's lists as files: what the page shows, with quantity and place of every item (INV-09)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory import titles
from servicecenter.spreadsheet import Column


def _shown(name: str) -> Any:
    """The label of a choice in the reader's language."""
    return lambda row: str(getattr(row, f"get_{name}_display")())


def _of(path: str, name: str) -> Any:
    def value(row: Any) -> str:
        for part in path.split("."):
            row = getattr(row, part)
        return str(getattr(row, f"get_{name}_display")())

    return value


DOCUMENT_COLUMNS = (
    Column(_("Number"), "number", width=18),
    Column(_("Date"), "business_date", "date", 12),
    Column(_("Category"), _shown("category"), width=20),
    Column(_("Colour"), _shown("colour"), width=10),
    Column(_("State"), _shown("state"), width=10),
    Column(_("Department"), "warehouse.department.name", width=18),
    Column(_("Warehouse"), "warehouse.name", width=22),
    Column(_("Supplier"), "supplier.name", width=24),
    Column(_("Requisition"), "requisition", width=16),
    Column(_("Original document"), "original.number", width=18),
    Column(_("Stock transfer"), "transfer.number", width=18),
    Column(_("Remarks"), "remarks", width=30),
    Column(_("Made by"), "created_by.name", width=10),
    Column(_("Made at"), "created_at", "moment", 17),
    Column(_("Audited by"), "audited_by.name", width=10),
    Column(_("Audited at"), "audited_at", "moment", 17),
)
TRANSFER_COLUMNS = (
    Column(_("Number"), "number", width=18),
    Column(_("Date"), "business_date", "date", 12),
    Column(_("Source"), _shown("kind"), width=16),
    Column(_("State"), _shown("state"), width=10),
    Column(_("From warehouse"), "source.name", width=24),
    Column(_("To warehouse"), "target.name", width=24),
    Column(_("Requisition"), "requisition", width=16),
    Column(_("Remarks"), "remarks", width=36),
    Column(_("Made by"), "created_by.name", width=10),
    Column(_("Audited by"), "audited_by.name", width=10),
    Column(_("Audited at"), "audited_at", "moment", 17),
)
ITEM_OF_ROW = (
    Column(_("Item code"), "item.code", width=14),
    Column(_("Item name"), "item.name", width=24),
    Column(_("Specification"), "item.spec", width=20),
    Column(_("Unit"), "item.unit", width=8),
)
PLACE_OF_ROW = (
    Column(_("Department"), "warehouse.department.name", width=18),
    Column(_("Warehouse"), "warehouse.name", width=22),
    Column(_("Kind of warehouse"), _of("warehouse", "kind"), width=12),
)
ON_HAND_COLUMNS = (
    *PLACE_OF_ROW,
    *ITEM_OF_ROW,
    Column(_("Item class"), _of("item", "item_class"), width=14),
    Column(_("On hand"), "quantity", "quantity", 14),
    Column(_("In transit"), "coming", "quantity", 14),
    Column(_("Location"), "location", width=16),
    Column(_("Least reserve"), "item.reserve_least", "quantity", 12),
    Column(_("Greatest reserve"), "item.reserve_most", "quantity", 12),
)
IN_OUT_COLUMNS = (
    *PLACE_OF_ROW,
    *ITEM_OF_ROW,
    Column(_("Opening"), "opening", "quantity", 14),
    Column(_("In"), "incoming", "quantity", 14),
    Column(_("Out"), "outgoing", "quantity", 14),
    Column(_("Closing"), "closing", "quantity", 14),
)
DAY_BOOK_COLUMNS = (
    Column(_("Date"), "business_date", "date", 12),
    Column(_("Document"), "document.number", width=18),
    Column(_("Category"), _of("document", "category"), width=20),
    *PLACE_OF_ROW,
    *ITEM_OF_ROW,
    Column(_("In"), "incoming", "quantity", 14),
    Column(_("Out"), "outgoing", "quantity", 14),
    Column(_("Stock transfer"), "document.transfer.number", width=18),
    Column(_("Remarks"), "document.remarks", width=30),
    Column(_("Posted at"), "posted_at", "moment", 17),
    Column(_("Posted by"), "posted_by.name", width=10),
)
_PAPER_PLACE = Column(_("Warehouse"), lambda row: titles.of_warehouse(row.warehouse), width=22)
# What of a book lies on paper: as much as a sheet across can hold.
ON_HAND_PAPER = (_PAPER_PLACE, *ON_HAND_COLUMNS[3:7], *ON_HAND_COLUMNS[8:])
IN_OUT_PAPER = (_PAPER_PLACE, *IN_OUT_COLUMNS[3:])
DAY_BOOK_PAPER = (*DAY_BOOK_COLUMNS[:3], _PAPER_PLACE, *DAY_BOOK_COLUMNS[6:12], *DAY_BOOK_COLUMNS[12:14])
_COUNT_OF = (
    Column(_("Line"), "ordinal", width=6),
    *ITEM_OF_ROW,
    Column(_("Location"), "location", width=16),
)
_BOOK = Column(_("Book quantity"), "book", "quantity", 14)
_COUNTED = Column(_("Counted quantity"), "counted", "quantity", 14)
_EXPLAINED = (
    Column(
        _("Cause of the difference"), lambda row: str(row.get_cause_display()) if row.cause else "", width=22
    ),
    Column(_("Explanation"), "reason", width=30),
)
_COUNTED_BY = (
    Column(_("Counted by"), "counted_by.name", width=10),
    Column(_("Counted at"), "counted_at", "moment", 17),
)
COUNT_COLUMNS = (
    *_COUNT_OF,
    _BOOK,
    _COUNTED,
    Column(_("Difference"), "difference", "quantity", 14),
    *_EXPLAINED,
    *_COUNTED_BY,
)
COUNT_COLUMNS_BLIND = (*_COUNT_OF, _COUNTED, *_COUNTED_BY)
COUNT_PAPER = (*COUNT_COLUMNS[:-2],)
COUNT_PAPER_BLIND = (*_COUNT_OF, _COUNTED, Column(_("Remarks"), lambda row: "", width=30))
CARD_COLUMNS = (
    Column(_("Date"), "entry.business_date", "date", 12),
    Column(_("Document"), "entry.document.number", width=18),
    Column(_("Category"), _of("entry.document", "category"), width=20),
    Column(_("In"), "incoming", "quantity", 14),
    Column(_("Out"), "outgoing", "quantity", 14),
    Column(_("On hand"), "running", "quantity", 14),
    Column(_("Posted at"), "entry.posted_at", "moment", 17),
    Column(_("Posted by"), "entry.posted_by.name", width=10),
    Column(_("Remarks"), "entry.document.remarks", width=30),
)
ITEM_COLUMNS = (
    Column(_("Item code"), "code", width=14),
    Column(_("Item name"), "name", width=24),
    Column(_("Specification"), "spec", width=22),
    Column(_("Item class"), _shown("item_class"), width=16),
    Column(_("Unit"), "unit", width=8),
    Column(_("Auxiliary unit"), "aux_unit", width=10),
    Column(_("Units in one auxiliary unit"), "aux_factor", "quantity", 12),
    Column(_("Repair class"), _shown("repair_class"), width=18),
    Column(_("Least reserve"), "reserve_least", "quantity", 12),
    Column(_("Greatest reserve"), "reserve_most", "quantity", 12),
    Column(_("No longer used from"), "closed_on", "date", 12),
)
SUPPLIER_COLUMNS = (
    Column(_("Supplier code"), "code", width=14),
    Column(_("Supplier"), "name", width=30),
    Column(_("Contact person"), "contact", width=14),
    Column(_("Telephone"), "telephone", width=16),
    Column(_("Remarks"), "remarks", width=30),
    Column(_("No longer used from"), "closed_on", "date", 12),
)

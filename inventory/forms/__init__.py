"""The shape of the stock's input; rules are the services' business."""

from inventory.forms.catalogue import (
    FileForm,
    ItemForm,
    OpeningForm,
    PlaceForm,
    SupplierForm,
    WarehouseForm,
)
from inventory.forms.document import DocumentForm, RedForm, TransferForm
from inventory.forms.lines import Grid, Row
from inventory.forms.parts import ActForm, ConfirmForm, ReasonForm

__all__ = [
    "ActForm",
    "ConfirmForm",
    "DocumentForm",
    "FileForm",
    "Grid",
    "ItemForm",
    "OpeningForm",
    "PlaceForm",
    "ReasonForm",
    "RedForm",
    "Row",
    "SupplierForm",
    "TransferForm",
    "WarehouseForm",
]

"""The shape of the stock's input; rules are the services' business."""

from inventory.forms.catalogue import (
    FileForm,
    ItemForm,
    OpeningForm,
    PlaceForm,
    SupplierForm,
    WarehouseForm,
)
from inventory.forms.counts import CountForm, CountSheet, HandInForm, RecountForm
from inventory.forms.document import DocumentForm, RedForm, TransferForm
from inventory.forms.lines import Grid, Row
from inventory.forms.parts import ActForm, ClaimForm, ConfirmForm, ReasonForm
from inventory.forms.requests import GrantForm, ItemRequestForm

__all__ = [
    "ActForm",
    "ClaimForm",
    "ConfirmForm",
    "CountForm",
    "CountSheet",
    "DocumentForm",
    "FileForm",
    "GrantForm",
    "Grid",
    "HandInForm",
    "ItemForm",
    "ItemRequestForm",
    "OpeningForm",
    "PlaceForm",
    "ReasonForm",
    "RecountForm",
    "RedForm",
    "Row",
    "SupplierForm",
    "TransferForm",
    "WarehouseForm",
]

"""Every write of the stock: a verb, keyword-only, `by=` who."""

from inventory.services.catalogue import (
    add_item,
    add_supplier,
    add_warehouse,
    change_item,
    change_supplier,
    change_warehouse,
    set_place,
)
from inventory.services.claiming import claim_loss
from inventory.services.count_approval import approve_count
from inventory.services.counts import (
    ask_recount,
    begin_count,
    finish_count,
    hand_in_count,
    note_count_print,
    save_counts,
    void_count,
)
from inventory.services.documents import (
    abandon_edit,
    approve_document,
    edit_document,
    note_print,
    save_document,
    void_document,
)
from inventory.services.imports import ItemsImported, OpeningImported, import_items, import_opening
from inventory.services.periods import close_period, reopen_period
from inventory.services.posting import audit_document, unaudit_document
from inventory.services.printing import note_batch
from inventory.services.red import draft_red
from inventory.services.requests import (
    ask_item_code,
    grant_item_request,
    pass_on_item_request,
    refuse_item_request,
    withdraw_item_request,
)
from inventory.services.transfers import (
    abandon_transfer_edit,
    audit_transfer,
    draft_transit_loss,
    edit_transfer,
    receive_rest,
    save_transfer,
    unaudit_transfer,
    void_transfer,
)

__all__ = [
    "ItemsImported",
    "OpeningImported",
    "abandon_edit",
    "abandon_transfer_edit",
    "add_item",
    "add_supplier",
    "add_warehouse",
    "approve_count",
    "approve_document",
    "ask_item_code",
    "ask_recount",
    "audit_document",
    "audit_transfer",
    "begin_count",
    "change_item",
    "change_supplier",
    "change_warehouse",
    "claim_loss",
    "close_period",
    "draft_red",
    "draft_transit_loss",
    "edit_document",
    "edit_transfer",
    "finish_count",
    "grant_item_request",
    "hand_in_count",
    "import_items",
    "import_opening",
    "note_batch",
    "note_count_print",
    "note_print",
    "pass_on_item_request",
    "receive_rest",
    "refuse_item_request",
    "reopen_period",
    "save_counts",
    "save_document",
    "save_transfer",
    "set_place",
    "unaudit_document",
    "unaudit_transfer",
    "void_count",
    "void_document",
    "void_transfer",
    "withdraw_item_request",
]

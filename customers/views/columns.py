"""Columns of exported lists: what the page shows, masked alike (PRV-04)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from customers.models import Customer, Waybill
from servicecenter.kernel.masking import mask_telephone
from servicecenter.spreadsheet import Column


def customer_columns() -> list[Column]:
    """The list of customers."""
    return [
        Column(_("Customer number"), lambda row: row.number),
        Column(_("Customer's name"), lambda row: row.name),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Tier"), lambda row: row.tier),
        Column(_("Standing"), lambda row: row.get_standing_display()),
        Column(_("Difficult customer"), _mark),
        Column(_("Telephone"), _telephone),
        Column(_("Trade"), lambda row: row.trade),
        Column(_("Region"), lambda row: row.region),
        Column(_("Account manager"), lambda row: row.account_manager.name if row.account_manager else ""),
        Column(_("Last shipped on"), lambda row: row.last_shipped_on, "date"),
    ]


def _mark(row: Customer) -> str:
    return "" if row.difficult_mark == "none" else str(row.get_difficult_mark_display())


def _telephone(row: Customer) -> str:
    return next((mask_telephone(telephone.number) for telephone in row.telephones.all()), "")


def waybill_columns() -> list[Column]:
    """The list of waybills."""
    return [
        Column(_("Waybill number"), lambda row: row.number),
        Column(_("Shipped on"), lambda row: row.shipped_on, "date"),
        Column(_("Consignor"), lambda row: row.consignor_name),
        Column(_("Consignor's telephone"), lambda row: mask_telephone(row.consignor_telephone)),
        Column(_("Consignee"), lambda row: row.consignee_name),
        Column(_("Consignee's telephone"), lambda row: mask_telephone(row.consignee_telephone)),
        Column(_("Origin"), lambda row: row.origin_text),
        Column(_("Destination"), lambda row: row.destination_text),
        Column(_("Goods"), lambda row: row.goods),
        Column(_("Pieces"), lambda row: row.pieces, "integer"),
        Column(_("COD money"), lambda row: row.get_cod_state_display()),
        Column(_("COD amount"), lambda row: row.cod_amount, "money"),
        Column(_("Stub"), _stub),
    ]


def _stub(row: Waybill) -> str:
    return str(_("yes")) if row.is_stub else ""

"""What each paper of the stock is called, as its users call it: the heading of page and print."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory.choices import Category
from servicecenter.i18n import FALLBACK

TITLES: dict[str, Any] = {
    Category.PURCHASE_IN: _("Purchase receipt"),
    Category.PETTY_IN: _("Petty purchase receipt"),
    Category.DAMAGE_IN: _("Receipt of damaged goods"),
    Category.REPAIRED_IN: _("Receipt of repaired goods"),
    Category.SOUND_TRANSFER_IN: _("Other receipt (transfer)"),
    Category.DAMAGED_TRANSFER_IN: _("Other receipt (transfer of damaged goods)"),
    Category.OPENING_IN: _("Opening stock sheet"),
    Category.RETURN_IN: _("Return to the sender (red receipt)"),
    Category.SURPLUS_IN: _("Surplus of a count"),
    Category.OWN_USE_OUT: _("Issue for own use"),
    Category.REPAIR_OUT: _("Issue for repair"),
    Category.SCRAP_OUT: _("Issue for scrapping"),
    Category.SOUND_TRANSFER_OUT: _("Other issue (transfer)"),
    Category.DAMAGED_TRANSFER_OUT: _("Other issue (transfer of damaged goods)"),
    Category.TRANSIT_LOSS_OUT: _("Transit loss sheet"),
    Category.RETURN_OUT: _("Return to the store (red issue)"),
    Category.SHORTAGE_OUT: _("Shortage of a count"),
}


def of_warehouse(warehouse: Any) -> str:
    """`北坡现场·完好品库`: the site before the name, unless the name says it already."""
    where = str(warehouse.department.name)
    # a name that is not given in the reader's language stands in simplified characters, and so does the site in it
    said = warehouse.name.startswith((where, warehouse.department.names[FALLBACK]))
    return str(warehouse.name) if said else f"{where}·{warehouse.name}"


def of_category(category: str) -> str:
    """The paper's heading in the reader's language."""
    return str(TITLES[Category(category)])

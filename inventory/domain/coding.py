"""The life of a request for an item code, and what it must say: site, department, business management (INV-16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inventory.choices import ItemClass, PhotoSlot
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.lifecycle import Action, Lifecycle

REQUESTED, PASSED, GRANTED, REFUSED, WITHDRAWN = "requested", "passed", "granted", "refused", "withdrawn"
OPEN = frozenset({REQUESTED, PASSED})
ASK, PASS_ON, REFUSE, DECIDE = (
    "inventory.ask_item",
    "inventory.audit_document",
    "inventory.refuse_item",
    "inventory.edit_items",
)
LENGTHS = {"name": 60, "spec": 120, "unit": 10, "reason": 300}


@dataclass(frozen=True)
class Wanted:
    """Goods that have no code, as their site describes them."""

    warehouse_id: int
    name: str
    spec: str
    unit: str
    item_class: str
    reason: str

    def texts(self) -> dict[str, str]:
        """What was written, without spaces at the ends."""
        return {name: str(getattr(self, name)).strip() for name in LENGTHS}


ITEM_REQUEST = Lifecycle(
    name="itemrequest",
    states=(REQUESTED, PASSED, GRANTED, REFUSED, WITHDRAWN),
    actions=(
        Action("pass_on", frozenset({REQUESTED}), PASSED, right=PASS_ON),
        Action("grant", frozenset({PASSED}), GRANTED, right=DECIDE),
        Action("refuse", OPEN, REFUSED, right=REFUSE, reason_needed=True),
        Action("withdraw", OPEN, WITHDRAWN, right=ASK, reason_needed=True),
    ),
)


def wanted_faults(wanted: Wanted, photos: Mapping[str, Sequence[str]]) -> list[RuleBroken]:
    """Everything that a request lacks: its words, its class, one of its three pictures."""
    texts = wanted.texts()
    found = [
        RuleBroken("document.field_needed", field=name, status=400)
        for name, text in texts.items()
        if not text
    ]
    found += [
        RuleBroken("item.too_long", field=name, status=400, limit=most)
        for name, most in LENGTHS.items()
        if len(texts[name]) > most
    ]
    if wanted.item_class not in ItemClass.values:
        found.append(RuleBroken("item.class", field="item_class", status=400))
    found += [
        RuleBroken("itemrequest.photo_needed", field=slot, status=400, photo_slot=slot)
        for slot in PhotoSlot.values
        if not photos.get(slot)
    ]
    return found

"""Requests for item codes as they are asked and granted (INV-16)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from inventory import queries
from inventory.choices import ItemClass
from inventory.domain.coding import LENGTHS, Wanted
from inventory.forms.catalogue import ItemForm
from inventory.forms.parts import ActForm, WarehouseField
from inventory.models import Warehouse
from servicecenter.forms import Line


class ItemRequestForm(ActForm):
    """Goods without a code; the pictures are uploads beside the fields."""

    warehouse = WarehouseField(
        label=gettext_lazy("Where it lies"), queryset=Warehouse.objects.none(), empty_label=""
    )
    name = Line(label=gettext_lazy("Item name"), max_length=LENGTHS["name"])
    spec = Line(
        label=gettext_lazy("Specification and model"),
        max_length=LENGTHS["spec"],
        help_text=gettext_lazy("As it stands on the nameplate or the packing."),
    )
    unit = Line(label=gettext_lazy("Unit"), max_length=LENGTHS["unit"])
    item_class = forms.ChoiceField(label=gettext_lazy("Item class"), choices=[("", ""), *ItemClass.choices])
    reason = Line(
        label=gettext_lazy("What it is needed for"),
        max_length=LENGTHS["reason"],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = queries.warehouses_to_count(user)
        self.fields["warehouse"].queryset = stores  # type: ignore[attr-defined]
        if "warehouse" not in self.initial and len(found := list(stores[:2])) == 1:
            self.initial["warehouse"] = found[0].code

    def wanted(self) -> Wanted:
        """As the service takes it."""
        said = self.cleaned_data
        texts = {name: said[name] for name in ("name", "spec", "unit", "item_class", "reason")}
        return Wanted(warehouse_id=said["warehouse"].pk, **texts)


class GrantForm(ItemForm):
    """The code to be made, filled in with what was asked."""

    def __init__(self, *args: Any, of: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "version": of.version,
            "name_hans": of.name,
            "spec": of.spec,
            "unit": of.unit,
            "item_class": of.item_class,
            **self.initial,
        }

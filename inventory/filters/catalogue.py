"""Filters of items, requests for item codes, suppliers, warehouses."""

from __future__ import annotations

import django_filters as df
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from inventory import choices, queries
from inventory.filters.parts import ForUser, WarehouseFilter
from inventory.models import Item, ItemRequest, Supplier, Warehouse
from organization.filters import DepartmentFilter
from servicecenter.filtering import YesNoFilter


class ItemFilter(ForUser):
    """Filters of the item master."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    item_class = df.ChoiceFilter(label=_("Item class"), choices=choices.ItemClass.choices, empty_label="")
    repair_class = df.ChoiceFilter(
        label=_("Repair class"), choices=choices.RepairClass.choices, empty_label=""
    )
    stock = df.ChoiceFilter(
        label=_("Stock"),
        method="by_stock",
        choices=[("none", _("nothing on hand, with a reserve"))],
        empty_label="",
    )
    closed = YesNoFilter(
        label=_("No longer used"), field_name="closed_on", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Item
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Item], name: str, value: str) -> QuerySet[Item]:
        """Code, name, pinyin, specification."""
        return queries.search_items(rows, value) if value.strip() else rows

    def by_stock(self, rows: QuerySet[Item], name: str, value: str) -> QuerySet[Item]:
        """Of which a reserve should lie there and nothing does, where the asking user sees stock (INV-93)."""
        return rows.filter(pk__in=queries.items_out_of_stock(self.user).order_by().values("pk"))


class ItemRequestFilter(ForUser):
    """Filters of requests for item codes."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    state = df.ChoiceFilter(
        label=_("State"),
        method="by_state",
        choices=[("mine", _("waiting for me")), *choices.ItemRequestState.choices],
        empty_label="",
    )
    item_class = df.ChoiceFilter(label=_("Item class"), choices=choices.ItemClass.choices, empty_label="")
    warehouse = WarehouseFilter(label=_("Warehouse"), field_name="warehouse")
    department = DepartmentFilter(label=_("Department"), field_name="warehouse__department")

    class Meta:
        model = ItemRequest
        fields: list[str] = []

    def by_text(self, rows: QuerySet[ItemRequest], name: str, value: str) -> QuerySet[ItemRequest]:
        """Number, name, specification, the code that was made."""
        return queries.search_item_requests(rows, value) if value.strip() else rows

    def by_state(self, rows: QuerySet[ItemRequest], name: str, value: str) -> QuerySet[ItemRequest]:
        """One state, or what waits for the asking user."""
        if value == "mine":
            return rows.filter(pk__in=queries.item_requests_waiting_for(self.user).values("pk"))
        return rows.filter(state=value)


class SupplierFilter(ForUser):
    """Filters of suppliers."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)

    class Meta:
        model = Supplier
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Supplier], name: str, value: str) -> QuerySet[Supplier]:
        """Code, name, pinyin."""
        return queries.search_suppliers(rows, value) if value.strip() else rows


class WarehouseListFilter(ForUser):
    """Filters of warehouses."""

    kind = df.ChoiceFilter(
        label=_("Kind of warehouse"), choices=choices.WarehouseKind.choices, empty_label=""
    )
    department = DepartmentFilter(label=_("Department"), field_name="department")

    class Meta:
        model = Warehouse
        fields: list[str] = []

"""Filters of the books: on hand, in-out balance, day book; and the days of a book."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as df
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from inventory import choices, queries
from inventory.filters.parts import ForUser, WarehouseFilter
from inventory.models import Balance, Item, LedgerEntry
from organization.filters import DepartmentFilter


class OfBooks(ForUser):
    """What every book is narrowed by: place, item, class."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    warehouse = WarehouseFilter(label=_("Warehouse"), field_name="warehouse")
    department = DepartmentFilter(label=_("Department"), field_name="warehouse__department")
    kind = df.ChoiceFilter(
        label=_("Kind of warehouse"),
        field_name="warehouse__kind",
        choices=choices.WarehouseKind.choices,
        empty_label="",
    )
    item_class = df.ChoiceFilter(
        label=_("Item class"),
        field_name="item__item_class",
        choices=choices.ItemClass.choices,
        empty_label="",
    )
    item = df.CharFilter(label=_("Item code"), field_name="item__code", lookup_expr="iexact")

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Items by code, name, pinyin or specification."""
        if not value.strip():
            return rows
        return rows.filter(item__in=queries.search_items(Item.objects.all(), value))


class OnHandFilter(OfBooks):
    """Filters of the stock on hand."""

    stock = df.ChoiceFilter(
        label=_("Stock"),
        method="by_stock",
        choices=[
            ("low", _("below the reserve")),
            ("high", _("above the reserve")),
            ("coming", _("something on its way")),
            ("due", _("damaged, due to go back")),
        ],
        empty_label="",
    )

    class Meta:
        model = Balance
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Balance]) -> QuerySet[Balance]:
        """What lies there; of low stock also what there is nothing of any more."""
        rows: QuerySet[Balance] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("stock") == "low" else rows.filter(quantity__gt=0)

    def by_stock(self, rows: QuerySet[Balance], name: str, value: str) -> QuerySet[Balance]:
        """By how much there is; a reserve is of sound goods, and damaged ones go back after their days (INV-102)."""
        if value == "due":
            return queries.with_due(rows).filter(queries.IS_DUE)
        wanted = {
            "low": queries.IS_LOW,
            "high": Q(item__reserve_most__lt=F("quantity"), warehouse__kind=choices.WarehouseKind.SOUND),
            "coming": Q(coming__gt=0),
        }
        return rows.filter(wanted[value])


class InOutFilter(OfBooks):
    """Filters of the in-out balance; its days are the page's own."""

    class Meta:
        model = Balance
        fields: list[str] = []


class LedgerFilter(OfBooks):
    """Filters of the day book; its days are the page's own."""

    direction = df.ChoiceFilter(
        label=_("In or out"),
        field_name="document__direction",
        choices=choices.Direction.choices,
        empty_label="",
    )
    category = df.ChoiceFilter(
        label=_("Category"), field_name="document__category", choices=choices.Category.choices, empty_label=""
    )

    class Meta:
        model = LedgerEntry
        fields: list[str] = []


def days_of(first: str, last: str, *, today: date, month: bool) -> tuple[date, date]:
    """The days of a book from the address: ISO texts, else today's month (or today); in order, at most a year."""
    begin = _day(first) or (today.replace(day=1) if month else today)
    end = _day(last) or (today if begin <= today else begin)
    if end < begin:
        begin, end = end, begin
    if (end - begin).days > 366:
        end = date.fromordinal(begin.toordinal() + 366)
    return begin, end


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None

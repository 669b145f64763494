"""Filters of documents, transfers, counts and their lines."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from inventory import choices, queries
from inventory.domain import counting
from inventory.filters.parts import ForUser, WarehouseFilter, day_range
from inventory.models import Document, DocumentLine, Item, Stocktake, StocktakeLine, Transfer, TransferLine
from organization.filters import DepartmentFilter
from servicecenter.filtering import YesNoFilter

WAITING = "waiting"


class DocumentFilter(ForUser):
    """Filters of stock documents."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    direction = df.ChoiceFilter(label=_("In or out"), choices=choices.Direction.choices, empty_label="")
    category = df.ChoiceFilter(label=_("Category"), choices=choices.Category.choices, empty_label="")
    state = df.ChoiceFilter(
        label=_("State"),
        method="by_state",
        choices=[(WAITING, _("waiting for audit")), *choices.DocumentState.choices],
        empty_label="",
    )
    warehouse = WarehouseFilter(label=_("Warehouse"), field_name="warehouse")
    department = DepartmentFilter(label=_("Department"), field_name="warehouse__department")
    colour = df.ChoiceFilter(label=_("Colour"), choices=choices.Colour.choices, empty_label="")
    day = day_range(_("Date"), "business_date")
    supplier = df.CharFilter(label=_("Supplier code"), field_name="supplier__code", lookup_expr="iexact")
    item = df.CharFilter(label=_("Item code"), method="by_item")
    check = df.ChoiceFilter(
        label=_("Check of arrivals"),
        method="by_check",
        choices=[("late", _("not checked in time"))],
        empty_label="",
    )
    transfer = df.CharFilter(
        label=_("Transfer number"),
        field_name="transfer__number",
        lookup_expr="iexact",
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Document
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Number, supplier, item, words of the remarks."""
        return queries.search_documents(rows, value) if value.strip() else rows

    def by_state(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """One state, or whatever waits for its audit."""
        if value == WAITING:
            return rows.filter(
                state__in=[choices.DocumentState.EDITING.value, choices.DocumentState.SAVED.value]
            )
        return rows.filter(state=value)

    def by_check(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Goods received that nobody has counted within the working days it may take (INV-84)."""
        return rows.filter(queries.check_is_late())

    def by_item(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Documents with a line of this item."""
        code = value.strip().upper()
        return rows.filter(Exists(DocumentLine.objects.filter(document=OuterRef("pk"), item__code=code)))


class TransferFilter(ForUser):
    """Filters of transfers."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    kind = df.ChoiceFilter(label=_("Source"), choices=choices.TransferKind.choices, empty_label="")
    state = df.ChoiceFilter(label=_("State"), choices=choices.DocumentState.choices, empty_label="")
    source = WarehouseFilter(label=_("From warehouse"), field_name="source")
    target = WarehouseFilter(label=_("To warehouse"), field_name="target")
    day = day_range(_("Date"), "business_date")
    under_way = YesNoFilter(label=_("On the way"), method="by_under_way")

    class Meta:
        model = Transfer
        fields: list[str] = []

    def by_under_way(self, rows: QuerySet[Transfer], name: str, value: bool) -> QuerySet[Transfer]:
        """With something issued that has neither arrived nor been lost (LED-06)."""
        lines = TransferLine.objects.filter(transfer=OuterRef("pk"), issued__gt=F("received") + F("lost"))
        return rows.filter(Exists(lines) if value else ~Exists(lines))

    def by_text(self, rows: QuerySet[Transfer], name: str, value: str) -> QuerySet[Transfer]:
        """Number, requisition, words of the remarks."""
        return queries.search_transfers(rows, value) if value.strip() else rows


class StocktakeFilter(ForUser):
    """Filters of counts."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    state = df.ChoiceFilter(
        label=_("State"),
        method="by_state",
        choices=[("open", _("not finished")), *choices.CountState.choices],
        empty_label="",
    )
    kind = df.ChoiceFilter(label=_("Kind of count"), choices=choices.CountKind.choices, empty_label="")
    warehouse = WarehouseFilter(label=_("Warehouse"), field_name="warehouse")
    department = DepartmentFilter(label=_("Department"), field_name="warehouse__department")

    class Meta:
        model = Stocktake
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Stocktake], name: str, value: str) -> QuerySet[Stocktake]:
        """Number, or the code of an item on it."""
        return queries.search_stocktakes(rows, value) if value.strip() else rows

    def by_state(self, rows: QuerySet[Stocktake], name: str, value: str) -> QuerySet[Stocktake]:
        """One state, or whatever is under way."""
        return rows.filter(state__in=sorted(counting.OPEN)) if value == "open" else rows.filter(state=value)


class CountLineFilter(ForUser):
    """Filters of a count's lines; a blind one, while it is counted, tells nothing of the books."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    show = df.ChoiceFilter(
        label=_("Lines"),
        method="by_show",
        choices=[
            ("left", _("not counted yet")),
            ("differs", _("with a difference")),
            ("unexplained", _("difference not explained")),
            ("moved", _("moved since")),
        ],
        empty_label="",
        widget=forms.HiddenInput,
    )

    class Meta:
        model = StocktakeLine
        fields: list[str] = []

    def __init__(self, *args: Any, shows_book: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shows_book = shows_book

    def by_text(self, rows: QuerySet[StocktakeLine], name: str, value: str) -> QuerySet[StocktakeLine]:
        """Items by code, name, pinyin; places by their beginning."""
        if not (word := value.strip()):
            return rows
        items = queries.search_items(Item.objects.all(), word)
        return rows.filter(Q(item__in=items) | Q(location__istartswith=word))

    def by_show(self, rows: QuerySet[StocktakeLine], name: str, value: str) -> QuerySet[StocktakeLine]:
        """What is left, what differs, what moved."""
        if value == "left":
            return rows.filter(counted=None)
        if not self.shows_book:
            return rows
        if value == "moved":
            return rows.filter(Q(moved=True))  # annotated by queries.stocktake_lines
        differing = rows.filter(queries.DIFFERS)
        return differing.filter(Q(cause="") | Q(reason="")) if value == "unexplained" else differing

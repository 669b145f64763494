"""One set of filters for pages, API, exports and saved views; ordering is not their business (D12)."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as df
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from inventory import choices, queries
from inventory.domain import counting
from inventory.forms.parts import WarehouseField
from inventory.models import (
    Balance,
    Document,
    DocumentLine,
    Item,
    ItemRequest,
    LedgerEntry,
    Stocktake,
    StocktakeLine,
    Supplier,
    Transfer,
    TransferLine,
    Warehouse,
)
from organization.filters import DepartmentFilter

WAITING = "waiting"


def _warehouses(request: Any) -> QuerySet[Warehouse]:
    """What the asking user sees; none without one (the schema is drawn without)."""
    return queries.warehouses_visible_to(request.user) if request is not None else Warehouse.objects.none()


class WarehouseFilter(df.ModelChoiceFilter):
    """A warehouse that the user may see, its code in the address."""

    field_class = WarehouseField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=_warehouses,
            to_field_name="code",
            **kwargs,
        )


def day_range(label: Any, name: str) -> df.DateFromToRangeFilter:
    """From a day to a day, both included."""
    return df.DateFromToRangeFilter(
        label=label, field_name=name, widget=df.widgets.DateRangeWidget(attrs={"type": "date"})
    )


class ForUser(df.FilterSet):
    """A set that knows who asks."""

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user if user is not None else getattr(self.request, "user", None)


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
    under_way = df.BooleanFilter(
        label=_("On the way"),
        method="by_under_way",
        widget=forms.Select(choices=[("", ""), ("true", _("yes")), ("false", _("no"))]),
    )

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


class ItemFilter(ForUser):
    """Filters of the item master."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    item_class = df.ChoiceFilter(label=_("Item class"), choices=choices.ItemClass.choices, empty_label="")
    repair_class = df.ChoiceFilter(
        label=_("Repair class"), choices=choices.RepairClass.choices, empty_label=""
    )
    closed = df.BooleanFilter(
        label=_("No longer used"),
        field_name="closed_on",
        lookup_expr="isnull",
        exclude=True,
        widget=forms.Select(choices=[("", ""), ("true", _("yes")), ("false", _("no"))]),
    )

    class Meta:
        model = Item
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Item], name: str, value: str) -> QuerySet[Item]:
        """Code, name, pinyin, specification."""
        return queries.search_items(rows, value) if value.strip() else rows


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
        ],
        empty_label="",
    )

    class Meta:
        model = Balance
        fields: list[str] = []

    def by_stock(self, rows: QuerySet[Balance], name: str, value: str) -> QuerySet[Balance]:
        """By how much there is; a reserve is of sound goods."""
        wanted = {
            "low": Q(item__reserve_least__gt=F("quantity"), warehouse__kind=choices.WarehouseKind.SOUND),
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

"""The books: on hand, in-out balance, item card, day book; each as page, file and print (INV-09, INV-60)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import queries
from inventory.filters import InOutFilter, LedgerFilter, OnHandFilter, days_of
from inventory.permissions import Right, can_export
from inventory.views import columns, printing
from inventory.views.door import READ
from inventory.views.listing import Listing, export, filtered, kept, listing
from organization.permissions import me
from organization.views.door import needs
from servicecenter import dates, figures, keyset
from servicecenter.components import Crumb, Tab

MOST_ON_THE_WAY = 500


def book_tabs(current: str) -> list[Tab]:
    """The books, one click apart."""
    books = (
        ("stock-on-hand", _("On hand")),
        ("stock-in-out", _("In-out balance")),
        ("stock-day-book", _("Day book")),
        ("stock-in-transit", _("On the way")),
        ("stock-months", _("Months")),
    )
    return [Tab(label, reverse(name), current=name == current) for name, label in books]


def span_of(request: HttpRequest, *, month: bool) -> tuple[date, date]:
    """The days of the book, from the address."""
    return days_of(
        request.GET.get("from", ""), request.GET.get("until", ""), today=timezone.localdate(), month=month
    )


def _tools(request: HttpRequest, name: str) -> dict[str, Any]:
    query = request.GET.urlencode()
    return {
        "q": request.GET.get("q", ""),
        "kept": kept(request),
        "tabs": book_tabs(name),
        "export_url": reverse(f"{name}-export") if can_export(me(request)) else "",
        "pdf_url": reverse(f"{name}-pdf") + (f"?{query}" if query else ""),
    }


def _facts(request: HttpRequest, filterset: Any, span: tuple[date, date] | None) -> list[tuple[str, str]]:
    """What narrows the printed book, in words."""
    facts = []
    if span is not None:
        facts.append((_("Days"), f"{dates.say_date(span[0])} – {dates.say_date(span[1])}"))
    said = filterset.form.cleaned_data if filterset.is_valid() else {}
    for name in ("warehouse", "department"):
        if said.get(name):
            facts.append((str(filterset.form.fields[name].label), str(said[name].name)))
    for name in ("kind", "item_class", "direction", "category", "stock"):
        if value := said.get(name):
            field = filterset.form.fields[name]
            facts.append((str(field.label), str(dict(field.choices).get(value, value))))
    for name in ("item", "q"):
        if said.get(name):
            facts.append((str(filterset.form.fields[name].label), str(said[name])))
    return facts


# on hand


@needs(*READ)
@require_GET
def on_hand(request: HttpRequest) -> HttpResponse:
    """What lies where, and what is on its way there (INV-09)."""
    shown: Listing = listing(
        request,
        OnHandFilter,
        queries.on_hand(me(request), empty=True),
        queries.ON_HAND_ORDERS,
        default="place",
    )
    context = {
        "listing": shown,
        "page": shown.page,
        "may_place": me(request).rights.has_any((Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE)),
        **_tools(request, "stock-on-hand"),
    }
    return render(request, "inventory/on_hand.html", context)


@needs(*READ)
@require_POST
def on_hand_export(request: HttpRequest) -> FileResponse:
    """The same as a file; the sheet that counts are written into (INV-52)."""
    rows = filtered(request, OnHandFilter, queries.on_hand(me(request), empty=True)).qs
    return export(
        request,
        _("stock on hand"),
        columns.ON_HAND_COLUMNS,
        keyset.iterate(rows, order=queries.ON_HAND_ORDERS["place"]),
    )


@needs(*READ)
@require_GET
def on_hand_pdf(request: HttpRequest) -> FileResponse:
    """The same on paper."""
    filterset = filtered(request, OnHandFilter, queries.on_hand(me(request), empty=True))
    return printing.book_pdf(
        request,
        title=_("Stock on hand"),
        facts=_facts(request, filterset, None),
        columns=columns.ON_HAND_PAPER,
        rows=keyset.iterate(filterset.qs, order=queries.ON_HAND_ORDERS["place"]),
        signers=(_("Storekeeper"), _("Stock accountant")),
        name="stock-on-hand",
    )


# in-out balance


def _in_out(request: HttpRequest) -> tuple[Any, tuple[date, date]]:
    span = span_of(request, month=True)
    return filtered(request, InOutFilter, queries.in_out_balance(me(request), *span)), span


@needs(*READ)
@require_GET
def in_out(request: HttpRequest) -> HttpResponse:
    """Opening, in, out, closing of each item in each warehouse between two days (收发存汇总)."""
    span = span_of(request, month=True)
    shown: Listing = listing(
        request,
        InOutFilter,
        queries.in_out_balance(me(request), *span),
        queries.ON_HAND_ORDERS,
        default="place",
    )
    context = {
        "listing": shown,
        "page": shown.page,
        "first": span[0],
        "last": span[1],
        **_tools(request, "stock-in-out"),
    }
    return render(request, "inventory/in_out.html", context)


@needs(*READ)
@require_POST
def in_out_export(request: HttpRequest) -> FileResponse:
    """The same as a file."""
    filterset, _span = _in_out(request)
    return export(
        request,
        _("in-out balance"),
        columns.IN_OUT_COLUMNS,
        keyset.iterate(filterset.qs, order=queries.ON_HAND_ORDERS["place"]),
    )


@needs(*READ)
@require_GET
def in_out_pdf(request: HttpRequest) -> FileResponse:
    """The same on paper."""
    filterset, span = _in_out(request)
    return printing.book_pdf(
        request,
        title=_("In-out balance"),
        facts=_facts(request, filterset, span),
        columns=columns.IN_OUT_PAPER,
        rows=keyset.iterate(filterset.qs, order=queries.ON_HAND_ORDERS["place"]),
        signers=(_("Stock accountant"), _("Department manager")),
        name="stock-in-out",
    )


# day book


def _ledger(request: HttpRequest) -> tuple[QuerySet[Any], tuple[date, date]]:
    span = span_of(request, month=False)
    rows = queries.day_book(me(request), *span)
    return rows.select_related("document__transfer", "posted_by__employee"), span


@needs(*READ)
@require_GET
def day_book(request: HttpRequest) -> HttpResponse:
    """What moved on a day, paper by paper (流水账, INV-60); mirror rows of un-audits stand in it too (LED-02)."""
    rows, span = _ledger(request)
    shown: Listing = listing(request, LedgerFilter, rows, queries.LEDGER_ORDERS, default="newest")
    context = {
        "listing": shown,
        "page": shown.page,
        "first": span[0],
        "last": span[1],
        **_tools(request, "stock-day-book"),
    }
    return render(request, "inventory/day_book.html", context)


@needs(*READ)
@require_POST
def day_book_export(request: HttpRequest) -> FileResponse:
    """The same as a file."""
    rows, _span = _ledger(request)
    filterset = filtered(request, LedgerFilter, rows)
    return export(
        request,
        _("day book"),
        columns.DAY_BOOK_COLUMNS,
        keyset.iterate(filterset.qs, order=queries.LEDGER_ORDERS["oldest"]),
    )


@needs(*READ)
@require_GET
def day_book_pdf(request: HttpRequest) -> FileResponse:
    """The same on A4 with signature boxes (INV-64)."""
    rows, span = _ledger(request)
    filterset = filtered(request, LedgerFilter, rows)
    return printing.book_pdf(
        request,
        title=_("Day book"),
        facts=_facts(request, filterset, span),
        columns=columns.DAY_BOOK_PAPER,
        rows=keyset.iterate(filterset.qs, order=queries.LEDGER_ORDERS["oldest"]),
        signers=(_("Storekeeper"), _("Site representative"), _("Stock accountant")),
        name="stock-day-book",
    )


# item card


def _card(request: HttpRequest, code: str) -> tuple[Any, tuple[date, date], Any, Any]:
    """(card, days, item, its warehouses); the warehouse of the address, else the first that holds the item."""
    user = me(request)
    item = get_object_or_404(queries.items_visible_to(user), code=code.upper())
    span = span_of(request, month=True)
    places = list(queries.on_hand(user).filter(item=item).order_by("warehouse__code"))
    asked = request.GET.get("warehouse", "")
    warehouse = next((row.warehouse for row in places if row.warehouse.code == asked), None)
    if warehouse is None and asked:
        warehouse = queries.warehouses_visible_to(user).filter(code=asked).first()
        if warehouse is None:
            raise Http404
    if warehouse is None and places:
        warehouse = max(places, key=lambda row: row.quantity).warehouse
    card = queries.item_card(user, warehouse, item, *span) if warehouse is not None else None
    return card, span, item, places


@needs(*READ)
@require_GET
def item_card(request: HttpRequest, code: str) -> HttpResponse:
    """Every movement of one item in one warehouse with the stock after it (存货明细账)."""
    card, span, item, places = _card(request, code)
    query = request.GET.urlencode()
    context = {
        "card": card,
        "item": item,
        "places": places,
        "first": span[0],
        "last": span[1],
        "export_url": reverse("stock-item-card-export", args=[item.code]) if can_export(me(request)) else "",
        "pdf_url": reverse("stock-item-card-pdf", args=[item.code]) + (f"?{query}" if query else ""),
        "crumbs": [
            Crumb(_("Items"), reverse("stock-item-list")),
            Crumb(item.code, reverse("stock-item", args=[item.code])),
            Crumb(_("Item card")),
        ],
    }
    return render(request, "inventory/item_card.html", context)


@needs(*READ)
@require_POST
def item_card_export(request: HttpRequest, code: str) -> FileResponse:
    """The same as a file."""
    card, _span, item, _places = _card(request, code)
    rows = card.rows if card is not None else ()
    name = _("item card")
    return export(request, f"{name} {item.code}", columns.CARD_COLUMNS, rows)


@needs(*READ)
@require_GET
def item_card_pdf(request: HttpRequest, code: str) -> FileResponse:
    """The same on paper, with what there was before and after."""
    card, span, item, _places = _card(request, code)
    if card is None:
        raise Http404
    return printing.book_pdf(
        request,
        title=_("Item card"),
        facts=[
            (_("Item"), f"{item.code} {item.name} {item.spec}".strip()),
            (_("Warehouse"), str(card.warehouse.name)),
            (_("Days"), f"{dates.say_date(span[0])} – {dates.say_date(span[1])}"),
            (_("Opening"), figures.quantity(card.opening)),
            (_("Closing"), f"{figures.quantity(card.closing)} {item.unit}"),
        ],
        columns=columns.CARD_COLUMNS,
        rows=card.rows,
        sums={
            3: figures.quantity(card.incoming),
            4: figures.quantity(card.outgoing),
            5: figures.quantity(card.closing),
        },
        name=f"stock-card-{item.code}",
    )


# in transit


@needs(*READ)
@require_GET
def in_transit(request: HttpRequest) -> HttpResponse:
    """What has left one warehouse and not arrived at the other (LED-06)."""
    rows = list(queries.in_transit(me(request))[:MOST_ON_THE_WAY])
    context = {"rows": rows, "limit": MOST_ON_THE_WAY, "tabs": book_tabs("stock-in-transit")}
    return render(request, "inventory/in_transit.html", context)

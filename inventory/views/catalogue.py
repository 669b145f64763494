"""Items, suppliers, warehouses and places: seen by all who see stock, kept by few (INV-06, INV-16)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import queries, services
from inventory.filters import ItemFilter, SupplierFilter, WarehouseListFilter
from inventory.forms import ItemForm, PlaceForm, SupplierForm, WarehouseForm
from inventory.permissions import (
    Right,
    can_draft,
    can_edit_items,
    can_edit_suppliers,
    can_edit_warehouses,
    can_export,
)
from inventory.views.columns import ITEM_COLUMNS, SUPPLIER_COLUMNS
from inventory.views.door import READ
from inventory.views.listing import Listing, export, filtered, kept, listing
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, keyset, trail
from servicecenter.components import Crumb, Tab
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


def master_tabs(current: str) -> list[Tab]:
    """What stock consists of, one click apart."""
    places = (
        ("stock-item-list", _("Items")),
        ("stock-supplier-list", _("Suppliers")),
        ("stock-warehouse-list", _("Warehouses")),
        ("stock-item-request-list", _("Code requests")),
    )
    return [Tab(label, reverse(name), current=name == current) for name, label in places]


def _ask(
    request: HttpRequest,
    form: Any,
    save: Callable[[Any], str],
    *,
    question: str,
    verb: str,
    toast: str,
    icon: str = "pencil",
) -> HttpResponse:
    """A dialog of the catalogue: `save` does it and returns where to go next."""
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                to = save(form)
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                return answers.done(request, to=to, toast=toast)
        status = 422
    context = {"form": form, "question": question, "verb": verb, "icon_name": icon}
    return render(request, "inventory/ask.html", context, status=status)


# items


@needs(*READ)
@require_GET
def item_list(request: HttpRequest) -> HttpResponse:
    """The item master, found by code, name, pinyin or specification."""
    shown: Listing = listing(
        request, ItemFilter, queries.items_visible_to(me(request)), queries.ITEM_ORDERS, default="code"
    )
    context = {
        "listing": shown,
        "page": shown.page,
        "q": request.GET.get("q", ""),
        "kept": kept(request),
        "tabs": master_tabs("stock-item-list"),
        "may_edit": can_edit_items(me(request)),
        "may_ask": can_draft(me(request)),
        "export_url": reverse("stock-item-export") if can_export(me(request)) else "",
    }
    return render(request, "inventory/items.html", context)


@needs(*READ)
@require_POST
def item_export(request: HttpRequest) -> FileResponse:
    """The item master as a file; the same headings are read by the import."""
    rows = filtered(request, ItemFilter, queries.items_visible_to(me(request))).qs
    return export(
        request, _("stock items"), ITEM_COLUMNS, keyset.iterate(rows, order=queries.ITEM_ORDERS["code"])
    )


@needs(*READ)
@require_GET
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: what the master says, where it lies, what happened to its entry."""
    row = get_object_or_404(queries.items_visible_to(me(request)), code=code.upper())
    places = list(queries.on_hand(me(request)).filter(item=row).order_by("warehouse__code"))
    context = {
        "item": row,
        "places": places,
        "total": sum(place.quantity for place in places),
        "trail": trail.entries_of(row)[:50],
        "may_edit": can_edit_items(me(request)),
        "may_place": me(request).rights.has_any((Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE)),
        "crumbs": [Crumb(_("Items"), reverse("stock-item-list")), Crumb(row.code)],
    }
    return render(request, "inventory/item.html", context)


ITEM_FIELDS = (
    "item_class", "spec", "unit", "aux_unit", "aux_factor", "repair_class", "reserve_least", "reserve_most",
)  # fmt: skip


@needs(Right.EDIT_ITEMS)
@idempotent
def item_edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new code, or a change of one (INV-16)."""
    row = get_object_or_404(queries.items_visible_to(me(request)), code=code.upper()) if code else None
    form = ItemForm(request.POST or None, item=row)

    def save(form: ItemForm) -> str:
        said = form.cleaned_data
        values = {name: said[name] for name in ITEM_FIELDS}
        if row is None:
            made = services.add_item(code=said["code"], names=form.names, by=me(request), **values)
        else:
            made = services.change_item(
                item=row, version=said["version"], by=me(request), names=form.names,
                closed_on=said["closed_on"], **values,
            )  # fmt: skip
        return reverse("stock-item", args=[made.code])

    question = _("Change %(code)s") % {"code": row.code} if row else _("New item code")
    return _ask(request, form, save, question=question, verb=_("Save"), toast=_("Saved."))


# suppliers


@needs(*READ)
@require_GET
def supplier_list(request: HttpRequest) -> HttpResponse:
    """Who goods are bought from."""
    shown: Listing = listing(
        request,
        SupplierFilter,
        queries.suppliers_visible_to(me(request)),
        queries.SUPPLIER_ORDERS,
        default="code",
    )
    context = {
        "listing": shown,
        "page": shown.page,
        "q": request.GET.get("q", ""),
        "kept": kept(request),
        "tabs": master_tabs("stock-supplier-list"),
        "may_edit": can_edit_suppliers(me(request)),
        "export_url": reverse("stock-supplier-export") if can_export(me(request)) else "",
    }
    return render(request, "inventory/suppliers.html", context)


@needs(*READ)
@require_POST
def supplier_export(request: HttpRequest) -> FileResponse:
    """The same as a file."""
    rows = filtered(request, SupplierFilter, queries.suppliers_visible_to(me(request))).qs
    return export(
        request, _("suppliers"), SUPPLIER_COLUMNS, keyset.iterate(rows, order=queries.SUPPLIER_ORDERS["code"])
    )


@needs(Right.EDIT_SUPPLIERS)
@idempotent
def supplier_edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new supplier, or a change of one."""
    rows = queries.suppliers_visible_to(me(request))
    row = get_object_or_404(rows, code=code.upper()) if code else None
    form = SupplierForm(request.POST or None, supplier=row)

    def save(form: SupplierForm) -> str:
        said = form.cleaned_data
        values = {name: said[name] for name in ("name", "contact", "telephone", "remarks")}
        if row is None:
            services.add_supplier(code=said["code"], by=me(request), **values)
        else:
            services.change_supplier(
                supplier=row, version=said["version"], by=me(request), closed_on=said["closed_on"], **values
            )
        return reverse("stock-supplier-list")

    question = _("Change %(code)s") % {"code": row.code} if row else _("New supplier")
    return _ask(request, form, save, question=question, verb=_("Save"), toast=_("Saved."))


# warehouses


@needs(*READ)
@require_GET
def warehouse_list(request: HttpRequest) -> HttpResponse:
    """Every warehouse that one may see, by department and kind (INV-06, INV-100)."""
    shown: Listing = listing(
        request, WarehouseListFilter, queries.warehouses_visible_to(me(request)), queries.WAREHOUSE_ORDERS,
        default="code",
    )  # fmt: skip
    context = {
        "listing": shown,
        "page": shown.page,
        "tabs": master_tabs("stock-warehouse-list"),
        "may_edit": can_edit_warehouses(me(request)),
    }
    return render(request, "inventory/warehouses.html", context)


@needs(Right.EDIT_WAREHOUSES)
@idempotent
def warehouse_edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new warehouse, or a change of one; its kind stays."""
    rows = queries.warehouses_visible_to(me(request))
    row = get_object_or_404(rows, code=code.upper()) if code else None
    form = WarehouseForm(request.POST or None, warehouse=row)

    def save(form: WarehouseForm) -> str:
        said = form.cleaned_data
        if row is None:
            services.add_warehouse(
                code=said["code"], names=form.names, department=said["department"], kind=said["kind"], by=me(request)
            )  # fmt: skip
        else:
            services.change_warehouse(
                warehouse=row, version=said["version"], names=form.names, department=said["department"],
                closed_on=said["closed_on"], by=me(request),
            )  # fmt: skip
        return reverse("stock-warehouse-list")

    question = _("Change %(code)s") % {"code": row.code} if row else _("New warehouse")
    return _ask(request, form, save, question=question, verb=_("Save"), toast=_("Saved."))


# places


@needs(Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE)
@idempotent
def place_edit(request: HttpRequest, warehouse: str, code: str) -> HttpResponse:
    """Where an item lies in a warehouse (INV-09, INV-92)."""
    where = get_object_or_404(queries.warehouses_visible_to(me(request)), code=warehouse)
    what = get_object_or_404(queries.items_visible_to(me(request)), code=code.upper())
    if not can_draft(me(request), where):
        raise PermissionDenied
    facts = queries.stock_facts(me(request), where, [what.code]).get(what.code)
    form = PlaceForm(request.POST or None, initial={"location": facts.location if facts else ""})

    def save(form: PlaceForm) -> str:
        services.set_place(warehouse=where, item=what, location=form.cleaned_data["location"], by=me(request))
        return f"{reverse('stock-on-hand')}?warehouse={where.code}"

    question = _("Where does %(item)s lie in %(warehouse)s?") % {"item": what.name, "warehouse": where.name}
    return _ask(request, form, save, question=question, verb=_("Save"), toast=_("Saved."), icon="flag")

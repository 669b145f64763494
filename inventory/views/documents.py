"""The lists of stock documents and transfers: what waits for me, and where is that paper (INV-02, INV-10, D12)."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import queries
from inventory.choices import Direction
from inventory.domain import categories
from inventory.filters import WAITING, DocumentFilter, TransferFilter
from inventory.permissions import Right, can_draft, can_export, can_import_opening
from inventory.views.columns import DOCUMENT_COLUMNS, TRANSFER_COLUMNS
from inventory.views.door import READ
from inventory.views.listing import Listing, export, filtered, kept, listing
from inventory.views.negotiated import months_offered
from organization.permissions import me
from organization.views.door import needs
from servicecenter import keyset
from servicecenter.components import Tab

BEGIN_TRANSFER = (Right.DRAFT_TRANSFER, Right.PLAN_TRANSFER)


def begin_links(user: Any) -> list[dict[str, Any]]:
    """The categories a person may begin, inbound and outbound, for the menu 增加."""
    if not can_draft(user):
        return []
    return [
        {
            "label": direction.label,
            "links": [
                {"label": one.label, "url": f"{reverse('stock-document-new')}?category={one.value}"}
                for one in categories.by_hand(direction)
                if one != "opening_in" or can_import_opening(user)
            ],
        }
        for direction in Direction
    ]


def _tabs(request: HttpRequest) -> list[Tab]:
    """The three questions of the day: what waits, what came in, what went out."""
    here = reverse("stock-document-list")
    state, direction = request.GET.get("state", ""), request.GET.get("direction", "")
    return [
        Tab(_("All"), here, current=not state and not direction),
        Tab(_("Waiting for audit"), f"{here}?state={WAITING}", current=state == WAITING),
        Tab(_("Inbound"), f"{here}?direction=in", current=direction == "in" and not state),
        Tab(_("Outbound"), f"{here}?direction=out", current=direction == "out" and not state),
    ]


@needs(*READ)
@require_GET
def document_list(request: HttpRequest) -> HttpResponse:
    """Every document that one may see, newest first, found by number, supplier, item or words."""
    shown: Listing = listing(
        request,
        DocumentFilter,
        queries.document_rows(queries.documents_visible_to(me(request))),
        queries.DOCUMENT_ORDERS,
        default="newest",
    )
    context = {
        "listing": shown,
        "page": shown.page,
        "q": request.GET.get("q", ""),
        "kept": kept(request),
        "tabs": _tabs(request),
        "begin": begin_links(me(request)),
        "export_url": reverse("stock-document-export") if can_export(me(request)) else "",
        "may_open": can_import_opening(me(request)),
    }
    return render(request, "inventory/documents.html", context)


@needs(*READ)
@require_POST
def document_export(request: HttpRequest) -> FileResponse:
    """What the list shows, as XLSX or CSV; logged (PRV-04)."""
    filterset = filtered(
        request,
        DocumentFilter,
        queries.document_rows(queries.documents_visible_to(me(request))).select_related("original"),
    )
    return export(
        request,
        _("stock documents"),
        DOCUMENT_COLUMNS,
        keyset.iterate(filterset.qs, order=queries.DOCUMENT_ORDERS["newest"]),
    )


@needs(*READ)
@require_GET
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Every transfer with a side that one may see, newest first; what is on its way stands beside."""
    shown: Listing = listing(
        request,
        TransferFilter,
        queries.transfer_rows(queries.transfers_visible_to(me(request))),
        queries.TRANSFER_ORDERS,
        default="newest",
    )
    context = {
        "listing": shown,
        "page": shown.page,
        "q": request.GET.get("q", ""),
        "kept": kept(request),
        "may_add": me(request).rights.has_any(BEGIN_TRANSFER),
        "months": months_offered() if can_export(me(request)) else [],
        "export_url": reverse("stock-transfer-export") if can_export(me(request)) else "",
    }
    return render(request, "inventory/transfers.html", context)


@needs(*READ)
@require_POST
def transfer_export(request: HttpRequest) -> FileResponse:
    """The same for transfers."""
    filterset = filtered(
        request, TransferFilter, queries.transfer_rows(queries.transfers_visible_to(me(request)))
    )
    return export(
        request,
        _("transfers"),
        TRANSFER_COLUMNS,
        keyset.iterate(filterset.qs, order=queries.TRANSFER_ORDERS["newest"]),
    )

"""One stock document: read, begun, changed, saved, with its lines in the grid (INV-10 to INV-15)."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import queries, services, titles
from inventory.choices import Category, DocumentState
from inventory.domain import categories
from inventory.forms import DocumentForm, FileForm, Grid
from inventory.permissions import Right, can_audit, can_draft
from inventory.views import tables
from inventory.views.bar import document_bar
from inventory.views.door import READ
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, attachments
from servicecenter.components import Crumb
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken

DRAFT = (Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE, Right.AUDIT_DOCUMENT)
NAMES = {
    "page": "stock-document",
    "edit": "stock-document-edit",
    "void": "stock-document-void",
    "audit": "stock-document-audit",
    "unaudit": "stock-document-unaudit",
    "print": "stock-document-print",
}


def page_or_404(request: HttpRequest, number: str) -> Any:
    """The document with all that its page shows; one that the user may not see is not there."""
    found = queries.document_page(me(request), number.upper())
    if found is None:
        raise Http404
    return found


def is_fixed(document: Any) -> bool:
    """Its lines come from another document: they may shrink or go, none is added (LED-02, LED-06)."""
    return document is not None and (document.colour == "red" or document.transfer_id is not None)


def _show(
    request: HttpRequest,
    *,
    shown: Any = None,
    category: str = "",
    form: DocumentForm | None = None,
    grid: Grid | None = None,
    status: int = 200,
    file_form: FileForm | None = None,
    read: Any = None,
) -> HttpResponse:
    """The page, to be read or (with a form) to be typed into. `shown` is None while it has not been saved."""
    user = me(request)
    document = shown.document if shown is not None else None
    category = document.category if document is not None else category
    rule = categories.rule_of(category)
    red = document is not None and document.colour == "red"
    # "Add" begins another of the same category, where one may begin such a document at all.
    may_add = can_draft(user) and Category(category) in categories.by_hand()
    add_url = f"{reverse('stock-document-new')}?category={category}" if may_add else ""
    abandon_url = (
        reverse("stock-document-abandon", args=[document.number])
        if document
        else reverse("stock-document-list")
    )
    files = list(attachments.of(document)) if document is not None else []
    bar = document_bar(
        document=document,
        answers=shown.answers if shown is not None else {},
        names=NAMES,
        add_url=add_url,
        abandon_url=abandon_url,
        is_form=form is not None,
        fixed=is_fixed(document),
        upstream=shown.upstream if shown is not None else (),
        downstream=shown.downstream if shown is not None else (),
        neighbours=queries.neighbours(user, document) if document is not None else None,
        files=len(files),
        may_print=shown is None or shown.answers["print"].allowed,
        abandon_posts=document is not None and document.state == DocumentState.EDITING,
    )
    if form is not None and grid is not None:
        tables.name_items(grid, user)
    context = {
        "shown": shown,
        "document": document,
        "category": Category(category),
        "title": titles.of_category(category),
        "red": red,
        "rule": rule,
        "form": form,
        "grid": grid,
        "rows": tables.read_rows(shown.lines, document) if form is None else (),
        "bar": bar,
        "version": document.version if document is not None else "",
        "key": uuid.uuid4().hex,
        "files": files,
        "attach_url": reverse("stock-document-attach", args=[document.number])
        if document is not None
        and (can_draft(user, document.warehouse) or can_audit(user, document.warehouse))
        else "",
        "file_form": file_form or (FileForm() if form is not None and not is_fixed(document) else None),
        "read": read,
        "save_url": reverse("stock-document-save", args=[document.number])
        if document is not None
        else f"{reverse('stock-document-new')}?category={category}",
        "read_url": reverse("stock-document-read-lines")
        + (f"?document={document.number}" if document is not None else f"?category={category}"),
        "direction": rule.direction.value,
        "draft_name": f"inventory.document.{document.number if document is not None else category}",
        "crumbs": [
            Crumb(_("Stock documents"), reverse("stock-document-list")),
            Crumb(document.number if document is not None else titles.of_category(category)),
        ],
    }
    return render(request, "inventory/document.html", context, status=status)


@needs(*READ)
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The document as it stands; while it is being edited, and for whoever may save it, as a form."""
    shown = page_or_404(request, number)
    document = shown.document
    if document.state == DocumentState.EDITING and shown.answers["save"].allowed:
        form = DocumentForm(user=me(request), category=document.category, document=document)
        grid = Grid.of_document(shown.lines, red=document.colour == "red", fixed=is_fixed(document))
        return _show(request, shown=shown, form=form, grid=grid)
    return _show(request, shown=shown)


def _begun(request: HttpRequest) -> str:
    """The category of a document that is begun; one that nobody begins by hand is 404."""
    code = request.GET.get("category", Category.PURCHASE_IN)
    if code not in categories.by_hand():
        raise Http404
    return code


@needs(*DRAFT)
@idempotent
def new(request: HttpRequest) -> HttpResponse:
    """A new document: number, date and blue letter come by themselves when it is saved (INV-10, INV-11)."""
    if not can_draft(me(request)):
        raise PermissionDenied
    category = _begun(request)
    if request.method == "POST":
        return _save(request, None, category)
    initial = {"warehouse": request.GET.get("warehouse", ""), "original": request.GET.get("original", "")}
    form = DocumentForm(user=me(request), category=category, initial=initial)
    return _show(request, category=category, form=form, grid=Grid([]))


@needs(*DRAFT)
@require_POST
@idempotent
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Save the document again; after the first audit its warehouse stays (INV-12, INV-13)."""
    shown = page_or_404(request, number)
    if not shown.answers["save"].visible:
        raise PermissionDenied
    return _save(request, shown, shown.document.category)


def _save(request: HttpRequest, shown: Any, category: str) -> HttpResponse:
    document = shown.document if shown is not None else None
    red = document is not None and document.colour == "red"
    form = DocumentForm(request.POST, user=me(request), category=category, document=document)
    grid = Grid.of_post(request.POST, red=red, fixed=is_fixed(document))
    lines = grid.read()
    if form.is_valid() and not grid.is_wrong:
        try:
            saved = services.save_document(
                head=form.head(), lines=lines, document=document,
                version=form.cleaned_data.get("version"), by=me(request),
            )  # fmt: skip
        except (RuleBroken, RulesBroken) as problem:
            tables.refuse(form, grid, problem)
        else:
            return answers.done(
                request,
                to=reverse("stock-document", args=[saved.number]),
                toast=_("%(number)s is saved. It moves stock only when it is audited.")
                % {"number": saved.number},
            )
    return _show(request, shown=shown, category=category, form=form, grid=grid, status=422)


@needs(*DRAFT)
@require_POST
def read_lines(request: HttpRequest) -> HttpResponse:
    """Lines from a spreadsheet or a paste into the form that is open; writes nothing, tells every error at once."""
    shown = page_or_404(request, request.GET["document"]) if request.GET.get("document") else None
    category = shown.document.category if shown is not None else _begun(request)
    document = shown.document if shown is not None else None
    form = DocumentForm(
        user=me(request), category=category, document=document, initial=tables.typed(request.POST)
    )
    grid, file_form, read = tables.read_into(Grid.of_post(request.POST), request)
    status = 200 if read is not None and not read.problems else 422
    return _show(
        request, shown=shown, category=category, form=form, grid=grid, status=status, file_form=file_form, read=read,
    )  # fmt: skip

"""Papers of the stock: documents and transfers on three-part paper, the books on A4 (INV-47, INV-64)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import services, titles
from inventory.models import Transfer, TransferLine
from inventory.views.document import page_or_404
from inventory.views.door import READ
from inventory.views.tables import read_rows
from inventory.views.transfers import transfer_or_404
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, dates, figures, pdf
from servicecenter.clock import now_db
from servicecenter.idempotency import idempotent
from servicecenter.spreadsheet import Column, signature

MOST_PRINTED = 480


def plain_money(amount: Decimal | None) -> str:
    """Two decimals without the sign of the currency: the paper's columns name it."""
    return figures.money(amount).replace("¥", "")


def document_data(shown: Any, *, user: Any) -> dict[str, Any]:
    """What the paper of a document prints: words only."""
    document = shown.document
    rows = read_rows(shown.lines, document)
    priced = any(row.amount is not None for row in rows)
    partner, label = "", _("Supplier")
    if document.transfer is not None:
        label = _("To warehouse") if document.direction == "out" else _("From warehouse")
        other = document.transfer.target if document.direction == "out" else document.transfer.source
        partner = other.name
    elif document.supplier is not None:
        partner = document.supplier.name
    elif document.use:
        label, partner = _("Kind of use"), str(document.get_use_display())
    elif document.cause:
        label, partner = _("Cause of damage"), str(document.get_cause_display())
    return {
        "title": titles.of_category(document.category),
        "colour": document.colour,
        "number": document.number,
        "day": dates.say_date(document.business_date),
        "warehouse": titles.of_warehouse(document.warehouse),
        "category": str(document.get_category_display()),
        "partner_label": label,
        "partner": partner,
        "reference": " ".join(
            part
            for part in (
                document.transfer.number if document.transfer else "",
                document.requisition,
                document.application,
            )
            if part
        ),
        "original": document.original.number if document.original else "",
        "remark": document.remarks,
        "state": str(document.get_state_display()),
        "lines": [
            {
                "ord": row.line.ordinal,
                "code": row.line.item.code,
                "name": row.line.item.name,
                "spec": row.line.item.spec,
                "unit": row.line.item.unit,
                "quantity": figures.quantity(row.line.quantity),
                "price": plain_money(row.line.price),
                "amount": plain_money(row.amount),
                "place": row.line.location,
                "remark": row.line.remarks,
            }
            for row in rows
        ],
        "count": len(rows),
        "total": figures.quantity(sum((row.line.quantity for row in rows), Decimal(0))),
        "priced": priced,
        "amount": plain_money(sum((row.amount for row in rows if row.amount is not None), Decimal(0))),
        "maker": document.created_by.name if document.created_by else "",
        "made_at": dates.say_moment(document.created_at)[:16],
        "auditor": document.audited_by.name if document.audited_by else "",
        "audited_at": dates.say_moment(document.audited_at)[:16] if document.audited_at else "",
        "printed_by": user.name,
        "printed_at": dates.say_moment(now_db())[:16],
        "print_count": document.print_count,
    }


def answer(
    template: str, data: dict[str, Any], *, code: str, number: str = "", name: str = ""
) -> FileResponse:
    """A PDF drawn now, in the reader's language; a paper without a number has a `name` for its file."""
    language = get_language() or "zh-hans"
    context = {
        "data": data,
        "document": pdf.Head(code, number, now_db(), language),
        "centre": {"name": settings.CENTRE_NAME},
        "copy": 0,
    }
    drawn = pdf.render(template, context, language=language)
    return FileResponse(io.BytesIO(drawn), filename=f"{number or name}.pdf", content_type="application/pdf")


@needs(*READ)
@require_POST
@idempotent
def document_print(request: HttpRequest, number: str) -> HttpResponse:
    """打印: counted, then shown as a PDF."""
    shown = page_or_404(request, number)
    services.note_print(document=shown.document, by=me(request))
    return answers.done(request, to=reverse("stock-document-pdf", args=[shown.document.number]))


@needs(*READ)
@require_GET
def document_pdf(request: HttpRequest, number: str) -> FileResponse:
    """The document on three-part paper, 241 mm × 139.7 mm."""
    shown = page_or_404(request, number)
    data = document_data(shown, user=me(request))
    return answer(
        "paper/inventory/document.html", data, code="inventory.document", number=shown.document.number
    )


@needs(*READ)
@require_GET
def delivery_pdf(request: HttpRequest, number: str) -> FileResponse:
    """The delivery note with packing list of goods that leave (INV-47)."""
    shown = page_or_404(request, number)
    data = document_data(shown, user=me(request))
    data["title"] = _("Delivery note and packing list")
    return answer(
        "paper/inventory/delivery.html", data, code="inventory.delivery", number=shown.document.number
    )


def book_pdf(
    request: HttpRequest,
    *,
    title: str,
    facts: Sequence[tuple[str, str]],
    columns: Sequence[Column],
    rows: Iterable[Any],
    sums: dict[int, str] | None = None,
    signers: Sequence[str] = (),
    name: str,
    by_hand: bool = False,
) -> FileResponse:
    """A book on A4 across: the columns of its spreadsheet, its rows up to the paper's cap.

    `by_hand`: with rows high enough to be written into.
    """
    lines, more = [], False
    for count, row in enumerate(rows):
        if count == MOST_PRINTED:
            more = True
            break
        lines.append([{"text": _cell(column, row), "num": column.kind == "quantity"} for column in columns])
    at = now_db()
    data = {
        "title": title,
        "facts": [{"label": label, "value": value} for label, value in facts],
        "heads": [{"text": str(column.title), "num": column.kind == "quantity"} for column in columns],
        "rows": lines,
        "sums": [(sums or {}).get(at_, "") for at_ in range(len(columns))] if sums else [],
        "more": more,
        "by_hand": by_hand,
        "limit": MOST_PRINTED,
        "signers": list(signers),
        "signature": signature(by=me(request), at=at, rows=len(lines)),
    }
    return answer("paper/inventory/book.html", data, code=f"inventory.{name}", name=name)


def _cell(column: Column, row: Any) -> str:
    value = column.of(row)
    if value is None:
        return ""
    if column.kind == "quantity":
        return figures.quantity(value)
    if column.kind == "date":
        return dates.say_date(value)
    if column.kind == "moment":
        return dates.say_moment(value)[:16]
    return str(value)


def transfer_said(transfer: Transfer, lines: Iterable[TransferLine]) -> dict[str, Any]:
    """One transfer in words, as every paper that it stands on tells it."""
    return {
        "number": transfer.number,
        "day": dates.say_date(transfer.business_date),
        "source": titles.of_warehouse(transfer.source),
        "target": titles.of_warehouse(transfer.target),
        "remark": transfer.remarks,
        "maker": transfer.created_by.name if transfer.created_by else "",
        "auditor": transfer.audited_by.name if transfer.audited_by else "",
        "lines": [
            {
                "ord": line.ordinal,
                "code": line.item.code,
                "name": line.item.name,
                "spec": line.item.spec,
                "unit": line.item.unit,
                "quantity": figures.quantity(line.quantity),
                "issued": figures.quantity(line.issued),
                "received": figures.quantity(line.received),
                "remark": line.remarks,
            }
            for line in lines
        ],
    }


def transfer_data(shown: Any, *, user: Any) -> dict[str, Any]:
    """What the paper of a transfer prints: both ends, and what was issued, received and is on its way."""
    transfer = shown.transfer
    return {
        **transfer_said(transfer, shown.lines),
        "kind": str(transfer.get_kind_display()),
        "requisition": transfer.requisition,
        "state": str(transfer.get_state_display()),
        "documents": " ".join(row.number for row in shown.documents),
        "count": len(shown.lines),
        "total": figures.quantity(sum((line.quantity for line in shown.lines), Decimal(0))),
        "audited_at": dates.say_moment(transfer.audited_at)[:16] if transfer.audited_at else "",
        "printed_by": user.name,
        "printed_at": dates.say_moment(now_db())[:16],
    }


@needs(*READ)
@require_POST
@idempotent
def transfer_print(request: HttpRequest, number: str) -> HttpResponse:
    """打印: a transfer's paper is not counted, its documents' are."""
    shown = transfer_or_404(request, number)
    return answers.done(request, to=reverse("stock-transfer-pdf", args=[shown.transfer.number]))


@needs(*READ)
@require_GET
def transfer_pdf(request: HttpRequest, number: str) -> FileResponse:
    """The transfer on three-part paper."""
    shown = transfer_or_404(request, number)
    return answer(
        "paper/inventory/transfer.html",
        transfer_data(shown, user=me(request)),
        code="inventory.transfer",
        number=shown.transfer.number,
    )

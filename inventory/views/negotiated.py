"""The month's negotiated transfers as one paper for the planning office (INV-43)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory import queries, services
from inventory.permissions import can_export
from inventory.views import printing
from inventory.views.door import READ
from organization.permissions import me
from organization.views.door import needs
from servicecenter.clock import now_db
from servicecenter.kernel.months import months_until, read_month
from servicecenter.spreadsheet import signature

MONTHS_OFFERED = 12


def months_offered() -> list[str]:
    """The months that may be chosen, as `2026-11`, this one first."""
    return [f"{first:%Y-%m}" for first in reversed(months_until(timezone.localdate(), MONTHS_OFFERED))]


def month_name(first: date) -> str:
    """`2026年11月`."""
    return str(formats.date_format(first, "YEAR_MONTH_FORMAT"))


@needs(*READ)
@require_POST
def negotiated_pdf(request: HttpRequest) -> FileResponse:
    """The audited negotiated transfers of a month on A4, each with its consent; noted in the trail of each."""
    user = me(request)
    if not can_export(user):
        raise PermissionDenied
    first = read_month(request.POST.get("month") or f"{timezone.localdate():%Y-%m}")
    if first is None:
        raise Http404
    found = list(queries.negotiated_of(user, first)[: printing.MOST_PRINTED + 1])
    more, rows = len(found) > printing.MOST_PRINTED, found[: printing.MOST_PRINTED]
    at = now_db()
    services.note_batch(transfers=rows, month=f"{first:%Y-%m}", by=user, at=at)
    data = {
        "month": month_name(first),
        "transfers": [printing.transfer_said(row, row.lines.all()) for row in rows],
        "count": len(rows),
        "more": more,
        "limit": printing.MOST_PRINTED,
        "signers": [
            _("Department manager, issuing"),
            _("Department manager, receiving"),
            _("Planning office"),
        ],
        "signature": signature(by=user, at=at, rows=len(rows)),
    }
    name = f"negotiated-{first:%Y-%m}"
    return printing.answer("paper/inventory/negotiated.html", data, code="inventory.negotiated", name=name)

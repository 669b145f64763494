"""The claims desk: which claims wait for whom, what is late, what is to be issued and paid (D12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from claims import queries
from claims.filters import ClaimFilter
from claims.permissions import ANY_APPROVAL, Right
from claims.views.columns import claim_columns
from claims.views.door import READ
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, keyset
from servicecenter.components import Counter


@dataclass(frozen=True)
class Face:
    """How a queue is called, how its figure is coloured, and what it says when it is empty."""

    label: Any
    nothing: Any
    text: Any
    tone: str = ""


FACES: dict[str, Face] = {
    "mine": Face(
        gettext_lazy("My claims"),
        gettext_lazy("Nothing waits for you"),
        gettext_lazy("Claims that you have taken stand here, the next one due on top."),
    ),
    "unassigned": Face(
        gettext_lazy("Not taken"),
        gettext_lazy("Every claim has been taken"),
        gettext_lazy("New claims stand here until an adjuster takes them."),
        "warn",
    ),
    "late": Face(
        gettext_lazy("Overdue"),
        gettext_lazy("Nothing is overdue"),
        gettext_lazy("Claims past their deadline stand here until they are done."),
        "hot",
    ),
    "waiting_approval": Face(
        gettext_lazy("In approval"),
        gettext_lazy("No payout waits for approval"),
        gettext_lazy("Agreed payouts stand here until they are signed."),
    ),
    "to_issue": Face(
        gettext_lazy("To be issued"),
        gettext_lazy("No voucher is to be issued"),
        gettext_lazy("Approved claims stand here until each part has its voucher."),
    ),
    "to_pay": Face(
        gettext_lazy("To be paid"),
        gettext_lazy("No voucher is outstanding"),
        gettext_lazy("Claims whose voucher has not been paid yet stand here."),
    ),
    "to_determine": Face(
        gettext_lazy("To be determined"),
        gettext_lazy("Liability is determined everywhere"),
        gettext_lazy(
            "Claims whose liability is open or provisional stand here. The payout does not wait for it."
        ),
    ),
    "all": Face(
        gettext_lazy("All open"),
        gettext_lazy("No claim is open"),
        gettext_lazy(
            "A claim is opened from a complaint about damage or shortage, or directly on a waybill."
        ),
    ),
}


def page_of(request: HttpRequest, *, queue: str) -> tuple[ClaimFilter, keyset.Page[Any], str]:
    """Filter, order and page from the address."""
    data = request.GET.copy()
    data.setdefault("queue", queue)
    filterset = ClaimFilter(
        data, queryset=queries.row_queryset(me(request)), request=request, user=me(request)
    )
    name = data.get("order", "")
    order = queries.ORDERS.get(name) or queries.ORDERS["due" if data["queue"] else "newest"]
    marked = data.copy()
    marked.pop("cursor", None)
    page = keyset.paginate(
        filterset.qs, order=order, cursor=request.GET.get("cursor", ""), filters=marked.urlencode()
    )
    queries.with_clocks(page.rows)
    return filterset, page, order.name


@needs(*READ)
@require_GET
def claim_list(request: HttpRequest) -> HttpResponse:
    """The queue of claims; with words or filters the whole store."""
    asked = request.GET.get("queue")
    searching = bool(request.GET.get("q")) or any(
        request.GET.get(name) for name in ("state", "liability", "kind", "waybill", "customer", "complaint")
    )
    works = me(request).has_right(Right.WORK_CLAIM)
    queue = asked if asked in FACES else "" if searching else "mine" if works else "all"
    filterset, page, order = page_of(request, queue=queue)
    context = {
        "filterset": filterset,
        "page": page,
        "order": order,
        "queue": queue,
        "face": FACES.get(queue),
        "q": request.GET.get("q", ""),
        "kept": [
            (name, value) for name, value in request.GET.items() if name not in {"q", "cursor", "queue"}
        ],
        "counters": counters(queue, queries.queue_counts(me(request))),
        "may_export": me(request).has_right(Right.EXPORT_CLAIMS),
        "may_open": me(request).has_right(Right.OPEN_CLAIM),
        "may_approve": me(request).rights.has_any(ANY_APPROVAL),
    }
    return render(request, "claims/list.html", context)


@needs(Right.EXPORT_CLAIMS)
@require_POST
def export(request: HttpRequest) -> FileResponse:
    """What the list shows, as XLSX or CSV: same filters, same rows; liability with the right alone; logged (PRV-04)."""
    filterset = ClaimFilter(
        request.GET, queryset=queries.row_queryset(me(request)), request=request, user=me(request)
    )
    order = queries.ORDERS.get(request.GET.get("order", "")) or queries.ORDERS["newest"]
    rows = keyset.iterate(filterset.qs, order=order)
    return answers.exported(request, name=_("claims"), columns=claim_columns(me(request)), rows=rows)


def counters(current: str, counts: dict[str, int]) -> list[Counter]:
    """The first line of the desk."""
    here = reverse("claim-list")
    return [
        Counter(
            str(face.label), counts[code], f"{here}?queue={code}", tone=face.tone, current=code == current
        )
        for code, face in FACES.items()
        if code in counts
    ]

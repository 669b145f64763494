"""The merit list of a month and the catalogue of violations (SAN-01 … SAN-19)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conduct import queries, services
from conduct.forms.sanctions import EmptyForm
from conduct.permissions import Right
from conduct.views.columns import merit_columns
from conduct.views.door import places
from organization.views.door import ask, data_of, demand, needs
from servicecenter import answers, keyset
from servicecenter.clock import business_date, now_db
from servicecenter.idempotency import idempotent
from servicecenter.kernel.months import month_of, next_month, previous_month, read_month
from servicecenter.permissions import can_export


@needs(Right.VIEW_MERIT)
@require_GET
def merit(request: HttpRequest) -> HttpResponse:
    """Who lost the merit of a month and why, who got it back; derived, never typed in (SAN-11)."""
    today = business_date(now_db())
    month = _month(request)
    found = queries.merit_month(month, request.user)
    return render(
        request,
        "conduct/merit.html",
        {
            "places": places(request, "merit"),
            "merit": found,
            "before": f"{previous_month(month):%Y-%m}",
            "after": f"{next_month(month):%Y-%m}" if month < month_of(today) else "",
            "is_over": month < month_of(today),
            "today": today,
            "export_url": reverse("merit-export") if can_export(request.user) else "",
        },
    )


def _month(request: HttpRequest) -> date:
    return read_month(request.GET.get("month", "")) or month_of(business_date(now_db()))


@needs(Right.VIEW_MERIT)
@require_POST
def export(request: HttpRequest) -> FileResponse:
    """The merit list of the month shown, as XLSX or CSV; logged (PRV-04)."""
    demand(can_export(request.user))
    rows = queries.disqualifications_visible_to(request.user).filter(month=_month(request))
    listed = keyset.iterate(rows, order=keyset.Order("oldest", ("created_at",)))
    return answers.exported(request, name=_("merit list"), columns=merit_columns(), rows=listed)


@needs(Right.CONFIRM_SANCTION)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Issue the list: later changes appear as corrections in the next (SAN-19)."""
    first = read_month(f"{year}-{month}") or month_of(business_date(now_db()))
    user: Any = request.user
    return ask(
        request,
        form=EmptyForm(data_of(request)),
        question=_("Issue the merit list of %(month)s?") % {"month": f"{first:%Y-%m}"},
        text=_("What changes afterwards appears as a correction in the next list."),
        verb=_("Issue"),
        icon="stamp",
        act=lambda form: services.issue_merit_list(month=first, by=user),
        to=f"{reverse('merit')}?month={first:%Y-%m}",
        toast=_("Issued."),
    )


@needs(Right.VIEW_SANCTION)
@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every violation with its present range and who is sanctioned."""
    return render(
        request,
        "conduct/catalogue.html",
        {"places": places(request, "conduct-catalogue"), "rows": queries.catalogue()},
    )

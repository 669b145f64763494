"""Fragments fetched by URL name: the claims of a complaint, a waybill, a customer; who is meant by a name."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from claims import queries
from claims.models import Claim
from claims.permissions import Right
from complaints import queries as complaints
from customers import queries as customers
from organization import queries as organization
from organization.permissions import me
from organization.views.door import needs

SEES = (Right.VIEW_CLAIM, Right.OPEN_CLAIM)
SHOWN = 8
# What the form of a new claim begins with where goods count as lost by their delay (CLM-19).
OF_LOSS = "&kind=loss"


@needs(*SEES)
@require_GET
def of_complaint(request: HttpRequest, number: str) -> HttpResponse:
    """The claims of a ticket, and the button that opens one where its category offers it (CLM-01)."""
    ticket = complaints.row_queryset(me(request)).select_related("waybill").filter(number=number).first()
    if ticket is None:
        raise Http404
    offer, lost = "", None
    if queries.may_open_from(ticket, me(request)):
        lost = queries.lost_by_time(ticket.waybill)
        offer = f"{reverse('claim-new')}?complaint={number}" + (OF_LOSS if lost else "")
    return _rows(
        request, queries.claims_of_complaint(ticket, me(request)), f"complaint={number}", offer, lost
    )


@needs(*SEES)
@require_GET
def of_waybill(request: HttpRequest, number: str) -> HttpResponse:
    """The claims of a waybill: part of its line of life (WBL-09); goods that count as lost by now are said (CLM-19)."""
    waybill = customers.waybills_visible_to(me(request)).filter(number=number).first()
    if waybill is None:
        raise Http404
    offer, lost = "", None
    if me(request).has_right(Right.OPEN_CLAIM):
        lost = queries.lost_by_time(waybill)
        offer = f"{reverse('claim-new')}?waybill={number}" + (OF_LOSS if lost else "")
    return _rows(request, queries.claims_of_waybill(number, me(request)), f"waybill={number}", offer, lost)


@needs(*SEES)
@require_GET
def of_customer(request: HttpRequest, number: str) -> HttpResponse:
    """A customer's claims, newest first."""
    if not customers.customers_visible_to(me(request)).filter(number=number).exists():
        raise Http404
    return _rows(request, queries.claims_of_customer(number, me(request)), f"customer={number}", "")


def _rows(
    request: HttpRequest, found: Iterable[Claim], query: str, offer: str, lost: queries.Missing | None = None
) -> HttpResponse:
    rows = list(found)
    context = {
        "rows": rows[:SHOWN],
        "more": f"{reverse('claim-list')}?{query}" if len(rows) > SHOWN else "",
        "offer": offer,
        "lost": lost,
        "linked": me(request).has_right(Right.VIEW_CLAIM),
    }
    return render(request, "claims/_of.html", context)


@needs(Right.WORK_CLAIM)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Who could be meant by what is typed into a person's field: to be chosen by work number."""
    text = request.GET.get("employee", "")[:60]
    code = request.GET.get("department", "")
    department = organization.open_department(code) if code else None
    found = organization.find_employees(text, department, user=me(request)).people if text.strip() else ()
    context = {"name": "employee", "people": found, "typed": text}
    return render(request, "complaints/_people.html", context)

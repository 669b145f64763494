"""Fragments that other apps' pages fetch by URL name: the complaints of a customer, a waybill, a caller."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from complaints import queries
from complaints.models import Complaint
from complaints.permissions import READERS, WRITERS, Right
from customers import queries as customers
from customers.domain import telephones
from organization import queries as organization
from organization.permissions import me
from organization.views.door import needs
from servicecenter.kernel.errors import RuleBroken

READ = (*READERS, Right.REGISTER_CONTACT)
SHOWN = 8


@needs(*READ)
@require_GET
def of_customer(request: HttpRequest, number: str) -> HttpResponse:
    """A customer's complaints, newest first."""
    customer = customers.customers_visible_to(me(request)).filter(number=number).first()
    if customer is None:
        raise Http404
    return _rows(request, queries.of_customer(customer.pk, me(request))[: SHOWN + 1], f"customer={number}")


@needs(*READ)
@require_GET
def of_waybill(request: HttpRequest, number: str) -> HttpResponse:
    """The complaints about a waybill: part of its line of life (WBL-09)."""
    waybill = customers.waybills_visible_to(me(request)).filter(number=number).first()
    if waybill is None:
        raise Http404
    return _rows(request, queries.of_waybill(waybill.pk, me(request))[: SHOWN + 1], f"waybill={number}")


@needs(Right.REGISTER_CONTACT)
@require_GET
def of_call(request: HttpRequest, telephone: str) -> HttpResponse:
    """The complaints of a caller's number, for the call pop-up."""
    try:
        digits = telephones.normalise(telephone).number
    except RuleBroken as problem:
        raise Http404 from problem
    rows = queries.earlier(telephone=digits, waybill=None, customer=None, user=me(request))
    return _rows(request, rows[: SHOWN + 1], f"about={digits}")


def _rows(request: HttpRequest, found: Iterable[Complaint], query: str) -> HttpResponse:
    rows = list(found)
    more = f"{reverse('complaint-list')}?{query}" if len(rows) > SHOWN else ""
    context = {"rows": rows[:SHOWN], "more": more}
    return render(request, "complaints/_of.html", context)


@needs(Right.REGISTER_CONTACT, *WRITERS)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Who could be meant by what is typed into a person's field: to be chosen by work number."""
    name = request.GET.get("field", "")
    if name not in {"respondent", "employee"}:
        raise Http404
    text = request.GET.get(name, "")[:60]
    code = request.GET.get("respondent_department") or request.GET.get("department") or ""
    department = organization.open_department(code) if code else None
    found = organization.find_employees(text, department, user=me(request)).people if text.strip() else ()
    return render(request, "complaints/_people.html", {"name": name, "people": found, "typed": text})

"""Waybills: the list, one line of life, stubs and their completion, events, COD money (WBL-01 … WBL-09)."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers import permissions, queries, services
from customers.domain.facts import WaybillFacts
from customers.filters import WaybillFilter
from customers.forms import waybills as forms
from customers.models import Waybill
from customers.permissions import Right
from customers.queries.waybills import ORDERS, waybill_rows
from customers.views.columns import waybill_columns
from customers.views.door import (
    VIEW_CLAIM,
    intake_url,
    kept_address,
    slot,
    told_when_stale,
    trail_of,
    waybill_or_404,
)
from organization.views.door import ask, data_of, needs
from servicecenter import answers, components, keyset
from servicecenter.clock import now_db
from servicecenter.figures import spaced
from servicecenter.idempotency import idempotent


@needs(Right.VIEW_WAYBILL)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Every waybill one may see; a branch sees those that begin or end there."""
    user: Any = request.user
    filterset, order = _filtered(request)
    address = request.GET.copy()
    cursor = address.pop("cursor", [""])[-1]
    page = keyset.paginate(
        waybill_rows(filterset.qs), order=order, cursor=cursor, filters=address.urlencode()
    )
    return render(
        request,
        "customers/waybills.html",
        {
            "filterset": filterset,
            "page": page,
            "order": order.name,
            "q": request.GET.get("q", ""),
            "kept": kept_address(request),
            "may_add": permissions.can_edit_waybill(user),
            "may_export": user.has_right(Right.EXPORT_CUSTOMERS),
        },
    )


def _filtered(request: HttpRequest) -> tuple[WaybillFilter, keyset.Order]:
    filterset = WaybillFilter(request.GET, queryset=queries.waybills_visible_to(request.user))
    return filterset, ORDERS.get(request.GET.get("order", "")) or ORDERS["newest"]


@needs(Right.EXPORT_CUSTOMERS)
@require_POST
def export(request: HttpRequest) -> FileResponse:
    """What the list shows, as XLSX or CSV; logged (PRV-04)."""
    filterset, order = _filtered(request)
    rows = keyset.iterate(filterset.qs, order=order)
    return answers.exported(request, name=_("waybills"), columns=waybill_columns(), rows=rows)


@needs(Right.VIEW_WAYBILL)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One waybill, one line of life: facts with source and time, all that happened, what to verify (WBL-09)."""
    user: Any = request.user
    waybill = waybill_or_404(request, number)
    page = queries.waybill_page(waybill, user)
    return render(
        request,
        "customers/waybill.html",
        {
            "waybill": waybill,
            "page": page,
            "line": queries.life_line(page.card, user),
            "crumbs": [
                components.Crumb(_("Waybills"), reverse("waybill-list")),
                components.Crumb(spaced(waybill.number)),
            ],
            "complaints_url": slot("complaints-of-waybill", waybill.number),
            "claims_url": slot("claims-of-waybill", waybill.number) if user.has_right(VIEW_CLAIM) else "",
            "intake_url": intake_url(request),
            "trail": trail_of(request, waybill),
            "may_edit": permissions.can_edit_waybill(user),
            "may_open_customers": user.has_right(Right.VIEW_CUSTOMER),
        },
    )


@needs(Right.EDIT_WAYBILL)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A waybill unknown to us becomes a stub; a known number leads to its page (WBL-08)."""
    return ask(
        request,
        form=forms.StubForm(data_of(request), initial={"waybill": request.GET.get("waybill", "")}),
        question=_("Register a waybill"),
        text=_("A number that is unknown to us becomes a stub, to be completed when its facts are known."),
        verb=_("Register"),
        icon="truck",
        act=lambda form: services.register_stub_waybill(number=form.cleaned_data["waybill"], by=request.user),
        to=lambda made: reverse("waybill", args=[made.number]),
        toast=_("Here it is."),
    )


FACTS = tuple(WaybillFacts.__dataclass_fields__)


@needs(Right.EDIT_WAYBILL)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, number: str) -> HttpResponse:
    """The facts of a waybill; a stub becomes complete (WBL-08)."""
    waybill = waybill_or_404(request, number)
    initial = {name: getattr(waybill, name) for name in FACTS if not name.endswith("_id")} | {
        "version": waybill.version,
        "origin": waybill.origin.code if waybill.origin else None,
        "destination": waybill.destination.code if waybill.destination else None,
    }
    return ask(
        request,
        form=forms.FactsForm(data_of(request), initial=initial),
        template="customers/facts.html",
        question=_("Facts of waybill %(number)s") % {"number": spaced(number)},
        verb=_("Complete the waybill") if waybill.is_stub else _("Save the facts"),
        waybill=waybill,
        act=lambda form: told_when_stale(
            form,
            waybill,
            lambda sent: services.complete_waybill(
                waybill=waybill, facts=sent.facts(waybill), version=sent.seen, by=request.user
            ),
        ),
        to=reverse("waybill", args=[number]),
        toast=_("Saved."),
    )


@needs(Right.EDIT_WAYBILL)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def cod(request: HttpRequest, number: str) -> HttpResponse:
    """COD money goes on (WBL-05)."""
    waybill = waybill_or_404(request, number)
    initial = {name: getattr(waybill, name) for name in ("cod_state", "cod_amount", "version")}
    return ask(
        request,
        form=forms.CodForm(data_of(request), initial=initial),
        question=_("Where is the COD money?"),
        text=_("It goes forward only; after collection the amount stays."),
        verb=_("Save"),
        icon="coin",
        act=lambda form: services.set_cod(
            waybill=waybill,
            state=form.cleaned_data["cod_state"],
            amount=form.cleaned_data["cod_amount"],
            version=form.seen,
            by=request.user,
        ),
        to=reverse("waybill", args=[number]),
        toast=_("Saved."),
    )


@needs(Right.EDIT_WAYBILL)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, number: str) -> HttpResponse:
    """What happened to the consignment (WBL-02)."""
    waybill = waybill_or_404(request, number)
    return _event(
        request, waybill, forms.EventForm(data_of(request), initial={"occurred_at": now_db()}), None
    )


@needs(Right.EDIT_WAYBILL)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A later event corrects an earlier one, which stays visible (WBL-02)."""
    waybill = waybill_or_404(request, number)
    wrong = get_object_or_404(waybill.events, pk=pk)
    initial = {name: getattr(wrong, name) for name in ("kind", "occurred_at", "place", "remarks")}
    return _event(request, waybill, forms.CorrectionForm(data_of(request), initial=initial), wrong)


def _event(request: HttpRequest, waybill: Waybill, form: forms.EventForm, corrects: Any) -> HttpResponse:
    return ask(
        request,
        form=form,
        question=_("What is right?") if corrects else _("What happened?"),
        text=_("The wrong entry stays visible, struck out.") if corrects else "",
        verb=_("Correct the event") if corrects else _("Record the event"),
        icon="truck",
        act=lambda sent: services.record_event(
            waybill=waybill,
            kind=sent.cleaned_data["kind"],
            occurred_at=sent.cleaned_data["occurred_at"],
            place=sent.cleaned_data["place"],
            remarks=sent.cleaned_data["remarks"],
            corrects=corrects,
            is_void=bool(sent.cleaned_data.get("is_void")),
            by=request.user,
        ),
        to=reverse("waybill", args=[waybill.number]),
        toast=_("Recorded."),
    )

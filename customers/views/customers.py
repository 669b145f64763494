"""The customer file: the list, one customer, and what is done to it (CUS-01 … CUS-04, CUS-13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers import permissions, queries, services
from customers.filters import CustomerFilter
from customers.forms import customers as forms
from customers.models import Customer
from customers.permissions import Right
from customers.queries.customers import ORDERS, customer_rows
from customers.views.columns import customer_columns
from customers.views.door import (
    VIEW_CLAIM,
    customer_or_404,
    intake_url,
    kept_address,
    slot,
    told_when_stale,
    trail_of,
)
from customers.views.sides import TABS, next_step, tabs_of
from organization.views.door import ask, data_of, demand, needs
from servicecenter import answers, components, keyset
from servicecenter.idempotency import idempotent
from servicecenter.permissions import can_view_trail


@needs(Right.VIEW_CUSTOMER)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Every customer one may see, newest first or by name; the address is the view."""
    user: Any = request.user
    filterset, order = _filtered(request)
    address = request.GET.copy()
    cursor = address.pop("cursor", [""])[-1]
    page = keyset.paginate(
        customer_rows(filterset.qs), order=order, cursor=cursor, filters=address.urlencode()
    )
    return render(
        request,
        "customers/list.html",
        {
            "filterset": filterset,
            "page": page,
            "order": order.name,
            "q": request.GET.get("q", ""),
            "kept": kept_address(request),
            "may_grade": user.has_right(Right.CONFIRM_TIERS),
            "may_add": user.has_right(Right.EDIT_CUSTOMER),
            "may_export": user.has_right(Right.EXPORT_CUSTOMERS),
        },
    )


def _filtered(request: HttpRequest) -> tuple[CustomerFilter, keyset.Order]:
    filterset = CustomerFilter(request.GET, queryset=queries.customers_visible_to(request.user))
    return filterset, ORDERS.get(request.GET.get("order", "")) or ORDERS["newest"]


@needs(Right.EXPORT_CUSTOMERS)
@require_POST
def export(request: HttpRequest) -> FileResponse:
    """What the list shows, as XLSX or CSV: same filters, same rows, masked alike; logged (PRV-04)."""
    filterset, order = _filtered(request)
    rows = keyset.iterate(customer_rows(filterset.qs), order=order)
    return answers.exported(request, name=_("customers"), columns=customer_columns(), rows=rows)


@needs(Right.VIEW_CUSTOMER)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One customer: tier and what it brings, everything between us, contacts, consents, what to verify."""
    user: Any = request.user
    customer = customer_or_404(request, number)
    page = queries.customer_page(customer, user)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    trail = trail_of(request, customer) if tab == "trail" else None
    claims_url = slot("claims-of-customer", customer.number) if user.has_right(VIEW_CLAIM) else ""
    timeline = queries.timeline(customer, user) if tab == "all" else None
    return render(
        request,
        "customers/customer.html",
        {
            "customer": customer,
            "page": page,
            "tab": tab,
            "timeline": timeline,
            "alerts": queries.alerts(customer, user),
            "tabs": tabs_of(tab, page, shown={"claims": bool(claims_url), "trail": can_view_trail(user)}),
            "crumbs": [
                components.Crumb(_("Customers"), reverse("customer-list")),
                components.Crumb(customer.name),
            ],
            "complaints_url": slot("complaints-of-customer", customer.number),
            "claims_url": claims_url,
            "intake_url": intake_url(request),
            "trail": trail,
            "next_step": next_step(user, customer, page),
            "may_edit": permissions.can_edit(user, customer),
            "may_mark": permissions.can_mark(user, customer),
            "may_confirm": permissions.can_confirm_mark(user, customer),
            "may_lift": permissions.can_lift_mark(user, customer),
            "may_entrust": user.has_right(Right.ASSIGN_ACCOUNT_MANAGER),
            "may_grade": permissions.can_grade(user, customer),
            "may_visit": permissions.can_record_visit(user, customer),
            "may_open": user.has_right(Right.EDIT_CUSTOMER) and customer.standing == "closed",
        },
    )


@needs(Right.EDIT_CUSTOMER)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new customer."""
    initial = {"telephone": request.GET.get("tel", ""), "name": request.GET.get("name", "")}
    return ask(
        request,
        form=forms.NewCustomerForm(data_of(request), initial=initial),
        template="customers/new.html",
        question=_("New customer"),
        verb=_("Register the customer"),
        act=lambda form: services.register_customer(
            by=request.user,
            **{name: form.cleaned_data[name] for name in form.field_order},
        ),
        to=lambda made: reverse("customer", args=[made.number]),
        toast=_("Registered."),
    )


@needs(Right.EDIT_CUSTOMER)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Name, kind, trade, region, credit; the tier is read only."""
    customer = customer_or_404(request, number)
    demand(permissions.can_edit(request.user, customer))
    names = ("name", "kind", "trade", "region", "credit_note")
    initial = {name: getattr(customer, name) for name in (*names, "version")}
    return ask(
        request,
        form=forms.CustomerForm(data_of(request), initial=initial),
        template="customers/edit.html",
        question=_("Change the data of %(name)s") % {"name": customer.name},
        verb=_("Save"),
        act=lambda form: told_when_stale(
            form,
            customer,
            lambda sent: services.change_customer(
                customer=customer,
                version=sent.seen,
                by=request.user,
                **{name: sent.cleaned_data[name] for name in names},
            ),
        ),
        to=reverse("customer", args=[number]),
        toast=_("Saved."),
    )


def _act(
    request: HttpRequest,
    number: str,
    *,
    allowed: Callable[[Any, Customer], bool],
    question: str,
    verb: str,
    toast: str,
    act: Callable[[Customer, Any], Any],
    form: Any = forms.EmptyForm,
    text: str = "",
    stop: bool = False,
    icon: str = "pencil",
) -> HttpResponse:
    """One act on a customer in a dialog; `act` gets the customer and the form."""
    customer = customer_or_404(request, number)
    demand(allowed(request.user, customer))
    return ask(
        request,
        form=form(data_of(request), initial={"version": customer.version}),
        question=question % {"name": customer.name},
        text=text,
        verb=verb,
        icon=icon,
        stop=stop,
        act=lambda sent: act(customer, sent),
        to=reverse("customer", args=[number]),
        toast=toast,
    )


@needs(Right.MARK_DIFFICULT)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, number: str) -> HttpResponse:
    """Mark as difficult (CUS-03)."""
    return _act(
        request,
        number,
        allowed=permissions.can_mark,
        question=_("Mark %(name)s as difficult?"),
        text=_("Shown at every call from now on; a supervisor confirms or lifts it."),
        verb=_("Mark"),
        toast=_("Marked; the supervisor has been told."),
        icon="flag",
        form=forms.ReasonForm,
        act=lambda row, form: services.mark_difficult(
            customer=row, reason=form.cleaned_data["reason"], version=form.seen, by=request.user
        ),
    )


@needs(Right.CONFIRM_MARK)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_mark(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm the mark (CUS-03)."""
    return _act(
        request,
        number,
        allowed=permissions.can_confirm_mark,
        question=_("Confirm that %(name)s is a difficult customer?"),
        text=customer_or_404(request, number).difficult_reason,
        verb=_("Confirm the mark"),
        toast=_("Confirmed."),
        icon="flag",
        act=lambda row, form: services.confirm_mark(customer=row, version=form.seen, by=request.user),
    )


@needs(Right.CONFIRM_MARK)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def lift_mark(request: HttpRequest, number: str) -> HttpResponse:
    """Take the mark away (CUS-03)."""
    return _act(
        request,
        number,
        allowed=permissions.can_lift_mark,
        question=_("Take the mark of %(name)s away?"),
        verb=_("Take it away"),
        toast=_("The mark is gone; the trail keeps it."),
        icon="flag",
        form=forms.ReasonForm,
        act=lambda row, form: services.lift_mark(
            customer=row, reason=form.cleaned_data["reason"], version=form.seen, by=request.user
        ),
    )


@needs(Right.EDIT_CUSTOMER)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close the file (CUS-04)."""
    return _act(
        request,
        number,
        allowed=permissions.can_edit,
        question=_("Close the file of %(name)s?"),
        text=_("It stays searchable and can be opened again; until then it does not change."),
        verb=_("Close the file"),
        toast=_("Closed."),
        icon="lock",
        stop=True,
        form=forms.ReasonForm,
        act=lambda row, form: services.close_customer(
            customer=row, reason=form.cleaned_data["reason"], version=form.seen, by=request.user
        ),
    )


@needs(Right.EDIT_CUSTOMER)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """Open the file again (CUS-04)."""
    return _act(
        request,
        number,
        allowed=lambda user, row: row.standing == "closed",
        question=_("Open the file of %(name)s again?"),
        verb=_("Open it again"),
        toast=_("Open again."),
        icon="rotate",
        act=lambda row, form: services.reopen_customer(customer=row, version=form.seen, by=request.user),
    )


@needs(Right.ASSIGN_ACCOUNT_MANAGER)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def entrust(request: HttpRequest, number: str) -> HttpResponse:
    """Name the account manager."""
    customer = customer_or_404(request, number)
    manager = customer.account_manager
    return ask(
        request,
        form=forms.ManagerForm(
            data_of(request),
            people=queries.account_managers(manager),
            initial={
                "version": customer.version,
                "account_manager": manager.work_number if manager else None,
            },
        ),
        question=_("Who looks after %(name)s?") % {"name": customer.name},
        verb=_("Entrust"),
        icon="user",
        act=lambda form: services.assign_account_manager(
            customer=customer,
            employee=form.cleaned_data["account_manager"],
            version=form.seen,
            by=request.user,
        ),
        to=reverse("customer", args=[number]),
        toast=_("Saved."),
    )

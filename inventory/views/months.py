"""The months of the books: which are closed, what stands in the way of the next, closing and opening again (LED-08)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from inventory import queries, services
from inventory.forms import ConfirmForm, ReasonForm
from inventory.permissions import Right, can_close_period, can_reopen_period
from inventory.views.books import book_tabs
from inventory.views.door import READ
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers
from servicecenter.clock import now_db
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.kernel.months import read_month


def _months() -> list[queries.Month]:
    at = now_db()
    return queries.months(days=queries.stock_policy(at=at).transit_days, at=at)


def _month(text: str) -> queries.Month:
    """The month of an address, `2026-10`; 404 for one that the books do not have."""
    first = read_month(text)
    found = next((month for month in _months() if month.first == first), None)
    if found is None:
        raise Http404
    return found


@needs(*READ)
@require_GET
def month_list(request: HttpRequest) -> HttpResponse:
    """The months, newest first, and what must be finished before the next one can be closed."""
    context = {
        "months": _months(),
        "tabs": book_tabs("stock-months"),
        "may_close": can_close_period(me(request)),
        "may_reopen": can_reopen_period(me(request)),
    }
    return render(request, "inventory/months.html", context)


def _ask(
    request: HttpRequest,
    text: str,
    *,
    template: str,
    form: type[Any],
    act: Callable[[date, dict[str, Any]], Any],
    toast: str,
) -> HttpResponse:
    month = _month(text)
    asked = form(request.POST or None)
    status = 200
    if request.method == "POST":
        if asked.is_valid():
            try:
                act(month.first, asked.cleaned_data)
            except (RuleBroken, RulesBroken) as problem:
                asked.refuse(problem)
            else:
                return answers.done(request, to=reverse("stock-months"), toast=toast)
        status = 422
    return render(request, template, {"form": asked, "month": month}, status=status)


@needs(Right.CLOSE_PERIOD)
@idempotent
def month_close(request: HttpRequest, month: str) -> HttpResponse:
    """月结: the closing stock is written down; nothing enters the month any more."""
    return _ask(
        request,
        month,
        template="inventory/month_close.html",
        form=ConfirmForm,
        act=lambda first, said: services.close_period(month=first, by=me(request)),
        toast=_("%(month)s is closed.") % {"month": month},
    )


@needs(Right.REOPEN_PERIOD)
@idempotent
def month_reopen(request: HttpRequest, month: str) -> HttpResponse:
    """反月结: only the latest closed month, with a reason, recorded."""
    return _ask(
        request,
        month,
        template="inventory/month_reopen.html",
        form=ReasonForm,
        act=lambda first, said: services.reopen_period(month=first, reason=said["reason"], by=me(request)),
        toast=_("%(month)s is open again.") % {"month": month},
    )

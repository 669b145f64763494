"""The counter: scan or type a voucher, check who stands there, pay once (CLM-10)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims import forms, queries, services
from claims.permissions import Right
from claims.views.door import kept_files, refused, voucher_or_404
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, figures
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken

WINDOW = "counter_window"


@needs(Right.PAY_VOUCHER)
@require_GET
def counter(request: HttpRequest) -> HttpResponse:
    """The scan box, today's payments, what is outstanding. A number or code leads to its voucher."""
    text = request.GET.get("number", "").strip()
    if text:
        found = queries.find_voucher(text, me(request))
        if found is not None:
            return redirect("counter-voucher", found.number)
    return _page(request, text=text, missing=bool(text), status=200)


@needs(Right.PAY_VOUCHER)
@idempotent
def voucher(request: HttpRequest, number: str) -> HttpResponse:
    """One voucher at the counter: what is right with it, the checks, the button that pays."""
    row = voucher_or_404(request, number)
    initial = {"receiver": row.payee, "window": request.session.get(WINDOW, "")}
    form = forms.PayForm(request.POST or None, user=me(request), claim=None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            paid = services.pay_voucher(
                voucher=row,
                receiver=said["receiver"],
                identity_last_four=said["identity_last_four"],
                window=said["window"],
                is_proxy=said["is_proxy"],
                proxy_identity=said["proxy_identity"],
                authority=tuple(request.POST.getlist("authority")),
                consent=tuple(request.POST.getlist("consent")),
                by=me(request),
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
            row.refresh_from_db()
        else:
            request.session[WINDOW] = said["window"]
            told = _("%(amount)s paid to %(name)s.") % {
                "amount": figures.money(paid.amount),
                "name": paid.receiver,
            }
            return answers.done(request, to=reverse("counter"), toast=told)
    return _page(
        request,
        form=form,
        card=queries.voucher_card(row, me(request)),
        authority=kept_files(request, "authority"),
        consent=kept_files(request, "consent"),
        status=refused(form),
    )


def _page(request: HttpRequest, *, status: int, **more: Any) -> HttpResponse:
    context = {"day": queries.counter_day(me(request)), **more}
    return render(request, "claims/counter.html", context, status=status)

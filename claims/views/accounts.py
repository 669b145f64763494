"""What parties owe over all claims, their account sheets, settlements without a claim (CLM-11, CLM-12, CLM-21)."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims import forms, services
from claims.filters import SettlementFilter
from claims.permissions import Right
from claims.queries import accounts as queries
from claims.views.door import refused
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, keyset, pdf
from servicecenter.clock import business_date, now_db
from servicecenter.components import Crumb
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken

SHEET = "claims/paper/account.html"


@needs(Right.VIEW_LIABILITY)
@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    """Who owes how much; outside parties alone with `?outside=1`."""
    outside = request.GET.get("outside") == "1"
    context = {"accounts": queries.accounts(outside_only=outside), "outside": outside}
    return render(request, "claims/accounts.html", context)


@needs(Right.VIEW_LIABILITY)
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The account sheet of one party, `?party=outside:…`."""
    found = queries.sheet(request.GET.get("party", ""))
    if found is None:
        raise Http404
    crumbs = [Crumb(_("What parties owe"), reverse("claim-accounts")), Crumb(found.account.who)]
    return render(request, "claims/account.html", {"sheet": found, "crumbs": crumbs})


@needs(Right.VIEW_LIABILITY)
@require_GET
def account_pdf(request: HttpRequest) -> FileResponse:
    """The same as a paper to be reconciled and signed (对账单)."""
    found = queries.sheet(request.GET.get("party", ""))
    if found is None:
        raise Http404
    at, language = now_db(), get_language() or "zh-hans"
    head = pdf.Head("claims.account", "", at, language)
    data = queries.sheet_data(found, on=business_date(at))
    context = pdf.sheet_context(head, data, printed_at=at)
    content = pdf.render(SHEET, context, language=language)
    return FileResponse(io.BytesIO(content), filename="account.pdf", content_type="application/pdf")


@needs(Right.RECORD_SETTLEMENT)
@require_GET
def settlement_list(request: HttpRequest) -> HttpResponse:
    """What was settled without a claim, newest first (RPT-04)."""
    filterset = SettlementFilter(
        request.GET, queryset=queries.settlements_visible_to(me(request)), request=request
    )
    marked = request.GET.copy()
    marked.pop("cursor", None)
    page = keyset.paginate(
        filterset.qs,
        order=queries.SETTLEMENT_ORDER,
        cursor=request.GET.get("cursor", ""),
        filters=marked.urlencode(),
    )
    return render(request, "claims/settlements.html", {"filterset": filterset, "page": page})


@needs(Right.RECORD_SETTLEMENT)
@idempotent
def settlement_new(request: HttpRequest) -> HttpResponse:
    """Record one."""
    form = forms.SettlementForm(request.POST or None, user=me(request))
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name in SAID}
        said["person"] = form.cleaned_data["driver_or_loader"]
        try:
            services.record_settlement(**said, by=me(request))
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            return answers.done(request, to=reverse("claim-settlements"), toast=_("Recorded."))
    return render(request, "claims/settlement_new.html", {"form": form}, status=refused(form))


SAID = ("settled_on", "settled_by", "department", "waybill", "amount", "agreed_by", "note")

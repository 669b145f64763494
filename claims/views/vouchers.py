"""Vouchers: all of them, one, its papers, void and reissue, reprints (CLM-09, CLM-10)."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from claims import forms, queries, services
from claims.filters import VoucherFilter
from claims.models import Part, Voucher
from claims.permissions import READ_VOUCHERS, Right, may_see_liability
from claims.views.columns import voucher_columns
from claims.views.door import claim_or_404, refused, voucher_or_404
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, keyset, pdf
from servicecenter.components import Crumb
from servicecenter.figures import whole
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.keyset import Order

NEWEST = Order("newest", ("issued_at",), descending=True)


@needs(*READ_VOUCHERS)
@require_GET
def voucher_list(request: HttpRequest) -> HttpResponse:
    """Every voucher that one may see, newest first."""
    rows = queries.vouchers_visible_to(me(request)).select_related("claim__waybill", "branch")
    filterset = VoucherFilter(request.GET, queryset=rows, request=request)
    marked = request.GET.copy()
    marked.pop("cursor", None)
    page = keyset.paginate(
        filterset.qs, order=NEWEST, cursor=request.GET.get("cursor", ""), filters=marked.urlencode()
    )
    context = {
        "filterset": filterset,
        "page": page,
        "may_pay": me(request).has_right(Right.PAY_VOUCHER),
        "may_export": me(request).has_right(Right.EXPORT_CLAIMS),
    }
    return render(request, "claims/vouchers.html", context)


@needs(Right.EXPORT_CLAIMS)
@require_POST
def export(request: HttpRequest) -> FileResponse:
    """What the list shows, as XLSX or CSV: same filters, same rows; logged (PRV-04)."""
    rows = queries.vouchers_visible_to(me(request)).select_related(
        "claim__waybill", "branch", "paid_by__employee"
    )
    filterset = VoucherFilter(request.GET, queryset=rows, request=request)
    listed = keyset.iterate(filterset.qs, order=NEWEST)
    return answers.exported(request, name=_("vouchers"), columns=voucher_columns(), rows=listed)


@needs(*READ_VOUCHERS)
@require_GET
def voucher(request: HttpRequest, number: str) -> HttpResponse:
    """One voucher: what it says, where it stands, its papers."""
    row = voucher_or_404(request, number)
    context = {
        "voucher": row,
        "card": queries.voucher_card(row, me(request)),
        "crumbs": [Crumb(_("Vouchers"), reverse("voucher-list")), Crumb(number)],
        "may": _may(me(request), row),
        "copies": row.document.copies.select_related("printed_by").order_by("ordinal")
        if row.document
        else (),
    }
    return render(request, "claims/voucher.html", context)


def _may(user: Any, row: Voucher) -> dict[str, bool]:
    return {
        "void": user.has_right(Right.VOID_VOUCHER),
        "reprint": user.has_right(Right.REPRINT_VOUCHER),
        "pay": user.has_right(Right.PAY_VOUCHER),
        "stub": may_see_liability(user),
        "claim": queries.claims_visible_to(user).filter(pk=row.claim_id).exists(),
    }


def _sent(content: bytes, name: str) -> FileResponse:
    return FileResponse(io.BytesIO(content), filename=name, content_type="application/pdf")


@needs(*READ_VOUCHERS)
@require_GET
def voucher_pdf(request: HttpRequest, number: str) -> FileResponse:
    """The customer's part as it was issued, byte for byte; with `copy` a reprint of it."""
    row = voucher_or_404(request, number)
    if row.document is None:
        raise Http404
    copy = whole(request.GET.get("copy", ""))
    paper = row.document if copy is None else get_object_or_404(row.document.copies, ordinal=copy)
    return _sent(pdf.read(paper), f"{number}.pdf")


@needs(Right.VIEW_LIABILITY)
@require_POST
@idempotent
def stub(request: HttpRequest, number: str) -> HttpResponse:
    """Draw the inside stub: a file of its own with the split, never handed out (CLM-07)."""
    row = voucher_or_404(request, number)
    made = services.issue_stub(voucher=row, by=me(request))
    return answers.done(request, to=reverse("voucher-stub-pdf", args=[number]) + f"?document={made.number}")


@needs(Right.VIEW_LIABILITY)
@require_GET
def stub_pdf(request: HttpRequest, number: str) -> FileResponse:
    """A stub that was drawn: the newest, or the one that is named."""
    row = voucher_or_404(request, number)
    found = queries.stubs_of(row)
    if name := request.GET.get("document", ""):
        found = found.filter(number=name)
    paper = found.first()
    if paper is None:
        raise Http404
    return _sent(pdf.read(paper), f"{number}-stub.pdf")


@needs(Right.REPRINT_VOUCHER)
@idempotent
def reprint(request: HttpRequest, number: str) -> HttpResponse:
    """Print it again: drawn from the frozen data, counted, marked."""
    row = voucher_or_404(request, number)
    form = forms.ReasonForm(request.POST or None, user=me(request))
    if request.method == "POST" and form.is_valid():
        try:
            copy = services.reprint_voucher(voucher=row, reason=form.cleaned_data["reason"], by=me(request))
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            return answers.done(request, to=reverse("voucher-pdf", args=[number]) + f"?copy={copy.ordinal}")
    return render(
        request, "claims/voucher_reprint.html", {"form": form, "voucher": row}, status=refused(form)
    )


@needs(Right.VOID_VOUCHER)
@idempotent
def void(request: HttpRequest, number: str) -> HttpResponse:
    """Make it void: it keeps its number and reason, its code no longer works."""
    row = voucher_or_404(request, number)
    form = forms.ReasonForm(request.POST or None, user=me(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.void_voucher(voucher=row, reason=form.cleaned_data["reason"], by=me(request))
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            there = reverse("voucher-detail", args=[number])
            return answers.done(request, to=there, toast=_("The voucher is void."))
    return render(request, "claims/voucher_void.html", {"form": form, "voucher": row}, status=refused(form))


@needs(Right.VOID_VOUCHER)
@idempotent
def reissue(request: HttpRequest, number: str) -> HttpResponse:
    """Make it void and issue another for the same part."""
    row = voucher_or_404(request, number)
    form = forms.ReissueForm(request.POST or None, user=me(request), initial={"language": row.language})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.reissue_voucher(
                voucher=row,
                reason=form.cleaned_data["reason"],
                language=form.cleaned_data["language"],
                by=me(request),
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            there = reverse("voucher-detail", args=[made.number])
            told = _("%(number)s is issued instead.") % {"number": made.number}
            return answers.done(request, to=there, toast=told)
    context = {"form": form, "voucher": row}
    return render(request, "claims/voucher_reissue.html", context, status=refused(form))


@needs(Right.ISSUE_VOUCHER)
@idempotent
def issue(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Issue the voucher of one part."""
    claim = claim_or_404(request, number)
    part = get_object_or_404(Part.objects.select_related("claim"), pk=pk, claim=claim, replaced_at=None)
    form = forms.LanguageForm(request.POST or None, user=me(request), claim=claim)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.issue_voucher(part=part, language=form.cleaned_data["language"], by=me(request))
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            there = reverse("voucher-detail", args=[made.number])
            return answers.done(
                request, to=there, toast=_("Voucher %(number)s is issued.") % {"number": made.number}
            )
    context = {"form": form, "claim": claim, "part": part}
    return render(request, "claims/voucher_issue.html", context, status=refused(form))

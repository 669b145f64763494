"""Goods line by line, and the parts by payee: tables that are typed into (CLM-04, CLM-09)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import forms, services
from claims.domain.intake import LineInput, PartInput
from claims.permissions import Right
from claims.views.door import claim_or_404, crumbs, refused
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken

LINE = ("goods", "pieces", "weight", "declared_value", "claimed", "assessed", "reduction", "remark")
PART = ("payee", "payee_kind", "amount", "identity", "telephone", "method", "bank", "account")


@needs(Right.WORK_CLAIM)
@idempotent
def goods(request: HttpRequest, number: str) -> HttpResponse:
    """The goods of the claim: claimed, assessed, and why it is less."""
    claim = claim_or_404(request, number)
    form = forms.ClaimForm(request.POST or None, user=me(request), claim=claim)
    known = [{name: getattr(row, name) for name in LINE} for row in claim.lines.order_by("ordinal")]
    lines = forms.LineFormSet(request.POST or None, prefix="lines", initial=known)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            services.set_lines(
                claim=claim,
                lines=[LineInput(**line) for line in forms.rows_of(lines)],
                version=form.cleaned_data["version"],
                by=me(request),
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            to = reverse("claim-detail", args=[number])
            return answers.done(request, to=to, toast=_("The goods are recorded."))
    context = {"form": form, "lines": lines, "claim": claim, "crumbs": crumbs(claim, _("Goods"))}
    return render(request, "claims/goods.html", context, status=refused(form))


@needs(Right.ISSUE_VOUCHER)
@idempotent
def parts(request: HttpRequest, number: str) -> HttpResponse:
    """Who is paid how much: each part gets one voucher, and they sum to the approved amount."""
    claim = claim_or_404(request, number)
    form = forms.ClaimForm(request.POST or None, user=me(request), claim=claim)
    live = claim.parts.filter(replaced_at=None).order_by("ordinal")
    known = [{name: getattr(row, name) for name in PART} for row in live]
    if not known:
        known = [{"payee": claim.claimant, "amount": claim.approved_amount}]
    rows = forms.PartFormSet(request.POST or None, prefix="parts", initial=known)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            services.set_parts(
                claim=claim,
                parts=[PartInput(**row) for row in forms.rows_of(rows)],
                version=form.cleaned_data["version"],
                by=me(request),
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            to = reverse("claim-detail", args=[number]) + "?tab=payout"
            return answers.done(request, to=to, toast=_("The parts are recorded."))
    context = {"form": form, "parts": rows, "claim": claim, "crumbs": crumbs(claim, _("Payees"))}
    return render(request, "claims/parts.html", context, status=refused(form))


@needs(Right.WORK_CLAIM)
@idempotent
def bind(request: HttpRequest, number: str) -> HttpResponse:
    """Say who a party is: the driver, the loader … (LR-21 compares people)."""
    claim = claim_or_404(request, number)
    role = request.GET.get("role", "")
    known = claim.parties.filter(role=role).select_related("employee", "department").first()
    initial = {"role": role}
    if known:
        initial |= {
            "employee": known.employee.name if known.employee else "",
            "department": known.department.code if known.department else "",
            "outside": known.outside,
        }
    form = forms.PartyForm(request.POST or None, user=me(request), claim=claim, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.bind_party(
                claim=claim,
                role=said["role"],
                employee=said["person"],
                department=None if said["person"] else said["department"],
                outside="" if said["person"] or said["department"] else said["outside"],
                version=said["version"],
                by=me(request),
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            to = request.GET.get("back") == "determine" and reverse("claim-determine", args=[number])
            return answers.done(
                request, to=to or reverse("claim-detail", args=[number]), toast=_("The party is recorded.")
            )
    return render(request, "claims/party.html", {"form": form, "claim": claim}, status=refused(form))


@needs(Right.WORK_CLAIM)
@idempotent
def unbind(request: HttpRequest, number: str, role: str) -> HttpResponse:
    """It was not so: nobody is known for this party."""
    claim = claim_or_404(request, number)
    form = forms.ConfirmForm(request.POST or None, user=me(request), claim=claim)
    if request.method == "POST" and form.is_valid():
        try:
            services.unbind_party(
                claim=claim, role=role, version=form.cleaned_data["version"], by=me(request)
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            to = reverse("claim-detail", args=[number])
            return answers.done(request, to=to, toast=_("The party is taken away."))
    return render(
        request, "claims/unbind.html", {"form": form, "claim": claim, "role": role}, status=refused(form)
    )

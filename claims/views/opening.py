"""Opening a claim, and correcting what it says (CLM-01, CLM-13)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import forms, queries, services
from claims.choices import ClaimKind
from claims.permissions import Right, may_work
from claims.views.door import claim_or_404, crumbs, kept_files, refused
from complaints import queries as complaints
from customers import queries as customers
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers
from servicecenter.components import Crumb
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


def _complaint_of(request: HttpRequest) -> Any:
    """The ticket that the claim comes from: seen by this user, and one that offers a claim."""
    number = request.GET.get("complaint", "")
    if not number:
        return None
    found = complaints.row_queryset(me(request)).select_related("waybill").filter(number=number).first()
    if found is None or not queries.may_open_from(found, me(request)):
        raise PermissionDenied
    return found


def _initial(request: HttpRequest, complaint: Any) -> dict[str, Any]:
    """What is known already: from the ticket, else the waybill of the address."""
    kind = {"kind": request.GET["kind"]} if request.GET.get("kind") in ClaimKind.values else {}
    if complaint is None:
        return {"waybill": request.GET.get("waybill", ""), **kind}
    waybill = complaint.waybill
    found: dict[str, Any] = kind | {
        "waybill": waybill.number if waybill else "",
        "incident_on": complaint.occurred_on,
        "claimant": complaint.customer.name if complaint.customer else complaint.caller_name,
        "noticed_at": complaint.registered_at,
        "incident_report": "",
    }
    if waybill and waybill.destination_id:
        found["branch"] = waybill.destination.code
    return found


def _waybill_of(request: HttpRequest, complaint: Any) -> Any:
    """The waybill that the form begins with: the ticket's, else the one of the address."""
    if complaint is not None:
        return complaint.waybill
    number = request.GET.get("waybill", "")
    return customers.waybills_visible_to(me(request)).filter(number=number).first() if number else None


@needs(Right.OPEN_CLAIM)
@idempotent
def new(request: HttpRequest) -> HttpResponse:
    """Open a claim: one screen, one action; nothing opens by itself (CLM-01)."""
    complaint = _complaint_of(request)
    form = forms.OpenForm(
        request.POST or None, user=me(request), complaint=complaint, initial=_initial(request, complaint)
    )
    if request.method == "POST" and form.is_valid():
        waybill = form.waybill_found()
        if form.is_valid():
            try:
                claim = services.open_claim(
                    intake=form.intake(),
                    waybill=waybill or (complaint.waybill if complaint else None),
                    complaint=complaint,
                    attachments=tuple(request.POST.getlist("attachments")),
                    by=me(request),
                )
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                return answers.done(
                    request, to=reverse("claim-detail", args=[claim.number]), toast=_("The claim is open.")
                )
    context = {
        "form": form,
        "complaint": complaint,
        "lost": queries.lost_by_time(_waybill_of(request, complaint)),
        "files": kept_files(request),
        "crumbs": [Crumb(_("Claims"), reverse("claim-list")), Crumb(_("New claim"))],
    }
    return render(request, "claims/new.html", context, status=refused(form))


@needs(Right.WORK_CLAIM)
@idempotent
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Correct what the claim says, before the payout is fixed."""
    claim = claim_or_404(request, number)
    if not may_work(me(request), claim):
        raise PermissionDenied
    initial = {
        name: {True: "yes", False: "no", None: ""}[value]
        if name in {"receipt_remarked", "packing_kept"}
        else value
        for name in forms.SAID
        for value in [getattr(claim, name)]
    }
    form = forms.ChangeForm(request.POST or None, user=me(request), claim=claim, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_claim(
                claim=claim, version=form.cleaned_data["version"], by=me(request), **form.said()
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            return answers.done(request, to=reverse("claim-detail", args=[number]), toast=_("Saved."))
    context = {"form": form, "claim": claim, "crumbs": crumbs(claim, _("Correct"))}
    return render(request, "claims/change.html", context, status=refused(form))

"""Approvals: the payouts that wait for this user's signature, and the signature (CLM-08)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims import forms, queries, services
from claims.models import Objection
from claims.permissions import ANY_APPROVAL, Right
from claims.views.door import claim_or_404, refused
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


@needs(*ANY_APPROVAL)
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for my signature, the oldest first."""
    return render(request, "claims/approvals.html", {"steps": queries.approvals_waiting(me(request))})


@needs(*ANY_APPROVAL)
@idempotent
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or decline; the last signature approves the payout."""
    step = next((one for one in queries.approvals_waiting(me(request)) if one.pk == pk), None)
    if step is None:
        raise Http404
    claim = step.request.claim
    form = forms.SignForm(request.POST or None, user=me(request), claim=None)
    if request.method == "POST" and form.is_valid():
        approved = form.cleaned_data["approved"] == "yes"
        try:
            services.sign(step=step, approved=approved, remark=form.cleaned_data["remark"], by=me(request))
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            back = request.GET.get("back") == "claim"
            to = (
                reverse("claim-detail", args=[claim.number]) + "?tab=payout"
                if back
                else reverse("claim-approvals")
            )
            return answers.done(request, to=to, toast=_("Signed.") if approved else _("Declined."))
    return render(
        request,
        "claims/sign.html",
        {"form": form, "step": step, "claim": claim, "verdict": queries.verdict_words(claim, me(request))},
        status=refused(form),
    )


@needs(Right.DECIDE_OBJECTION)
@idempotent
def decide_objection(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Uphold or dismiss an objection (CLM-15)."""
    claim = claim_or_404(request, number)
    objection = (
        Objection.objects.filter(pk=pk, determination__claim=claim)
        .select_related("share__employee", "share__department", "determination")
        .first()
    )
    if objection is None:
        raise Http404
    form = forms.DecideForm(request.POST or None, user=me(request), claim=None)
    if request.method == "POST" and form.is_valid():
        upheld = form.cleaned_data["upheld"] == "yes"
        try:
            services.decide_objection(
                objection=objection, upheld=upheld, answer=form.cleaned_data["answer"], by=me(request)
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            to = reverse("claim-detail", args=[number]) + "?tab=liability"
            return answers.done(request, to=to, toast=_("Upheld.") if upheld else _("Dismissed."))
    context = {"form": form, "claim": claim, "objection": objection}
    return render(request, "claims/decide.html", context, status=refused(form))

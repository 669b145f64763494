"""What departments are asked, their answers, and the confirmation of the result (CLM-03)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims import forms, queries, services
from claims.models import EvidenceRequest, InvestigationResult
from claims.permissions import ANY_APPROVAL, Right
from claims.views.door import claim_or_404, kept_files, refused
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


@needs(Right.ANSWER_REQUEST)
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    """What my department is asked, the next due on top, and what it answered last."""
    return render(request, "claims/asked.html", {"asked": queries.asked_of(me(request))})


@needs(Right.ANSWER_REQUEST)
@idempotent
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one request, once; its files become evidence."""
    row = queries.requests_asked_of(me(request)).filter(pk=pk).first()
    if row is None:
        raise Http404
    form = forms.AnswerForm(request.POST or None, user=me(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_evidence(
                request=row,
                answer=form.cleaned_data["answer"],
                attachments=tuple(request.POST.getlist("attachments")),
                by=me(request),
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            return answers.done(request, to=reverse("claim-asked"), toast=_("Answered."))
    context = {"form": form, "row": row, "files": kept_files(request)}
    return render(request, "claims/answer.html", context, status=refused(form))


@needs(Right.WORK_CLAIM)
@idempotent
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a question back."""
    claim = claim_or_404(request, number)
    row = EvidenceRequest.objects.select_related("department").filter(claim=claim, pk=pk).first()
    if row is None:
        raise Http404
    form = forms.ConfirmForm(request.POST or None, user=me(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_evidence(request=row, by=me(request))
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            to = reverse("claim-detail", args=[number])
            return answers.done(request, to=to, toast=_("The question is taken back."))
    context = {"form": form, "row": row, "claim": claim}
    return render(request, "claims/ask_withdraw.html", context, status=refused(form))


@needs(*ANY_APPROVAL)
@idempotent
def confirm(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Confirm the result of the investigation, or send it back."""
    claim = claim_or_404(request, number)
    row = InvestigationResult.objects.select_related("reported_by").filter(claim=claim, pk=pk).first()
    if row is None:
        raise Http404
    form = forms.ConfirmResultForm(request.POST or None, user=me(request))
    if request.method == "POST" and form.is_valid():
        confirmed = form.cleaned_data["confirmed"] == "yes"
        try:
            services.confirm_result(
                result=row, confirmed=confirmed, remark=form.cleaned_data["remark"], by=me(request)
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            toast = _("Confirmed.") if confirmed else _("Sent back.")
            return answers.done(request, to=reverse("claim-detail", args=[number]), toast=toast)
    context = {"form": form, "result": row, "claim": claim}
    return render(request, "claims/confirm_result.html", context, status=refused(form))

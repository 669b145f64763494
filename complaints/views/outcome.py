"""Acts with pages of their own: the finding with its measures (CMP-27), the written notice (CMP-25)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import forms, queries, services
from complaints.models import Complaint
from complaints.permissions import HANDLING
from complaints.views import templates
from complaints.views.acts import allowed, stale_changes
from complaints.views.door import complaint_or_404
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, drafts
from servicecenter.components import Crumb
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


def crumbs(complaint: Complaint, last: str = "") -> list[Crumb]:
    """The path in the top bar: Complaints, the ticket, the page."""
    there = reverse("complaint-detail", args=[complaint.number])
    path = [Crumb(_("Complaints"), reverse("complaint-list")), Crumb(complaint.number, there if last else "")]
    return [*path, Crumb(last)] if last else path


@needs(*HANDLING)
@idempotent
def finding(request: HttpRequest, number: str) -> HttpResponse:
    """Record what was found: founded or not, who is responsible, measures with owner and date."""
    complaint = complaint_or_404(request, number)
    allowed(complaint, me(request), "record_finding", asking=request.method == "GET")
    form = forms.FindingForm(
        request.POST or None, user=me(request), complaint=complaint, initial=_suggested(complaint)
    )
    measures = forms.MeasureFormSet(request.POST or None, prefix="measures")
    status = 200
    if request.method == "POST":
        # Both are asked, so that every error is told at once.
        if all([form.is_valid(), measures.is_valid()]) and _record(form, measures, complaint, request):
            drafts.discard(user=me(request), form=f"complaints.finding.{number}")
            to = reverse("complaint-detail", args=[number])
            return answers.done(request, to=to, toast=_("Finding recorded."))
        status = 422
    context = {
        "form": form,
        "measures": measures,
        "complaint": complaint,
        "crumbs": crumbs(complaint, _("Finding")),
        "statements": queries.statements_of(complaint),
        "stale": stale_changes(form, complaint),
    }
    return render(request, "complaints/finding.html", context, status=status)


def _suggested(complaint: Complaint) -> dict[str, Any]:
    """The respondent is the first guess for who is responsible."""
    department = complaint.responsible_department or complaint.respondent_department or complaint.department
    person = complaint.responsible_employee or complaint.respondent_employee
    return {
        "department": department.code if department else None,
        "employee": f"{person.name} {person.work_number}" if person else "",
    }


def _record(form: Any, measures: Any, complaint: Complaint, request: HttpRequest) -> bool:
    said = form.cleaned_data
    try:
        services.record_finding(
            complaint=complaint, founded=said["founded"], text=said["text"], department=said["department"],
            employee=said.get("person"), not_ours=said["not_ours"], measures=said["measures"],
            actions=[
                services.Measure(
                    text=line["text"], is_preventive=line["is_preventive"], department=line["department"],
                    due_on=line["due_on"],
                )
                for line in measures.chosen
            ],
            version=said["version"], by=me(request),
        )  # fmt: skip
    except (RuleBroken, RulesBroken) as problem:
        form.refuse(problem)
        return False
    return True


@needs(*HANDLING)
@idempotent
def notify(request: HttpRequest, number: str) -> HttpResponse:
    """Tell the customer in writing: text, way and language; the notice is drawn and kept."""
    complaint = complaint_or_404(request, number)
    allowed(complaint, me(request), "notify", asking=request.method == "GET")
    language = request.GET.get("language", "zh-hans")
    if language not in {"zh-hans", "zh-hant", "en"}:
        raise Http404
    initial = {"language": language, "text": services.notice_text(complaint=complaint, language=language)}
    form = forms.NotifyForm(request.POST or None, user=me(request), complaint=complaint, initial=initial)
    status = 200
    if request.method == "POST":
        if begun := templates.inserted(request, forms.NotifyForm, complaint):
            form = begun
        elif form.is_valid():
            said = form.cleaned_data
            try:
                notice = services.notify_customer(
                    complaint=complaint, way=said["way"], text=said["text"], language=said["language"],
                    version=said["version"], by=me(request),
                )  # fmt: skip
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                drafts.discard(user=me(request), form=f"complaints.notify.{number}")
                to = reverse("complaint-detail", args=[number]) + "?tab=statements"
                return answers.done(
                    request, to=to, toast=_("Notice %(number)s is made.") % {"number": notice.document_number}
                )
        status = 422
    context = {
        "form": form,
        "complaint": complaint,
        "crumbs": crumbs(complaint, _("Written notice")),
        "languages": settings.LANGUAGES,
        "stale": stale_changes(form, complaint),
        **templates.offered(complaint, form),
    }
    return render(request, "complaints/notify.html", context, status=status)

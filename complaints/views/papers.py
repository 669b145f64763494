"""Papers of a ticket: the complaint sheet (投诉受理单, CMP-03) and the written notice (CMP-25)."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from complaints import forms, queries, services
from complaints.models import WrittenNotice
from complaints.permissions import HANDLING, TICKET_READERS, Right
from complaints.views.outcome import crumbs
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, pdf
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


@needs(*TICKET_READERS)
@require_GET
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The complaint sheet, to be read or printed from the browser."""
    view = queries.ticket(user=me(request), number=number)
    if view is None:
        raise Http404
    context = {
        "data": queries.sheet_data(view, user=me(request)),
        "complaint": view.complaint,
        "crumbs": crumbs(view.complaint, _("Complaint sheet")),
    }
    return render(request, "complaints/sheet.html", context)


@needs(*TICKET_READERS)
@require_GET
def sheet_pdf(request: HttpRequest, number: str) -> FileResponse:
    """The same as a PDF."""
    view = queries.ticket(user=me(request), number=number)
    if view is None:
        raise Http404
    drawn = queries.drawn_sheet(view, user=me(request))
    return FileResponse(io.BytesIO(drawn), filename=f"{number}.pdf", content_type="application/pdf")


def notice_or_404(request: HttpRequest, number: str) -> WrittenNotice:
    """A written notice of a ticket that the user may see."""
    found = queries.notice(user=me(request), number=number)
    if found is None:
        raise Http404
    return found


@needs(*HANDLING, Right.VIEW_ALL)
@require_GET
def notice_pdf(request: HttpRequest, number: str) -> FileResponse:
    """The notice as it was issued, byte for byte; with `copy` a reprint of it."""
    drawn = queries.drawn_notice(notice_or_404(request, number), request.GET.get("copy", ""))
    if drawn is None:
        raise Http404
    return FileResponse(io.BytesIO(drawn), filename=f"{number}.pdf", content_type="application/pdf")


@needs(*HANDLING)
@require_POST
@idempotent
def notice_confirmed(request: HttpRequest, number: str) -> HttpResponse:
    """The customer has confirmed that the notice arrived."""
    notice = notice_or_404(request, number)
    services.confirm_notice(notice=notice, by=me(request))
    to = reverse("complaint-detail", args=[notice.complaint.number]) + "?tab=statements"
    return answers.done(request, to=to, toast=_("Confirmation recorded."))


@needs(*HANDLING)
@idempotent
def notice_reprint(request: HttpRequest, number: str) -> HttpResponse:
    """A reprint is drawn from the frozen data, counted, and says that it is one."""
    notice = notice_or_404(request, number)
    form = forms.ReasonForm(request.POST or None, user=me(request))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                copy = pdf.reprint(
                    document=queries.document_of(notice), reason=form.cleaned_data["reason"], by=me(request)
                )
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                there = reverse("complaint-notice-pdf", args=[number])
                return answers.done(request, to=f"{there}?copy={copy.ordinal}")
        status = 422
    return render(request, "complaints/reprint.html", {"form": form, "notice": notice}, status=status)

"""Papers of a ticket: the complaint sheet (投诉受理单, CMP-03) and the written notice (CMP-25)."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from complaints import forms, queries, services
from complaints.models import WrittenNotice
from complaints.permissions import Right
from complaints.templatetags.tickets import party_name
from complaints.views.outcome import crumbs
from complaints.views.table import HANDLING
from complaints.views.ticket import READ
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, dates, figures, pdf
from servicecenter.clock import now_db
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.kernel.masking import mask_name, mask_telephone


def sheet_data(view: Any, *, user: Any) -> dict[str, Any]:
    """What the complaint sheet prints: words only, masked as the reader's pages are (PRV-02, PRV-10)."""
    ticket = view.complaint
    waybill = ticket.waybill
    return {
        "centre": settings.CENTRE_NAME,
        "number": ticket.number,
        "registered": dates.say_moment(ticket.registered_at),
        "channel": str(ticket.get_channel_display()),
        "agent": ticket.registered_by.name if ticket.registered_by else "",
        "work_number": ticket.registered_by.work_number if ticket.registered_by else "",
        "customer": party_name(ticket, masked=view.is_masked),
        "tier": ticket.tier,
        "caller": mask_name(ticket.caller_name) if view.is_masked else ticket.caller_name,
        "telephone": "" if view.is_masked else mask_telephone(ticket.caller_telephone),
        "role": str(ticket.get_party_role_display()),
        "waybill": figures.spaced(waybill.number) if waybill else "",
        "goods": waybill.goods if waybill else "",
        "category": str(ticket.category),
        "subcase": str(ticket.subcase or ""),
        "occurred": dates.say_date(ticket.occurred_on) if ticket.occurred_on else "",
        "sequence": ticket.sequence,
        "text": ticket.text,
        "demand": ticket.demand,
        "department": ticket.department.name if ticket.department else "",
        "respondent": _respondent(ticket),
        "statements": [
            {
                "department": handover.department.name,
                "person": statement.employee.name if statement.employee else "",
                "at": dates.say_moment(statement.handed_in_at),
                "text": statement.text,
                "measures": statement.measures,
            }
            for handover in view.handovers
            for statement in handover.statement_list
        ],
        "findings": [
            {
                "founded": str(one.get_founded_display()),
                "text": one.text,
                "department": one.department.name if one.department else "",
                "person": one.employee.name if one.employee else "",
                "measures": one.measures,
            }
            for one in view.findings
        ],
        "results": [
            {"round": one.number, "text": one.resolution, "at": dates.say_moment(one.resolved_at)}
            for one in view.rounds
            if one.resolved_at
        ],
        "follow_ups": [
            {
                "at": dates.say_moment(one.at),
                "result": str(one.get_result_display()),
                "remarks": one.remarks,
                "by": one.by.name,
            }
            for one in view.follow_ups
        ],
        "closed": dates.say_moment(ticket.closed_at) if ticket.closed_at else "",
        "printed_by": user.name,
        "printed_at": dates.say_moment(now_db()),
    }


def _respondent(ticket: Any) -> str:
    parts = (ticket.respondent_department, ticket.respondent_employee)
    return "·".join(part.name for part in parts if part)


@needs(*READ)
@require_GET
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The complaint sheet, to be read or printed from the browser."""
    view = queries.ticket(user=me(request), number=number)
    if view is None:
        raise Http404
    context = {
        "data": sheet_data(view, user=me(request)),
        "complaint": view.complaint,
        "crumbs": crumbs(view.complaint, _("Complaint sheet")),
    }
    return render(request, "complaints/sheet.html", context)


@needs(*READ)
@require_GET
def sheet_pdf(request: HttpRequest, number: str) -> FileResponse:
    """The same as a PDF."""
    view = queries.ticket(user=me(request), number=number)
    if view is None:
        raise Http404
    drawn = drawn_sheet(view, number=number, user=me(request))
    return FileResponse(io.BytesIO(drawn), filename=f"{number}.pdf", content_type="application/pdf")


def drawn_sheet(view: Any, *, number: str, user: Any) -> bytes:
    """The complaint sheet of a ticket as a PDF, in the reader's language."""
    language = get_language() or "zh-hans"
    head = pdf.Head("complaints.sheet", number, now_db(), language)
    context = {
        "data": sheet_data(view, user=user),
        "document": head,
        "centre": {"name": settings.CENTRE_NAME},
        "copy": 0,
    }
    return pdf.render("complaints/paper/sheet.html", context, language=language)


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
    drawn = drawn_notice(notice_or_404(request, number), request.GET.get("copy", ""))
    return FileResponse(io.BytesIO(drawn), filename=f"{number}.pdf", content_type="application/pdf")


def drawn_notice(notice: WrittenNotice, copy: str) -> bytes:
    """The PDF of a notice as it was issued, or of its reprint of that number; 404 where there is none."""
    document = queries.document_of(notice)
    return pdf.read(get_object_or_404(document.copies, ordinal=copy) if copy.isdigit() else document)


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

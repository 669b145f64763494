"""Papers of a ticket as they are drawn: the complaint sheet (投诉受理单, CMP-03), the written notice (CMP-25)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from complaints.models import WrittenNotice
from complaints.queries.papers import document_of
from complaints.queries.scope import party_name
from complaints.queries.ticket import TicketView
from servicecenter import dates, figures, pdf
from servicecenter.clock import now_db
from servicecenter.kernel.masking import mask_name, mask_telephone


def sheet_data(view: TicketView, *, user: Any) -> dict[str, Any]:
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


def drawn_sheet(view: TicketView, *, user: Any) -> bytes:
    """The complaint sheet of a ticket as a PDF, in the reader's language."""
    language = get_language() or "zh-hans"
    head = pdf.Head("complaints.sheet", view.complaint.number, now_db(), language)
    context = {
        "data": sheet_data(view, user=user),
        "document": head,
        "centre": {"name": settings.CENTRE_NAME},
        "copy": 0,
    }
    return pdf.render("complaints/paper/sheet.html", context, language=language)


def drawn_notice(notice: WrittenNotice, copy: str) -> bytes | None:
    """The PDF of a notice as it was issued, or of its reprint of that number; None where there is none."""
    document = document_of(notice)
    asked = document.copies.filter(ordinal=copy).first() if copy.isdecimal() else document
    return pdf.read(asked) if asked is not None else None

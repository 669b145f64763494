"""Papers of a ticket: statements, written notices, the draft of a notice (CMP-21, CMP-25)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from complaints.models import Complaint, Round, Statement, WrittenNotice
from complaints.permissions import sees_personal
from complaints.queries.scope import visible_to
from servicecenter.models import IssuedDocument


def statements_of(complaint: Complaint) -> list[Statement]:
    """Everything the departments handed in, newest first."""
    rows = Statement.objects.filter(handover__complaint=complaint).select_related(
        "handover__department", "employee", "handed_in_by__employee"
    )
    return list(rows.order_by("-handed_in_at", "-pk"))


def notice(*, user: Any, number: str) -> WrittenNotice | None:
    """A written notice by its document number; for those alone who may see who complained (PRV-10)."""
    found = (
        WrittenNotice.objects.filter(document_number=number, complaint__in=visible_to(user))
        .select_related(
            "complaint__category",
            "complaint__customer",
            "complaint__department",
            "complaint__respondent_department",
            "sent_by__employee",
        )
        .first()
    )
    return found if found is not None and sees_personal(user, found.complaint) else None


def document_of(notice: WrittenNotice) -> IssuedDocument:
    """The issued document of a notice."""
    return IssuedDocument.objects.get(number=notice.document_number)


def notice_text(*, complaint: Complaint, language: str) -> str:
    """The draft of the written notice, in the customer's language: salutation, matter, result, what may be done.

    The agent edits it before it is sent.
    """
    result = (
        Round.objects.filter(complaint=complaint, number=complaint.round)
        .values_list("resolution", flat=True)
        .first()
    )
    name = (complaint.customer.name if complaint.customer else "") or complaint.caller_name
    with translation.override(language):
        values = {
            "name": name or _("customer"),
            "matter": complaint.summary,
            "number": complaint.number,
            "result": result or "",
            "centre": settings.CENTRE_NAME,
        }
        return str(
            _(
                "Dear %(name)s,\n\nyour complaint “%(matter)s” (%(number)s) has been handled. The result:\n\n"
                "%(result)s\n\nWe are sorry for the trouble. We shall call you about it; if anything is still open, "
                "please tell us and name the number above.\n\n%(centre)s, customer service centre"
            )
            % values
        )

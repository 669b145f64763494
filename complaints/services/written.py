"""The written notice to the customer (CMP-25): an issued document, and the customer's confirmation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from complaints.choices import NoticeWay
from complaints.domain.intake import MAX_TEXT
from complaints.models import Complaint, WrittenNotice
from complaints.services.acting import Act
from complaints.services.messages import spoke_to_customer
from organization.models import User
from servicecenter import pdf
from servicecenter.kernel.errors import RuleBroken

CODE = "complaints.notice"
TEMPLATE = "complaints/paper/notice.html"


@transaction.atomic
def notify_customer(
    *,
    complaint: Complaint,
    way: str,
    text: str,
    language: str = "zh-hans",
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> WrittenNotice:
    """Tell the customer the result in writing, at once when it is handled (CMP-25); the document is issued and kept.

    Raises RuleBroken `complaint.text_needed`, `complaint.way_unknown`, `complaint.language_unknown`,
    `document.character`.
    """
    words = text.strip()
    if not words:
        raise RuleBroken("complaint.text_needed", field="text", status=400)
    if len(words) > MAX_TEXT:
        raise RuleBroken("complaint.too_long", field="text", status=400, length=len(words), limit=MAX_TEXT)
    act = Act.begin(complaint, "notify", by=by, at=at, version=version)
    made = issue_notice(act, way=way, text=words, language=language)
    spoke_to_customer(act)
    act.move("notify", way=way, document=made.document_number)
    act.finish()
    return made


@transaction.atomic
def confirm_notice(*, notice: WrittenNotice, by: User, at: datetime | None = None) -> WrittenNotice:
    """The customer has confirmed the notice (CMP-25). Raises RuleBroken `complaint.notice_confirmed`."""
    act = Act.begin(Complaint.objects.get(pk=notice.complaint_id), "confirm_notice", by=by, at=at)
    row = WrittenNotice.objects.select_for_update().get(pk=notice.pk)
    if row.confirmed_at is not None:
        raise RuleBroken("complaint.notice_confirmed", document=row.document_number)
    row.confirmed_at, row.confirmed_by = act.at, by
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    act.move("confirm_notice", document=row.document_number)
    act.finish()
    return row


def issue_notice(act: Act, *, way: str, text: str, language: str) -> WrittenNotice:
    """Draw, keep and enter the notice; the standing knows that the customer was told."""
    if way not in NoticeWay.values:
        raise RuleBroken("complaint.way_unknown", field="way", status=400)
    if language not in dict(settings.LANGUAGES):
        raise RuleBroken("complaint.language_unknown", field="language", status=400)
    row = act.complaint
    document = pdf.store_document(
        code=CODE,
        template=TEMPLATE,
        data=notice_data(row, text=text, way=way),
        # The letter names the customer: it is the contact's, which the respondent does not see (PRV-10).
        of=row.contact,
        language=language,
        by=act.by,
        at=act.at,
    )
    act.standing.is_notified = True
    return WrittenNotice.objects.create(
        complaint=row,
        round=row.round,
        way=way,
        language=language,
        text=text,
        document_number=document.number,
        sent_at=act.at,
        sent_by=act.by,  # type: ignore[misc]  # a person sends it: the column refuses None
    )


def notice_data(row: Complaint, *, text: str, way: str) -> dict[str, Any]:
    """What the notice says, frozen with it: a reprint is drawn from these alone."""
    return {
        "number": row.number,
        "customer": row.customer.name if row.customer else "",
        "caller": row.caller_name,
        "waybill": row.waybill.number if row.waybill else "",
        "category": row.category.names,
        "matter": row.summary,
        "registered_at": row.registered_at.isoformat(),
        "text": text,
        "way": way,
        "centre": settings.CENTRE_NAME,
    }

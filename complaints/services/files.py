"""Files of a ticket (CMP-03, CMP-50)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from complaints.models import Complaint, Contact
from organization.models import User
from servicecenter import attachments
from servicecenter.models import Attachment


def bind_files(
    public_ids: Iterable[str],
    complaint: Complaint,
    contact: Contact,
    *,
    by: User | None,
    at: datetime,
    role: str,
) -> None:
    """Give uploads to the ticket; a recording to its contact, which the respondent does not see (PRV-10).

    Raises RuleBroken `attachment.unknown`, `attachment.too_many`.
    """
    wanted = [one for one in public_ids if one]
    if not wanted:
        return
    recordings = set(
        Attachment.objects.filter(public_id__in=wanted, media_type__startswith="audio/").values_list(
            "public_id", flat=True
        )
    )
    attachments.bind(
        public_ids=[one for one in wanted if one not in recordings], to=complaint, by=by, at=at, role=role
    )
    attachments.bind(
        public_ids=[one for one in wanted if one in recordings], to=contact, by=by, at=at, role=role
    )

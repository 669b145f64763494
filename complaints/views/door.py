"""The door of every complaints page: who may enter, and the ticket that one may see."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse

from complaints import queries
from complaints.models import Complaint, ServiceIncident
from conduct.permissions import Right as Conduct
from organization.models import User
from organization.permissions import me
from servicecenter import attachments
from servicecenter.models import Attachment
from servicecenter.subjects import kind_of


def complaint_or_404(request: HttpRequest, number: str) -> Complaint:
    """The ticket of that number; one that the user may not see is not there (404)."""
    found = queries.row_queryset(me(request)).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def propose_url(user: User, source: Complaint | ServiceIncident) -> str:
    """Where a sanction because of this record is proposed (SAN-10); "" for whoever may not propose any."""
    if not user.has_right(Conduct.PROPOSE_SANCTION):
        return ""
    return f"{reverse('sanction-new')}?kind={kind_of(type(source))}&id={source.pk}"


def kept_files(request: HttpRequest, name: str = "attachments") -> list[Attachment]:
    """Files that a refused form already named: they come back with it."""
    return attachments.waiting(request.POST.getlist(name), by=me(request))

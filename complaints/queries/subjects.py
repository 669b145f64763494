"""What trail, clocks, notices and files point at, as the ground floor asks for it (port `servicecenter.subject`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from complaints.models import Complaint, Contact, CorrectiveAction, ServiceIncident
from complaints.permissions import sees_personal
from complaints.queries.inbox import measure
from complaints.queries.incidents import incidents_visible_to
from complaints.queries.scope import sees, visible_to
from complaints.queries.standing import KIND
from servicecenter.prepared import Prepared, given
from servicecenter.subjects import Subject, kind_of

_BY_ID: Prepared[Complaint] = Prepared(
    lambda: (
        Complaint.objects.select_related("department").defer("search", "search_text").filter(pk=given("id"))
    )
)


def subject(*, object_id: int, user: Any | None) -> Subject | None:
    """A ticket, if the user may see it; masked for whoever must not learn who complained (PRV-10)."""
    row = _BY_ID.first(id=object_id)
    if row is None or not (user is None or sees(user, row)):
        return None
    return _ticket(row, kind=KIND, object_id=object_id, is_masked=not sees_personal(user, row))


def _ticket(row: Complaint, *, kind: str, object_id: int, is_masked: bool = False) -> Subject:
    url = reverse("complaint-detail", args=[row.number])
    return Subject(kind, object_id, row.number, row.summary, url, is_masked)


def subject_contact(*, object_id: int, user: Any | None) -> Subject | None:
    """A contact: its recordings and letters are for those who may see who complained (PRV-10)."""
    row = (
        Complaint.objects.filter(Q(contact=object_id) | Q(chases__contact=object_id))
        .select_related("department", "respondent_department")
        .first()
    )
    if row is None or (user is not None and not _may_hear(row, user)):
        return None
    return _ticket(row, kind=kind_of(Contact), object_id=object_id)


def _may_hear(row: Complaint, user: Any) -> bool:
    return sees_personal(user, row) and visible_to(user).filter(pk=row.pk).exists()


def subject_incident(*, object_id: int, user: Any | None) -> Subject | None:
    """A service incident, if the user may see it."""
    rows = ServiceIncident.objects.all() if user is None else incidents_visible_to(user)
    row = rows.select_related("category").filter(pk=object_id).first()
    if row is None:
        return None
    url = reverse("incident-detail", args=[row.number])
    return Subject(kind_of(ServiceIncident), object_id, row.number, str(row.category), url)


def subject_action(*, object_id: int, user: Any | None) -> Subject | None:
    """A corrective action: shown with its ticket, or in the department's inbox."""
    if user is None:
        row = CorrectiveAction.objects.select_related("complaint").filter(pk=object_id).first()
    else:
        row = measure(user=user, pk=object_id)
    if row is None:
        return None
    sees_ticket = user is None or visible_to(user).filter(pk=row.complaint_id).exists()
    url = (
        reverse("complaint-detail", args=[row.complaint.number]) + "?tab=statements"
        if sees_ticket
        else reverse("inbox") + "?tab=rectify"
    )
    return Subject(kind_of(CorrectiveAction), object_id, row.complaint.number, row.text, url)


def contacts_visible_to(user: Any) -> QuerySet[Contact]:
    """Calls, letters and visits whose ticket the user sees with who complained."""
    seen = visible_to(user).values("pk")
    rows = Contact.objects.filter(Q(complaint__in=seen) | Q(chase__complaint__in=seen))
    return rows.select_related(
        "agent__employee", "customer", "waybill", "complaint__department", "complaint__respondent_department",
        "chase__complaint__department", "chase__complaint__respondent_department",
    )  # fmt: skip

"""Which tickets a user may see: the one rule for pages, API, exports, search and files (ORG-04, D7)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from complaints.models import Complaint, Handover
from complaints.permissions import Right, scope_of
from organization.queries import within

RELATED = ("category", "subcase", "customer", "waybill", "owner__employee", "department", "clock")

# For searching only, and long: no list shows them.
SEARCHED = (
    "search", "search_text", "customer__search", "customer__search_text", "waybill__search", "waybill__search_text",
)  # fmt: skip


def visible_to(user: Any) -> QuerySet[Complaint]:
    """The tickets a user may see: all, the centre's, or those handed to the own departments."""
    scope = scope_of(user)
    if scope.is_unlimited:
        return Complaint.objects.all()
    if not scope.paths:
        return Complaint.objects.none()
    handed = Handover.objects.filter(within(scope.paths)).values("complaint_id")
    return Complaint.objects.filter(pk__in=handed)


def row_queryset(user: Any) -> QuerySet[Complaint]:
    """What a list shows of the visible tickets: no row asks the database anything more."""
    return visible_to(user).select_related(*RELATED).defer(*SEARCHED)


def handovers_of(user: Any) -> QuerySet[Handover]:
    """The handovers for which the user answers: to the departments where the user hands in statements."""
    return Handover.objects.filter(within(user.rights.paths(Right.HAND_IN_STATEMENT)))

"""Which tickets a user may see: the one rule for pages, API, exports, search and files (ORG-04, D7)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints.models import Complaint, Handover
from complaints.permissions import Right, scope_of
from customers.choices import CustomerKind
from organization.queries import within
from servicecenter.kernel.masking import mask_name

RELATED = ("category", "subcase", "customer", "waybill", "owner__employee", "department", "clock")

# For searching only, and long: no list shows them.
SEARCHED = (
    "search", "search_text", "customer__search", "customer__search_text", "waybill__search", "waybill__search_text",
)  # fmt: skip

# What a list draws of a ticket and of what it joins; the owner's name comes with the owner's column.
LISTED = (
    "number", "state", "summary", "caller_name", "caller_telephone", "tier", "rank", "next_step", "due_at",
    "registered_at", "round", "is_incident", "is_suspected", "is_paused", "personal_released_at",
    "respondent_department_id", "category__code", "category__names", "customer__number", "customer__name",
    "customer__kind", "waybill__number", "department__path", "department__names", "clock__state", "clock__part",
    "clock__started_at", "clock__warn_at", "clock__due_at", "clock__paused_at", "clock__ended_at",
    "clock__department__names",
)  # fmt: skip
LISTED_RELATED = ("category", "customer", "waybill", "department", "clock__department")


def visible_to(user: Any) -> QuerySet[Complaint]:
    """The tickets a user may see: all, the centre's, or those handed to the own departments."""
    scope = scope_of(user)
    if scope.is_unlimited:
        return Complaint.objects.all()
    if not scope.paths:
        return Complaint.objects.none()
    handed = Handover.objects.filter(within(scope.paths)).values("complaint_id")
    return Complaint.objects.filter(pk__in=handed)


def sees(user: Any, row: Complaint) -> bool:
    """Whether the user may see this ticket."""
    return scope_of(user).is_unlimited or visible_to(user).filter(pk=row.pk).exists()


def row_queryset(user: Any) -> QuerySet[Complaint]:
    """What a list shows of the visible tickets: no row asks the database anything more."""
    return visible_to(user).select_related(*RELATED).defer(*SEARCHED)


def list_queryset(user: Any, *, with_owner: bool = False) -> QuerySet[Complaint]:
    """What a page of tickets draws, and no column more: half of a page's time went into reading the others."""
    owner = ("owner__work_number", "owner__employee__name") if with_owner else ()
    return (
        visible_to(user)
        .select_related(*LISTED_RELATED, *(["owner__employee"] if owner else []))
        .only(*LISTED, *owner)
    )


def handovers_of(user: Any) -> QuerySet[Handover]:
    """The handovers for which the user answers: to the departments where the user hands in statements."""
    return Handover.objects.filter(within(user.rights.paths(Right.HAND_IN_STATEMENT)))


def party_name(complaint: Complaint, *, masked: bool) -> str:
    """Who complains: the customer's name, else the caller's. Masked for the respondent's side (PRV-10): a company
    keeps its name, a person does not."""
    customer = complaint.customer
    name = (customer.name if customer else "") or complaint.caller_name
    if not name:
        return _("unknown caller")
    if masked and not (customer and customer.kind == CustomerKind.COMPANY):
        return mask_name(name)
    return name

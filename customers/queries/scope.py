"""Which customers and waybills a person may see (ORG-04)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from customers.models import Customer, Waybill
from customers.permissions import Right
from organization.choices import DepartmentKind
from organization.models import Department
from organization.queries import within

# A branch or a site sees the consignments that touch it; departments of the head office work on all.
LOCAL = frozenset({DepartmentKind.BRANCH, DepartmentKind.SITE, DepartmentKind.FIELD_BUSINESS})


def customers_visible_to(user: Any) -> QuerySet[Customer]:
    """The whole file for those who may look at it, nothing for the others."""
    rows = Customer.objects.all()
    return rows if user.has_right(Right.VIEW_CUSTOMER) else rows.none()


def waybill_places(user: Any) -> list[int] | None:
    """Ids of the branches whose waybills the user may see; None is all, an empty list none."""
    if user.has_right(Right.VIEW_CUSTOMER) and user.has_right(Right.VIEW_WAYBILL):
        return None
    paths = user.rights.paths(Right.VIEW_WAYBILL)
    if not paths:
        return []
    held = list(Department.objects.filter(path__in=paths).values_list("path", "kind"))
    if any(kind not in LOCAL for _path, kind in held):
        return None
    return list(
        Department.objects.filter(within([path for path, _kind in held], "path")).values_list("pk", flat=True)
    )


def waybills_visible_to(user: Any) -> QuerySet[Waybill]:
    """All waybills for the centre and the head office; for a branch those that begin or end there."""
    rows = Waybill.objects.all()
    places = waybill_places(user)
    if places is None:
        return rows
    return rows.filter(origin_id__in=places) | rows.filter(destination_id__in=places)

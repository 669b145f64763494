"""What every page of this app begins with: the row one may see, slots of higher apps, the trail, the search words."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse

from customers import queries
from customers.models import Customer, Waybill
from servicecenter import trail
from servicecenter.permissions import can_view_trail

TRAIL_SHOWN = 40
# A right of the app above, named in a string: the page only offers the way there.
REGISTER_CONTACT = "complaints.register_contact"


def customer_or_404(request: HttpRequest, number: str) -> Customer:
    """The customer of that number, as far as the user may see it; 404 else."""
    rows = queries.customers_visible_to(request.user).select_related(
        "account_manager__department", "marked_by", "confirmed_by", "created_by"
    )
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def waybill_or_404(request: HttpRequest, number: str) -> Waybill:
    """The waybill of that number, as far as the user may see it; 404 else."""
    rows = queries.waybills_visible_to(request.user).select_related(
        "origin", "destination", "consignor", "consignee", "created_by"
    )
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def slot(name: str, *args: str) -> str:
    """The address of a fragment that a higher app serves by URL name; '' while no app serves it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def intake_url(request: HttpRequest) -> str:
    """Where this user registers a contact; '' for those who do not, or while no app serves it."""
    user: Any = request.user
    return slot("intake") if user.has_right(REGISTER_CONTACT) else ""


def trail_of(request: HttpRequest, row: Any) -> list[Any] | None:
    """The newest entries of a record's trail for those who may read it, else None."""
    return list(trail.entries_of(row)[:TRAIL_SHOWN]) if can_view_trail(request.user) else None


def kept_address(request: HttpRequest) -> list[tuple[str, str]]:
    """The rest of the address, for the search form of a list."""
    return [
        (name, value)
        for name, values in request.GET.lists()
        if name not in {"q", "cursor"}
        for value in values
    ]

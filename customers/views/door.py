"""What every page of this app begins with: the row one may see, slots of higher apps, the trail, the search words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse

from customers import queries
from customers.models import Customer, Waybill
from servicecenter import trail
from servicecenter.kernel.errors import RuleBroken
from servicecenter.permissions import can_view_trail

TRAIL_SHOWN = 40
# Rights of the apps above, named in strings: the page only offers the way there.
REGISTER_CONTACT = "complaints.register_contact"
VIEW_CLAIM = "claims.view_claim"


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


@dataclass(frozen=True)
class Difference:
    """A field of a stale form: what stands now, what was typed."""

    label: str
    now: str
    typed: str


def told_when_stale(form: Any, row: Any, act: Callable[[Any], Any]) -> Any:
    """Do `act(form)`; when somebody else was faster, the form shows what differs, and sent again it counts (CMP-51)."""
    try:
        return act(form)
    except RuleBroken as problem:
        if problem.code == "lifecycle.stale":
            row.refresh_from_db()
            form.difference = _difference(form, row)
            form.data = form.data.copy()
            form.data["version"] = row.version
        raise


def _difference(form: Any, row: Any) -> list[Difference]:
    found = []
    for bound in form.visible_fields():
        now = getattr(row, bound.name, None)
        typed = form.cleaned_data.get(bound.name)
        if (now or "") == (typed or "") or bound.name.endswith("_telephone"):
            continue
        display = getattr(row, f"get_{bound.name}_display", None)
        choices = dict(getattr(bound.field, "choices", None) or ())
        said = str(display() if display else now or "—")
        found.append(Difference(str(bound.label), said, str(choices.get(typed, typed) or "—")))
    return found


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

"""What stands beside and above the customer's course: its tabs, and the next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers import permissions, queries
from customers.choices import CustomerKind
from customers.models import Customer
from servicecenter import components

TABS = ("all", "complaints", "claims", "waybills", "visits", "grades", "trail")


@dataclass(frozen=True)
class NextStep:
    """What is to be done with this customer now."""

    title: str
    text: str
    url: str
    verb: str
    dialog: bool = True


def tabs_of(current: str, page: queries.CustomerPage, *, shown: dict[str, bool]) -> list[components.Tab]:
    """The tabs of everything between us; those of other apps where the user may look."""
    labels = {
        "all": _("All dealings"),
        "complaints": _("Complaints"),
        "claims": _("Claims"),
        "waybills": _("Waybills"),
        "visits": _("Visits"),
        "grades": _("Tier history"),
        "trail": _("Trail"),
    }
    counts = {"visits": len(page.visits.visits), "grades": len(page.grade.history)}
    return [
        components.Tab(labels[code], f"?tab={code}", current=code == current, count=counts.get(code) or None)
        for code in TABS
        if shown.get(code, True)
    ]


def next_step(user: Any, customer: Customer, page: queries.CustomerPage) -> NextStep | None:
    """The first thing that waits: a mark, a tier, a visit that is late, a stub, a company without finance people."""
    if permissions.can_confirm_mark(user, customer):
        return NextStep(
            _("Confirm the mark"), customer.difficult_reason,
            reverse("customer-confirm-mark", args=[customer.number]), _("Confirm…"),
        )  # fmt: skip
    waiting = page.grade.waiting
    if waiting is not None and permissions.can_grade(user, customer):
        return NextStep(
            _("Decide on tier %(tier)s") % {"tier": waiting.tier},
            _("%(points)s points; proposed from the facts of the year.") % {"points": waiting.points.normalize()},
            f"{reverse('customer-tiers-confirm')}?row={customer.number}&back=customer", _("Confirm…"),
        )  # fmt: skip
    if page.visits.days_late and permissions.can_record_visit(user, customer):
        return NextStep(
            _("Visit the customer"),
            ngettext("Overdue by %(n)s day.", "Overdue by %(n)s days.", page.visits.days_late)
            % {"n": page.visits.days_late},
            reverse("customer-visit-new", args=[customer.number]), _("Note a visit…"),
        )  # fmt: skip
    stub = next((row for row in page.waybills if row.is_stub), None)
    if stub is not None and permissions.can_edit_waybill(user):
        return NextStep(
            _("Complete a stub waybill"), stub.number, reverse("waybill-facts", args=[stub.number]), _("Complete"),
            dialog=False,
        )  # fmt: skip
    company = customer.kind == CustomerKind.COMPANY
    if company and not page.verify.verification.finance_people and permissions.can_edit(user, customer):
        return NextStep(
            _("Name a finance person"), _("Until then nobody of this company may be told about its COD money."),
            reverse("customer-person-new", args=[customer.number]), _("Add a contact person"),
        )  # fmt: skip
    return None

"""Tiers: the month's proposals, what a manager decides on them, grades by hand, visits, the timeline (CUS-10 … 13)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from customers import permissions, queries, services
from customers.choices import ProposalState
from customers.filters import ProposalFilter
from customers.forms import tiers as forms
from customers.models import TierProposal
from customers.permissions import Right
from customers.queries.tiers import PROPOSAL_ORDERS, last_round, proposal_rows, why_of
from customers.views.door import customer_or_404
from organization.permissions import me
from organization.views.door import ask, data_of, demand, needs
from servicecenter import components, keyset
from servicecenter.clock import business_date, now_db
from servicecenter.idempotency import idempotent

MOST_AT_ONCE = 200


@needs(Right.CONFIRM_TIERS)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The month's proposals, those that wait first; the address is the view."""
    rows = queries.proposals_visible_to(request.user)
    address = request.GET.copy()
    cursor = address.pop("cursor", [""])[-1]
    filterset = ProposalFilter(request.GET, queryset=rows)
    chosen = filterset.qs
    if not request.GET.get("state"):
        chosen = chosen.filter(state=ProposalState.WAITING)
    page = keyset.paginate(
        proposal_rows(chosen), order=PROPOSAL_ORDERS["newest"], cursor=cursor, filters=address.urlencode()
    )
    found = keyset.Page([(row, why_of(row)) for row in page.rows], page.next_cursor, page.previous_cursor)
    return render(
        request,
        "customers/tiers.html",
        {
            "filterset": filterset,
            "page": found,
            "round": last_round(),
            "decidable": any(row.state == ProposalState.WAITING for row in page.rows),
            "crumbs": [
                components.Crumb(_("Customers"), reverse("customer-list")),
                components.Crumb(_("Tier proposals")),
            ],
        },
    )


def _chosen(request: HttpRequest) -> list[TierProposal]:
    """The proposals that wait for these customers, of those the user may see; 403 for none."""
    numbers = (request.POST if request.method == "POST" else request.GET).getlist("row")[:MOST_AT_ONCE]
    rows = queries.proposals_visible_to(request.user).filter(
        customer__number__in=numbers, state=ProposalState.WAITING
    )
    found = list(proposal_rows(rows).order_by("customer__name_key", "id"))
    if not found:
        raise PermissionDenied
    return found


@needs(Right.CONFIRM_TIERS)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the chosen proposals from a day on (CUS-12)."""
    rows = _chosen(request)
    return ask(
        request,
        form=forms.ConfirmForm(
            data_of(request),
            numbers=[row.customer.number for row in rows],
            initial={"effective_on": business_date(now_db())},
        ),
        template="customers/tiers_decide.html",
        question=ngettext("Confirm %(n)s tier?", "Confirm %(n)s tiers?", len(rows)) % {"n": len(rows)},
        text=_(
            "Open complaints keep their tier and their terms; a supervisor may shorten them one by one (CMP-39)."
        ),
        verb=_("Confirm"),
        icon="star",
        rows=rows,
        act=lambda form: services.confirm_proposals(
            proposals=rows, effective_on=form.cleaned_data["effective_on"], by=me(request)
        ),
        to=_back(request, rows),
        toast=ngettext("%(n)s tier confirmed.", "%(n)s tiers confirmed.", len(rows)) % {"n": len(rows)},
    )


@needs(Right.CONFIRM_TIERS)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: HttpRequest) -> HttpResponse:
    """Do not follow the chosen proposals, with a reason (CUS-12)."""
    rows = _chosen(request)
    return ask(
        request,
        form=forms.RejectForm(data_of(request), numbers=[row.customer.number for row in rows]),
        template="customers/tiers_decide.html",
        question=ngettext(
            "Leave %(n)s customer in its tier?", "Leave %(n)s customers in their tiers?", len(rows)
        )
        % {"n": len(rows)},
        text=_("The same is not proposed again for some months."),
        verb=_("Leave as it is"),
        icon="ban",
        rows=rows,
        act=lambda form: services.reject_proposals(
            proposals=rows, reason=form.cleaned_data["reason"], by=me(request)
        ),
        to=_back(request, rows),
        toast=_("Noted; the tiers stay."),
    )


def _back(request: HttpRequest, rows: list[TierProposal]) -> str:
    """To the customer where the question came from its page, else to the list."""
    if request.GET.get("back") == "customer" and len(rows) == 1:
        return reverse("customer", args=[rows[0].customer.number])
    return reverse("customer-tiers")


@needs(Right.CONFIRM_TIERS)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def grade(request: HttpRequest, number: str) -> HttpResponse:
    """A grade by hand, with reason and end (CUS-12)."""
    customer = customer_or_404(request, number)
    demand(permissions.can_grade(request.user, customer))
    return ask(
        request,
        form=forms.GradeForm(
            data_of(request), initial={"version": customer.version, "tier": customer.tier or None}
        ),
        question=_("Give %(name)s a tier by hand?") % {"name": customer.name},
        text=_("It holds from today; a proposal that waits lapses. Afterwards the tier of before goes on."),
        verb=_("Give the tier"),
        icon="star",
        act=lambda form: services.grade_by_hand(
            customer=customer,
            tier=form.cleaned_data["tier"],
            valid_until=form.cleaned_data["valid_until"],
            reason=form.cleaned_data["reason"],
            version=form.seen,
            by=me(request),
        ),
        to=reverse("customer", args=[number]),
        toast=_("The tier holds from today."),
    )


@needs(Right.RECORD_VISIT)
@idempotent
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, number: str) -> HttpResponse:
    """Note a visit that was held (CUS-21)."""
    customer = customer_or_404(request, number)
    demand(permissions.can_record_visit(request.user, customer))
    own: Any = me(request).employee
    people = queries.visitors(customer.account_manager, own)
    visitor = own if own is not None and own in people else customer.account_manager
    return ask(
        request,
        form=forms.VisitForm(
            data_of(request),
            people=people,
            initial={
                "version": customer.version,
                "held_on": business_date(now_db()),
                "visitor": visitor.work_number if visitor else None,
            },
        ),
        question=_("A visit at %(name)s") % {"name": customer.name},
        verb=_("Note the visit"),
        icon="calendar",
        act=lambda form: services.record_visit(
            customer=customer,
            held_on=form.cleaned_data["held_on"],
            visitor=form.cleaned_data["visitor"],
            summary=form.cleaned_data["summary"],
            by=me(request),
        ),
        to=reverse("customer", args=[number]) + "?tab=visits",
        toast=_("Noted; the next visit is due from this day on."),
    )


@needs(Right.VIEW_CUSTOMER)
@require_GET
def line(request: HttpRequest, number: str) -> HttpResponse:
    """What happened earlier with a customer: the next page of its timeline, as a fragment."""
    customer = customer_or_404(request, number)
    found = queries.timeline(customer, request.user, cursor=request.GET.get("cursor", ""))
    return render(request, "customers/_timeline.html", {"customer": customer, "timeline": found})

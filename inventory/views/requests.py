"""Requests for item codes: the site asks, the department passes on, business management decides (INV-16)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import queries, services
from inventory.choices import ItemRequestState, PhotoSlot
from inventory.filters import ItemRequestFilter
from inventory.forms import GrantForm, ItemRequestForm, ReasonForm
from inventory.permissions import Right, can_draft
from inventory.views.acting import Desk
from inventory.views.catalogue import ITEM_FIELDS, master_tabs
from inventory.views.door import READ, version_of
from inventory.views.listing import Listing, kept, listing
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, attachments, trail
from servicecenter.components import Crumb, Step, Tab
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.wording import messages_of

ASK = (Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE)
LIST = "stock-item-request-list"
PAGE = "stock-item-request"
MOST_TRAIL = 50
ORDER = (ItemRequestState.REQUESTED, ItemRequestState.PASSED, ItemRequestState.GRANTED)


@needs(*READ)
@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """Requests, newest first; one click apart: what waits for me, for the department, for business management."""
    user = me(request)
    rows = queries.item_request_rows(queries.item_requests_visible_to(user))
    shown: Listing = listing(request, ItemRequestFilter, rows, queries.REQUEST_ORDERS, default="newest")
    here, state = reverse(LIST), request.GET.get("state", "")
    views = [("", _("All")), ("requested", _("To be passed on")), ("passed", _("To be decided"))]
    if user.rights.has_any((Right.AUDIT_DOCUMENT, Right.EDIT_ITEMS)):
        views.insert(1, ("mine", _("Waiting for me")))
    context = {
        "listing": shown,
        "page": shown.page,
        "q": request.GET.get("q", ""),
        "kept": kept(request),
        "tabs": master_tabs(LIST),
        "views": [
            Tab(label, f"{here}?state={code}" if code else here, current=code == state)
            for code, label in views
        ],
        "may_ask": can_draft(user),
    }
    return render(request, "inventory/item_requests.html", context)


@needs(*ASK)
@idempotent
def request_new(request: HttpRequest) -> HttpResponse:
    """Ask for a code: words, class and three pictures (INV-16)."""
    user = me(request)
    initial = {name: request.GET[name] for name in ("warehouse", "name") if name in request.GET}
    form = ItemRequestForm(request.POST or None, user=user, initial=initial)
    photos = {slot: request.POST.getlist(slot) for slot in PhotoSlot.values}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = services.ask_item_code(wanted=form.wanted(), photos=photos, by=user)
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                toast = _("%(number)s is asked for; the department's accountant is told.")
                return answers.done(
                    request, to=reverse(PAGE, args=[made.number]), toast=toast % {"number": made.number}
                )
        status = 422
    context = {
        "form": form,
        "slots": [{"slot": slot, "files": attachments.waiting(photos[slot], by=user)} for slot in PhotoSlot],
        "crumbs": [Crumb(_("Code requests"), reverse(LIST)), Crumb(_("Ask for a code"))],
    }
    return render(request, "inventory/item_request_new.html", context, status=status)


def request_or_404(request: HttpRequest, number: str) -> Any:
    """The request with all that its page shows; one that the user may not see is not there."""
    found = queries.item_request_page(me(request), number.upper())
    if found is None:
        raise Http404
    return found


def _steps(row: Any) -> list[Step]:
    labels = [_("Asked by the site"), _("Passed on by the department"), _("Code made by business management")]
    done = 1 + (row.passed_at is not None) + (row.state == ItemRequestState.GRANTED)
    ended = row.state in {ItemRequestState.REFUSED, ItemRequestState.WITHDRAWN}
    marks = ["done" if n < done else "now" if n == done and not ended else "" for n in range(len(labels))]
    return [Step(label, mark) for label, mark in zip(labels, marks, strict=True)]


def _show(request: HttpRequest, shown: Any, problem: Any = None) -> HttpResponse:
    """The page; with what stands against an act, when one was refused."""
    row = shown.item_request
    context = {
        "shown": shown,
        "row": row,
        "steps": _steps(row),
        "problems": [message for _field, message in messages_of(problem)] if problem else [],
        "trail": trail.entries_of(row)[:MOST_TRAIL],
        "crumbs": [Crumb(_("Code requests"), reverse(LIST)), Crumb(row.number)],
    }
    return render(request, "inventory/item_request.html", context, status=409 if problem else 200)


def _refused(request: HttpRequest, number: str, problem: RuleBroken | RulesBroken) -> HttpResponse:
    return _show(request, request_or_404(request, number), problem)


DESK = Desk("item_request", request_or_404, PAGE, _refused)


@needs(*READ)
@require_GET
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request: what was asked, its pictures, codes that look alike, what may be done."""
    return _show(request, request_or_404(request, number))


@needs(Right.AUDIT_DOCUMENT)
@require_POST
@idempotent
def request_pass_on(request: HttpRequest, number: str) -> HttpResponse:
    """The department's accountant passes it on."""
    return DESK.at_once(
        request,
        number,
        "pass_on",
        lambda row: services.pass_on_item_request(
            item_request=row, version=version_of(request), by=me(request)
        ),
        _("Passed on; business management is told."),
    )


@needs(Right.EDIT_ITEMS)
@idempotent
def request_grant(request: HttpRequest, number: str) -> HttpResponse:
    """Make the code, as it was asked or put right."""
    asked: dict[str, Any] = {}

    def form(*args: Any, **more: Any) -> GrantForm:
        asked["form"] = GrantForm(*args, **more)
        return asked["form"]

    def grant(row: Any, said: Any) -> None:
        services.grant_item_request(
            item_request=row,
            code=said["code"],
            names=asked["form"].names,
            version=said["version"],
            by=me(request),
            **{name: said[name] for name in ITEM_FIELDS},
        )

    return DESK.ask(
        request,
        number,
        "grant",
        template="inventory/item_request_grant.html",
        form=form,
        act=grant,
        toast=_("The code is made; whoever asked is told."),
    )


@needs(Right.AUDIT_DOCUMENT, Right.EDIT_ITEMS)
@idempotent
def request_refuse(request: HttpRequest, number: str) -> HttpResponse:
    """No code, and why."""
    return DESK.ask(
        request,
        number,
        "refuse",
        template="inventory/item_request_refuse.html",
        form=ReasonForm,
        act=lambda row, said: services.refuse_item_request(
            item_request=row, reason=said["reason"], version=said["version"], by=me(request)
        ),
        toast=_("Refused; whoever asked is told why."),
    )


@needs(*ASK)
@idempotent
def request_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The site needs it no more."""
    return DESK.ask(
        request,
        number,
        "withdraw",
        template="inventory/item_request_withdraw.html",
        form=ReasonForm,
        act=lambda row, said: services.withdraw_item_request(
            item_request=row, reason=said["reason"], version=said["version"], by=me(request)
        ),
        toast=_("Withdrawn. The number stays used."),
    )

"""Counts: which are due, the sheet to be typed into, its way to the approval, files and print (INV-50 to INV-56)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import queries, services
from inventory.choices import CountState, DifferenceCause
from inventory.filters import CountLineFilter, StocktakeFilter
from inventory.forms import ConfirmForm, CountForm, CountSheet, FileForm, HandInForm, ReasonForm, RecountForm
from inventory.models import Stocktake
from inventory.permissions import Right, can_draft, can_export
from inventory.views.acting import Desk
from inventory.views.door import READ
from inventory.views.listing import Listing, kept, listing
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, attachments, figures, keyset, trail
from servicecenter.components import Counter, Crumb, Step, Tab
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken

COUNT = (Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE)
AGAIN = (*COUNT, Right.APPROVE_DOCUMENT)
PAGE_SIZE = 100
MOST_TRAIL = 50


def count_or_404(request: HttpRequest, number: str) -> Any:
    """The count with all that its page shows; one that the user may not see is not there."""
    found = queries.stocktake_page(me(request), number.upper())
    if found is None:
        raise Http404
    return found


def there(number: str, **query: str) -> str:
    """The address of a count's page, narrowed."""
    return reverse("stock-count", args=[number]) + (f"?{urlencode(query)}" if query else "")


# the list


@needs(*READ)
@require_GET
def count_list(request: HttpRequest) -> HttpResponse:
    """Counts, newest first; above them the warehouses whose count of the month or quarter is missing (INV-50, 51)."""
    user = me(request)
    rows = queries.stocktake_rows(queries.stocktakes_visible_to(user))
    shown: Listing = listing(request, StocktakeFilter, rows, queries.COUNT_ORDERS, default="newest")
    here = reverse("stock-count-list")
    state = request.GET.get("state", "")
    context = {
        "listing": shown,
        "page": shown.page,
        "q": request.GET.get("q", ""),
        "kept": kept(request),
        "tabs": [
            Tab(_("All"), here, current=not state),
            Tab(_("Not finished"), f"{here}?state=open", current=state == "open"),
            Tab(_("Waiting for approval"), f"{here}?state=submitted", current=state == "submitted"),
        ],
        "due": queries.counts_due(user, today=timezone.localdate()) if not request.GET else [],
        "may_add": can_draft(user),
    }
    return render(request, "inventory/counts.html", context)


@needs(*COUNT)
@idempotent
def count_new(request: HttpRequest) -> HttpResponse:
    """A sheet from what is on hand now (INV-52)."""
    if not can_draft(me(request)):
        raise PermissionDenied
    initial = {name: request.GET[name] for name in ("warehouse", "kind", "due_on") if name in request.GET}
    form = CountForm(request.POST or None, user=me(request), initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = services.begin_count(head=form.head(), by=me(request))
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                toast = _("%(number)s is begun: write down what lies there.") % {"number": made.number}
                return answers.done(request, to=there(made.number), toast=toast)
        status = 422
    return render(request, "inventory/count_new.html", {"form": form}, status=status)


# the sheet


def _steps(state: str) -> list[Step]:
    order = [CountState.COUNTING, CountState.COUNTED, CountState.SUBMITTED, CountState.APPROVED]
    labels = [_("Count"), _("Explain differences"), _("Approve"), _("Posted")]
    at = order.index(CountState(state)) if state in order else -1
    marks = ["done" if n < at or state == "approved" else "now" if n == at else "" for n in range(len(order))]
    return [Step(label, mark) for label, mark in zip(labels, marks, strict=True)]


def _counters(shown: Any, show: str, moved: int) -> list[Counter]:
    totals, number = shown.totals, shown.stocktake.number
    found = [
        Counter(_("All lines"), totals.lines, there(number), current=not show),
        Counter(_("Not counted yet"), totals.uncounted, there(number, show="left"), current=show == "left"),
    ]
    if shown.shows_book:
        found += [
            Counter(
                _("With a difference"),
                totals.differing,
                there(number, show="differs"),
                sub=f"+{figures.quantity(totals.surplus)} {figures.quantity(totals.shortage)}"
                if totals.differing
                else "",
                tone="warn",
                current=show == "differs",
            ),
            Counter(
                _("Not explained"),
                totals.unexplained,
                there(number, show="unexplained"),
                tone="hot",
                current=show == "unexplained",
            ),
            Counter(_("Moved since"), moved, there(number, show="moved"), current=show == "moved"),
        ]
    return found


def lines_of_page(request: HttpRequest, shown: Any) -> Listing:
    """One page of the sheet's lines from the address."""
    rows = queries.stocktake_lines(shown.stocktake)
    filterset = CountLineFilter(
        request.GET, queryset=rows, request=request, user=me(request), shows_book=shown.shows_book
    )
    order = queries.LINE_ORDERS["lines"]
    marked = request.GET.copy()
    marked.pop("cursor", None)
    page = keyset.paginate(
        filterset.qs, order=order, cursor=request.GET.get("cursor", ""), size=PAGE_SIZE, filters=marked.urlencode()
    )  # fmt: skip
    return Listing(filterset, page, order.name)


def show_count(
    request: HttpRequest,
    shown: Any,
    *,
    found: Listing | None = None,
    sheet: CountSheet | None = None,
    file_form: FileForm | None = None,
    problems: Any = (),
    status: int = 200,
) -> HttpResponse:
    """The sheet, to be typed into, explained or read."""
    found = found or lines_of_page(request, shown)
    row = shown.stocktake
    query = request.GET.urlencode()
    context = {
        "shown": shown,
        "stocktake": row,
        "listing": found,
        "page": found.page,
        "sheet": sheet or CountSheet(found.page.rows),
        "types": shown.answers["count"].allowed,
        "explains": shown.answers["explain"].allowed,
        "causes": DifferenceCause.choices,
        "q": request.GET.get("q", ""),
        "kept": kept(request),
        "steps": _steps(row.state),
        "counters": _counters(shown, request.GET.get("show", ""), shown.moved),
        "save_url": reverse("stock-count-save", args=[row.number]) + (f"?{query}" if query else ""),
        "draft_name": f"inventory.count.{row.number}.{query}"[:100],
        "file_form": file_form or FileForm(),
        "problems": problems,
        "today": timezone.localdate(),
        "export_url": reverse("stock-count-export", args=[row.number]) if can_export(me(request)) else "",
        "trail": trail.entries_of(row)[:MOST_TRAIL],
        "files": list(attachments.of(row)),
        "attach_url": reverse("stock-count-attach", args=[row.number])
        if shown.answers["count"].visible or can_draft(me(request), row.warehouse)
        else "",
        "key": uuid.uuid4().hex,
        "crumbs": [Crumb(_("Stocktaking"), reverse("stock-count-list")), Crumb(row.number)],
    }
    return render(request, "inventory/count.html", context, status=status)


def _refused(request: HttpRequest, number: str, problem: RuleBroken | RulesBroken) -> HttpResponse:
    """The sheet again with what stands against the act."""
    shown = count_or_404(request, number)
    sheet = CountSheet(lines_of_page(request, shown).page.rows)
    sheet.refuse(problem)
    return show_count(request, shown, sheet=sheet, status=409)


DESK = Desk("stocktake", count_or_404, "stock-count", _refused)


@needs(*READ)
@require_GET
def count_page(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet: figures to be typed while it is counted, explanations after, to be read when it is handed in."""
    return show_count(request, count_or_404(request, number))


@needs(*COUNT)
@require_POST
@idempotent
def count_save(request: HttpRequest, number: str) -> HttpResponse:
    """Write down what was changed on this page of the sheet; what others counted meanwhile stays (INV-54)."""
    shown = DESK.allowed(request, number, "count")
    found = lines_of_page(request, shown)
    sheet = CountSheet(found.page.rows, request.POST)
    if not sheet.is_wrong:
        try:
            changed = services.save_counts(stocktake=shown.stocktake, entries=sheet.entries, by=me(request))
        except (RuleBroken, RulesBroken) as problem:
            sheet.refuse(problem)
        else:
            to = request.get_full_path().replace("/save/", "/")
            toast = _("%(count)s lines are written down.") % {"count": changed} if changed else ""
            return answers.done(request, to=to, toast=toast)
    return show_count(request, shown, found=found, sheet=sheet, status=422)


# its way


@needs(*COUNT)
@require_POST
@idempotent
def count_finish(request: HttpRequest, number: str) -> HttpResponse:
    """Everything is counted; the differences are shown now."""
    differing = count_or_404(request, number).totals.differing
    return DESK.at_once(
        request,
        number,
        "finish",
        lambda row: services.finish_count(stocktake=row, by=me(request)),
        _("Counted. %(count)s lines differ.") % {"count": differing},
    )


@needs(*COUNT)
@idempotent
def count_hand_in(request: HttpRequest, number: str) -> HttpResponse:
    """The written report: who answers, what is proposed (INV-54, INV-55)."""
    shown = DESK.allowed(request, number, "hand_in")
    return DESK.ask(
        request,
        number,
        "hand_in",
        template="inventory/count_hand_in.html",
        form=lambda *args, **more: HandInForm(*args, differing=shown.totals.differing, **more),
        act=lambda row, said: services.hand_in_count(
            stocktake=row,
            liability=said.get("liability", ""),
            proposal=said.get("proposal", ""),
            witness=said.get("witness", ""),
            version=said["version"],
            by=me(request),
        ),
        toast=_("Handed in; the department is told."),
    )


@needs(*AGAIN)
@idempotent
def count_recount(request: HttpRequest, number: str) -> HttpResponse:
    """复盘: chosen lines are counted again, against what the books say then (LED-07)."""

    def act(row: Stocktake, said: Mapping[str, Any]) -> None:
        rows = queries.stocktake_lines(row)
        which = {"differs": None, "moved": rows.filter(queries.moved_since(row)), "all": rows}
        chosen = which[said["which"]]
        services.ask_recount(
            stocktake=row,
            reason=said["reason"],
            lines=list(chosen.values_list("ordinal", flat=True)) if chosen is not None else None,
            version=said["version"],
            by=me(request),
        )

    return DESK.ask(
        request,
        number,
        "recount",
        template="inventory/count_recount.html",
        form=RecountForm,
        act=act,
        toast=_("To be counted again."),
    )


@needs(Right.APPROVE_DOCUMENT)
@idempotent
def count_approve(request: HttpRequest, number: str) -> HttpResponse:
    """审批: surplus and shortage are posted in the same moment (INV-55)."""
    return DESK.ask(
        request,
        number,
        "approve",
        template="inventory/count_approve.html",
        form=ConfirmForm,
        act=lambda row, said: services.approve_count(stocktake=row, version=said["version"], by=me(request)),
        toast=_("Approved: the books say now what lies there."),
    )


@needs(*COUNT)
@idempotent
def count_void(request: HttpRequest, number: str) -> HttpResponse:
    """A count is given up; its number stays."""
    return DESK.ask(
        request,
        number,
        "void",
        template="inventory/count_void.html",
        form=ReasonForm,
        act=lambda row, said: services.void_count(
            stocktake=row, reason=said["reason"], version=said["version"], by=me(request)
        ),
        toast=_("Given up. The number stays used."),
    )

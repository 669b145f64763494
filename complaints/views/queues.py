"""The desk and the list of all tickets: what must I do now, and where is that ticket (CMP-50, D12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Value
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from complaints import forms, queries, services
from complaints.filters import ComplaintFilter
from complaints.permissions import HANDLING, READERS, Right
from complaints.views import recent
from complaints.views.columns import COLUMNS, chosen, export_columns
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, countdown, dates, keyset
from servicecenter.components import Counter, ViewLink
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken

PAGE_SIZE = 50


@dataclass(frozen=True)
class Face:
    """How a queue is called, its icon, and how its figure is coloured when it is not zero."""

    label: Any
    title: Any
    icon: str
    tone: str = ""


FACES: dict[str, Face] = {
    "mine": Face(gettext_lazy("My work"), gettext_lazy("My work"), "desk"),
    "breached": Face(gettext_lazy("Overdue"), gettext_lazy("Overdue tickets"), "siren", "hot"),
    "due_soon": Face(
        gettext_lazy("Due within the hour"), gettext_lazy("Due within the hour"), "clock", "warn"
    ),
    "waiting_statement": Face(
        gettext_lazy("Waiting for statement"), gettext_lazy("Waiting for a statement"), "note"
    ),
    "waiting_customer": Face(
        gettext_lazy("Waiting for customer"), gettext_lazy("Waiting for the customer"), "pause"
    ),
    "follow_ups": Face(gettext_lazy("Follow-ups"), gettext_lazy("Follow-ups due"), "phone"),
    "unassigned": Face(gettext_lazy("Unassigned"), gettext_lazy("Unassigned tickets"), "users"),
    "incidents": Face(gettext_lazy("Service incidents"), gettext_lazy("Service incidents"), "siren", "hot"),
    "team": Face(gettext_lazy("My team"), gettext_lazy("My team's tickets"), "users"),
    "all": Face(gettext_lazy("All open"), gettext_lazy("All open tickets"), "ticket"),
}
# What stands in the first line; the other two stand at the side.
COUNTED = (
    "mine", "breached", "due_soon", "waiting_statement", "waiting_customer", "follow_ups", "unassigned", "incidents",
)  # fmt: skip
AT_THE_SIDE = ("team", "all")


@dataclass(frozen=True)
class Nothing:
    """What an empty queue says."""

    title: Any
    text: Any
    icon: str = "okcirc"


NOTHING = {
    "mine": Nothing(
        gettext_lazy("Nothing waits for you"),
        gettext_lazy("New tickets and answers of departments appear here."),
        "inbox",
    ),
    "breached": Nothing(
        gettext_lazy("Nothing is overdue"),
        gettext_lazy("Tickets past their deadline stand here until they are done."),
    ),
    "due_soon": Nothing(
        gettext_lazy("Nothing is due within the hour"),
        gettext_lazy("What falls due next comes here by itself."),
        "clock",
    ),
    "waiting_statement": Nothing(
        gettext_lazy("No statement is outstanding"),
        gettext_lazy("Tickets that wait for a department stand here."),
    ),
    "waiting_customer": Nothing(
        gettext_lazy("No customer is waited for"),
        gettext_lazy("Tickets whose clock rests stand here."),
        "pause",
    ),
    "follow_ups": Nothing(
        gettext_lazy("No follow-up is due"),
        gettext_lazy("Resolved tickets come here for their call."),
        "phone",
    ),
    "unassigned": Nothing(
        gettext_lazy("Every ticket has been taken"),
        gettext_lazy("Tickets that nobody has taken yet stand here."),
    ),
    "incidents": Nothing(
        gettext_lazy("No open service incident"),
        gettext_lazy("A second complaint or a recurrence comes here at once."),
    ),
}


@dataclass(frozen=True)
class Listing:
    """One page of tickets with what shaped it."""

    filterset: ComplaintFilter
    page: keyset.Page[Any]
    order: str
    columns: list[Any]


def listing(
    request: HttpRequest, *, queue: str = "", order: str = "newest", size: int = PAGE_SIZE
) -> Listing:
    """Filter, order and page from the address. `queue` and `order` hold where the address names none."""
    data = request.GET.copy()
    if queue:
        data.setdefault("queue", queue)
    columns = chosen(data.get("columns", ""), others=data.get("queue", "") != "mine")
    rows = queries.list_queryset(me(request), with_owner=any(column.code == "owner" for column in columns))
    if queue == "mine":
        rows = queries.with_absent_owner(rows, me(request))
    else:
        # A template that asks a row for what it has not got takes longer than all its other cells.
        rows = rows.annotate(absent_owner=Value(""))
    filterset = ComplaintFilter(data, queryset=rows, user=me(request))
    filterset.request = request
    name = data.get("order") or order
    chosen_order = queries.ORDERS.get(name) or queries.ORDERS[order]
    marked = data.copy()
    marked.pop("cursor", None)
    page = keyset.paginate(
        filterset.qs, order=chosen_order, cursor=data.get("cursor", ""), size=size, filters=marked.urlencode()
    )
    return Listing(filterset, page, chosen_order.name, columns)


@needs(*HANDLING)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The agent's first page: my work by due time."""
    queue = request.GET.get("queue", "mine")
    if queue not in FACES:
        queue = "mine"
    data = request.GET.copy()
    data["queue"] = queue
    # What the address says beyond the desk as everybody opens it: only that is worth a name of its own.
    named = {name: value for name, value in data.items() if (name, value) != ("queue", "mine")}
    request.GET = data  # type: ignore[assignment]
    shown = listing(request, queue=queue, order="due")
    context = {
        "listing": shown,
        "page": shown.page,
        "queue": queue,
        "title": FACES[queue].title,
        "counters": _counters(queue, None),
        "sides": _sides(queue, None),
        "recent": recent.of(request),
        "nothing": NOTHING.get(queue, NOTHING["mine"]),
        "view_query": data.urlencode() if named else "",
        **_tools(request, shown),
    }
    return render(request, "complaints/desk.html", context)


def _tools(request: HttpRequest, shown: Listing) -> dict[str, Any]:
    """What every list of tickets offers beside its rows."""
    user: Any = me(request)
    on = [column.code for column in shown.columns]
    links = []
    for column in COLUMNS:
        if column.always:
            continue
        codes = [code for code in on if code != column.code] if column.code in on else [*on, column.code]
        query = request.GET.copy()
        query["columns"] = ",".join(codes)
        links.append({"label": column.label, "on": column.code in on, "url": f"?{query.urlencode()}"})
    return {
        "column_links": links,
        "may_assign": user.rights.has_any((Right.ASSIGN_COMPLAINT, Right.SUPERVISE_COMPLAINT)),
        "may_export": user.has_right(Right.EXPORT_COMPLAINTS),
        "may_register": user.has_right(Right.REGISTER_CONTACT),
    }


@needs(*HANDLING)
@require_GET
def desk_counts(request: HttpRequest) -> HttpResponse:
    """The figures of the queues, their own fragment: one statement."""
    queue = request.GET.get("queue", "mine")
    counts = queries.queue_counts(me(request))
    context = {"counters": _counters(queue, counts), "sides": _sides(queue, counts), "queue": queue}
    return render(request, "complaints/_desk_counts.html", context)


def _counters(current: str, counts: dict[str, Any] | None) -> list[Counter]:
    """The first line; without figures yet it keeps its place."""
    return [
        Counter(
            str(FACES[code].label),
            counts[code].count if counts else "…",
            f"{reverse('desk')}?queue={code}",
            sub=_sub(code, counts[code]) if counts else "",
            tone=FACES[code].tone,
            current=code == current,
        )
        for code in COUNTED
    ]


def _sub(code: str, figure: Any) -> str:
    """The small line below a figure: what is nearest, longest or late."""
    if not figure.count:
        return ""
    if code == "breached":
        return _("longest %(span)s") % {"span": countdown.span(figure.extra or 0, fine=False)}
    if code == "waiting_statement":
        return _("%(n)s late") % {"n": figure.extra} if figure.extra else _("none late")
    if code == "follow_ups":
        return _("%(n)s today") % {"n": figure.extra}
    if code == "waiting_customer":
        return _("clock at rest")
    if code == "incidents":
        return _("%(n)s second complaints") % {"n": figure.extra}
    if figure.first_due:
        return _("first due %(when)s") % {"when": dates.say_when(figure.first_due)}
    return ""


def _sides(current: str, counts: dict[str, Any] | None) -> list[ViewLink]:
    return [
        ViewLink(
            str(FACES[code].label), f"{reverse('desk')}?queue={code}", FACES[code].icon,
            counts[code].count if counts else None, current=code == current,
        )
        for code in AT_THE_SIDE
    ]  # fmt: skip


@needs(*READERS)
@require_GET
def complaint_list(request: HttpRequest) -> HttpResponse:
    """Every ticket that one may see, open or closed, newest first; found by number, telephone, waybill or words."""
    shown = listing(request)
    context = {
        "listing": shown,
        "page": shown.page,
        "q": request.GET.get("q", ""),
        "kept": [(name, value) for name, value in request.GET.items() if name not in {"q", "cursor"}],
        **_tools(request, shown),
    }
    return render(request, "complaints/list.html", context)


@needs(Right.EXPORT_COMPLAINTS)
@require_POST
def export(request: HttpRequest) -> FileResponse:
    """What the list shows, as XLSX or CSV: same filters, same rows, same masking; logged (PRV-04)."""
    filterset = ComplaintFilter(request.GET, queryset=queries.row_queryset(me(request)), user=me(request))
    filterset.request = request
    order = queries.ORDERS.get(request.GET.get("order", "")) or queries.ORDERS["newest"]
    rows = keyset.iterate(filterset.qs, order=order)
    return answers.exported(request, name=_("complaints"), columns=export_columns(me(request)), rows=rows)


@needs(Right.ASSIGN_COMPLAINT, Right.SUPERVISE_COMPLAINT)
@idempotent
def assign_many(request: HttpRequest) -> HttpResponse:
    """Give the chosen tickets to one owner; undone with one click."""
    numbers = (request.POST if request.method == "POST" else request.GET).getlist("row")
    tickets = list(queries.row_queryset(me(request)).filter(number__in=numbers[:200]))
    if not tickets:
        raise PermissionDenied
    form = forms.AssignManyForm(
        request.POST or None, user=me(request), numbers=[ticket.number for ticket in tickets]
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            owner = form.cleaned_data["owner"]
            try:
                moved = services.assign_many(
                    complaints=tickets, owner=owner, reason=form.cleaned_data["reason"], by=me(request)
                )
                to_others = owner.pk != me(request).pk
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                request.session["assigned"] = [row.number for row in moved] if to_others else []
                return answers.done(
                    request,
                    to=(request.GET.get("back") == "complaint-list" and reverse("complaint-list"))
                    or reverse("desk"),
                    toast=_("%(n)s tickets passed on to %(name)s.") % {"n": len(moved), "name": owner.name},
                    undo=reverse("complaint-assign-undo") if to_others and moved else None,
                )
        status = 422
    return render(request, "complaints/assign_many.html", {"form": form, "tickets": tickets}, status=status)


@needs(Right.ASSIGN_COMPLAINT, Right.SUPERVISE_COMPLAINT)
@require_POST
def assign_undo(request: HttpRequest) -> HttpResponse:
    """Withdraw the last bulk assignment as far as nobody has taken the tickets yet: the owners keep them."""
    numbers = request.session.pop("assigned", [])
    rows = queries.row_queryset(me(request)).filter(number__in=numbers, offered_to__isnull=False)
    by_owner: dict[Any, list[Any]] = {}
    for row in rows:
        by_owner.setdefault(row.owner, []).append(row)
    with transaction.atomic():
        for owner, tickets in by_owner.items():
            services.assign_many(complaints=tickets, owner=owner, reason=_("undone"), by=me(request))
    # The toast's script asks, and loads its page again: the words wait for that.
    answers.toast(request, _("Undone: the owners keep them."))
    return HttpResponse(status=204)

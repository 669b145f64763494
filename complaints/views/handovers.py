"""The department's side: inbox and statement (CMP-21, PRV-10); and what the centre does with a handover."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from complaints import forms, queries, services
from complaints.models import Handover
from complaints.permissions import Right
from complaints.views.door import kept_files
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, dates, drafts
from servicecenter.components import Tab
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken

TABS = {
    "waiting": gettext_lazy("Waiting for statement"),
    "rectify": gettext_lazy("Measures to carry out"),
    "done": gettext_lazy("Handed in"),
    "all": gettext_lazy("All"),
}


@needs(Right.HAND_IN_STATEMENT)
@require_GET
def inbox(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """What must my department answer, how long is left, and the paper to answer it on."""
    tab = request.GET.get("tab") or ("waiting" if pk is None else _tab_of(handover_or_404(request, pk)))
    if tab not in TABS:
        raise Http404
    return render(request, "complaints/inbox.html", _page(request, tab, pk))


def _page(request: HttpRequest, tab: str, pk: int | None, form: Any = None) -> dict[str, Any]:
    page = queries.inbox(user=me(request), tab=tab, cursor=request.GET.get("cursor", ""))
    reading = _reading(request, tab, pk, page.rows)
    context: dict[str, Any] = {
        "tab": tab,
        "tabs": _tabs(request, tab),
        "page": page,
        "departments": queries.departments_of_handler(me(request)),
        # Only a paper that was asked for takes a phone's whole width.
        "opened": pk is not None,
        "handover": reading,
        "today": dates.today(),
        "may_write": False,
        "may_hand_in": True,
        "may_review": me(request).has_right(Right.REVIEW_ACTION),
    }
    if reading is not None:
        context |= _paper(request, reading, form)
    elif not page.rows:
        context["answered"] = queries.last_answered(me(request))
    return context


def _tab_of(handover: Handover) -> str:
    """The tab under which a handover is found."""
    return {"waiting": "waiting", "answered": "done"}.get(handover.state, "all")


def _tabs(request: HttpRequest, current: str) -> list[Tab]:
    counts = queries.inbox_counts(me(request))
    here = reverse("inbox")
    return [
        Tab(str(label), here if code == "waiting" else f"{here}?tab={code}", code == current, counts[code])
        for code, label in TABS.items()
    ]


def _reading(request: HttpRequest, tab: str, pk: int | None, rows: list[Any]) -> Handover | None:
    """The paper on the right: the one asked for, else the first that waits."""
    if pk is not None:
        return handover_or_404(request, pk)
    if tab == "waiting" and rows:
        return queries.handover(user=me(request), pk=rows[0].pk)
    return None


def _paper(request: HttpRequest, handover: Handover, form: Any = None) -> dict[str, Any]:
    return {
        "complaint": handover.complaint,
        "files": queries.files_for_handler(handover),
        "kept": kept_files(request),
        "form": form or forms.StatementForm(user=me(request), handover=handover),
    }


def handover_or_404(request: HttpRequest, pk: int) -> Handover:
    """A handover to one's own departments; another's is not there."""
    found = queries.handover(user=me(request), pk=pk)
    if found is None:
        raise Http404
    return found


@needs(Right.HAND_IN_STATEMENT)
@require_POST
@idempotent
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in a statement, or a correction of one."""
    handover = handover_or_404(request, pk)
    form = forms.StatementForm(request.POST, user=me(request), handover=handover)
    if form.is_valid():
        said = form.cleaned_data
        try:
            statement = services.hand_in_statement(
                handover=handover, text=said["text"], employee=said["person"], stage=said["stage"],
                measures=said["measures"], attachment_ids=tuple(request.POST.getlist("attachments")), by=me(request),
            )  # fmt: skip
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            drafts.discard(user=me(request), form=f"complaints.statement.{pk}")
            said_so = _("Statement handed in.") if statement.ordinal == 1 else _("Correction handed in.")
            return answers.done(request, to=reverse("inbox"), toast=said_so)
    return render(request, "complaints/inbox.html", _page(request, _tab_of(handover), pk, form), status=422)


@needs(Right.HAND_IN_STATEMENT)
@require_POST
@idempotent
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """The department takes it up: the centre sees that somebody works on it."""
    handover = handover_or_404(request, pk)
    services.accept_handover(handover=handover, by=me(request))
    return answers.done(request, to=reverse("inbox-item", args=[pk]), toast=_("Taken up."))


@needs(Right.HAND_IN_STATEMENT)
@idempotent
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Not our department: back to the centre, with the reason."""
    handover = handover_or_404(request, pk)
    form = forms.ReturnForm(request.POST or None, user=me(request))

    def act() -> str:
        services.return_handover(handover=handover, reason=form.cleaned_data["reason"], by=me(request))
        return _("Sent back to the customer service centre.")

    return _ask(request, form, act, handover, "complaints/send_back.html", to=reverse("inbox"))


@needs(Right.SUPERVISE_COMPLAINT)
@idempotent
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """The supervisor does without this statement."""
    handover = queries.handover_for_centre(user=me(request), pk=pk)
    if handover is None:
        raise Http404
    form = forms.WaiveForm(request.POST or None, user=me(request))

    def act() -> str:
        services.waive(handover=handover, reason=form.cleaned_data["reason"], by=me(request))
        return _("Waived: the ticket goes on without it.")

    to = reverse("complaint-detail", args=[handover.complaint.number]) + "?tab=statements"
    return _ask(request, form, act, handover, "complaints/waive.html", to=to)


def _ask(
    request: HttpRequest, form: Any, act: Any, handover: Handover, template: str, *, to: str
) -> HttpResponse:
    """A dialog about a handover: ask, act, or come back with the refusal."""
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                toast = act()
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                return answers.done(request, to=to, toast=toast)
        status = 422
    return render(request, template, {"form": form, "handover": handover}, status=status)

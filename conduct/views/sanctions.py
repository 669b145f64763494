"""Sanctions: what waits to be confirmed, one sanction, and what is done to it (SAN-10, SAN-18)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conduct import queries, services
from conduct.choices import SanctionState
from conduct.filters import SanctionFilter
from conduct.forms import sanctions as forms
from conduct.models import Sanction
from conduct.permissions import Right
from conduct.views.columns import sanction_columns
from conduct.views.door import places, sanction_or_404
from organization.views.door import ask, data_of, demand, needs
from servicecenter import answers, components, keyset, ports, trail
from servicecenter.clock import business_date, now_db
from servicecenter.figures import money, whole
from servicecenter.idempotency import idempotent
from servicecenter.kernel.months import month_of
from servicecenter.permissions import can_export, can_view_trail
from servicecenter.subjects import Subject

METHODS = ["GET", "HEAD", "POST"]


@needs(Right.VIEW_SANCTION, Right.VIEW_MERIT)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The workspace: sanctions for whoever may see them, else the merit list."""
    user: Any = request.user
    return redirect("sanction-list" if user.has_right(Right.VIEW_SANCTION) else "merit")


@needs(Right.VIEW_SANCTION)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Sanctions, those that wait for confirmation first asked for."""
    user: Any = request.user
    filterset, data = _filtered(request)
    address = data.copy()
    cursor = address.pop("cursor", [""])[-1]
    page = keyset.paginate(
        filterset.qs, order=queries.ORDERS["newest"], cursor=cursor, filters=address.urlencode()
    )
    counts = queries.state_counts(user)
    labels = {
        "proposed": _("To be confirmed"),
        "confirmed": _("To be settled"),
        "settled": _("Carried out"),
        "withdrawn": _("Withdrawn"),
    }
    return render(
        request,
        "conduct/sanctions.html",
        {
            "places": places(request, "sanction-list"),
            "filterset": filterset,
            "page": page,
            "q": request.GET.get("q", ""),
            "export_url": reverse("sanction-export") if can_export(user) else "",
            "kept": [(name, value) for name, value in data.items() if name not in {"q", "cursor"}],
            "counters": [
                components.Counter(
                    label,
                    counts[state],
                    f"{reverse('sanction-list')}?state={state}",
                    tone="warn" if state == "proposed" else "",
                    current=data.get("state") == state,
                )
                for state, label in labels.items()
            ],
        },
    )


def _filtered(request: HttpRequest) -> tuple[SanctionFilter, QueryDict]:
    """The list as the address asks for it: those that wait to be confirmed, when it names no state."""
    data = request.GET.copy()
    data.setdefault("state", SanctionState.PROPOSED)
    return SanctionFilter(data, queryset=queries.sanctions_visible_to(request.user)), data


@needs(Right.VIEW_SANCTION)
@require_POST
def export(request: HttpRequest) -> FileResponse:
    """What the list shows, as XLSX or CSV; logged (PRV-04)."""
    demand(can_export(request.user))
    filterset, _data = _filtered(request)
    rows = keyset.iterate(filterset.qs, order=queries.ORDERS["newest"])
    return answers.exported(request, name=_("sanctions"), columns=sanction_columns(), rows=rows)


@needs(Right.VIEW_SANCTION)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One sanction: who, what for, by what source, how much, who did what."""
    found = sanction_or_404(request, number)
    crumbs = [components.Crumb(_("Sanctions"), reverse("sanction-list")), components.Crumb(number)]
    entries = trail.entries_of(found.sanction)[:40] if can_view_trail(request.user) else None
    return render(
        request,
        "conduct/sanction.html",
        {
            "view": found,
            "sanction": found.sanction,
            "crumbs": crumbs,
            "trail": entries,
            "steps": _steps(found.sanction),
        },
    )


def _steps(row: Sanction) -> list[components.Step]:
    """The life of a sanction as stations."""
    course = ["proposed", "confirmed", "settled"]
    labels = dict(SanctionState.choices)
    if row.state == SanctionState.WITHDRAWN:
        reached = ["proposed", "confirmed"] if row.confirmed_at else ["proposed"]
        steps = [components.Step(str(labels[state]), "done") for state in reached]
        return [*steps, components.Step(str(labels["withdrawn"]), "now")]
    here = course.index(row.state)
    return [
        components.Step(str(labels[state]), "done" if place < here else "now" if place == here else "")
        for place, state in enumerate(course)
    ]


@needs(Right.PROPOSE_SANCTION)
@idempotent
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Propose a sanction because of a record: `?kind=…&id=…`, as that record's page links it (SAN-10)."""
    source = _source(request)
    initial = {"month": f"{month_of(business_date(now_db())):%Y-%m}"}
    return ask(
        request,
        form=forms.ProposeForm(data_of(request), initial=initial),
        template="conduct/propose.html",
        question=_("Propose a sanction because of %(number)s") % {"number": source.number},
        verb=_("Propose"),
        source=source,
        act=lambda form: services.propose(
            violation=form.cleaned_data["violation"],
            source_kind=source.kind,
            source_id=source.object_id,
            source_number=source.number,
            employee=form.cleaned_data["employee"],
            department=form.cleaned_data["department"],
            month=form.cleaned_data["month"],
            measure=form.cleaned_data["measure"],
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            range_reason=form.cleaned_data["range_reason"],
            additional_reason=form.cleaned_data["additional_reason"],
            by=request.user,
        ),
        to=lambda made: reverse("sanction", args=[made.number]),
        toast=_("Proposed; another person confirms."),
    )


def _source(request: HttpRequest) -> Subject:
    """The record named in the address, as far as the user may see it; 404 else."""
    kind, pk = request.GET.get("kind", ""), whole(request.GET.get("id", ""))
    if pk is None:
        raise Http404
    found: Subject | None = ports.call("servicecenter.subject", kind, object_id=pk, user=request.user)
    if found is None:
        raise Http404
    return found


def _act(
    request: HttpRequest,
    number: str,
    code: str,
    *,
    form: Callable[..., Any],
    act: Callable[[Sanction, Any], Any],
    initial: Callable[[Sanction], dict[str, Any]] = lambda row: {},
    **words: Any,
) -> HttpResponse:
    """One act on a sanction in a dialog. Without the right 403; a refusal of the table shows in the form."""
    found = sanction_or_404(request, number)
    demand(found.answers[code].visible)
    row = found.sanction
    return ask(
        request,
        form=form(data_of(request), initial={"version": row.version, **initial(row)}),
        act=lambda sent: act(row, sent),
        to=reverse("sanction", args=[number]),
        view=found,
        **words,
    )


def range_words(found: queries.SanctionView) -> str:
    """The range of amounts in words."""
    if found.low is None or found.high is None:
        return _("No preset amount: by circumstance, with a reason.")
    return _("Between %(low)s and %(high)s.") % {"low": money(found.low), "high": money(found.high)}


@needs(Right.PROPOSE_SANCTION)
@idempotent
@require_http_methods(METHODS)
def set_amount(request: HttpRequest, number: str) -> HttpResponse:
    """Decide the measure; whoever does counts as proposer (SAN-10)."""
    found = sanction_or_404(request, number)
    return _act(
        request,
        number,
        "set_amount",
        form=forms.AmountForm,
        initial=lambda row: {
            "amount": row.amount,
            "reason": row.reason,
            "range_reason": row.range_reason,
            **({} if row.measure in ("undecided", "points") else {"measure": row.measure}),
        },
        template="conduct/set_amount.html",
        question=_("What is %(number)s?") % {"number": number},
        text=range_words(found),
        verb=_("Set it"),
        toast=_("Set; another person confirms."),
        icon="coin",
        act=lambda row, form: services.set_amount(
            sanction=row,
            measure=form.cleaned_data["measure"],
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            range_reason=form.cleaned_data["range_reason"],
            version=form.seen,
            by=request.user,
        ),
    )


@needs(Right.CONFIRM_SANCTION)
@idempotent
@require_http_methods(METHODS)
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm, and with it the source at the latest (SAN-10)."""
    found = sanction_or_404(request, number)
    return _act(
        request,
        number,
        "confirm",
        form=forms.EmptyForm if found.sanction.source_confirmed else forms.ConfirmForm,
        template="conduct/confirm.html",
        question=_("Confirm %(number)s?") % {"number": number},
        verb=_("Confirm"),
        toast=_("Confirmed."),
        icon="stamp",
        act=lambda row, form: services.confirm(
            sanction=row,
            source_confirmed=bool(form.cleaned_data.get("source_confirmed")),
            version=form.seen,
            by=request.user,
        ),
    )


@needs(Right.CONFIRM_SANCTION)
@idempotent
@require_http_methods(METHODS)
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """The fine was taken, the warning or criticism given."""
    return _act(
        request,
        number,
        "settle",
        form=forms.EmptyForm,
        question=_("Has %(number)s been carried out?") % {"number": number},
        text=_("The fine was taken, or the warning or criticism was given. This is the end of the sanction."),
        verb=_("Settle"),
        toast=_("Settled."),
        icon="okcirc",
        act=lambda row, form: services.settle(sanction=row, version=form.seen, by=request.user),
    )


@needs(Right.WITHDRAW_SANCTION)
@idempotent
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Withdraw, with a reason."""
    return _act(
        request,
        number,
        "withdraw",
        form=forms.ReasonForm,
        question=_("Withdraw %(number)s?") % {"number": number},
        text=_("It stays visible with its reason and cannot be taken up again."),
        verb=_("Withdraw"),
        toast=_("Withdrawn."),
        icon="ban",
        stop=True,
        act=lambda row, form: services.withdraw(
            sanction=row, reason=form.cleaned_data["reason"], version=form.seen, by=request.user
        ),
    )

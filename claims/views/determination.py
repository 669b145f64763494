"""The determination screen: facts at the left, the verdict of the rules at the right, live (LR-33)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from claims import forms, queries, services
from claims.choices import FactName, ManualOutcome, RuleSetState
from claims.domain.intake import FactInput, ShareInput
from claims.models import Claim, Determination, RuleSetVersion
from claims.permissions import Right
from claims.views.door import claim_or_404, crumbs, kept_files, refused
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken

COPIES = ("copy_1", "copy_2", "copy_3", "copy_4")
# The bands of the screen, in the order of the questions.
BANDS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    ("", ("kind", "position", "traffic_or_theft")),
    (gettext_lazy("The four waybill copies"), (*COPIES, "noter", "refused", "slip", "loader_signature")),
    (
        gettext_lazy("Loading records and arrival"),
        ("driver_record", "loader_record", "entered", "system_up", "notice"),
    ),
    (gettext_lazy("Posts and returns"), ("off_post", "swapped_post", "return_label_covered")),
    (gettext_lazy("Counts"), ("waybill_qty", "driver_qty", "loader_qty", "received_qty")),
)


@dataclass(frozen=True)
class Question:
    """One fact as the screen asks it: its row, its control, for party sets the control of "who"."""

    row: Any
    bound: Any
    who: Any = None


@dataclass
class Band:
    """Questions under one heading; the four copies stand side by side."""

    label: Any
    copies: list[Question] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def bands(form: forms.FactsForm) -> list[Band]:
    """The questions in the screen's order."""
    rows = {row.name: row for row in form.rows}
    found = []
    for label, names in BANDS:
        band = Band(label)
        for name in names:
            row = rows.get(name)
            if row is None:
                continue
            if row.kind == "parties":
                band.questions.append(Question(row, form[f"{name}_is"], form[name]))
            else:
                (band.copies if name in COPIES else band.questions).append(Question(row, form[name]))
        found.append(band)
    return found


def _ruleset(request: HttpRequest, claim: Claim) -> RuleSetVersion | None:
    """Another version of the rules than that of the day, when the address or the form names one (LR-31)."""
    code = request.POST.get("ruleset") or request.GET.get("ruleset", "")
    if not code:
        return None
    chosen = get_object_or_404(RuleSetVersion.objects.exclude(state=RuleSetState.DRAFT), code=code)
    return None if chosen == queries.ruleset_for(claim.incident_on) else chosen


@needs(Right.DETERMINE_LIABILITY)
@idempotent
def determine(request: HttpRequest, number: str) -> HttpResponse:
    """Record the facts; with them determine who is liable, as the rules say."""
    claim = claim_or_404(request, number)
    rows = queries.facts_form(claim)
    form = forms.FactsForm(request.POST or None, user=me(request), claim=claim, rows=rows)
    ruleset = _ruleset(request, claim)
    if request.method == "POST" and form.is_valid():
        try:
            said = _save(request, claim, form, ruleset)
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            return answers.done(request, to=_after(request, claim), toast=said)
    card = _card(claim, form, ruleset)
    context = {
        "claim": claim,
        "form": form,
        "bands": bands(form),
        "card": card,
        "decisive": {name for name, _label in card.depends_on},
        "ruleset": ruleset,
        "rulesets": RuleSetVersion.objects.exclude(state=RuleSetState.DRAFT).order_by("-valid_from"),
        "crumbs": crumbs(claim, _("Determination")),
        "may_override": me(request).has_right(Right.OVERRIDE_LIABILITY),
    }
    return render(request, "claims/determination.html", context, status=refused(form))


def _after(request: HttpRequest, claim: Claim) -> str:
    if request.POST.get("do") == "facts":
        return reverse("claim-determine", args=[claim.number])
    return reverse("claim-detail", args=[claim.number]) + "?tab=liability"


def _save(request: HttpRequest, claim: Claim, form: forms.FactsForm, ruleset: RuleSetVersion | None) -> str:
    """The facts, and unless only they are to be kept a determination over them: one transaction."""
    by = me(request)
    with transaction.atomic():
        known = {row.name: row for row in form.rows}
        changed = [
            FactInput(name=name, value=value, evidence=known[name].evidence, note=known[name].evidence_note)
            for name, value in form.values().items()
            if value != known[name].value
        ]
        if changed:
            claim = services.record_facts(
                claim=claim, facts=changed, version=form.cleaned_data["version"], by=by
            )
        if request.POST.get("do") == "facts":
            return _("The facts are kept.")
        made = services.determine(
            claim=claim, ruleset=ruleset, provisional=request.POST.get("do") == "provisional", by=by
        )
    if made.status == "provisional":
        return _("Determined provisionally.")
    return _("Determined: %(outcome)s.") % {"outcome": made.outcome_word}


def _card(claim: Claim, form: forms.FactsForm, ruleset: RuleSetVersion | None) -> Any:
    """The verdict over what stands in the form; over what is kept while the form is not right."""
    if form.is_bound and not form.errors:
        try:
            return queries.live_verdict(claim, form.values(), ruleset)
        except RuleBroken as problem:
            form.refuse(problem)
    return queries.live_verdict(claim, None, ruleset)


@needs(Right.DETERMINE_LIABILITY, Right.VIEW_LIABILITY)
@require_GET
def verdict(request: HttpRequest, number: str) -> HttpResponse:
    """The right half, anew after each answer; writes nothing."""
    claim = claim_or_404(request, number)
    form = forms.FactsForm(request.GET, user=me(request), claim=claim, rows=queries.facts_form(claim))
    form.is_valid()
    ruleset = _ruleset(request, claim)
    context = {
        "claim": claim,
        "card": queries.live_verdict(claim, form.values(), ruleset),
        "ruleset": ruleset,
        "known": sum(value is not None for value in form.values().values()),
    }
    return render(request, "claims/_verdict.html", context)


@needs(Right.WORK_CLAIM)
@idempotent
def evidence(request: HttpRequest, number: str, fact: str) -> HttpResponse:
    """What a fact rests on: its kind, a note, files (CLM-03, EV-01)."""
    claim = claim_or_404(request, number)
    if fact not in FactName.values:
        raise PermissionDenied
    row = next(one for one in queries.facts_form(claim) if one.name == fact)
    initial = {"evidence": row.evidence, "note": row.evidence_note}
    form = forms.EvidenceForm(request.POST or None, user=me(request), claim=claim, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            given = FactInput(
                name=fact,
                value=row.value,
                evidence=form.cleaned_data["evidence"],
                note=form.cleaned_data["note"],
                attachments=tuple(request.POST.getlist("attachments")),
            )
            services.record_facts(claim=claim, facts=[given], by=me(request))
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            return answers.done(
                request, to=reverse("claim-determine", args=[number]), toast=_("Evidence recorded.")
            )
    context = {"form": form, "claim": claim, "row": row, "files": [*row.files, *kept_files(request)]}
    return render(request, "claims/evidence.html", context, status=refused(form))


@needs(Right.DETERMINE_LIABILITY)
@idempotent
def by_hand(request: HttpRequest, number: str) -> HttpResponse:
    """The rules gave no row: outcome, shares and the reason are a person's (LR-23)."""
    claim = claim_or_404(request, number)
    card = queries.live_verdict(claim)
    outcome = card.outcome if card.outcome in ManualOutcome.values else ManualOutcome.OUT_OF_SCOPE
    return _decide(
        request,
        claim,
        card,
        form=forms.HandForm(
            request.POST or None, user=me(request), claim=claim, initial={"outcome": outcome}
        ),
        split=card.suggestion,
        act=services.determine,
        also=("outcome",),
        toast=_("Determined by hand."),
        crumb=_("Decide by hand"),
    )


@needs(Right.OVERRIDE_LIABILITY)
@idempotent
def override(request: HttpRequest, number: str) -> HttpResponse:
    """Against the rules: a reason, one level more, not the adjuster (CLM-08)."""
    claim = claim_or_404(request, number)
    last = Determination.objects.filter(claim=claim).order_by("-ordinal").first()
    card = queries.verdict_of(last) if last else queries.live_verdict(claim)
    return _decide(
        request,
        claim,
        card,
        form=forms.OverrideForm(request.POST or None, user=me(request), claim=claim),
        split=card.shares,
        act=services.override,
        toast=_("Decided against the rules."),
        crumb=_("Override"),
        overriding=True,
    )


def _decide(
    request: HttpRequest,
    claim: Claim,
    card: Any,
    *,
    form: Any,
    split: Any,
    act: Callable[..., Any],
    also: tuple[str, ...] = (),
    toast: str,
    crumb: str,
    overriding: bool = False,
) -> HttpResponse:
    """Shares and a reason of a person's own, beginning with `split` (LR-21); `also`: what else the act is told."""
    initial = [{"party": line.party, "share": str(line.fraction)} for line in split]
    shares = forms.ShareFormSet(request.POST or None, prefix="shares", initial=initial)
    if request.method == "POST" and form.is_valid() and shares.is_valid():
        said = form.cleaned_data
        try:
            act(
                claim=claim,
                shares=_given(shares),
                by=me(request),
                **{name: said[name] for name in ("reason", "version", *also)},
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            to = reverse("claim-detail", args=[claim.number]) + "?tab=liability"
            return answers.done(request, to=to, toast=toast)
    context = {
        "form": form,
        "shares": shares,
        "claim": claim,
        "card": card,
        "overriding": overriding,
        "crumbs": crumbs(claim, crumb),
    }
    return render(request, "claims/by_hand.html", context, status=refused(form))


def _given(shares: Any) -> list[ShareInput]:
    """The shares as typed: 1 / 3 is 1/3."""
    return [ShareInput(row["party"], "".join(row["share"].split())) for row in forms.rows_of(shares)]

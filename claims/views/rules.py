"""The liability rules: read, drawn up as a table, checked, published by a second person (LR-30 to LR-32)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims import queries, services
from claims.choices import RuleSetState
from claims.domain.switches import SWITCHES
from claims.forms.rules import DraftForm, PublishForm, RuleFormSet, SwitchesForm, typed
from claims.models import RuleSetVersion
from claims.permissions import Right
from claims.views.door import refused
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, dates
from servicecenter.components import Crumb
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


@needs(Right.VIEW_RULESET)
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Leads to the version that applies today."""
    return redirect("claim-ruleset", queries.ruleset_for(dates.today()).code)


def _crumbs(code: str, last: str = "") -> list[Crumb]:
    path = [Crumb(_("Liability rules"), reverse("claim-rules"))]
    if not last:
        return [*path, Crumb(code)]
    return [*path, Crumb(code, reverse("claim-ruleset", args=[code])), Crumb(last)]


def _version(code: str) -> RuleSetVersion:
    rows = RuleSetVersion.objects.select_related("created_by", "published_by")
    return get_object_or_404(rows, code=code)


def _draft(code: str) -> RuleSetVersion:
    """A version that may still change. Raises RuleBroken `ruleset.published`."""
    version = _version(code)
    if version.state != RuleSetState.DRAFT:
        raise RuleBroken("ruleset.published", version=code)
    return version


@needs(Right.VIEW_RULESET)
@require_GET
def ruleset(request: HttpRequest, code: str) -> HttpResponse:
    """One version: rows in order of precedence, gaps, who drew it up; of a draft what its check finds."""
    version = _version(code)
    is_draft = version.state == RuleSetState.DRAFT
    context = {
        "version": version,
        "versions": RuleSetVersion.objects.order_by("-valid_from"),
        "note": queries.note_words(version),
        "rows": queries.rule_rows(version),
        "gaps": queries.ruleset_report(version),
        "report": queries.report_of(version) if is_draft else None,
        "may_edit": me(request).has_right(Right.EDIT_RULESET),
        "may_publish": is_draft and me(request).has_right(Right.PUBLISH_RULESET),
        "crumbs": _crumbs(code),
    }
    return render(request, "claims/rules.html", context)


@needs(Right.EDIT_RULESET)
@idempotent
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Draw a new version up from this one: it begins as a copy."""
    former = _version(code)
    form = DraftForm(request.POST or None, user=me(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if RuleSetVersion.objects.filter(code=said["code"]).exists():
                raise RuleBroken("ruleset.exists", field="code", version=said["code"])
            made = services.draft_ruleset(
                code=said["code"],
                data=former.data,
                valid_from=said["valid_from"],
                note=said["note"],
                by=me(request),
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            return answers.done(
                request, to=reverse("claim-ruleset-edit", args=[made.code]), toast=_("The draft is kept.")
            )
    return render(request, "claims/ruleset_new.html", {"form": form, "former": former}, status=refused(form))


@needs(Right.EDIT_RULESET)
@idempotent
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The draft as a table; what is wrong stands at its row, and nothing is kept then."""
    version = _draft(code)
    data = version.data
    initial = {
        "code": version.code,
        "valid_from": version.valid_from,
        "note": version.note,
        "switches": [name for name in SWITCHES if data.get("switches", {}).get(name, True)],
    }
    form = SwitchesForm(request.POST or None, user=me(request), initial=initial)
    form.fields["code"].disabled = True
    rows = RuleFormSet(request.POST or None, prefix="rows", initial=[typed(row) for row in data["rows"]])
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            services.draft_ruleset(
                code=code,
                data=_data(data, form.cleaned_data["switches"], rows),
                valid_from=form.cleaned_data["valid_from"],
                note=form.cleaned_data["note"],
                by=me(request),
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            return answers.done(
                request, to=reverse("claim-ruleset", args=[code]), toast=_("The draft is kept and checked.")
            )
    context = {
        "form": form,
        "rows": rows,
        "version": version,
        "facts": queries.fact_vocabulary(),
        "crumbs": _crumbs(code, _("Draw up")),
    }
    return render(request, "claims/ruleset_edit.html", context, status=refused(form))


def _data(former: dict[str, Any], switches: list[str], rows: Any) -> dict[str, Any]:
    """The rule set as typed; what the table does not show stays as it was."""
    kept = [row.row() for row in rows.forms if row.cleaned_data and not row.cleaned_data.get("DELETE")]
    return {**former, "switches": {name: name in switches for name in SWITCHES}, "rows": kept}


@needs(Right.PUBLISH_RULESET)
@idempotent
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """A second person publishes: every situation without a rule is seen one by one (LR-32)."""
    version = _draft(code)
    if version.created_by_id == me(request).pk:
        raise PermissionDenied
    report = queries.report_of(version)
    form = PublishForm(request.POST or None, user=me(request), gaps=queries.ruleset_report(version))
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_ruleset(
                ruleset=version, acknowledged=form.cleaned_data["acknowledged"], by=me(request)
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            return answers.done(request, to=reverse("claim-ruleset", args=[code]), toast=_("Published."))
    context = {"form": form, "version": version, "report": report}
    return render(request, "claims/ruleset_publish.html", context, status=refused(form))

"""The liability rules, readable: every row in the reader's language, and what no row covers (LR-30, LR-32)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims import queries
from claims.models import RuleSetVersion
from claims.permissions import Right
from organization.views.door import needs
from servicecenter import dates
from servicecenter.components import Crumb


@needs(Right.VIEW_RULESET)
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Leads to the version that applies today."""
    return redirect("claim-ruleset", queries.ruleset_for(dates.today()).code)


@needs(Right.VIEW_RULESET)
@require_GET
def ruleset(request: HttpRequest, code: str) -> HttpResponse:
    """One version: rows in order of precedence, gaps, who drew it up and who published it."""
    version = get_object_or_404(
        RuleSetVersion.objects.select_related("created_by", "published_by"), code=code
    )
    context = {
        "version": version,
        "versions": RuleSetVersion.objects.order_by("-valid_from"),
        "rows": queries.rule_rows(version),
        "gaps": queries.ruleset_report(version),
        "crumbs": [Crumb(_("Liability rules"), reverse("claim-rules")), Crumb(code)],
    }
    return render(request, "claims/rules.html", context)

"""Having a report made: asking, watching how far it is, trying again (RPT-25)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from organization.permissions import me
from organization.views.door import data_of, needs
from reports import services
from reports.forms import MakeForm, RetryForm
from reports.paper import saying
from reports.permissions import ANY_VIEW, Right
from reports.queries import reports as queries
from reports.views.reports import Line, problem_of, report_or_404
from servicecenter import answers
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


@needs(Right.MAKE_REPORT)
@idempotent
def make(request: HttpRequest) -> HttpResponse:
    """Ask for a report; one that has been made already is made again only when that is said."""
    initial = {name: request.GET[name] for name in ("code", "period", "department") if name in request.GET}
    form = MakeForm(data_of(request), user=me(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            run = services.request_report(
                code=data["code"],
                period=data["period"],
                department=data["department"],
                by=me(request),
                again=data["again"],
                **({"basis": data["basis"]} if data["basis"] else {}),
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            return answers.done(request, to=reverse("report-detail", args=[run.report.number]))
    context = {"form": form, "exists": form.exists or "again" in request.GET}
    return render(request, "reports/report_make.html", context, status=422 if form.is_bound else 200)


@needs(*ANY_VIEW)
@require_GET
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """How far the making is: polled by the page; when it has ended the page is loaded anew."""
    report = report_or_404(request, number)
    run = queries.last_run(report)
    if run is None:
        raise Http404
    if not run.is_open and request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(
        request, "reports/_progress.html", {"report": report, "run": run, "problem": problem_of(run)}
    )


@needs(*ANY_VIEW)
@require_GET
def state(request: HttpRequest, number: str) -> HttpResponse:
    """The cell of the list that says how a report stands, while it is being made."""
    report = report_or_404(request, number)
    line = Line(
        report, saying.period(report.start, report.end), queries.latest(report), queries.last_run(report)
    )
    return render(request, "reports/_state.html", {"line": line})


@needs(Right.MAKE_REPORT)
@idempotent
def retry(request: HttpRequest, number: str) -> HttpResponse:
    """Try the making that failed again."""
    report = report_or_404(request, number)
    run = queries.last_run(report)
    if run is None:
        raise Http404
    form = RetryForm(data_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.retry_report(run=run, by=me(request))
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            told = _("The report is being made again.")
            return answers.done(request, to=reverse("report-detail", args=[number]), toast=told)
    context: dict[str, Any] = {"form": form, "report": report, "run": run, "problem": problem_of(run)}
    return render(request, "reports/report_retry.html", context, status=422 if form.is_bound else 200)

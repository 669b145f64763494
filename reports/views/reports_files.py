"""A report taken away: its PDF in each language, its spreadsheet with the rows behind the figures."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from organization.permissions import me
from organization.views.door import needs
from reports import services
from reports.models import ReportRevision
from reports.permissions import ANY_VIEW
from reports.queries import reports as queries
from reports.views.reports import report_or_404, revision_or_404
from servicecenter import answers, pdf
from servicecenter.i18n import LANGUAGE_TAGS


def _revision(request: HttpRequest, number: str) -> ReportRevision:
    revision = revision_or_404(report_or_404(request, number), request.GET.get("revision", ""))
    if revision is None:
        raise Http404
    return revision


def _language(request: HttpRequest) -> str:
    language = request.GET.get("language", "")
    if language not in LANGUAGE_TAGS:
        raise Http404
    return language


@needs(*ANY_VIEW)
@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponseBase:
    """The PDF as it was drawn and kept, byte for byte. One not yet drawn in this language is not there (404)."""
    revision, language = _revision(request, number), _language(request)
    found = queries.paper_of(revision, language)
    if found is None:
        raise Http404
    return FileResponse(
        io.BytesIO(pdf.read(found)), filename=f"{revision.number}.pdf", content_type="application/pdf"
    )


@needs(*ANY_VIEW)
@require_POST
def draw(request: HttpRequest, number: str) -> HttpResponse:
    """Draw the PDF in a language and keep it; asked twice it is drawn once."""
    revision, language = _revision(request, number), _language(request)
    services.keep_paper(revision=revision, language=language, by=me(request))
    there = reverse("report-pdf", args=[number])
    return answers.done(request, to=f"{there}?revision={revision.ordinal}&language={language}")


@needs(*ANY_VIEW)
@require_POST
def spreadsheet(request: HttpRequest, number: str) -> FileResponse:
    """The figures and the rows behind them as XLSX; logged (PRV-04)."""
    return answers.file_of(services.export_report(revision=_revision(request, number), by=me(request)))

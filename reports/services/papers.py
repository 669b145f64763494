"""The PDF of a revision: drawn once in each language, stored with its SHA-256 (fault 6)."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from reports.models import ReportRevision
from reports.paper import draw
from reports.queries.reports import paper_of
from servicecenter import pdf
from servicecenter.models import IssuedDocument

CODE, TEMPLATE = "report", "reports/paper/report.html"


def keep_paper(*, revision: ReportRevision, language: str, by: Any | None) -> IssuedDocument:
    """The PDF of a revision in a language, drawn and stored if it is not there yet. Call it outside a transaction.

    Two at once may both draw it; one is stored (database). Raises what `drawing.draw` raises; then nothing is stored.
    """
    found = paper_of(revision, language)
    if found is not None:
        return found
    content = draw(revision, language=language)
    try:
        with transaction.atomic():
            # whoever comes second waits here, sees the first one's paper, and writes no file
            ReportRevision.objects.select_for_update().get(pk=revision.pk)
            return paper_of(revision, language) or pdf.store_drawn(
                content=content,
                code=CODE,
                template=TEMPLATE,
                data={"revision": revision.number, "sha256": revision.sha256},
                of=revision,
                language=language,
                number=f"{revision.number}-{language}",
                by=by,
            )
    except IntegrityError:
        found = paper_of(revision, language)
        if found is None:
            raise
        return found

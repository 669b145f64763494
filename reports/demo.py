"""The demonstration's reports: what the clock would have made of the months that were played (RPT-25)."""

from __future__ import annotations

from datetime import datetime

from reports import services
from reports.choices import ReportCode
from reports.models import ReportRun
from servicecenter import trail


def play(*, at: datetime) -> None:
    """Every report whose period is over; of the newest service quality report the PDF too."""
    while trail.seal():
        pass  # a report names the newest seal of the trail
    services.make_due(at=at)
    runs = list(
        ReportRun.objects.filter(state="waiting").select_related("report").order_by("report__end", "id")
    )
    newest = max((run.report.end for run in runs if run.report.code == ReportCode.QUALITY), default=None)
    for run in runs:
        if run.report.code != ReportCode.QUALITY or run.report.end != newest:
            ReportRun.objects.filter(pk=run.pk).update(languages=[])
        services.make(run.public_id)

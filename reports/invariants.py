"""What must always be true of reports (`manage.py verify`)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from reports.models import ReportRevision
from reports.models.report import digest_of
from servicecenter.invariants import Check, Violation, rows_of

_GAPS = """
SELECT r.number, count(v.id), max(v.ordinal) FROM reports_report r JOIN reports_reportrevision v ON v.report_id = r.id
GROUP BY r.id, r.number HAVING count(v.id) <> max(v.ordinal) OR min(v.ordinal) <> 1 ORDER BY r.id
"""
_STUCK = """
SELECT r.number FROM reports_reportrun x JOIN reports_report r ON r.id = x.report_id
WHERE x.state IN ('waiting', 'working') AND x.requested_at < now() - interval '1 day' ORDER BY x.id
"""


def changed_revisions() -> Iterable[Violation]:
    """Every issued revision's digest recomputes from its figures."""
    for row in ReportRevision.objects.select_related("report").order_by("pk").iterator(chunk_size=100):
        if digest_of(row.snapshot) != row.sha256:
            yield Violation(row.number, "does not fit its digest")


def missing_revisions() -> Iterable[Violation]:
    """Revisions of a report are 1 … n."""
    for number, count, last in rows_of(_GAPS):
        yield Violation(number, f"has {count} revisions, the last is {last}")


def stuck_runs() -> Iterable[Violation]:
    """No report waits for more than a day."""
    for (number,) in rows_of(_STUCK):
        yield Violation(number, "waits to be made for more than a day")


CHECKS = [
    Check("R1", _("Every issued report fits its digest."), changed_revisions),
    Check("R2", _("Revisions of a report are numbered without gaps."), missing_revisions),
    Check("R3", _("No report waits to be made for more than a day."), stuck_runs),
]

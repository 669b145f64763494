"""The sentences of this app's codes: history, notices, rules. The words of a report's figures are in `labels`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.choices import Basis, ReportCode
from servicecenter.wording import rule_text


def _label_of(kind: Any) -> Any:
    labels = dict(kind.choices)
    return lambda code: str(labels.get(code, code))


def _why(code: str) -> str:
    """Why a report could not be made: one of our own sentences, or another part's."""
    return str(rule_text(code))


PARAMS: dict[str, Any] = {
    "report_code": _label_of(ReportCode),
    "report_basis": _label_of(Basis),
    "report_problem": _why,
}
TRAIL: dict[str, Any] = {
    "report.requested": _("asked for %(number)s (%(report_basis)s)"),
    "report.drawn": _("drew %(number)s, SHA-256 %(sha256)s"),
    "report.failed": _("%(number)s could not be made after %(tries)s tries"),
    "report.exported": _("exported %(number)s with %(rows)s rows behind its figures"),
}
NOTICES: dict[str, Any] = {
    "report.ready": _("%(report_code)s %(period)s is ready"),
    "report.ready_again": _("%(report_code)s %(period)s was made again: revision %(ordinal)s"),
    "report.failed": _("%(report_code)s %(period)s could not be made: %(report_problem)s"),
}
RULES: dict[str, Any] = {
    "report.period": _("“%(text)s” is no period. Type 2026-10, 2026-W43, 2026-Q3 or 2026."),
    "report.unknown": _("There is no report %(report)s."),
    "report.period_kind": _("%(report_code)s is not made for this kind of period."),
    "report.not_begun": _("The period %(period)s has not begun yet."),
    "report.exists": _("%(number)s has been made already. It can be made again as the next revision."),
    "report.not_failed": _("Only what has failed can be tried again."),
    "report.policy_target": _("A target is a whole number from 0 to %(most)s."),
    "report.policy_hour": _("The hour is a whole number from 0 to 23."),
    "report.policy_language": _("A report's PDF is drawn in Chinese (simplified or traditional) or English."),
    "report.policy_tries": _("At least one try, and at most 20."),
    "report.killed": _(
        "The worker was stopped while it made the report, again and again. Look at its memory."
    ),
    "report.too_slow": _("Making the report took too long and was stopped."),
    "report.disk_full": _("There is no room left on the disk for the report's file."),
    "report.database": _("The database was not reachable while the report was made."),
    "report.unexpected": _("An unexpected error; the worker has written down more."),
    "report.no_sheet": _("There are no rows of this name behind the report."),
}

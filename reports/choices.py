"""Enumerations of reports: value, label, tone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportCode(models.TextChoices):
    """The periodic reports (chapter 06)."""

    COMPLAINTS = "RPT-01", _("Complaint summary")
    CONDUCT = "RPT-02", _("Reward and penalty sheet")
    CLAIMS = "RPT-03", _("Claims report")
    QUALITY = "RPT-07", _("Service quality report")


class PeriodKind(models.TextChoices):
    """What a report is about: a stretch of the centre's calendar."""

    WEEK = "week", _("week")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")


# Which periods each report is made for (RPT-01 to RPT-07, RPT-25).
PERIODS: dict[str, tuple[str, ...]] = {
    ReportCode.COMPLAINTS: (PeriodKind.WEEK,),
    ReportCode.CONDUCT: (PeriodKind.MONTH,),
    ReportCode.CLAIMS: (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR),
    ReportCode.QUALITY: (PeriodKind.MONTH,),
}


class Basis(models.TextChoices):
    """What a report knows: what was known when its period was closed, or all that was recorded since."""

    CLOSING = "closing", _("as the period was closed")
    NOW = "now", _("with what was recorded since")


class RunState(models.TextChoices):
    """Where the making of a report stands."""

    WAITING = "waiting", pgettext_lazy("report", "waits for the worker")
    WORKING = "working", pgettext_lazy("report", "being made")
    DONE = "done", pgettext_lazy("report", "made")
    FAILED = "failed", pgettext_lazy("report", "failed")


OPEN_RUNS = ("waiting", "working")
RunState.tone = {"waiting": "", "working": "blue", "done": "green", "failed": "red"}  # type: ignore[attr-defined]
RunState.icon = {  # type: ignore[attr-defined]
    "waiting": "clock",
    "working": "rotate",
    "done": "okcirc",
    "failed": "alert",
}


class RunStep(models.TextChoices):
    """What is being done, as the bar says."""

    WAIT = "wait", _("waits for the worker")
    FIGURES = "figures", _("figures are drawn")
    KEEP = "keep", _("the report is kept")
    PDF = "pdf", _("the PDF is drawn")
    DELIVER = "deliver", _("the readers are told")
    DONE = "done", pgettext_lazy("step", "done")

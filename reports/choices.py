"""Enumerations of reports: value, label, tone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.choices import ManualOutcome
from complaints.choices import Founded


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


class Outcome(models.TextChoices):
    """The finding on a complaint, or that there is none yet (CMP-27)."""

    FOUNDED = "founded", Founded.FOUNDED.label
    PARTLY = "partly", Founded.PARTLY.label
    UNFOUNDED = "unfounded", Founded.UNFOUNDED.label
    NONE = "none", _("no finding yet")


class Place(models.TextChoices):
    """Where goods were when they were lost or damaged (chapter 03, fact `position`)."""

    ORIGIN = "origin", _("not dispatched")
    TRANSIT = "transit", _("on the way")
    ARRIVED = "arrived", _("arrived at the branch")
    NONE = "none", _("not determined yet")


class Cause(models.TextChoices):
    """What decided who bears a claim where no rule did; a rule stands by its own number (LR-23)."""

    DAMAGE_NO_RULE = "DAMAGE_NO_RULE", ManualOutcome.DAMAGE_NO_RULE.label
    LOSS_PATTERN = "LOSS_PATTERN", ManualOutcome.LOSS_PATTERN.label
    NOTE_AUTHOR_UNKNOWN = "NOTE_AUTHOR_UNKNOWN", ManualOutcome.NOTE_AUTHOR_UNKNOWN.label
    MULTIPLE_SOLE_LIABILITY = "MULTIPLE_SOLE_LIABILITY", ManualOutcome.MULTIPLE_SOLE_LIABILITY.label
    COUNT_DISPUTE = "COUNT_DISPUTE", ManualOutcome.COUNT_DISPUTE.label
    CORRUPT_EVIDENCE = "CORRUPT_EVIDENCE", ManualOutcome.CORRUPT_EVIDENCE.label
    NO_INCIDENT = "NO_INCIDENT", ManualOutcome.NO_INCIDENT.label
    OUT_OF_SCOPE = "OUT_OF_SCOPE", ManualOutcome.OUT_OF_SCOPE.label
    NONE = "none", _("not determined yet")


class Defect(models.TextChoices):
    """In what a waybill can go wrong (KPI-08)."""

    COMPLAINT = "complaint", _("complaint")
    CLAIM = "claim", _("claim")
    LATE = "late", _("late delivery")


class Language(models.TextChoices):
    """In which a report's PDF is drawn."""

    HANS = "zh-hans", _("Simplified Chinese")
    HANT = "zh-hant", _("Traditional Chinese")
    ENGLISH = "en", _("English")

"""A periodic report and its revisions (chapter 06, RPT-25)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organization.models import Department
from reports.choices import Basis, PeriodKind, ReportCode
from reports.domain import snapshot as shape
from reports.domain.period import Period
from servicecenter.models import ClockTimestamp


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of a snapshot as JSON, keys in order: the same figures give the same digest wherever they are read."""
    plain = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(plain.encode()).hexdigest()


class Report(models.Model):
    """报告: one periodic report of one period and scope; there is one row however often it is made (RPT-25).

    `department` None is the whole company. The row never changes: what is drawn are its revisions.
    """

    number = models.CharField(_("report number"), max_length=80, unique=True)
    code = models.CharField(_("report"), max_length=10, choices=ReportCode)
    period_kind = models.CharField(_("kind of period"), max_length=8, choices=PeriodKind)
    start = models.DateField(_("from"))
    end = models.DateField(_("until"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    created_at = models.DateTimeField(_("first asked for"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [models.Index(fields=["-end", "-id"], name="report_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "period_kind", "start", "department"],
                name="report_once_a_period",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="report_period", condition=Q(start__lte=F("end"))),
            models.CheckConstraint(name="report_codes", condition=Q(code__in=ReportCode.values)),
            models.CheckConstraint(name="report_kinds", condition=Q(period_kind__in=PeriodKind.values)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def period(self) -> Period:
        """Its period."""
        return Period(self.period_kind, self.start, self.end)


class ReportRevision(models.Model):
    """报告版次: a report as it was drawn, with its figures frozen; numbered 1 … n, append-only (RPT-25).

    `snapshot` is `reports.domain.snapshot.Snapshot` as JSON; `sha256` is its digest. `as_of` is the moment up to which
    it knows the records; what was recorded later is in none of its figures. `trail_digest` is the newest seal of the
    trail when it was drawn. `drawn_by` None is the clock.
    """

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="revisions", db_index=False, verbose_name=_("report")
    )
    ordinal = models.PositiveIntegerField(_("revision"))
    basis = models.CharField(_("basis"), max_length=8, choices=Basis)
    as_of = models.DateTimeField(_("records as of"))
    snapshot = models.JSONField(_("figures"))
    sha256 = models.CharField(max_length=64)
    trail_digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField(_("drawn at"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("revision of a report")
        verbose_name_plural = _("revisions of reports")
        ordering = ["report_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["report", "ordinal"], name="revision_once"),
            models.CheckConstraint(name="revision_from_one", condition=Q(ordinal__gte=1)),
            models.CheckConstraint(name="revision_bases", condition=Q(basis__in=Basis.values)),
            models.CheckConstraint(name="revision_as_of", condition=Q(as_of__lte=F("drawn_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.report} r{self.ordinal}"

    @property
    def number(self) -> str:
        """The report's number and its own: `RPT-07-2026-10-r2`."""
        return f"{self.report.number}-r{self.ordinal}"

    @property
    def figures(self) -> shape.Snapshot:
        """The frozen figures."""
        return shape.from_json(self.snapshot)

    def earlier(self) -> ReportRevision | None:
        """The revision before this one, if there is one."""
        return ReportRevision.objects.filter(report_id=self.report_id, ordinal=self.ordinal - 1).first()

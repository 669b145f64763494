"""What is asked of departments, and the result of the investigation (CLM-03)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.choices import FactName, Level
from claims.models.claim import Claim
from claims.models.columns import who
from organization.models import Department


class EvidenceRequest(models.Model):
    """取证要求: evidence asked of a department by a due time; answered once, or taken back (CLM-03).

    With `fact` the files of the answer are evidence of that fact; otherwise they are bound to this row.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="requests", verbose_name=_("claim"))
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("department asked")
    )
    fact = models.CharField(_("fact"), max_length=24, choices=FactName, blank=True, default="")
    text = models.CharField(_("what is asked"), max_length=500)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = who(_("asked by"), null=False)
    due_at = models.DateTimeField(_("due"))
    answer = models.CharField(_("answer"), max_length=2000, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = who(_("answered by"))
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    withdrawn_by = who(_("taken back by"))

    class Meta:
        verbose_name = _("request for evidence")
        verbose_name_plural = _("requests for evidence")
        indexes = [
            models.Index(
                fields=["department", "due_at", "id"],
                name="evidence_waiting",
                condition=Q(answered_at=None, withdrawn_at=None),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="evidence_asked", condition=~Q(text="") & Q(due_at__gt=F("asked_at"))
            ),
            models.CheckConstraint(
                name="evidence_answered",
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (
                    Q(answered_at__isnull=False, answered_by__isnull=False, withdrawn_at=None) & ~Q(answer="")
                ),
            ),
            models.CheckConstraint(
                name="evidence_withdrawn",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.text[:40]}"

    @property
    def is_open(self) -> bool:
        """Neither answered nor taken back."""
        return self.answered_at is None and self.withdrawn_at is None


class InvestigationResult(models.Model):
    """调查结论: what the investigation found, confirmed by a higher level than the adjuster (CLM-03)."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="results", verbose_name=_("claim"))
    text = models.CharField(_("result"), max_length=2000)
    level = models.CharField(_("confirmed by the level"), max_length=16, choices=Level)
    reported_at = models.DateTimeField(_("reported at"))
    reported_by = who(_("reported by"), null=False)
    confirmed = models.BooleanField(_("confirmed"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True, default="")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = who(_("decided by"))

    class Meta:
        verbose_name = _("result of the investigation")
        verbose_name_plural = _("results of investigations")
        ordering = ["claim_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(decided_at=None), name="result_one_open"),
            models.CheckConstraint(name="result_levels", condition=Q(level__in=Level.values)),
            models.CheckConstraint(
                name="result_decided",
                condition=Q(confirmed=None, decided_at=None, decided_by=None)
                | Q(confirmed__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="result_four_eyes", condition=Q(decided_by=None) | ~Q(decided_by=F("reported_by"))
            ),
            models.CheckConstraint(
                name="result_returned_with_a_remark", condition=~Q(confirmed=False) | ~Q(remark="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.text[:40]}"

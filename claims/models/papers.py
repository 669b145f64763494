"""The papers that a claim needs, as they come in (CLM-01, CLM-02, CLM-20)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import Paper
from claims.models.claim import Claim
from claims.models.columns import who


class ClaimPaper(models.Model):
    """理赔资料: one paper of the checklist that has come in; its scans are bound to this row."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="papers", verbose_name=_("claim"))
    paper = models.CharField(_("paper"), max_length=16, choices=Paper)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    received_at = models.DateTimeField(_("received at"))
    received_by = who(_("received by"))

    class Meta:
        verbose_name = _("paper of a claim")
        verbose_name_plural = _("papers of a claim")
        constraints = [
            models.UniqueConstraint(fields=["claim", "paper"], name="claim_paper_once"),
            models.CheckConstraint(name="claim_paper_kinds", condition=Q(paper__in=Paper.values)),
        ]

    def __str__(self) -> str:
        return str(self.get_paper_display())

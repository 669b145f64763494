"""Policy numbers of the house, as versioned rows (D19)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from servicecenter.models.base import ClockTimestamp


class Policy(models.Model):
    """规则参数: one version of one policy number of the book (D19). Append-only; the newest valid one applies."""

    code = models.CharField(_("code"), max_length=60)
    key = models.CharField(_("applies to"), max_length=120, blank=True, default="")
    value = models.JSONField(_("value"))
    version = models.PositiveIntegerField(_("version"))
    valid_from = models.DateTimeField(_("valid from"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    recorded_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [models.UniqueConstraint(fields=["code", "key", "version"], name="policy_version")]
        indexes = [models.Index(fields=["code", "key", "-valid_from", "-version"], name="policy_newest")]

    def __str__(self) -> str:
        return f"{self.code}[{self.key}] v{self.version}"

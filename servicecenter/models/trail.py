"""The trail and its seals (ORG-05, D6). Append-only: the database refuses UPDATE, DELETE and TRUNCATE."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from servicecenter.models.base import ClockTimestamp


class TrailEntry(models.Model):
    """操作记录: one act on one record. Append-only: the database refuses UPDATE, DELETE and TRUNCATE (ORG-05)."""

    kind = models.CharField(_("kind"), max_length=60)
    object_id = models.BigIntegerField(_("object"))
    number = models.CharField(_("number"), max_length=40, blank=True, default="")
    code = models.CharField(_("code"), max_length=80)
    params = models.JSONField(_("parameters"), default=dict)
    changes = models.JSONField(_("changes"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    via = models.CharField(_("through"), max_length=12)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    request_id = models.CharField(_("request"), max_length=40, blank=True, default="")
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail")
        indexes = [
            models.Index(fields=["kind", "object_id", "-at", "-id"], name="trail_object"),
            # how many personal values one person has revealed lately (PRV-03)
            models.Index(fields=["by", "-at"], name="trail_reveals", condition=models.Q(code="reveal")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class TrailUnsealed(models.Model):
    """Ids of trail rows that no seal holds yet; written by a statement trigger, taken by the sealer (I9)."""

    entry_id = models.BigIntegerField(primary_key=True)
    noted_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("unsealed trail entry")
        verbose_name_plural = _("unsealed trail entries")

    def __str__(self) -> str:
        return str(self.entry_id)


class TrailSeal(models.Model):
    """封存: SHA-256 over the previous digest and the hashes of the rows it takes, in id order. Append-only."""

    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    entry_ids = ArrayField(models.BigIntegerField())
    sealed_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("trail seal")
        verbose_name_plural = _("trail seals")

    def __str__(self) -> str:
        return self.digest[:12]

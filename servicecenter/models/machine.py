"""What the processes say of themselves: kept numbers and signs of life."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptNumber(models.Model):
    """A figure recomputed by the clock loop each minute, never incremented by a business transaction (D12)."""

    name = models.CharField(max_length=80, primary_key=True)
    value: Any = models.JSONField()
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept number")
        verbose_name_plural = _("kept numbers")

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """The last sign of life of a process: clock, worker, beat, outbox relay, sealer."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name

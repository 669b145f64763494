"""What people are told: the in-app inbox and the outbox (D5)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from servicecenter.models.base import ClockTimestamp


class Notice(models.Model):
    """通知: something one user must know, in the in-app inbox. Worded when read, in the reader's language."""

    class Level(models.TextChoices):
        INFO = "info", _("for information")
        WARNING = "warning", _("warning")
        GRAVE = "grave", _("grave")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    kind = models.CharField(max_length=60, blank=True, default="")
    object_id = models.BigIntegerField(null=True, blank=True)
    number = models.CharField(max_length=40, blank=True, default="")
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.INFO)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notice_user"),
            models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at=None)),
            models.Index(fields=["kind", "object_id"], name="notice_object"),
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.user_id}"


class OutboxMessage(models.Model):
    """待发消息: an effect outside the database, written in the business transaction, delivered at least once (D5)."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        WEBHOOK = "webhook", _("webhook")

    channel = models.CharField(max_length=10, choices=Channel.choices)
    recipient = models.CharField(max_length=320)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    kind = models.CharField(max_length=60, blank=True, default="")
    object_id = models.BigIntegerField(null=True, blank=True)
    number = models.CharField(max_length=40, blank=True, default="")
    dedup_key = models.CharField(max_length=160, unique=True)
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    next_try_at = models.DateTimeField(db_default=ClockTimestamp())
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox")
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="outbox_waiting",
                condition=models.Q(sent_at=None, parked_at=None),
            ),
            models.Index(
                fields=["next_try_at", "id"],
                name="outbox_parked",
                condition=models.Q(sent_at=None, parked_at__isnull=False),
            ),
            models.Index(fields=["kind", "object_id"], name="outbox_object"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.code} {self.dedup_key}"

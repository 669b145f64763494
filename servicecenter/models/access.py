"""Who comes in, and what was done under which key: tokens, failed logins, idempotency keys."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from servicecenter.models.base import ClockTimestamp


class ApiToken(models.Model):
    """接口令牌: stored as a hash, with scope, expiry and last use."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=8)
    read_only = models.BooleanField(_("reads only"), default=False)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"


class LoginAttempt(models.Model):
    """A failed login, for the limiter that fails closed: per account (keyed hash) and per address."""

    account_hash = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("failed login")
        verbose_name_plural = _("failed logins")
        indexes = [
            models.Index(fields=["account_hash", "at"], name="login_account"),
            models.Index(fields=["address", "at"], name="login_address"),
        ]

    def __str__(self) -> str:
        return str(self.at)


class IdempotencyKey(models.Model):
    """幂等键: the answer given to one key, saved in the act's own transaction (D20)."""

    key = models.CharField(max_length=80)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    route = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return self.key

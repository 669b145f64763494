"""Tables of the ground floor: trail and seals, notices, outbox, idempotency, attachments, policies, kept numbers.

They address users and nothing else; business records are pointed at by kind and id.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ClockTimestamp(models.Func):
    """The database's wall clock, not the transaction's start."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


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
        indexes = [models.Index(fields=["kind", "object_id", "-at", "-id"], name="trail_object")]

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
            models.Index(fields=["kind", "object_id"], name="outbox_object"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.code} {self.dedup_key}"


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


def public_id() -> str:
    """128 random bits as 32 hex digits: for whatever leaves the login (D22)."""
    return secrets.token_hex(16)


def upload_path(instance: Attachment, filename: str) -> str:
    """A random name outside the web root; the user's file name is data only."""
    return f"{instance.public_id[:2]}/{instance.public_id}"


class Attachment(models.Model):
    """附件: a file of a business record. Belongs to its uploader until the form that names it is saved."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id)
    kind = models.CharField(max_length=60, blank=True, default="")
    object_id = models.BigIntegerField(null=True, blank=True)
    role = models.CharField(max_length=30, blank=True, default="")
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=upload_path, max_length=200)
    internal = models.BooleanField(_("internal"), default=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(db_default=ClockTimestamp())
    bound_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [models.Index(fields=["kind", "object_id"], name="attachment_object")]
        constraints = [
            models.CheckConstraint(
                name="attachment_bound",
                condition=models.Q(bound_at=None, object_id=None)
                | models.Q(bound_at__isnull=False, object_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


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


class SavedView(models.Model):
    """视图: a named list. The query string is the view (D-habits: URL is the view)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    route = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=600)
    team_code = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(fields=["user", "route", "name"], name="saved_view_name")]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """草稿: what a user has typed into a form and not yet saved."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    form = models.CharField(max_length=120)
    data = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="draft_once")]

    def __str__(self) -> str:
        return self.form


class Presence(models.Model):
    """在看: who has a record open now; a row older than a minute counts for nothing (CMP-51)."""

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presence")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.kind} {self.object_id}"


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

"""The machine room in Django's admin (administrators alone): to read, to have messages sent again, to end tokens."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from servicecenter import outbox, tokens
from servicecenter.models import (
    ApiToken,
    Attachment,
    DocumentCopy,
    Heartbeat,
    IssuedDocument,
    KeptNumber,
    OutboxMessage,
    Policy,
    TrailEntry,
    TrailSeal,
)
from servicecenter.wording import trail_text


class UncountedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages without counting a large table (D12): it says "one more page" until there is none."""

    COUNTED = 10_000

    @cached_property
    def count(self) -> int:
        """The number of rows, counted to a cap."""
        rows: Any = self.object_list
        return int(rows[: self.COUNTED].count())


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows rows; services write them."""

    paginator = UncountedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_select_related = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds rows here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes rows here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes rows here."""
        return False


@admin.register(TrailEntry)
class TrailEntryAdmin(ReadOnlyAdmin):
    """操作记录, newest first."""

    list_display = ("at", "by", "number", "said", "via", "address")
    list_filter = ("via",)
    search_fields = ("number__exact", "code__exact")
    ordering = ("-id",)

    @admin.display(description=_("act"))
    def said(self, entry: TrailEntry) -> str:
        """What was done, in words."""
        return trail_text(entry.code, entry.params)


@admin.register(TrailSeal)
class TrailSealAdmin(ReadOnlyAdmin):
    """封存."""

    list_display = ("sealed_at", "digest", "rows")
    ordering = ("-id",)

    @admin.display(description=_("rows"))
    def rows(self, seal: TrailSeal) -> int:
        """How many rows it seals."""
        return len(seal.entry_ids)


class WaitingFilter(admin.SimpleListFilter):
    """Sent, waiting or parked."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The three."""
        return [("waiting", _("waiting")), ("parked", _("parked")), ("sent", _("sent"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """By the two times."""
        states = {
            "waiting": models.Q(sent_at=None, parked_at=None),
            "parked": models.Q(sent_at=None, parked_at__isnull=False),
            "sent": models.Q(sent_at__isnull=False),
        }
        return queryset.filter(states.get(self.value() or "", models.Q()))


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """待发消息: parked ones can be sent again."""

    list_display = (
        "created_at",
        "channel",
        "recipient",
        "code",
        "number",
        "tries",
        "sent_at",
        "parked_at",
        "last_error",
    )
    list_filter = (WaitingFilter, "channel")
    search_fields = ("number__exact", "recipient__exact")
    ordering = ("-id",)
    actions = ("send_again",)

    @admin.action(description=_("Send again"), permissions=["view"])
    def send_again(self, request: HttpRequest, chosen: models.QuerySet[OutboxMessage]) -> None:
        """Give the chosen messages all their tries again."""
        count = outbox.retry(list(chosen.values_list("pk", flat=True)), by=request.user)
        text = ngettext(
            "%(count)s message will be sent again.", "%(count)s messages will be sent again.", count
        )
        self.message_user(request, text % {"count": count})


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """接口令牌: can be revoked."""

    list_display = ("prefix", "name", "user", "read_only", "expires_at", "last_used_at", "revoked_at")
    ordering = ("-id",)
    exclude = ("token_hash",)
    actions = ("revoke",)

    @admin.action(description=_("Revoke"), permissions=["view"])
    def revoke(self, request: HttpRequest, chosen: models.QuerySet[ApiToken]) -> None:
        """End the chosen tokens for good."""
        for token in chosen:
            tokens.revoke(token=token, by=request.user)


@admin.register(Policy)
class PolicyAdmin(ReadOnlyAdmin):
    """规则参数: every version; the policy editor writes new ones."""

    list_display = ("code", "key", "version", "valid_from", "by", "reason")
    list_filter = ("code",)
    ordering = ("code", "key", "-version")


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """附件: what there is, not what is in it."""

    list_display = ("uploaded_at", "name", "media_type", "size", "uploaded_by", "kind", "object_id")
    exclude = ("file",)
    ordering = ("-id",)


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(ReadOnlyAdmin):
    """签发文书."""

    list_display = ("number", "code", "issued_at", "issued_by", "language")
    exclude = ("file", "data")
    search_fields = ("number__exact",)
    ordering = ("-id",)


@admin.register(DocumentCopy)
class DocumentCopyAdmin(ReadOnlyAdmin):
    """补打."""

    list_display = ("document", "ordinal", "printed_at", "printed_by", "reason")
    exclude = ("file",)
    ordering = ("-id",)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    """The processes' signs of life."""

    list_display = ("name", "at", "detail")


@admin.register(KeptNumber)
class KeptNumberAdmin(ReadOnlyAdmin):
    """The kept figures."""

    list_display = ("name", "computed_at")

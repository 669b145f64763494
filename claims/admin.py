"""Claims in Django's admin (administrators alone): to look at; the desk has its own pages for every act."""

from __future__ import annotations

from django.contrib import admin

from claims.models import (
    Assessment,
    Claim,
    ClaimPaper,
    Determination,
    EvidenceRequest,
    FoundGoods,
    Instalment,
    Insurance,
    InvestigationResult,
    LiabilityEntry,
    OutsideRecovery,
    OwnSettlement,
    RuleSetVersion,
    Salvage,
    Voucher,
    VoucherCounter,
)
from servicecenter.admin import ReadOnlyAdmin


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    """Claims."""

    list_display = ("number", "kind", "state", "liability_state", "claimant", "due_at")
    list_filter = ("state", "liability_state", "kind", "profile")
    search_fields = ("number", "claimant")


@admin.register(Determination)
class DeterminationAdmin(ReadOnlyAdmin):
    """Determinations with their frozen facts and reasons."""

    list_display = ("number", "claim", "status", "outcome", "determined_at")
    list_filter = ("status",)
    search_fields = ("number", "claim__number")


@admin.register(LiabilityEntry)
class LiabilityEntryAdmin(ReadOnlyAdmin):
    """The liability ledger."""

    list_display = ("claim", "share", "kind", "amount", "posted_at")
    list_filter = ("kind",)
    search_fields = ("claim__number",)


@admin.register(Voucher)
class VoucherAdmin(ReadOnlyAdmin):
    """Vouchers; identity numbers stay encrypted and are not shown."""

    list_display = ("number", "claim", "state", "amount", "issued_at", "paid_at")
    list_filter = ("state",)
    search_fields = ("number", "claim__number")
    exclude = ("code_hash", "proxy_identity")


@admin.register(VoucherCounter)
class VoucherCounterAdmin(ReadOnlyAdmin):
    """Where the numbers of a branch's month stand."""

    list_display = ("branch_code", "month", "last")


@admin.register(RuleSetVersion)
class RuleSetVersionAdmin(ReadOnlyAdmin):
    """Versions of the liability rules as data."""

    list_display = ("code", "state", "valid_from", "valid_until", "published_at")


class OfClaimAdmin(ReadOnlyAdmin):
    """Rows of a claim that have no page of their own."""

    list_display = ("__str__", "claim")
    search_fields = ("claim__number",)


for _model in (
    Assessment, ClaimPaper, EvidenceRequest, FoundGoods, Insurance, InvestigationResult, OutsideRecovery, Salvage,
):  # fmt: skip
    admin.site.register(_model, OfClaimAdmin)


@admin.register(Instalment)
class InstalmentAdmin(ReadOnlyAdmin):
    """Instalments of liable parties."""

    list_display = ("share", "month", "amount", "replaced_at")


@admin.register(OwnSettlement)
class OwnSettlementAdmin(ReadOnlyAdmin):
    """Settlements without a claim."""

    list_display = ("settled_on", "settled_by", "department", "amount", "agreed_by")

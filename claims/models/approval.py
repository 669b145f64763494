"""Approval of the payout by amount, by others than its makers (CLM-08)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.choices import Level, RequestState
from claims.models.claim import Claim
from claims.models.columns import who, yuan
from servicecenter.models import Policy


class ApprovalRequest(models.Model):
    """赔付审批: the agreed payout of a claim, put before those who may approve it.

    `cumulative` is the sum over all live claims of the waybill: it, not the amount, decides who approves.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="approvals", verbose_name=_("claim"))
    amount = yuan(_("amount"), null=False)
    cumulative = yuan(_("sum over the waybill"), null=False)
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.WAITING)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("policy")
    )
    requested_at = models.DateTimeField(_("asked for at"))
    requested_by = who(_("asked for by"), null=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        indexes = [
            models.Index(fields=["requested_at", "id"], name="approval_waiting", condition=Q(state="waiting"))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state="waiting"), name="approval_one_waiting"
            ),
            models.CheckConstraint(name="approval_states", condition=Q(state__in=RequestState.values)),
            models.CheckConstraint(
                name="approval_decided",
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="approval_amounts", condition=Q(amount__gte=0, cumulative__gte=F("amount"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} ¥{self.amount}"


class ApprovalStep(models.Model):
    """审批签字: one signature that a request needs. Two steps of one request are two people's (database)."""

    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, related_name="steps", verbose_name=_("request")
    )
    ordinal = models.PositiveSmallIntegerField(_("no."))
    level = models.CharField(_("level"), max_length=16, choices=Level)
    # the makers, kept here so that the database itself refuses their signature
    requested_by = who(_("asked for by"), null=False)
    requested_at = models.DateTimeField(_("asked for at"))
    approved = models.BooleanField(_("approved"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True, default="")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = who(_("decided by"))

    class Meta:
        verbose_name = _("signature of approval")
        verbose_name_plural = _("signatures of approval")
        ordering = ["request_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["request", "ordinal"], name="approval_step_place"),
            models.UniqueConstraint(fields=["request", "decided_by"], name="approval_two_people"),
            models.CheckConstraint(name="approval_step_levels", condition=Q(level__in=Level.values)),
            models.CheckConstraint(
                name="approval_step_decided",
                condition=Q(approved=None, decided_at=None, decided_by=None)
                | Q(approved__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="approval_four_eyes", condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.get_level_display()}"

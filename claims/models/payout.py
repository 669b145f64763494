"""What the customer is paid: how it was worked out, the negotiation, the parts (CLM-05, CLM-06, CLM-09)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import ConfirmationWay, OfferMove, PayeeKind, PayMethod, PayoutMethod
from claims.models.claim import Claim
from claims.models.columns import who, yuan
from servicecenter.encryption import EncryptedTextField, KeyedHashField
from servicecenter.models import Policy


class Assessment(models.Model):
    """核定: one computation of the payout with every step, inputs and policy version (CLM-06). Append-only.

    `steps` is a list of `{"code", "params", "amount"}`, worded when read; `warnings` a list of codes.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="assessments", verbose_name=_("claim"))
    ordinal = models.PositiveSmallIntegerField(_("no."))
    method = models.CharField(_("method"), max_length=14, choices=PayoutMethod)
    inputs = models.JSONField(_("inputs"))
    steps = models.JSONField(_("steps"))
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    amount = yuan(_("amount"), null=False)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("policy")
    )
    assessed_at = models.DateTimeField(_("assessed at"))
    assessed_by = who(_("assessed by"))

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["claim_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "ordinal"], name="assessment_place"),
            models.CheckConstraint(name="assessment_amount", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.claim} ¥{self.amount}"


class Offer(models.Model):
    """协商记录: one move of the negotiation, in order (CLM-05). Append-only."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="offers", verbose_name=_("claim"))
    ordinal = models.PositiveSmallIntegerField(_("no."))
    move = models.CharField(_("move"), max_length=8, choices=OfferMove)
    amount = yuan(_("amount"))
    text = models.CharField(_("what was said"), max_length=300, blank=True, default="")
    way = models.CharField(
        _("confirmed by the customer"), max_length=10, choices=ConfirmationWay, blank=True, default=""
    )
    made_at = models.DateTimeField(_("when"))
    made_by = who(_("noted by"))

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["claim_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "ordinal"], name="offer_place"),
            models.CheckConstraint(
                name="offer_amount", condition=Q(amount__gte=0) | Q(amount=None, move="refuse")
            ),
            models.CheckConstraint(
                name="offer_confirmed",
                condition=(Q(move="agree") & ~Q(way="")) | (~Q(move="agree") & Q(way="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.amount or ''}"


class Part(models.Model):
    """赔付分笔: one payee, one sum; the live parts of a claim sum to the approved amount (CLM-09, database).

    A part without a live voucher may be replaced by others; it keeps its row.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="parts", verbose_name=_("claim"))
    ordinal = models.PositiveSmallIntegerField(_("part"))
    payee = models.CharField(_("payee"), max_length=60)
    payee_kind = models.CharField(_("payee is"), max_length=10, choices=PayeeKind, default=PayeeKind.OTHER)
    identity = EncryptedTextField(_("identity number"), blank=True, default="")
    identity_hash = KeyedHashField(source="identity")
    telephone = models.CharField(_("telephone"), max_length=20, blank=True, default="", db_index=True)
    method = models.CharField(_("to be paid by"), max_length=8, choices=PayMethod, default=PayMethod.CASH)
    account = EncryptedTextField(_("bank account"), blank=True, default="")
    account_hash = KeyedHashField(source="account")
    bank = models.CharField(_("bank"), max_length=80, blank=True, default="")
    amount = yuan(_("amount"), null=False)
    made_at = models.DateTimeField(_("made at"))
    made_by = who(_("made by"))
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)
    replaced_by = who(_("replaced by"))

    class Meta:
        verbose_name = _("part of a claim")
        verbose_name_plural = _("parts of a claim")
        ordering = ["claim_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "ordinal"], name="part_place"),
            models.CheckConstraint(name="part_amount", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.payee} ¥{self.amount}"

    @property
    def identity_last_four(self) -> str:
        """The last four of the identity number, as the voucher prints them; '' when none is recorded."""
        return self.identity[-4:] if self.identity else ""

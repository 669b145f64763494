"""Payout vouchers and their numbers (CLM-09, CLM-10)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.choices import PayMethod, VoucherState
from claims.models.claim import Claim
from claims.models.columns import who, yuan
from claims.models.payout import Part
from organization.models import Department
from servicecenter.clock import business_date
from servicecenter.encryption import EncryptedTextField
from servicecenter.models import IssuedDocument


def token_hash(token: str) -> str:
    """What is kept of a QR code's 128 random bits (D22)."""
    return hashlib.sha256(token.encode()).hexdigest()


class VoucherCounter(models.Model):
    """凭证计数: the last number of a branch and month; locked last when issuing, so without gaps (D22)."""

    branch_code = models.CharField(_("branch code"), max_length=12)
    month = models.DateField(_("month"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("voucher counter")
        verbose_name_plural = _("voucher counters")
        constraints = [
            models.UniqueConstraint(fields=["branch_code", "month"], name="voucher_counter_once"),
            models.CheckConstraint(name="voucher_counter_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.branch_code} {self.month:%Y-%m}: {self.last}"


class Voucher(models.Model):
    """理赔款领取凭证: pays one part of a claim, once (CLM-09, CLM-10).

    What it says never changes (database); it is issued, then paid or void. The branch's code, the month and the running
    figure make its number with a check character (ISO 7064 mod 37,36). `code_hash` is of the QR code's random bits.
    """

    number = models.CharField(_("voucher number"), max_length=40, unique=True)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="vouchers", verbose_name=_("claim"))
    part = models.ForeignKey(Part, models.PROTECT, related_name="vouchers", verbose_name=_("part"))
    branch = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("branch"))
    branch_code = models.CharField(_("branch code"), max_length=12)
    month = models.DateField(_("month"))
    sequence = models.PositiveIntegerField(_("running number"))
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=VoucherState, default=VoucherState.ISSUED)
    version = models.PositiveIntegerField(default=1, editable=False)
    payee = models.CharField(_("payee"), max_length=60)
    search_text = models.TextField(editable=False, default="", db_default="")
    identity_last_four = models.CharField(
        _("identity number, last four"), max_length=4, blank=True, default=""
    )
    amount = yuan(_("amount"), null=False)
    goods = models.CharField(_("goods and pieces"), max_length=200, blank=True, default="")
    cause = models.CharField(_("cause"), max_length=200, blank=True, default="")
    language = models.CharField(_("language"), max_length=10)
    valid_until = models.DateField(_("valid until"))
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by_voucher",
        verbose_name=_("replaces"),
    )
    document = models.ForeignKey(
        IssuedDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = who(_("issued by"), null=False)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    paid_by = who(_("paid by"))
    paid_method = models.CharField(
        _("paid by way of"), max_length=8, choices=PayMethod, blank=True, default=""
    )
    window = models.CharField(_("window"), max_length=40, blank=True, default="")
    # Who took the money; of a proxy also the own identity number (CLM-10).
    receiver = models.CharField(_("received by"), max_length=60, blank=True, default="")
    is_proxy = models.BooleanField(_("a proxy took it"), default=False)
    proxy_identity = EncryptedTextField(_("proxy's identity number"), blank=True, default="")
    voided_at = models.DateTimeField(_("made void at"), null=True, blank=True)
    voided_by = who(_("made void by"))
    void_reason = models.CharField(_("reason of voiding"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("payout voucher")
        verbose_name_plural = _("payout vouchers")
        indexes = [
            models.Index(fields=["-issued_at", "-id"], name="voucher_newest"),
            models.Index(fields=["valid_until", "id"], name="voucher_waiting", condition=Q(state="issued")),
            models.Index(fields=["-paid_at"], name="voucher_paid", condition=Q(state="paid")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["part"], condition=Q(state__in=["issued", "paid"]), name="voucher_one_live"
            ),
            models.UniqueConstraint(fields=["branch_code", "month", "sequence"], name="voucher_gapless"),
            models.CheckConstraint(name="voucher_states", condition=Q(state__in=VoucherState.values)),
            models.CheckConstraint(name="voucher_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="voucher_month", condition=Q(month__day=1, sequence__gte=1)),
            models.CheckConstraint(
                name="voucher_paid_once",
                condition=(
                    Q(state="paid", paid_at__isnull=False, paid_by__isnull=False)
                    & ~Q(paid_method="")
                    & ~Q(receiver="")
                )
                | (
                    ~Q(state="paid")
                    & Q(paid_at=None, paid_by=None, paid_method="", window="", receiver="", is_proxy=False)
                ),
            ),
            models.CheckConstraint(
                name="voucher_void",
                condition=(
                    Q(state="void", voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")
                )
                | (~Q(state="void") & Q(voided_at=None, voided_by=None, void_reason="")),
            ),
            models.CheckConstraint(
                name="voucher_payer_is_not_issuer", condition=Q(paid_by=None) | ~Q(paid_by=F("issued_by"))
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def is_expired(self, at: datetime) -> bool:
        """Still to be paid, and its last day is over."""
        return self.state == VoucherState.ISSUED and self.valid_until < business_date(at)

    @property
    def issued_on(self) -> date:
        """The centre's day of issue."""
        return business_date(self.issued_at)

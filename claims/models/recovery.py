"""What comes back from outside, by which instalments, and what was settled without us (CLM-11, CLM-12, CLM-18)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import OutsideSource, SalvageKeeper, SettledBy
from claims.models.claim import Claim
from claims.models.columns import who, yuan
from claims.models.determination import Share
from customers.models import Waybill
from organization.models import Department


class Insurance(models.Model):
    """保险报案: a claim that an insurer bears or shares; told within its term (CLM-11)."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="insurance", verbose_name=_("claim"))
    insurer = models.CharField(_("insurer"), max_length=80)
    policy_number = models.CharField(_("insurance policy no."), max_length=60, blank=True, default="")
    named_at = models.DateTimeField(_("named at"))
    named_by = who(_("named by"))
    told_at = models.DateTimeField(_("insurer told at"), null=True, blank=True)
    told_by = who(_("insurer told by"))
    reference = models.CharField(_("insurer's reference"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("insurance")
        verbose_name_plural = _("insurances")
        constraints = [
            models.CheckConstraint(name="insurance_named", condition=~Q(insurer="")),
            models.CheckConstraint(
                name="insurance_told",
                condition=Q(told_at=None, told_by=None, reference="")
                | Q(told_at__isnull=False, told_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.insurer}"


class Salvage(models.Model):
    """残值: who keeps what is left of the goods, at which value (CLM-20)."""

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="salvage", verbose_name=_("claim"))
    keeper = models.CharField(_("who keeps the salvage"), max_length=10, choices=SalvageKeeper)
    value = yuan(_("value"), null=False)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = who(_("recorded by"))

    class Meta:
        verbose_name = _("salvage")
        verbose_name_plural = _("salvages")
        constraints = [
            models.CheckConstraint(name="salvage_value", condition=Q(value__gte=0)),
            models.CheckConstraint(name="salvage_keepers", condition=Q(keeper__in=SalvageKeeper.values)),
        ]

    def __str__(self) -> str:
        return f"{self.claim} ¥{self.value}"


class OutsideRecovery(models.Model):
    """外部追偿: money of an insurer, of the salvage, of a third party; it lowers what every party owes, pro rata
    (CLM-18). Append-only."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="outside", verbose_name=_("claim"))
    source = models.CharField(_("from"), max_length=10, choices=OutsideSource)
    amount = yuan(_("amount"), null=False)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    received_at = models.DateTimeField(_("received at"))
    received_by = who(_("recorded by"))

    class Meta:
        verbose_name = _("recovery from outside")
        verbose_name_plural = _("recoveries from outside")
        ordering = ["claim_id", "id"]
        constraints = [
            models.CheckConstraint(name="outside_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="outside_sources", condition=Q(source__in=OutsideSource.values)),
        ]

    def __str__(self) -> str:
        return f"{self.claim} ¥{self.amount}"


class Instalment(models.Model):
    """分期: what a liable party is to pay back in a month (CLM-11). A new plan takes the place of the open ones."""

    share = models.ForeignKey(Share, models.PROTECT, related_name="instalments", verbose_name=_("share"))
    month = models.DateField(_("month"))
    amount = yuan(_("amount"), null=False)
    planned_at = models.DateTimeField(_("planned at"))
    planned_by = who(_("planned by"))
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["share_id", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["share", "month"], condition=Q(replaced_at=None), name="instalment_once_a_month"
            ),
            models.CheckConstraint(name="instalment_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="instalment_of_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} ¥{self.amount}"


class OwnSettlement(models.Model):
    """自行理赔记录: branch, market, driver or loader settled with the customer without a claim (CLM-12, RPT-04)."""

    settled_on = models.DateField(_("settled on"))
    settled_by = models.CharField(_("settled by"), max_length=10, choices=SettledBy)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("branch or market")
    )
    person = models.CharField(_("person"), max_length=60, blank=True, default="")
    waybill = models.ForeignKey(
        Waybill, models.PROTECT, related_name="own_settlements", verbose_name=_("waybill")
    )
    amount = yuan(_("amount"), null=False)
    agreed_by = models.CharField(_("agreed by"), max_length=60)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = who(_("recorded by"))

    class Meta:
        verbose_name = _("settlement without a claim")
        verbose_name_plural = _("settlements without a claim")
        indexes = [models.Index(fields=["-settled_on", "-id"], name="own_settlement_newest")]
        constraints = [
            models.CheckConstraint(name="own_settlement_amount", condition=Q(amount__gte=0)),
            models.CheckConstraint(name="own_settlement_by", condition=Q(settled_by__in=SettledBy.values)),
            models.CheckConstraint(
                name="own_settlement_named",
                condition=~Q(agreed_by="") & (~Q(settled_by__in=["driver", "loader"]) | ~Q(person="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settled_on} ¥{self.amount}"

"""The ledger, the balances the database keeps from it, and the periods it lies in (LED-01 to LED-08)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.choices import PeriodState
from inventory.models.catalogue import Item, Warehouse, who
from inventory.models.documents import Document


class Period(models.Model):
    """会计期间: a month; no ledger row enters a closed one (LED-08)."""

    month = models.DateField(_("month"), unique=True)
    state = models.CharField(_("state"), max_length=8, choices=PeriodState, default=PeriodState.OPEN)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = who(_("closed by"))
    reopened_at = models.DateTimeField(_("re-opened at"), null=True, blank=True)
    reopened_by = who(_("re-opened by"))

    class Meta:
        verbose_name = _("stock period")
        verbose_name_plural = _("stock periods")
        constraints = [
            models.CheckConstraint(name="period_month_first", condition=models.Q(month__day=1)),
            models.CheckConstraint(
                name="period_closed",
                condition=models.Q(state="closed", closed_at__isnull=False)
                | models.Q(state="open", closed_at=None, closed_by=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class LedgerEntry(models.Model):
    """库存流水: one movement of one item in one warehouse; append-only (LED-01). No running balance is stored.

    `leg` 1 is the document's own warehouse, 2 the transit side of a transfer. A row that `reverses` another carries
    its negated quantity and the same business date (LED-02).
    """

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="entries", db_index=False, verbose_name=_("document")
    )
    line = models.PositiveSmallIntegerField(_("line"))
    posting_number = models.PositiveIntegerField(_("posting"))
    leg = models.PositiveSmallIntegerField(_("leg"))
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="+", db_index=False, verbose_name=_("warehouse")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    business_date = models.DateField(_("date"))
    posted_at = models.DateTimeField(_("posted at"))
    posted_by = who(_("posted by"))
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="mirror", verbose_name=_("reverses")
    )

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("stock ledger")
        indexes = [
            models.Index(fields=["warehouse", "item", "business_date", "id"], name="ledger_card"),
            models.Index(fields=["warehouse", "business_date", "id"], name="ledger_day_book"),
            models.Index(fields=["business_date", "id"], name="ledger_by_date"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["document", "posting_number", "line", "leg"], name="ledger_once"),
            models.CheckConstraint(name="ledger_quantity", condition=~models.Q(quantity=0)),
            models.CheckConstraint(name="ledger_leg", condition=models.Q(leg__in=[1, 2])),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.posting_number}/{self.line}/{self.leg}"


class Balance(models.Model):
    """现存量: of one item in one warehouse. Only the ledger's trigger writes it (LED-03)."""

    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="balances", db_index=False, verbose_name=_("warehouse")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="balances", verbose_name=_("item"))
    quantity = models.DecimalField(_("on hand"), max_digits=14, decimal_places=3, default=0)

    class Meta:
        verbose_name = _("stock on hand")
        verbose_name_plural = _("stock on hand")
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "item"], name="balance_once"),
            models.CheckConstraint(name="balance_not_negative", condition=models.Q(quantity__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse_id}/{self.item_id}: {self.quantity}"


class PeriodBalance(models.Model):
    """期末结存: the snapshot written when a month is closed (LED-08)."""

    period = models.ForeignKey(
        Period, models.CASCADE, related_name="balances", db_index=False, verbose_name=_("period")
    )
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", verbose_name=_("warehouse"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    quantity = models.DecimalField(_("closing stock"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("closing stock of a period")
        verbose_name_plural = _("closing stock of periods")
        constraints = [
            models.UniqueConstraint(fields=["period", "warehouse", "item"], name="period_balance_once")
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.warehouse_id}/{self.item_id}"

"""Counts of what really lies there, and their lines (INV-50 to INV-58, LED-07)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.choices import CountKind, CountMode, CountState, DifferenceCause, ItemClass
from inventory.models.catalogue import Item, Warehouse, who

OPEN = ("counting", "counted", "submitted")


class Stocktake(models.Model):
    """盘点单: a count of one warehouse, or of one class of its items; one at a time in a warehouse.

    Its approval by another person posts what was found as surplus and shortage (INV-55). `is_blind`: whoever counts
    does not see what the books say until everything is counted. `booked_at` is when the book quantities were taken.
    """

    number = models.CharField(_("count number"), max_length=24, unique=True)
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="stocktakes", verbose_name=_("warehouse")
    )
    kind = models.CharField(_("kind of count"), max_length=12, choices=CountKind)
    mode = models.CharField(_("how it is counted"), max_length=12, choices=CountMode)
    is_blind = models.BooleanField(_("blind count"), default=False)
    item_class = models.CharField(_("item class"), max_length=12, choices=ItemClass, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=CountState, default=CountState.COUNTING)
    version = models.PositiveIntegerField(default=1, editable=False)
    due_on = models.DateField(_("to be counted by"))
    witness = models.CharField(_("watched by"), max_length=60, blank=True, default="")
    remarks = models.CharField(_("remarks"), max_length=300, blank=True, default="")
    liability = models.CharField(_("who answers for it"), max_length=300, blank=True, default="")
    proposal = models.CharField(_("proposal"), max_length=300, blank=True, default="")
    booked_at = models.DateTimeField(_("book quantities of"))
    print_count = models.PositiveIntegerField(_("printed"), default=0, editable=False)
    created_at = models.DateTimeField(_("made at"))
    created_by = who(_("made by"))
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True)
    counted_by = who(_("counted by"))
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    submitted_by = who(_("handed in by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = who(_("approved by"))
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    voided_by = who(_("voided by"))
    void_reason = models.CharField(_("reason of voiding"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("stocktake")
        verbose_name_plural = _("stocktakes")
        indexes = [models.Index(fields=["-created_at", "-id"], name="stocktake_newest")]
        constraints = [
            models.CheckConstraint(name="stocktake_states", condition=Q(state__in=CountState.values)),
            models.CheckConstraint(name="stocktake_kinds", condition=Q(kind__in=CountKind.values)),
            models.CheckConstraint(name="stocktake_modes", condition=Q(mode__in=CountMode.values)),
            models.CheckConstraint(
                name="stocktake_classes", condition=Q(item_class="") | Q(item_class__in=ItemClass.values)
            ),
            models.UniqueConstraint(
                fields=["warehouse"], condition=Q(state__in=OPEN), name="stocktake_one_open"
            ),
            models.CheckConstraint(
                name="stocktake_counted", condition=Q(counted_at__isnull=False) | Q(counted_by=None)
            ),
            models.CheckConstraint(
                name="stocktake_submitted",
                condition=Q(state__in=["submitted", "approved"], submitted_at__isnull=False)
                | (~Q(state__in=["submitted", "approved"]) & Q(submitted_at=None, submitted_by=None)),
            ),
            # INV-53: who watched is named when it is handed in.
            models.CheckConstraint(
                name="stocktake_witness",
                condition=Q(mode="self") | ~Q(witness="") | Q(state__in=["counting", "counted", "voided"]),
            ),
            models.CheckConstraint(
                name="stocktake_approved",
                condition=Q(state="approved", approved_at__isnull=False)
                | (~Q(state="approved") & Q(approved_at=None, approved_by=None)),
            ),
            # INV-55: nobody approves what he made or handed in.
            models.CheckConstraint(
                name="stocktake_by_another",
                condition=Q(approved_by=None)
                | (
                    (Q(submitted_by=None) | ~Q(approved_by=F("submitted_by")))
                    & (Q(created_by=None) | ~Q(approved_by=F("created_by")))
                ),
            ),
            models.CheckConstraint(
                name="stocktake_voided",
                condition=(Q(state="voided", voided_at__isnull=False) & ~Q(void_reason=""))
                | (~Q(state="voided") & Q(voided_at=None, voided_by=None, void_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StocktakeLine(models.Model):
    """盘点行: one item: what the books said at ledger row `position`, and what was counted (LED-07).

    `round` is 1, and one more for each time that it is counted again. `difference` is kept by the database.
    """

    stocktake = models.ForeignKey(
        Stocktake, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("stocktake")
    )
    ordinal = models.PositiveSmallIntegerField(_("line"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    location = models.CharField(_("location"), max_length=40, blank=True, default="")
    book = models.DecimalField(_("book quantity"), max_digits=14, decimal_places=3, editable=False)
    position = models.BigIntegerField(editable=False)
    counted = models.DecimalField(
        _("counted quantity"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    difference = models.GeneratedField(
        expression=F("counted") - F("book"),
        output_field=models.DecimalField(_("difference"), max_digits=15, decimal_places=3, null=True),
        db_persist=True,
    )
    round = models.PositiveSmallIntegerField(_("count no."), default=1, editable=False)
    cause = models.CharField(
        _("cause of the difference"), max_length=12, choices=DifferenceCause, blank=True, default=""
    )
    reason = models.CharField(_("explanation"), max_length=200, blank=True, default="")
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True)
    counted_by = who(_("counted by"))

    class Meta:
        verbose_name = _("line of a stocktake")
        verbose_name_plural = _("lines of stocktakes")
        constraints = [
            models.UniqueConstraint(fields=["stocktake", "ordinal"], name="stocktake_line_once"),
            models.UniqueConstraint(fields=["stocktake", "item"], name="stocktake_item_once"),
            models.CheckConstraint(
                name="stocktake_line_not_negative",
                condition=Q(book__gte=0) & (Q(counted=None) | Q(counted__gte=0)),
            ),
            models.CheckConstraint(
                name="stocktake_line_causes", condition=Q(cause="") | Q(cause__in=DifferenceCause.values)
            ),
            models.CheckConstraint(
                name="stocktake_line_counted",
                condition=Q(counted=None, counted_at=None, counted_by=None)
                | Q(counted__isnull=False, counted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stocktake_id} {self.ordinal}"

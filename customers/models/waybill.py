"""Waybills and their events (WBL-01, 02, 05, 08): facts from elsewhere, with source and time."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from customers.choices import CodState, EventKind, FreightTerms, Source
from customers.models.customer import Customer
from servicecenter.kernel.masking import mask_telephone
from servicecenter.models import ClockTimestamp
from servicecenter.search import search_field

NUMBER = r"^[0-9A-Z]{6,20}$"
TELEPHONE_OR_NOTHING = r"^([0-9]{5,20})?$"
WITH_AMOUNT = ("due", "collected", "handed_in", "remitted", "cancelled")


class Waybill(models.Model):
    """配送单: one consignment (WBL-01). `is_stub` is 待补录: registered before its facts are known (WBL-08).

    Weight is in kilograms, volume in cubic metres, `cod_amount` and `freight_amount` in yuan and fen. Freight without
    a day of payment is open, or nothing is known of it (WBL-03).
    """

    number = models.CharField(_("waybill number"), max_length=20, unique=True)
    is_stub = models.BooleanField(_("stub"), default=False)
    shipped_on = models.DateField(_("shipped on"), null=True, blank=True)
    consignor = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,  # the index of its list begins with it
        null=True,
        blank=True,
        related_name="sent_waybills",
        verbose_name=_("consignor"),
    )
    consignor_name = models.CharField(_("consignor's name"), max_length=120, blank=True, default="")
    consignor_telephone = models.CharField(_("consignor's telephone"), max_length=20, blank=True, default="")
    consignee = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,  # the index of its list begins with it
        null=True,
        blank=True,
        related_name="received_waybills",
        verbose_name=_("consignee"),
    )
    consignee_name = models.CharField(_("consignee's name"), max_length=120, blank=True, default="")
    consignee_telephone = models.CharField(_("consignee's telephone"), max_length=20, blank=True, default="")
    origin = models.ForeignKey(
        "organization.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("origin branch"),
    )
    origin_text = models.CharField(_("origin"), max_length=60, blank=True, default="")
    destination = models.ForeignKey(
        "organization.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("destination branch"),
    )
    destination_text = models.CharField(_("destination"), max_length=60, blank=True, default="")
    goods = models.CharField(_("goods"), max_length=120, blank=True, default="")
    packing = models.CharField(_("packing"), max_length=60, blank=True, default="")
    pieces = models.PositiveIntegerField(_("pieces"), null=True, blank=True)
    weight = models.DecimalField(_("weight (kg)"), max_digits=12, decimal_places=3, null=True, blank=True)
    volume = models.DecimalField(_("volume (m³)"), max_digits=12, decimal_places=3, null=True, blank=True)
    service = models.CharField(_("kind of service"), max_length=40, blank=True, default="")
    promised_at = models.DateTimeField(_("promised for"), null=True, blank=True)
    cod_state = models.CharField(_("COD money"), max_length=10, choices=CodState, default=CodState.UNKNOWN)
    cod_amount = models.DecimalField(_("COD amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    freight_terms = models.CharField(
        _("freight is owed"), max_length=10, choices=FreightTerms, blank=True, default="", db_default=""
    )
    freight_amount = models.DecimalField(_("freight"), max_digits=14, decimal_places=2, null=True, blank=True)
    freight_due_on = models.DateField(_("freight due on"), null=True, blank=True)
    freight_paid_on = models.DateField(_("freight paid on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    source_at = models.DateTimeField(_("facts as of"))
    search_text = models.TextField(editable=False, default="")
    search = search_field()
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("registered at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered by"),
    )

    REVEALABLE: ClassVar = {"consignor_telephone": mask_telephone, "consignee_telephone": mask_telephone}
    PERSONAL: ClassVar = REVEALABLE

    class Meta:
        verbose_name = _("waybill")
        verbose_name_plural = _("waybills")
        indexes = [
            GinIndex(fields=["search"], name="waybill_search"),
            models.Index(fields=["-created_at", "-id"], name="waybill_newest"),
            models.Index(
                fields=["-created_at", "-id"], name="waybill_stubs", condition=models.Q(is_stub=True)
            ),
            models.Index(fields=["consignor", "-created_at", "-id"], name="waybill_of_consignor"),
            models.Index(fields=["consignee", "-created_at", "-id"], name="waybill_of_consignee"),
            models.Index(fields=["consignor_telephone"], name="waybill_consignor_tel"),
            models.Index(fields=["consignee_telephone"], name="waybill_consignee_tel"),
            models.Index(Right("number", 4), name="waybill_last_four"),
            models.Index(fields=["shipped_on"], name="waybill_shipped"),
        ]
        constraints = [
            models.CheckConstraint(name="waybill_number_form", condition=models.Q(number__regex=NUMBER)),
            models.CheckConstraint(
                name="waybill_consignor_digits",
                condition=models.Q(consignor_telephone__regex=TELEPHONE_OR_NOTHING),
            ),
            models.CheckConstraint(
                name="waybill_consignee_digits",
                condition=models.Q(consignee_telephone__regex=TELEPHONE_OR_NOTHING),
            ),
            models.CheckConstraint(
                name="waybill_complete",
                condition=models.Q(is_stub=True)
                | models.Q(shipped_on__isnull=False, pieces__isnull=False)
                & ~models.Q(consignor_name="")
                & ~models.Q(consignee_name="")
                & ~models.Q(goods="")
                & ~(models.Q(origin=None) & models.Q(origin_text=""))
                & ~(models.Q(destination=None) & models.Q(destination_text="")),
            ),
            models.CheckConstraint(
                name="waybill_measures",
                condition=(models.Q(pieces=None) | models.Q(pieces__gt=0))
                & (models.Q(weight=None) | models.Q(weight__gt=0))
                & (models.Q(volume=None) | models.Q(volume__gt=0)),
            ),
            models.CheckConstraint(
                name="waybill_cod_values", condition=models.Q(cod_state__in=CodState.values)
            ),
            models.CheckConstraint(
                name="waybill_cod_amount",
                condition=(models.Q(cod_amount=None) | models.Q(cod_amount__gt=0))
                & (~models.Q(cod_state__in=WITH_AMOUNT) | models.Q(cod_amount__isnull=False))
                & (~models.Q(cod_state="none") | models.Q(cod_amount=None)),
            ),
            models.CheckConstraint(
                name="waybill_freight_terms",
                condition=models.Q(freight_terms__in=["", *FreightTerms.values]),
            ),
            models.CheckConstraint(
                name="waybill_freight",
                condition=(models.Q(freight_amount=None) | models.Q(freight_amount__gt=0))
                & (
                    models.Q(freight_amount__isnull=False)
                    | models.Q(freight_due_on=None, freight_paid_on=None)
                ),
            ),
            models.CheckConstraint(name="waybill_source", condition=models.Q(source__in=Source.values)),
        ]

    def __str__(self) -> str:
        return self.number


class WaybillEvent(models.Model):
    """运单轨迹: what happened to a consignment, where and when (WBL-02).

    Append-only; a later event corrects (`corrects`), and with `is_void` says that the earlier one never happened.
    """

    waybill = models.ForeignKey(
        Waybill,
        models.PROTECT,
        db_index=False,  # the index of its line begins with it
        related_name="events",
        verbose_name=_("waybill"),
    )
    kind = models.CharField(_("event"), max_length=20, choices=EventKind)
    occurred_at = models.DateTimeField(_("when"))
    place = models.CharField(_("where"), max_length=60, blank=True, default="")
    remarks = models.CharField(_("remarks"), max_length=200, blank=True, default="")
    source = models.CharField(_("source"), max_length=10, choices=Source)
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("corrects"),
    )
    is_void = models.BooleanField(_("did not happen"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=ClockTimestamp())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta:
        verbose_name = _("waybill event")
        verbose_name_plural = _("waybill events")
        indexes = [models.Index(fields=["waybill", "occurred_at", "id"], name="waybill_event_line")]
        constraints = [
            models.CheckConstraint(name="waybill_event_kind", condition=models.Q(kind__in=EventKind.values)),
            models.CheckConstraint(name="waybill_event_source", condition=models.Q(source__in=Source.values)),
            models.CheckConstraint(
                name="waybill_event_void",
                condition=models.Q(is_void=False) | models.Q(corrects__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["waybill", "kind", "occurred_at", "place"],
                condition=models.Q(corrects=None),
                name="waybill_event_once",
            ),
            # The target of the composite key that keeps a correction on its own waybill.
            models.UniqueConstraint(fields=["id", "waybill"], name="waybill_event_of_waybill"),
        ]

    def __str__(self) -> str:
        return f"{self.waybill} {self.get_kind_display()}"

"""How a matter reached us, and which matter it is (CMP-01, CMP-40)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.choices import Channel, ContactKind, PartyRole
from complaints.models.catalogue import Category
from customers.models import Customer, Waybill
from servicecenter.kernel.masking import mask_name, mask_telephone
from servicecenter.models import ClockTimestamp


class Contact(models.Model):
    """来电来访记录: one call, letter, message or visit (CMP-01)."""

    PERSONAL: ClassVar = {"caller_telephone": mask_telephone, "caller_name": mask_name}

    kind = models.CharField(_("kind"), max_length=12, choices=ContactKind)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    at = models.DateTimeField(_("time"))
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agent"),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        db_index=False,
        verbose_name=_("customer"),
    )
    waybill = models.ForeignKey(
        Waybill, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("waybill")
    )
    caller_name = models.CharField(_("caller"), max_length=60, blank=True, default="")
    caller_telephone = models.CharField(_("telephone"), max_length=20, blank=True, default="", db_index=True)
    party_role = models.CharField(_("calls as"), max_length=10, choices=PartyRole, default=PartyRole.OTHER)
    text = models.TextField(_("what was said"))
    external_key = models.CharField(max_length=80, unique=True, null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [models.Index(fields=["customer", "-at"], name="contact_customer")]
        constraints = [
            models.CheckConstraint(name="contact_kinds", condition=Q(kind__in=ContactKind.values)),
            models.CheckConstraint(name="contact_channels", condition=Q(channel__in=Channel.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.caller_name}"


class Event(models.Model):
    """同一件事: what complaints of one party about one waybill are about (CMP-40).

    `key` is `<waybill id>:<category code>:<party>`; NULL for an event found by no key (no waybill or no party, or
    begun by a ticket that is a matter of its own). `last_sequence` counts all saved complaints, live or not
    (CMP-44, I12); the row is made and locked before a complaint takes its number in it.
    """

    key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    party = models.CharField(_("complaining party"), max_length=60, blank=True, default="")
    waybill = models.ForeignKey(
        Waybill,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaint_events",
        verbose_name=_("waybill"),
    )
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("category"))
    last_sequence = models.PositiveIntegerField(_("complaints so far"), default=0)
    opened_at = models.DateTimeField(_("opened"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = pgettext_lazy("complaint", "event")
        verbose_name_plural = pgettext_lazy("complaint", "events")

    def __str__(self) -> str:
        return f"{self.category} #{self.pk}"

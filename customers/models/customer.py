"""The customer file: who a customer is, whom one reaches there, and what they agreed to (CUS-01 … CUS-04)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from customers.choices import ConsentPurpose, CustomerKind, Difficulty, Standing, Tier
from servicecenter.kernel.masking import mask_address, mask_telephone
from servicecenter.search import search_field

DIGITS = r"^[0-9]{5,20}$"


class Customer(models.Model):
    """客户: a company or a person who ships, receives or asks (CUS-01). The tier is read only here (CUS-10 ff.)."""

    number = models.CharField(_("customer number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=CustomerKind)
    name = models.CharField(_("customer's name"), max_length=120)
    name_key = models.CharField(max_length=200, editable=False)
    tier = models.CharField(_("tier"), max_length=1, choices=Tier, blank=True, default="")
    tier_since = models.DateField(_("tier since"), null=True, blank=True)
    standing = models.CharField(_("standing"), max_length=10, choices=Standing, default=Standing.PROSPECT)
    last_shipped_on = models.DateField(_("last shipped on"), null=True, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True, default="")
    trade = models.CharField(_("trade"), max_length=60, blank=True, default="")
    account_manager = models.ForeignKey(
        "organization.Employee",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("account manager"),
    )
    difficult_mark = models.CharField(
        _("difficult customer"), max_length=10, choices=Difficulty, default=Difficulty.NONE
    )
    difficult_reason = models.CharField(_("reason of the mark"), max_length=300, blank=True, default="")
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("marked by"),
    )
    confirmed_at = models.DateTimeField(_("mark confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mark confirmed by"),
    )
    credit_note = models.CharField(_("credit"), max_length=300, blank=True, default="")
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

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            GinIndex(fields=["search"], name="customer_search"),
            models.Index(fields=["name_key", "id"], name="customer_name"),
            models.Index(fields=["-created_at", "-id"], name="customer_newest"),
            models.Index(fields=["standing", "last_shipped_on"], name="customer_standing"),
        ]
        constraints = [
            models.CheckConstraint(
                name="customer_number_form", condition=models.Q(number__regex=r"^KH-[0-9]{4,12}$")
            ),
            models.CheckConstraint(name="customer_named", condition=~models.Q(name="")),
            models.CheckConstraint(name="customer_kind", condition=models.Q(kind__in=CustomerKind.values)),
            models.CheckConstraint(name="customer_tier", condition=models.Q(tier__in=["", *Tier.values])),
            models.CheckConstraint(
                name="customer_tier_dated",
                condition=models.Q(tier="", tier_since=None)
                | (~models.Q(tier="") & models.Q(tier_since__isnull=False)),
            ),
            models.CheckConstraint(
                name="customer_standing_values", condition=models.Q(standing__in=Standing.values)
            ),
            models.CheckConstraint(
                name="customer_prospect_never_shipped",
                condition=models.Q(standing="closed")
                | models.Q(standing="prospect", last_shipped_on=None)
                | models.Q(standing__in=["active", "dormant"], last_shipped_on__isnull=False),
            ),
            models.CheckConstraint(
                name="customer_mark",
                condition=models.Q(
                    difficult_mark="none",
                    difficult_reason="",
                    marked_at=None,
                    marked_by=None,
                    confirmed_at=None,
                )
                | models.Q(difficult_mark="marked", marked_at__isnull=False, confirmed_at=None)
                & ~models.Q(difficult_reason="")
                | models.Q(difficult_mark="confirmed", marked_at__isnull=False, confirmed_at__isnull=False)
                & ~models.Q(difficult_reason=""),
            ),
            models.CheckConstraint(
                name="customer_mark_confirmed_by",
                condition=models.Q(confirmed_by=None) | models.Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ContactPerson(models.Model):
    """联系人: whom one speaks to at a customer. `is_finance`: may be told about the customer's money (PRV-05)."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="contact_people", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=60)
    role_title = models.CharField(_("position"), max_length=60, blank=True, default="")
    is_finance = models.BooleanField(_("finance: may be told about money"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact people")
        constraints = [
            models.CheckConstraint(name="contact_person_named", condition=~models.Q(name="")),
            # The target of the composite key that ties a telephone's person to the telephone's customer.
            models.UniqueConstraint(fields=["id", "customer"], name="contact_person_of_customer"),
        ]

    def __str__(self) -> str:
        return self.name


class Telephone(models.Model):
    """电话: normalised digits (`customers.domain.telephones`). The same number may belong to several customers."""

    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        db_index=False,  # the unique constraint begins with it
        related_name="telephones",
        verbose_name=_("customer"),
    )
    contact_person = models.ForeignKey(
        ContactPerson,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="telephones",
        verbose_name=_("contact person"),
    )
    number = models.CharField(_("telephone number"), max_length=20)
    extension = models.CharField(_("extension"), max_length=8, blank=True, default="")
    label = models.CharField(_("label"), max_length=30, blank=True, default="")

    REVEALABLE: ClassVar = {"number": mask_telephone}
    PERSONAL: ClassVar = REVEALABLE

    class Meta:
        verbose_name = _("telephone number")
        verbose_name_plural = _("telephone numbers")
        indexes = [
            models.Index(fields=["number"], name="telephone_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(Right("number", 4), name="telephone_last_four"),
        ]
        constraints = [
            models.CheckConstraint(name="telephone_digits", condition=models.Q(number__regex=DIGITS)),
            models.CheckConstraint(
                name="telephone_extension", condition=models.Q(extension__regex=r"^[0-9]{0,8}$")
            ),
            models.UniqueConstraint(fields=["customer", "number", "extension"], name="telephone_once"),
        ]

    def __str__(self) -> str:
        return self.number


class Address(models.Model):
    """地址: where goods are fetched or brought."""

    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        db_index=False,  # the unique constraint begins with it
        related_name="addresses",
        verbose_name=_("customer"),
    )
    label = models.CharField(_("label"), max_length=30, blank=True, default="")
    text = models.CharField(_("address"), max_length=200)

    REVEALABLE: ClassVar = {"text": mask_address}
    PERSONAL: ClassVar = REVEALABLE

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.CheckConstraint(name="address_text", condition=~models.Q(text="")),
            models.UniqueConstraint(fields=["customer", "text"], name="address_once"),
        ]

    def __str__(self) -> str:
        return self.text


class Consent(models.Model):
    """同意: for what the customer's data may be used, since when, until when (PRV-01)."""

    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        db_index=False,  # the unique constraint begins with it
        related_name="consents",
        verbose_name=_("customer"),
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=ConsentPurpose)
    given_on = models.DateField(_("given on"))
    until = models.DateField(_("until"), null=True, blank=True)
    means = models.CharField(_("how it was given"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                name="consent_purpose", condition=models.Q(purpose__in=ConsentPurpose.values)
            ),
            models.CheckConstraint(
                name="consent_dates",
                condition=models.Q(until=None) | models.Q(until__gte=models.F("given_on")),
            ),
            models.UniqueConstraint(fields=["customer", "purpose", "given_on"], name="consent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.given_on}"

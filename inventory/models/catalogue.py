"""What stock consists of and where it lies: items, suppliers, warehouses, places, and the table of categories."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.choices import Category, Colour, Direction, ItemClass, RepairClass, WarehouseKind
from servicecenter.i18n import LocalizedField, say
from servicecenter.search import search_field

USER = settings.AUTH_USER_MODEL
CODE = r"^[0-9A-Z][0-9A-Z._-]{1,29}$"


def who(label: Any) -> Any:
    """A user who did a step; none is the system."""
    return models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class Item(models.Model):
    """存货: what is kept in stock, by its code (INV-15, INV-16). Quantities are in `unit`, with three decimals.

    One `aux_unit` is `aux_factor` units (LED-12). `reserve_least` and `reserve_most` are the 储备定额 (INV-93).
    """

    code = models.CharField(_("item code"), max_length=30, unique=True)
    names = LocalizedField(_("item name"))
    name_key = models.CharField(max_length=200, db_index=True, editable=False, default="")
    spec = models.CharField(_("specification and model"), max_length=120, blank=True, default="")
    item_class = models.CharField(_("item class"), max_length=12, choices=ItemClass)
    repair_class = models.CharField(
        _("repair class"), max_length=6, choices=RepairClass, default=RepairClass.NONE
    )
    unit = models.CharField(_("unit"), max_length=10)
    aux_unit = models.CharField(_("auxiliary unit"), max_length=10, blank=True, default="")
    aux_factor = models.DecimalField(
        _("units in one auxiliary unit"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    reserve_least = models.DecimalField(
        _("least reserve"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    reserve_most = models.DecimalField(
        _("greatest reserve"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    closed_on = models.DateField(_("no longer used from"), null=True, blank=True)
    search_text = models.TextField(editable=False, default="")
    search = search_field()
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"))
    created_by = who(_("created by"))

    class Meta:
        verbose_name = _("stock item")
        verbose_name_plural = _("stock items")
        indexes = [GinIndex(fields=["search"], name="item_search")]
        constraints = [
            models.CheckConstraint(name="item_code_form", condition=models.Q(code__regex=CODE)),
            models.CheckConstraint(name="item_classes", condition=models.Q(item_class__in=ItemClass.values)),
            models.CheckConstraint(
                name="item_repair_classes", condition=models.Q(repair_class__in=RepairClass.values)
            ),
            models.CheckConstraint(name="item_unit", condition=~models.Q(unit="")),
            models.CheckConstraint(
                name="item_aux_pair",
                condition=models.Q(aux_unit="", aux_factor=None)
                | (~models.Q(aux_unit="") & models.Q(aux_factor__isnull=False, aux_factor__gt=0)),
            ),
            models.CheckConstraint(
                name="item_reserve",
                condition=(models.Q(reserve_least=None) | models.Q(reserve_least__gte=0))
                & (models.Q(reserve_most=None) | models.Q(reserve_most__gte=0))
                & (
                    models.Q(reserve_least=None)
                    | models.Q(reserve_most=None)
                    | models.Q(reserve_most__gte=models.F("reserve_least"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return say(self.names)


class Supplier(models.Model):
    """供应商: who goods are bought from (INV-20)."""

    code = models.CharField(_("supplier code"), max_length=30, unique=True)
    name = models.CharField(_("supplier"), max_length=120)
    name_key = models.CharField(max_length=200, db_index=True, editable=False, default="")
    search_text = models.TextField(editable=False, default="", db_default="")
    contact = models.CharField(_("contact person"), max_length=60, blank=True, default="")
    telephone = models.CharField(_("telephone"), max_length=30, blank=True, default="")
    remarks = models.CharField(_("remarks"), max_length=200, blank=True, default="")
    closed_on = models.DateField(_("no longer used from"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"))
    created_by = who(_("created by"))

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        constraints = [
            models.CheckConstraint(name="supplier_code_form", condition=models.Q(code__regex=CODE)),
            models.CheckConstraint(name="supplier_name", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class Warehouse(models.Model):
    """仓库 (库房): belongs to one node of the field-service tree (INV-06); sound and damaged stock lie apart (INV-100).

    The database keeps its kind for ever: the categories of its documents rest on it.
    """

    code = models.CharField(_("warehouse code"), max_length=30, unique=True)
    names = LocalizedField(_("warehouse name"))
    search_text = models.TextField(editable=False, default="", db_default="")
    department = models.ForeignKey(
        "organization.Department", models.PROTECT, related_name="warehouses", verbose_name=_("department")
    )
    kind = models.CharField(_("kind of warehouse"), max_length=12, choices=WarehouseKind)
    closed_on = models.DateField(_("no longer used from"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"))
    created_by = who(_("created by"))

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        constraints = [
            models.CheckConstraint(name="warehouse_code_form", condition=models.Q(code__regex=CODE)),
            models.CheckConstraint(name="warehouse_kinds", condition=models.Q(kind__in=WarehouseKind.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return say(self.names)


class CategoryRule(models.Model):
    """类别与库房对照: which category may use which kind of warehouse in which colour, for the guard (LED-13).

    Filled from `inventory.domain.categories.TABLE`; nobody edits it.
    """

    category = models.CharField(_("category"), max_length=24, choices=Category)
    warehouse_kind = models.CharField(_("kind of warehouse"), max_length=12, choices=WarehouseKind)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    colour = models.CharField(_("colour"), max_length=4, choices=Colour)
    is_transfer = models.BooleanField(_("of a transfer"))

    class Meta:
        verbose_name = _("category rule")
        verbose_name_plural = _("category rules")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "warehouse_kind", "colour"], name="category_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.warehouse_kind} {self.colour}"


class Place(models.Model):
    """货位: where in a warehouse an item lies (INV-09): as the newest audited inbound line said, or set by hand."""

    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="places", db_index=False, verbose_name=_("warehouse")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="places", verbose_name=_("item"))
    location = models.CharField(_("location"), max_length=40)

    class Meta:
        verbose_name = _("location of an item")
        verbose_name_plural = _("locations of items")
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "item"], name="place_once"),
            models.CheckConstraint(name="place_location", condition=~models.Q(location="")),
        ]

    def __str__(self) -> str:
        return self.location

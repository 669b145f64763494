"""What the stock's endpoints take. Limits of shape only; rules are the services' business."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inventory import choices
from inventory.api.door import (
    DepartmentReference,
    DocumentReference,
    ItemReference,
    SupplierReference,
    WarehouseReference,
)
from inventory.domain import categories
from inventory.domain.documents import MOST_LINES, Head, Line
from inventory.domain.transfers import TransferHead, TransferLineIn
from organization.services.names import texts


class StockVersion(serializers.Serializer[Any]):
    """`version`: the one you saw; an act on a newer record is then refused with `lifecycle.stale`."""

    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class StockReason(StockVersion):
    """Why."""

    reason = serializers.CharField(max_length=300)


class StockClaimInput(StockVersion):
    """The number of the waybill that the goods travelled with."""

    waybill = serializers.CharField(max_length=20)


class LineInput(serializers.Serializer[Any]):
    """A line: quantity in the item's unit, below zero on a red letter; `original_line` as read from the document."""

    code = serializers.CharField(max_length=30)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    price = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, allow_null=True, default=None
    )
    location = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    expires_on = serializers.DateField(required=False, allow_null=True, default=None)
    remarks = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    original_line = serializers.IntegerField(required=False, allow_null=True, default=None)


class NewDocumentInput(serializers.Serializer[Any]):
    """A new document as it is typed; what a category needs is said by `GET /stock/documents/categories/`."""

    category = serializers.ChoiceField(choices=choices.Category.choices)
    warehouse = WarehouseReference()
    business_date = serializers.DateField(required=False, allow_null=True, default=None)
    supplier = SupplierReference(required=False, allow_null=True, default=None)
    requisition = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    application = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    cause = serializers.ChoiceField(
        choices=choices.DamageCause.choices, required=False, allow_blank=True, default=""
    )
    use = serializers.ChoiceField(
        choices=choices.UseKind.choices, required=False, allow_blank=True, default=""
    )
    original = DocumentReference(required=False, allow_null=True, default=None)
    counted = serializers.BooleanField(default=False)
    remarks = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    lines = LineInput(many=True, max_length=MOST_LINES)  # type: ignore[call-arg]

    def head(self) -> Head:
        """As the service takes it."""
        said = self.validated_data
        return Head(
            category=said["category"],
            warehouse_id=said["warehouse"].pk,
            business_date=said["business_date"],
            supplier_id=said["supplier"].pk if said["supplier"] else None,
            requisition=said["requisition"],
            application=said["application"],
            cause=said["cause"],
            use=said["use"],
            original_id=said["original"].pk if said["original"] else None,
            counted=said["counted"],
            remarks=said["remarks"],
        )

    def rows(self) -> list[Line]:
        """The lines as the service takes them."""
        return [Line(**line) for line in self.validated_data["lines"]]

    def validate_category(self, value: str) -> str:
        """Only categories that a person begins."""
        if value not in categories.by_hand():
            raise serializers.ValidationError(_("A document of this category is not begun by hand."))
        return value


class DocumentInput(NewDocumentInput):
    """A saved document as a whole; its category stays. `version` is the one you saw."""

    version = serializers.IntegerField(required=False, allow_null=True, default=None)

    def validate_category(self, value: str) -> str:
        """Whatever it is."""
        return value


class BackInput(serializers.Serializer[Any]):
    """How much of a line goes back, as a positive quantity."""

    line = serializers.IntegerField(min_value=1)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)


class RedInput(serializers.Serializer[Any]):
    """A red letter; without `lines` everything that is left goes back."""

    reason = serializers.ChoiceField(choices=choices.RedReason.choices)
    business_date = serializers.DateField(required=False, allow_null=True, default=None)
    remarks = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    lines = BackInput(many=True, required=False, default=list)


class TransferLineInput(serializers.Serializer[Any]):
    """A line of a transfer."""

    code = serializers.CharField(max_length=30)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    remarks = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class TransferInput(StockVersion):
    """A transfer as it is typed: a directive names its requisition, an agreement stands in the remarks."""

    kind = serializers.ChoiceField(choices=choices.TransferKind.choices)
    source = WarehouseReference()  # type: ignore[assignment]
    target = WarehouseReference()
    business_date = serializers.DateField(required=False, allow_null=True, default=None)
    requisition = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    remarks = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    lines = TransferLineInput(many=True, max_length=MOST_LINES)  # type: ignore[call-arg]

    def head(self) -> TransferHead:
        """As the service takes it."""
        said = self.validated_data
        return TransferHead(
            kind=said["kind"],
            source_id=said["source"].pk,
            target_id=said["target"].pk,
            business_date=said["business_date"],
            requisition=said["requisition"],
            remarks=said["remarks"],
        )

    def rows(self) -> list[TransferLineIn]:
        """The lines as the service takes them."""
        return [TransferLineIn(**line) for line in self.validated_data["lines"]]


class LossInput(serializers.Serializer[Any]):
    """What is lost, by line of the transfer; without `lines` everything still in transit."""

    remarks = serializers.CharField(max_length=300)
    lines = BackInput(many=True, required=False, default=list)


class ItemInput(serializers.Serializer[Any]):
    """An item of the master."""

    names = serializers.DictField(child=serializers.CharField(max_length=60, allow_blank=True))
    item_class = serializers.ChoiceField(choices=choices.ItemClass.choices)
    spec = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    unit = serializers.CharField(max_length=10)
    aux_unit = serializers.CharField(max_length=10, required=False, allow_blank=True, default="")
    aux_factor = serializers.DecimalField(
        max_digits=14, decimal_places=3, required=False, allow_null=True, default=None
    )
    repair_class = serializers.ChoiceField(
        choices=choices.RepairClass.choices, default=choices.RepairClass.NONE
    )
    reserve_least = serializers.DecimalField(
        max_digits=14, decimal_places=3, required=False, allow_null=True, default=None
    )
    reserve_most = serializers.DecimalField(
        max_digits=14, decimal_places=3, required=False, allow_null=True, default=None
    )


class NewItemInput(ItemInput):
    """A new item with its code."""

    code = serializers.CharField(max_length=30)


class ItemChange(ItemInput):
    """A change; `version` is the one that was read."""

    version = serializers.IntegerField()
    closed_on = serializers.DateField(required=False, allow_null=True, default=None)


class SupplierInput(serializers.Serializer[Any]):
    """A supplier."""

    name = serializers.CharField(max_length=120)
    contact = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    telephone = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    remarks = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class NewSupplierInput(SupplierInput):
    """A new supplier with its code."""

    code = serializers.CharField(max_length=30)


class SupplierChange(SupplierInput):
    """A change; `version` is the one that was read."""

    version = serializers.IntegerField()
    closed_on = serializers.DateField(required=False, allow_null=True, default=None)


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string", "maxLength": 60}})
class WarehouseNames(serializers.DictField):
    """Names by language; traditional characters are drafted when they are left out (D16)."""

    child = serializers.CharField(max_length=60, allow_blank=True)

    def run_child_validation(self, data: Any) -> Any:
        """The names of all languages."""
        said = super().run_child_validation(data)
        drafted = texts(said.get("zh-Hans", ""), said.get("zh-Hant", ""), said.get("en", ""))
        return said | drafted


class NewWarehouseInput(serializers.Serializer[Any]):
    """A new warehouse; its kind never changes."""

    code = serializers.CharField(max_length=30)
    names = WarehouseNames()
    department = DepartmentReference()
    kind = serializers.ChoiceField(choices=choices.WarehouseKind.choices)


class WarehouseChange(serializers.Serializer[Any]):
    """A change; `version` is the one that was read."""

    version = serializers.IntegerField()
    names = WarehouseNames()
    department = DepartmentReference()
    closed_on = serializers.DateField(required=False, allow_null=True, default=None)


class PlaceInput(serializers.Serializer[Any]):
    """Where an item lies in the warehouse; empty takes it away."""

    item = ItemReference()
    location = serializers.CharField(max_length=40, allow_blank=True)

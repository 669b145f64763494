"""What the stock's endpoints share: rights, repeats told apart, references by their natural keys."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from inventory import queries
from inventory.filters import days_of
from inventory.models import Document, Item, Supplier, Warehouse
from inventory.permissions import Right
from organization.models import Department

READ = (Right.VIEW_STOCK, Right.VIEW_ALL_STOCK)
NUMBER = "[A-Za-z0-9-]+"
CODE = "[A-Za-z0-9._-]+"
REFUSED = OpenApiResponse(description="A rule refuses it: {code, message, fields}.")
SHORT = OpenApiResponse(
    description="A rule refuses it: {code, message, fields}; a shortage lists every short item in `short`."
)
FROM = OpenApiParameter("from", date, description="First day; without one the first of this month, or today.")
UNTIL = OpenApiParameter("until", date, description="Last day; without one today.")


def span(request: Any, *, month: bool) -> tuple[date, date]:
    """The days asked for."""
    return days_of(
        request.query_params.get("from", ""), request.query_params.get("until", ""), today=timezone.localdate(),
        month=month,
    )  # fmt: skip


def code_of(source: str, key: str = "code", **kwargs: Any) -> serializers.CharField:
    """A reference by its natural key; null where there is none."""
    return serializers.CharField(
        source=f"{source}.{key}", read_only=True, allow_null=True, default=None, **kwargs
    )


class WarehouseReference(serializers.SlugRelatedField[Warehouse]):
    """A warehouse that the user sees, by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Warehouse.objects.all(), **kwargs)

    def get_queryset(self) -> Any:
        """A foreign one is not there."""
        return queries.warehouses_visible_to(self.context["request"].user)


class SupplierReference(serializers.SlugRelatedField[Supplier]):
    """A supplier by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Supplier.objects.filter(closed_on=None), **kwargs)


class DocumentReference(serializers.SlugRelatedField[Document]):
    """A document that the user sees, by its number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="number", queryset=Document.objects.all(), **kwargs)

    def get_queryset(self) -> Any:
        """A foreign one is not there."""
        return queries.documents_visible_to(self.context["request"].user)


class ItemReference(serializers.SlugRelatedField[Item]):
    """An item by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Item.objects.all(), **kwargs)


class DepartmentReference(serializers.SlugRelatedField[Department]):
    """A department by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Department.objects.filter(closed_on=None), **kwargs)

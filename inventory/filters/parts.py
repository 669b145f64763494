"""What the filter sets of the stock share: a visible warehouse, days, who asks."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import QuerySet

from inventory import queries
from inventory.forms.parts import WarehouseField
from inventory.models import Warehouse
from servicecenter.filtering import ListFilter


def _warehouses(request: Any) -> QuerySet[Warehouse]:
    """What the asking user sees; none without one (the schema is drawn without)."""
    return queries.warehouses_visible_to(request.user) if request is not None else Warehouse.objects.none()


class WarehouseFilter(df.ModelChoiceFilter):
    """A warehouse that the user may see, its code in the address."""

    field_class = WarehouseField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=_warehouses,
            to_field_name="code",
            **kwargs,
        )


def day_range(label: Any, name: str) -> df.DateFromToRangeFilter:
    """From a day to a day, both included."""
    return df.DateFromToRangeFilter(
        label=label, field_name=name, widget=df.widgets.DateRangeWidget(attrs={"type": "date"})
    )


class ForUser(ListFilter):
    """A set that knows who asks."""

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user if user is not None else getattr(self.request, "user", None)

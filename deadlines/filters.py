"""What lists of clocks may be narrowed by; one set serves API and export."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from deadlines.choices import ClockKind, ClockState
from deadlines.models import Clock
from servicecenter.filtering import ListFilter, YesNoFilter


class ClockFilter(ListFilter):
    """Explicit filters of clocks: state, kind, number of the subject, due before or after, open, overdue now."""

    state = django_filters.MultipleChoiceFilter(choices=ClockState, label=_("state"))
    kind = django_filters.MultipleChoiceFilter(choices=ClockKind, label=_("clock"))
    number = django_filters.CharFilter(field_name="number", label=_("number"))
    due_before = django_filters.IsoDateTimeFilter(
        field_name="due_at", lookup_expr="lt", label=_("due before")
    )
    due_after = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="gte", label=_("due after"))
    is_open = YesNoFilter(field_name="ended_at", lookup_expr="isnull", label=_("not ended"))
    overdue = YesNoFilter(method="filter_overdue", label=_("overdue now"))

    class Meta:
        model = Clock
        fields: list[str] = []

    def filter_overdue(self, rows: QuerySet[Clock], name: str, value: bool) -> QuerySet[Clock]:
        """Running past its due by the database's clock, whatever the sweep has noticed so far."""
        late: dict[str, Any] = {"state": ClockState.RUNNING, "due_at__lte": Now()}
        return rows.filter(**late) if value else rows.exclude(**late)

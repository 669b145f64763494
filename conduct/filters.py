"""What the lists of sanctions and disqualifications may be narrowed by; page, API and export share it."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from conduct import queries
from conduct.choices import Measure, SanctionState
from conduct.models import MeritDisqualification, Sanction, Violation
from organization.filters import DepartmentFilter
from organization.models import Department
from servicecenter.filtering import ListFilter, YesNoFilter
from servicecenter.kernel.months import read_month


class MonthFilter(df.CharFilter):
    """A month as `2026-11`; what is no month finds nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month"}), **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Rows that count in the month."""
        if not value:
            return qs
        month = read_month(value)
        return qs.filter(**{self.field_name: month}) if month else qs.none()


class TargetFilter(DepartmentFilter):
    """A department and below: of the target itself, or of the person meant."""

    def filter(self, qs: QuerySet[Any], value: Department | None) -> QuerySet[Any]:
        """Rows of the subtree."""
        if value is None:
            return qs
        own = Q(target_department__path__startswith=value.path)
        return qs.filter(own | Q(target_employee__department__path__startswith=value.path))


def _violations() -> list[tuple[str, str]]:
    return [(row.code, str(row)) for row in Violation.objects.order_by("ordinal")]


class SanctionFilter(ListFilter):
    """Filters of sanctions; the queryset given holds only what the user may see."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    state = df.ChoiceFilter(label=_("State"), choices=SanctionState.choices, empty_label="")
    violation = df.ChoiceFilter(
        label=_("Violation"), field_name="violation__code", choices=_violations, empty_label=""
    )
    measure = df.ChoiceFilter(label=_("Measure"), choices=Measure.choices, empty_label="")
    department = TargetFilter(label=_("Department"), field_name="target_department")
    month = MonthFilter(label=_("Month"), field_name="month")

    class Meta:
        model = Sanction
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Sanction], name: str, value: str) -> QuerySet[Sanction]:
        """Number, source, person, work number."""
        return queries.search_sanctions(rows, value)


class DisqualificationFilter(ListFilter):
    """Filters of lost merit."""

    month = MonthFilter(label=_("Month"), field_name="month")
    department = TargetFilter(label=_("Department"), field_name="target_department")
    withdrawn = YesNoFilter(
        label=_("Restored"), field_name="withdrawn_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = MeritDisqualification
        fields: list[str] = []

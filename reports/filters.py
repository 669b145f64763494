"""What the list of reports can be filtered by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organization.filters import DepartmentFilter
from reports.choices import PeriodKind, ReportCode
from reports.models import Report
from servicecenter.filtering import ListFilter


class ReportFilter(ListFilter):
    """Reports by code, kind of period, days that they are about, and department."""

    code = django_filters.ChoiceFilter(label=_("Report"), choices=ReportCode.choices)
    kind = django_filters.ChoiceFilter(
        label=_("Kind of period"), field_name="period_kind", choices=PeriodKind.choices
    )
    about = django_filters.DateFromToRangeFilter(
        label=_("Period"),
        method="by_days",
        widget=django_filters.widgets.DateRangeWidget(attrs={"type": "date"}),
    )
    department = DepartmentFilter(label=_("Department"), field_name="department")

    class Meta:
        model = Report
        fields: list[str] = []

    def by_days(self, rows: QuerySet[Report], name: str, value: Any) -> QuerySet[Report]:
        """Those whose period touches the days."""
        if value.start is not None:
            rows = rows.filter(end__gte=value.start.date())
        if value.stop is not None:
            rows = rows.filter(start__lte=value.stop.date())
        return rows

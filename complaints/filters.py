"""One set of filters for pages, API, exports and saved views; ordering is not their business (D12)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints import choices, queries
from complaints.models import Category, Complaint, ServiceIncident
from conduct.filters import MonthFilter
from customers.choices import Tier
from organization.filters import DepartmentFilter, PersonFilter
from organization.models import Department
from servicecenter import ages
from servicecenter.clock import now_db
from servicecenter.filtering import ListFilter, YesNoFilter
from servicecenter.i18n import say
from servicecenter.prepared import Prepared

GROUPS = [
    ("open", _("not closed")),
    ("handling", _("in handling")),
    ("ended", _("closed, cancelled, merged")),
    ("live", _("neither cancelled nor merged")),
]
STANDING = "standing"
NO_TIER = "none"


CATEGORIES = Prepared(lambda: Category.objects.order_by("ordinal", "pk").values_list("code", "names"))


def _categories() -> list[tuple[str, str]]:
    return [(code, say(names)) for code, names in CATEGORIES.rows()]


class ComplaintFilter(ListFilter):
    """Filters of tickets. The querysets given already hold only what the user may see."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    queue = df.ChoiceFilter(label=_("Queue"), method="by_queue", widget=forms.HiddenInput)
    state = df.ChoiceFilter(
        label=_("State"),
        method="by_state",
        choices=[*GROUPS, *choices.ComplaintState.choices],
        empty_label="",
    )
    category = df.ChoiceFilter(
        label=_("Category"), field_name="category__code", choices=_categories, empty_label=""
    )
    age = df.ChoiceFilter(label=_("Age"), method="by_age", choices=ages.choices(queries.AGES), empty_label="")
    department = DepartmentFilter(label=_("Department"), field_name="department")
    concerned = DepartmentFilter(label=_("Department concerned"), method="by_concerned")
    tier = df.ChoiceFilter(
        label=_("Tier"), method="by_tier", choices=[*Tier.choices, (NO_TIER, _("ungraded"))], empty_label=""
    )
    registered = df.DateFromToRangeFilter(
        label=_("Registered"),
        field_name="registered_on",
        widget=df.widgets.DateRangeWidget(attrs={"type": "date"}),
    )
    channel = df.ChoiceFilter(label=_("Channel"), choices=choices.Channel.choices, empty_label="")
    owner = PersonFilter(label=_("Owner (name or work number)"), field_name="owner__employee")
    customer = df.CharFilter(
        label=_("Customer number"), field_name="customer__number", widget=forms.HiddenInput
    )
    waybill = df.CharFilter(label=_("Waybill number"), field_name="waybill__number", widget=forms.HiddenInput)
    about = df.CharFilter(
        label=_("Waybill, customer or telephone"), method="by_about", widget=forms.HiddenInput
    )
    second = YesNoFilter(label=_("Service incident"), field_name="is_incident")
    repeat = YesNoFilter(label=_("Second complaint"), method="by_repeat")
    undriven = YesNoFilter(
        label=_("Without owner, next step or clock"), method="by_undriven", widget=forms.HiddenInput
    )

    class Meta:
        model = Complaint
        fields: list[str] = []

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user if user is not None else getattr(self.request, "user", None)
        self.filters["queue"].extra["choices"] = [(code, code) for code in queries.QUEUES]

    def by_text(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        """Number, telephone, waybill, or words of the text."""
        return queries.search_rows(rows, value, user=self.user) if value.strip() else rows

    def by_queue(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        """One of the desk's queues."""
        return queries.QUEUES[value].rows(self.user, rows)

    def by_state(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        """One state, or a group of them."""
        if value == "open":
            return rows.filter(state__in=choices.OPEN_STATES)
        if value == "handling":
            return rows.filter(state__in=choices.HANDLING_STATES)
        if value == "ended":
            return rows.exclude(state__in=choices.OPEN_STATES)
        if value == "live":
            return rows.exclude(state__in=choices.DEAD_STATES)
        return rows.filter(state=value)

    def by_age(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        """So old since registration."""
        return rows.filter(queries.AGES[value].condition("registered_at", now_db()))

    def by_concerned(self, rows: QuerySet[Complaint], name: str, value: Department) -> QuerySet[Complaint]:
        """Which concern this very department: by the finding, else the complaint, else the routing (CMP-43)."""
        return rows.alias(concerned=queries.CONCERNED).filter(concerned=value.pk)

    def by_about(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        """Of any of these waybills, customers or telephones, parted by commas."""
        return queries.about(rows, value, user=self.user)

    def by_repeat(self, rows: QuerySet[Complaint], name: str, value: bool) -> QuerySet[Complaint]:
        """The second and every further complaint of an event, once that is confirmed (CMP-40)."""
        repeats = Q(sequence__gt=1, is_suspected=False)
        return rows.filter(repeats if value else ~repeats)

    def by_undriven(self, rows: QuerySet[Complaint], name: str, value: bool) -> QuerySet[Complaint]:
        """Defects (CMP-24): open, and nothing drives them."""
        return rows.filter(queries.UNDRIVEN) if value else rows

    def by_tier(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        """The tier fixed at registration (CMP-39)."""
        return rows.filter(tier="" if value == NO_TIER else value)


class IncidentFilter(ListFilter):
    """Filters of service incidents."""

    kind = df.ChoiceFilter(label=_("Kind"), choices=choices.IncidentKind.choices, empty_label="")
    state = df.ChoiceFilter(
        label=_("State"),
        method="by_state",
        choices=[(STANDING, _("not withdrawn")), *choices.IncidentState.choices],
        empty_label="",
    )
    category = df.ChoiceFilter(
        label=_("Category"), field_name="category__code", choices=_categories, empty_label=""
    )
    department = DepartmentFilter(label=_("Department"), field_name="department")
    month = MonthFilter(label=_("Month"), field_name="month")
    opened = df.DateFromToRangeFilter(
        label=pgettext_lazy("service incident", "opened"),
        field_name="opened_at",
        widget=df.widgets.DateRangeWidget(attrs={"type": "date"}),
    )

    class Meta:
        model = ServiceIncident
        fields: list[str] = []

    def by_state(self, rows: QuerySet[ServiceIncident], name: str, value: str) -> QuerySet[ServiceIncident]:
        """One state, or whatever has not been withdrawn."""
        if value == STANDING:
            return rows.exclude(state=choices.IncidentState.WITHDRAWN)
        return rows.filter(state=value)

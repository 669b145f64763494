"""What lists of customers and waybills may be narrowed by: page, API and export share it (D12)."""

from __future__ import annotations

from datetime import timedelta

import django_filters as df
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from customers import queries
from customers.choices import CodState, CustomerKind, Difficulty, ProposalState, Standing, Tier
from customers.models import Customer, TierProposal, Waybill
from customers.queries.tiers import visits_due
from organization.filters import DepartmentFilter, PersonFilter
from servicecenter.clock import business_date, now_db
from servicecenter.filtering import ListFilter, YesNoFilter

NO_TIER = "none"


class CustomerFilter(ListFilter):
    """Filters of customers; the queryset given holds only what the user may see."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    tier = df.ChoiceFilter(
        label=_("Tier"), method="by_tier", choices=[*Tier.choices, (NO_TIER, _("ungraded"))], empty_label=""
    )
    standing = df.ChoiceFilter(label=_("Standing"), choices=Standing.choices, empty_label="")
    kind = df.ChoiceFilter(label=_("Kind"), choices=CustomerKind.choices, empty_label="")
    mark = df.ChoiceFilter(
        label=_("Difficult customer"),
        field_name="difficult_mark",
        choices=[choice for choice in Difficulty.choices if choice[0] != Difficulty.NONE],
        empty_label="",
    )
    visit = df.ChoiceFilter(
        label=_("Visit"),
        method="by_visit",
        choices=[("overdue", _("overdue")), ("month", _("due within a month"))],
        empty_label="",
    )
    region = df.CharFilter(label=_("Region"), lookup_expr="startswith")
    manager = PersonFilter(label=_("Account manager (name or work number)"), field_name="account_manager")

    class Meta:
        model = Customer
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        """Number, telephone, name in signs or pinyin."""
        return queries.search_customers(rows, value)

    def by_visit(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        """Whom to visit: those whose visit is late, or due within a month (CUS-21)."""
        now = now_db()
        until = business_date(now) + timedelta(days=0 if value == "overdue" else 31)
        return visits_due(rows, until=until, at=now)

    def by_tier(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        """One tier; ungraded is not tier D (CUS-04)."""
        return rows.filter(tier="" if value == NO_TIER else value)


class ProposalFilter(ListFilter):
    """Filters of tier proposals; the queryset given holds only what the user may see."""

    state = df.ChoiceFilter(
        label=_("State"), choices=ProposalState.choices, empty_label=ProposalState.WAITING.label
    )
    tier = df.ChoiceFilter(label=_("Proposed tier"), choices=Tier.choices, empty_label="")
    before = df.ChoiceFilter(
        label=_("Tier before"),
        method="by_before",
        choices=[*Tier.choices, (NO_TIER, _("ungraded"))],
        empty_label="",
    )
    way = df.ChoiceFilter(
        label=_("Rises or falls"),
        method="by_way",
        choices=[("up", _("rises")), ("down", _("falls"))],
        empty_label="",
    )
    manager = PersonFilter(
        label=_("Account manager (name or work number)"), field_name="customer__account_manager"
    )

    class Meta:
        model = TierProposal
        fields: list[str] = []

    def by_before(self, rows: QuerySet[TierProposal], name: str, value: str) -> QuerySet[TierProposal]:
        """One tier; ungraded is not tier D (CUS-04)."""
        return rows.filter(tier_before="" if value == NO_TIER else value)

    def by_way(self, rows: QuerySet[TierProposal], name: str, value: str) -> QuerySet[TierProposal]:
        """A is above D; the first tier of an ungraded customer does neither."""
        if value == "up":
            return rows.filter(tier__lt=F("tier_before"))
        return rows.filter(tier__gt=F("tier_before")).exclude(tier_before="")


class WaybillFilter(ListFilter):
    """Filters of waybills; the queryset given holds only what the user may see."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    stub = YesNoFilter(label=_("Stub"), field_name="is_stub")
    cod = df.ChoiceFilter(
        label=_("COD money"), field_name="cod_state", choices=CodState.choices, empty_label=""
    )
    shipped = df.DateFromToRangeFilter(
        label=_("Shipped on"),
        field_name="shipped_on",
        widget=df.widgets.DateRangeWidget(attrs={"type": "date"}),
    )
    origin = DepartmentFilter(label=_("Origin branch"), field_name="origin")
    destination = DepartmentFilter(label=_("Destination branch"), field_name="destination")
    customer = df.CharFilter(label=_("Customer number"), method="by_customer", widget=forms.HiddenInput)

    class Meta:
        model = Waybill
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Waybill], name: str, value: str) -> QuerySet[Waybill]:
        """Number, telephone, names, goods, places."""
        return queries.search_waybills(rows, value)

    def by_customer(self, rows: QuerySet[Waybill], name: str, value: str) -> QuerySet[Waybill]:
        """What a customer sent or received."""
        return rows.filter(Q(consignor__number=value) | Q(consignee__number=value))

"""One set of filters for pages, API and saved views; ordering is not their business (D12)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims import choices, queries
from claims.models import Claim, OwnSettlement, Voucher
from claims.permissions import may_see_liability
from claims.queries.accounts import of_key
from claims.queries.vouchers import search_vouchers
from organization.filters import DepartmentFilter, PersonFilter
from servicecenter import ages
from servicecenter.clock import now_db
from servicecenter.filtering import ListFilter, YesNoFilter

UNPAID = "unpaid"


class ClaimFilter(ListFilter):
    """Filters of claims. The querysets given already hold only what the user may see."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    queue = df.ChoiceFilter(label=_("Queue"), method="by_queue", widget=forms.HiddenInput)
    state = df.ChoiceFilter(
        label=_("Payout"),
        method="by_state",
        choices=[(UNPAID, _("not yet paid")), *choices.PayoutState.choices],
        empty_label="",
    )
    age = df.ChoiceFilter(label=_("Age"), method="by_age", choices=ages.choices(queries.AGES), empty_label="")
    liability = df.ChoiceFilter(
        label=_("Liability"),
        field_name="liability_state",
        choices=choices.LiabilityState.choices,
        empty_label="",
    )
    kind = df.ChoiceFilter(label=_("Kind"), choices=choices.ClaimKind.choices, empty_label="")
    branch = DepartmentFilter(label=_("Branch"), field_name="branch")
    adjuster = PersonFilter(label=_("Adjuster (name or work number)"), field_name="adjuster__employee")
    reported = df.DateFromToRangeFilter(
        label=_("Reported"),
        field_name="reported_on",
        widget=df.widgets.DateRangeWidget(attrs={"type": "date"}),
    )
    waybill = df.CharFilter(label=_("Waybill number"), field_name="waybill__number", widget=forms.HiddenInput)
    customer = df.CharFilter(
        label=_("Customer number"), field_name="customer__number", widget=forms.HiddenInput
    )
    complaint = df.CharFilter(
        label=_("Complaint number"), field_name="complaint__number", widget=forms.HiddenInput
    )
    to_recover = YesNoFilter(label=_("Shares to recover"), method="by_to_recover", widget=forms.HiddenInput)

    owed_by = df.CharFilter(label=_("Liable party"), method="by_owed_by", widget=forms.HiddenInput)

    class Meta:
        model = Claim
        fields: list[str] = []

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user if user is not None else getattr(self.request, "user", None)
        self.filters["queue"].extra["choices"] = [(code, code) for code in queries.QUEUES]

    def by_text(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """Number, waybill, voucher, or words."""
        return queries.search_claims(rows, value) if value.strip() else rows

    def by_state(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """One state of the payout, or open claims of which nothing has been paid yet."""
        return rows.filter(queries.UNPAID if value == UNPAID else Q(state=value))

    def by_age(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """So old since it was reported."""
        return rows.filter(queries.AGES[value].condition("reported_at", now_db()))

    def by_to_recover(self, rows: QuerySet[Claim], name: str, value: bool) -> QuerySet[Claim]:
        """Of which a party still owes its share; for those alone who see liability (CLM-07)."""
        if not value:
            return rows
        return queries.with_shares_to_recover(rows) if may_see_liability(self.user) else rows.none()

    def by_owed_by(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """Of which this party, named by the key of its account sheet, still owes its share; as closed as the others."""
        party = of_key(value)
        if party is None or not may_see_liability(self.user):
            return rows.none()
        return queries.with_shares_to_recover(rows, party)

    def by_queue(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """One of the desk's queues."""
        return queries.QUEUES[value].rows(self.user, rows)


class SettlementFilter(ListFilter):
    """Filters of settlements without a claim."""

    settled_by = df.ChoiceFilter(label=_("Settled by"), choices=choices.SettledBy.choices, empty_label="")
    department = DepartmentFilter(label=_("Branch or market"), field_name="department")
    settled = df.DateFromToRangeFilter(
        label=_("Settled"),
        field_name="settled_on",
        widget=df.widgets.DateRangeWidget(attrs={"type": "date"}),
    )

    class Meta:
        model = OwnSettlement
        fields: list[str] = []


class VoucherFilter(ListFilter):
    """Filters of vouchers."""

    q = df.CharFilter(label=_("Search"), method="by_text", widget=forms.HiddenInput)
    number = df.CharFilter(label=_("Number"), lookup_expr="istartswith")
    state = df.ChoiceFilter(label=_("State"), choices=choices.VoucherState.choices, empty_label="")
    branch = DepartmentFilter(label=_("Branch"), field_name="branch")
    paid = df.DateFromToRangeFilter(
        label=_("Paid"), field_name="paid_at", widget=df.widgets.DateRangeWidget(attrs={"type": "date"})
    )
    expiring = df.NumberFilter(
        label=_("Expires within days"),
        method="by_days",
        min_value=0,
        max_value=365,
    )

    class Meta:
        model = Voucher
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Voucher], name: str, value: str) -> QuerySet[Voucher]:
        """Number, claim, waybill, payee."""
        return search_vouchers(rows, value)

    def by_days(self, rows: QuerySet[Voucher], name: str, value: Any) -> QuerySet[Voucher]:
        """Outstanding ones whose validity ends within so many days."""
        return queries.expiring_within(rows, days=int(value))

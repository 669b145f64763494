"""The management board: months, categories by departments, second complaints, cost of claims, tiers (RPT-21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from claims.models import Voucher
from complaints import queries as complaints
from complaints.choices import DEAD_STATES
from complaints.models import Category, Complaint, ServiceIncident
from customers.models import Customer
from organization.models import Department
from reports.domain.boards import MONTHS, Month, MonthCell, rolled_up
from reports.queries.boards import Figure, Reading, read
from servicecenter import kept
from servicecenter.clock import business_date, centre_zone, now_db
from servicecenter.kernel.months import last_day, months_until

COSTS, TIERS, MONTHS_KEPT = "board.costs", "board.tiers", "board.months"
MONTH = "board.month."


def name_of(month: date) -> str:
    """Under which name a month's cells are kept."""
    return f"{MONTH}{month:%Y-%m}"


def read_months(months: Iterable[date]) -> dict[date, Month]:
    """The live complaints registered in each of the months, by category and department concerned, and by tier.

    One statement over the rows of these months alone.
    """
    wanted = Q(pk__in=[])
    found: dict[date, list[Any]] = {}
    for month in months:
        wanted |= Q(registered_on__range=(month, last_day(month)))
        found[month] = []
    rows = (
        Complaint.objects.filter(wanted)
        .exclude(state__in=DEAD_STATES)
        .annotate(month=TruncMonth("registered_on"), concerned=complaints.CONCERNED)
        .values_list("month", "category__code", "concerned", "tier")
        .annotate(n=Count("pk"), second=Count("pk", filter=Q(sequence__gt=1, is_suspected=False)))
        .order_by()
    )
    for month, *group in rows:
        found[month].append(group)
    return {month: rolled_up(groups) for month, groups in found.items()}


def as_kept(month: Month) -> dict[str, Any]:
    """A month as it is kept."""
    cells = [[cell.category, cell.department, cell.count, cell.second] for cell in month.cells]
    return {"cells": cells, "tiers": month.tiers}


def from_kept(value: Mapping[str, Any]) -> Month:
    """The month that was kept."""
    return Month([MonthCell(*cell) for cell in value["cells"]], value["tiers"])


def keep_months() -> dict[str, Any]:
    """Keep this month anew, and with it the past month that was kept longest ago.

    A month that has ended hardly changes, but it may: a ticket is merged, a finding names another department. So the
    eleven past months are gone over in turn, one each minute; those never kept yet all at once. Months that are no
    longer shown are forgotten. Answers which months were kept.
    """
    months = months_until(business_date(now_db()), MONTHS)
    *past, current = months
    known = kept.values(*(name_of(month) for month in months))
    missing = [month for month in past if name_of(month) not in known]
    stalest = min(past, key=lambda month: known[name_of(month)].computed_at) if not missing else None
    due = [*missing, *([stalest] if stalest else []), current]
    for month, found in read_months(due).items():
        kept.keep(name_of(month), as_kept(found))
    kept.forget(MONTH, but=[name_of(month) for month in months])
    return {"months": [f"{month:%Y-%m}" for month in due]}


def costs(user: Any = None) -> dict[str, Any]:
    """What was paid for claims in each of the last twelve months: vouchers and their sum, by month of payment."""
    months = months_until(business_date(now_db()), MONTHS)
    start = datetime.combine(months[0], time.min, tzinfo=centre_zone())
    rows = (
        Voucher.objects.filter(state="paid", paid_at__gte=start)
        .annotate(paid_in=TruncMonth("paid_at", tzinfo=centre_zone()))
        .values_list("paid_in")
        .annotate(n=Count("pk"), amount=Sum("amount"))
        .order_by()
    )
    found = {f"{month:%Y-%m}": [0, Decimal("0.00")] for month in months}
    for month, count, amount in rows:
        found[f"{month:%Y-%m}"] = [count, amount]
    return found


def tiers(user: Any = None) -> dict[str, int]:
    """How many customers each tier has; '' is ungraded."""
    rows = Customer.objects.values_list("tier").annotate(n=Count("pk")).order_by()
    return dict(rows)


def no_months(user: Any = None) -> dict[str, Any]:
    """Where no month has been kept yet, the board asks for them all."""
    return {}


# The months' own rows come along; that they were kept tells their age.
FIGURES: dict[str, Figure] = {COSTS: costs, TIERS: tiers, MONTHS_KEPT: no_months}


@dataclass(frozen=True)
class ManagementBoard:
    """The twelve months (the oldest first), costs and tiers, with the names to read them by."""

    reading: Reading
    months: Sequence[date]
    figures: Mapping[date, Month]
    categories: Sequence[Category]
    departments: Mapping[int, Department]
    # (category, department) of the recurrences that stand.
    recurring: frozenset[tuple[str, int]]

    @property
    def costs(self) -> Mapping[str, Sequence[Any]]:
        """Month → (number, sum)."""
        found: Mapping[str, Sequence[Any]] = self.reading.values[COSTS]
        return found

    @property
    def tiers(self) -> Mapping[str, int]:
        """Tier → customers."""
        found: Mapping[str, int] = self.reading.values[TIERS]
        return found

    def count(self, months: Iterable[date]) -> int:
        """The complaints of some months."""
        return sum(self.figures[month].count for month in months)

    def second(self, months: Iterable[date]) -> int:
        """The second complaints of some months."""
        return sum(self.figures[month].second for month in months)

    def heat(self, months: Iterable[date]) -> Counter[tuple[str, int | None]]:
        """Complaints by category and department."""
        found: Counter[tuple[str, int | None]] = Counter()
        for month in months:
            for cell in self.figures[month].cells:
                found[cell.category, cell.department] += cell.count
        return found

    def by_tier(self, months: Iterable[date]) -> dict[str, tuple[int, int]]:
        """Complaints and second ones by tier."""
        found: dict[str, tuple[int, int]] = {}
        for month in months:
            for tier, (count, second) in self.figures[month].tiers.items():
                before = found.get(tier, (0, 0))
                found[tier] = (before[0] + count, before[1] + second)
        return found


def management_board(user: Any) -> ManagementBoard:
    """The board of the whole company: the kept numbers in one statement, then the names."""
    months = months_until(business_date(now_db()), MONTHS)
    reading = read(user, FIGURES, whole=True, more=[name_of(month) for month in months])
    figures = {
        month: from_kept(reading.values[name_of(month)])
        for month in months
        if name_of(month) in reading.values
    }
    if missing := [month for month in months if month not in figures]:
        figures |= read_months(missing)
    seen = {cell.department for month in figures.values() for cell in month.cells if cell.department}
    recurring = ServiceIncident.objects.filter(kind="recurrence", state="confirmed")
    return ManagementBoard(
        reading=reading,
        months=months,
        figures=figures,
        categories=list(Category.objects.order_by("ordinal", "pk")),
        departments={row.pk: row for row in Department.objects.filter(pk__in=seen)},
        recurring=frozenset(recurring.values_list("category__code", "department_id")),
    )

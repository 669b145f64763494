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
from reports.domain.boards import MonthCell, last_day, months_until
from reports.queries.boards import Figure, Reading, read
from servicecenter import kept
from servicecenter.clock import business_date, centre_zone, now_db

COSTS, TIERS, MONTHS_KEPT = "board.costs", "board.tiers", "board.months"
MONTH = "board.month."


def name_of(month: date) -> str:
    """Under which name a month's cells are kept."""
    return f"{MONTH}{month:%Y-%m}"


def month_cells(months: Iterable[date]) -> dict[date, list[MonthCell]]:
    """The live complaints registered in each of the months, by category, department concerned and tier.

    One statement over the rows of these months alone.
    """
    wanted = Q(pk__in=[])
    found: dict[date, list[MonthCell]] = {}
    for month in months:
        wanted |= Q(registered_on__range=(month, last_day(month)))
        found[month] = []
    rows = (
        Complaint.objects.filter(wanted)
        .exclude(state__in=DEAD_STATES)
        .annotate(month=TruncMonth("registered_on"), concerned=complaints.CONCERNED)
        .values_list("month", "category__code", "concerned", "tier")
        .annotate(n=Count("pk"), second=Count("pk", filter=Q(sequence__gt=1, is_suspected=False)))
        .order_by("month", "category__code", "concerned", "tier")
    )
    for month, *cell in rows:
        found[month].append(MonthCell(*cell))
    return found


def as_kept(cells: Iterable[MonthCell]) -> list[list[Any]]:
    """A month's cells as they are kept."""
    return [[cell.category, cell.department, cell.tier, cell.count, cell.second] for cell in cells]


def keep_months() -> dict[str, Any]:
    """Keep this month's cells anew, and with them those of the past month that was kept longest ago.

    A month that has ended hardly changes, but it may: a ticket is merged, a finding names another department. So the
    eleven past months are gone over in turn, one each minute; those never kept yet all at once. Months that are no
    longer shown are forgotten. Answers which months were kept.
    """
    months = months_until(business_date(now_db()))
    *past, current = months
    known = kept.values(*(name_of(month) for month in months))
    missing = [month for month in past if name_of(month) not in known]
    stalest = min(past, key=lambda month: known[name_of(month)].computed_at) if not missing else None
    due = [*missing, *([stalest] if stalest else []), current]
    for month, cells in month_cells(due).items():
        kept.keep(name_of(month), as_kept(cells))
    kept.forget(MONTH, but=[name_of(month) for month in months])
    return {"months": [f"{month:%Y-%m}" for month in due]}


def costs(user: Any = None) -> dict[str, Any]:
    """What was paid for claims in each of the last twelve months: vouchers and their sum, by month of payment."""
    months = months_until(business_date(now_db()))
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
    """Cells of the twelve months (the oldest first), costs and tiers, with the names to read them by."""

    reading: Reading
    months: Sequence[date]
    cells: Mapping[date, Sequence[MonthCell]]
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

    def count(self, months: Iterable[date], what: str = "count", by: str = "") -> Any:
        """The sum over months of complaints (or `what`); `by` heat or tier: a Counter of its cells or tiers."""
        found: Counter[Any] = Counter()
        for month in months:
            for cell in self.cells[month]:
                key = {"heat": (cell.category, cell.department), "tier": cell.tier}.get(by)
                found[key] += getattr(cell, what)
        return found if by else found[None]


def management_board(user: Any) -> ManagementBoard:
    """The board of the whole company: the kept numbers in one statement, then the names."""
    months = months_until(business_date(now_db()))
    reading = read(user, FIGURES, whole=True, more=[name_of(month) for month in months])
    cells = {
        month: [MonthCell(*cell) for cell in reading.values[name_of(month)]]
        for month in months
        if name_of(month) in reading.values
    }
    if missing := [month for month in months if month not in cells]:
        cells |= month_cells(missing)
    seen = {cell.department for found in cells.values() for cell in found if cell.department}
    recurring = ServiceIncident.objects.filter(kind="recurrence", state="confirmed")
    return ManagementBoard(
        reading=reading,
        months=months,
        cells=cells,
        categories=list(Category.objects.order_by("ordinal", "pk")),
        departments={row.pk: row for row in Department.objects.filter(pk__in=seen)},
        recurring=frozenset(recurring.values_list("category__code", "department_id")),
    )

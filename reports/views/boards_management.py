"""The management board (RPT-21): months, categories by departments, second complaints, cost of claims, tiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims.queries import sees_all_vouchers
from complaints.permissions import scope_of
from customers.choices import Tier
from customers.permissions import Right as Customers
from organization.permissions import me
from organization.views.door import demand, needs
from reports.domain.boards import MONTHS, since_the_beginning
from reports.permissions import Right
from reports.queries.boards_management import ManagementBoard, management_board
from reports.views.boards_parts import Tile, address, between, shown
from servicecenter import charts, figures
from servicecenter.components import Tab
from servicecenter.kernel.months import last_day

LIST = "complaint-list"
# How many months the period may have; the usual one first.
PERIODS = (3, 1, 12)
# Departments in the heat map: those most concerned.
MOST_DEPARTMENTS = 10
# An axis of counts ends no lower, so that it counts in ones.
LEAST_TOP = 4
# A line over time has no fewer months.
LEAST_POINTS = 3


@needs(Right.VIEW_MANAGEMENT_BOARD)
@require_GET
def management(request: HttpRequest) -> HttpResponse:
    """The whole company's, for who sees every complaint."""
    user = me(request)
    demand(scope_of(user).is_unlimited)
    asked = request.GET.get("months", "")
    count = int(asked) if asked in {str(known) for known in PERIODS} else PERIODS[0]
    found = management_board(user)
    months = found.months[-count:]
    pays = sees_all_vouchers(user)
    # a line needs some points: the axis has the months chosen, and three at least
    axis = found.months[-max(count, LEAST_POINTS) :]
    costs = {name: found.costs[name] for month in axis if (name := f"{month:%Y-%m}") in found.costs}
    context = {
        "period": (months[0], last_day(months[-1])),
        "periods": periods(count),
        "trend": trend(found, axis, found.count, _("Complaints by month"), _("complaints"), width=680),
        "seconds": trend(
            found, axis, found.second, _("Second complaints by month"), _("second complaints"), width=480
        ),
        "heat": heat(found, months),
        "is_marked": bool(found.recurring),
        "costs": cost_trend(costs),
        "cost_rows": cost_rows(costs, pays=pays),
        "tier_rows": tier_rows(found, months, sees_customers=user.has_right(Customers.VIEW_CUSTOMER)),
    }
    return shown(
        request,
        "management",
        reading=found.reading,
        tiles=tiles(found, months, pays=pays),
        context=context,
    )


def periods(current: int) -> list[Tab]:
    """The periods to choose from."""
    words = {1: _("this month"), 3: _("3 months"), MONTHS: _("12 months")}
    here = reverse("board-management")
    return [
        Tab(words[count], f"{here}?months={count}", current=count == current) for count in sorted(PERIODS)
    ]


def days_of(months: Sequence[date]) -> dict[str, str]:
    """The months as the complaint list is narrowed to them: those that count."""
    return {"state": "live", **between("registered", months[0], last_day(months[-1]))}


def tiles(found: ManagementBoard, months: Sequence[date], *, pays: bool) -> list[Tile]:
    """Complaints, second complaints, claims paid and customers, of the period, beside the one before."""
    before = found.months[-2 * len(months) : -len(months)]
    count, second = found.count(months), found.second(months)
    vouchers = [found.costs[f"{month:%Y-%m}"] for month in months]
    paid = sum((Decimal(amount) for _count, amount in vouchers), start=Decimal(0))
    return [
        Tile(
            "complaints",
            _("Complaints"),
            count,
            _("period before: %(n)s") % {"n": figures.count(found.count(before))}
            if len(before) == len(months)
            else "",
            address(LIST, **days_of(months)),
        ),
        Tile(
            "seconds",
            _("Second complaints"),
            second,
            _("%(share)s of all") % {"share": charts.percent(round(100 * second / count, 1))}
            if count
            else "",
            address(LIST, repeat="true", **days_of(months)),
            "hot",
        ),
        Tile(
            "paid",
            _("Paid for claims"),
            figures.money(paid),
            _("%(n)s vouchers") % {"n": figures.count(sum(number for number, _amount in vouchers))},
            paid_address(months) if pays else "",
        ),
        Tile(
            "recurring",
            _("Recurrences that stand"),
            len(found.recurring),
            _("a category again and again in one department"),
            address("incident-list", kind="recurrence", state="confirmed"),
            "warn",
        ),
    ]


def paid_address(months: Sequence[date]) -> str:
    """The vouchers paid in these months."""
    return address("voucher-list", state="paid", **between("paid", months[0], last_day(months[-1])))


def trend(
    found: ManagementBoard,
    months: Sequence[date],
    figure: Callable[[list[date]], int],
    title: str,
    name: str,
    *,
    width: int,
) -> charts.Chart:
    """The months as a line; the one that runs is not over, and those before the first complaint are not known."""
    known = since_the_beginning([found.count([month]) for month in found.months])[-len(months) :]
    values = [None if count is None else figure([month]) for month, count in zip(months, known, strict=True)]
    return charts.line(
        [f"{month:%Y-%m}" for month in months],
        [charts.Line(name, values, area=True)],
        title=title,
        high=max(LEAST_TOP, *(value or 0 for value in values)),
        width=width,
        height=200,
        last_value=True,
    )


def heat(found: ManagementBoard, months: Sequence[date]) -> Any:
    """Categories by departments concerned; a recurrence that stands is ringed. '' without a complaint."""
    cells = found.heat(months)
    weights: dict[int | None, int] = {}
    for (_category, department), count in cells.items():
        weights[department] = weights.get(department, 0) + count
    columns = sorted(
        (pk for pk in weights if pk in found.departments), key=lambda pk: (-weights[pk], pk or 0)
    )[:MOST_DEPARTMENTS]
    rows = []
    for category in found.categories:
        line = [
            charts.Cell(
                cells[category.code, pk],
                address(
                    LIST,
                    category=category.code,
                    concerned=found.departments[pk].code,
                    **days_of(months),
                ),
                marked=(category.code, pk) in found.recurring,
            )
            for pk in columns
            if pk is not None
        ]
        if any(cell.value or cell.marked for cell in line):
            rows.append((str(category), line))
    if not rows:
        return ""
    names = [found.departments[pk].name for pk in columns if pk is not None]
    return charts.heat(names, rows, title=_("Complaints by category and department concerned"))


def cost_trend(months: Mapping[str, Sequence[Any]]) -> charts.Chart:
    """What was paid for claims, month by month."""
    names = sorted(months)
    known = since_the_beginning([months[name][0] for name in names])
    # the axis begins where the payments do
    begun = min(sum(count is None for count in known), max(len(names) - LEAST_POINTS, 0))
    names, known = names[begun:], known[begun:]
    amounts = [
        None if count is None else float(months[name][1]) for name, count in zip(names, known, strict=True)
    ]
    return charts.line(
        names,
        [charts.Line(_("paid for claims"), amounts, area=True)],
        title=_("Paid for claims by month"),
        width=480,
        height=200,
        say=lambda amount: figures.money(Decimal(str(amount))).removesuffix(".00"),
        last_value=True,
    )


def cost_rows(months: Mapping[str, Sequence[Any]], *, pays: bool) -> list[dict[str, Any]]:
    """The same as rows that lead to the vouchers, the newest first."""
    return [
        {
            "month": name,
            "count": count,
            "url": paid_address([date.fromisoformat(f"{name}-01")]) if pays and count else "",
            "amount": figures.money(Decimal(amount)),
        }
        for name, (count, amount) in sorted(months.items(), reverse=True)
    ]


def tier_rows(
    found: ManagementBoard, months: Sequence[date], *, sees_customers: bool
) -> list[dict[str, Any]]:
    """Each tier: its customers, its complaints in the period and the second ones among them, with their rows."""
    by_tier = found.by_tier(months)
    rows = []
    for code in [*Tier.values, ""]:
        told, (count, second) = code or "none", by_tier.get(code, (0, 0))
        rows.append(
            {
                "tier": code,
                "customers": found.tiers.get(code, 0),
                "customers_url": address("customer-list", tier=told) if sees_customers else "",
                "count": count,
                "count_url": address(LIST, tier=told, **days_of(months)),
                "second": second,
                "second_url": address(LIST, tier=told, repeat="true", **days_of(months)),
            }
        )
    return rows

"""Counts as lists and pages show them: what is left, what differs, what moved since (INV-50 to INV-58, LED-07)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from inventory.choices import CountKind, CountState
from inventory.domain import counting
from inventory.domain.categories import COUNTED_KINDS
from inventory.models import Balance, Document, LedgerEntry, Stocktake, StocktakeLine, Warehouse
from inventory.permissions import Right, can_draft, may
from inventory.queries.named import is_figures, numbered, of_warehouses
from inventory.queries.scope import warehouse_ids, warehouses_visible_to
from organization.choices import DepartmentKind
from organization.queries import within
from servicecenter.clock import business_date
from servicecenter.kernel.lifecycle import Answer
from servicecenter.kernel.months import add_months, last_day, month_of
from servicecenter.keyset import Order
from servicecenter.ports import Hit
from servicecenter.subjects import Subject, kind_of

COUNT_ORDERS = {"newest": Order("newest", ("created_at",), descending=True)}
LINE_ORDERS = {"lines": Order("lines", ("ordinal",))}
JOINED = (
    "warehouse__department",
    "created_by__employee",
    "counted_by__employee",
    "submitted_by__employee",
    "approved_by__employee",
    "voided_by__employee",
)
NEAR_DAYS = 5
DIFFERS = ~Q(difference=0) & Q(difference__isnull=False)


def stocktakes_visible_to(user: Any) -> QuerySet[Stocktake]:
    """Counts of the visible warehouses."""
    ids = warehouse_ids(user)
    rows = Stocktake.objects.all()
    return rows if ids is None else rows.filter(warehouse_id__in=ids)


def stocktake_rows(rows: QuerySet[Stocktake]) -> QuerySet[Stocktake]:
    """The rows of a list: how many lines, how many counted, how many differ."""
    lines = StocktakeLine.objects.filter(stocktake=OuterRef("pk")).order_by().values("stocktake")

    def count(condition: Q | None = None) -> Coalesce:
        counted = lines.annotate(n=Count("pk", filter=condition)).values("n")
        return Coalesce(counted, Value(0), output_field=IntegerField())

    return rows.select_related(*JOINED).annotate(
        line_count=count(), counted_count=count(Q(counted__isnull=False)), differing=count(DIFFERS)
    )


def search_stocktakes(rows: QuerySet[Stocktake], text: str) -> QuerySet[Stocktake]:
    """Counts of a number (its beginning, figure, last four), of a warehouse's name, with a line of an item's code."""
    word = text.strip().upper()
    if not word:
        return rows
    lines = StocktakeLine.objects.filter(item__code=word)
    return rows.filter(_found(text) | Q(pk__in=lines.values("stocktake")))


def _found(text: str) -> Q:
    """By number, by the name of the warehouse."""
    found = numbered(text)
    return found if is_figures(text) else found | of_warehouses(text, "warehouse")


def moved_since(stocktake: Stocktake) -> Exists:
    """Whether something of a line moved after its book quantity was taken, and before the approval (LED-07)."""
    later = LedgerEntry.objects.filter(
        warehouse_id=stocktake.warehouse_id, item_id=OuterRef("item_id"), pk__gt=OuterRef("position")
    )
    if stocktake.approved_at is not None:
        later = later.exclude(document__stocktake=stocktake).filter(posted_at__lt=stocktake.approved_at)
    return Exists(later)


def stocktake_lines(stocktake: Stocktake) -> QuerySet[StocktakeLine]:
    """The lines with their items; `moved`: something of it moved since (LED-07)."""
    rows = StocktakeLine.objects.filter(stocktake=stocktake).select_related("item", "counted_by__employee")
    return rows.annotate(moved=moved_since(stocktake))


def stocktake_rights(user: Any | None, stocktake: Stocktake) -> Callable[[str], bool]:
    """Answers the lifecycle's questions: the store counts, the department approves or has it counted again."""
    store = stocktake.warehouse

    def has_right(right: str) -> bool:
        if right == counting.COUNT:
            return can_draft(user, store)
        if right == counting.AGAIN:
            return can_draft(user, store) or may(user, Right.APPROVE_DOCUMENT, store)
        return may(user, right, store)

    return has_right


@dataclass(frozen=True)
class CountTotals:
    """The head of a count: lines, counted, differing, moved since; what was found more and less."""

    lines: int
    counted: int
    differing: int
    unexplained: int
    surplus: Decimal
    shortage: Decimal

    @property
    def uncounted(self) -> int:
        """What is still to count."""
        return self.lines - self.counted


def stocktake_totals(stocktake: Stocktake) -> CountTotals:
    """In one statement."""
    zero = Value(Decimal(0))
    found = StocktakeLine.objects.filter(stocktake=stocktake).aggregate(
        lines=Count("pk"),
        counted=Count("pk", filter=Q(counted__isnull=False)),
        differing=Count("pk", filter=DIFFERS),
        unexplained=Count("pk", filter=DIFFERS & (Q(cause="") | Q(reason=""))),
        surplus=Coalesce(Sum("difference", filter=Q(difference__gt=0)), zero),
        shortage=Coalesce(Sum("difference", filter=Q(difference__lt=0)), zero),
    )
    return CountTotals(**found)


def stocktake_facts(stocktake: Stocktake, by: Any | None, totals: CountTotals) -> dict[str, Any]:
    """What the guards of a count read."""
    return {
        "by": by.pk if by is not None else None,
        "own": {stocktake.created_by_id, stocktake.submitted_by_id} - {None},
        "lines": totals.lines,
        "uncounted": totals.uncounted,
        "unexplained": totals.unexplained,
    }


@dataclass(frozen=True)
class StocktakePage:
    """A count with what its page and the API show. `shows_book`: not while it is counted blind."""

    stocktake: Stocktake
    totals: CountTotals
    answers: dict[str, Answer]
    documents: list[Document] = field(default_factory=list)
    moved: int = 0

    @property
    def shows_book(self) -> bool:
        """What the books say is hidden while it is being counted blind (INV-53)."""
        return shows_book(self.stocktake)


def shows_book(stocktake: Stocktake) -> bool:
    """A blind count hides what the books say from everybody, until everything is counted."""
    return not (stocktake.is_blind and stocktake.state == CountState.COUNTING)


def stocktake_page(user: Any, number: str) -> StocktakePage | None:
    """One count, if the user may see it; what may be done with it now, and why not."""
    row = stocktakes_visible_to(user).select_related(*JOINED).filter(number=number).first()
    if row is None:
        return None
    totals = stocktake_totals(row)
    offered = counting.STOCKTAKE.offered(
        state=row.state, facts=stocktake_facts(row, user, totals), has_right=stocktake_rights(user, row)
    )
    return StocktakePage(
        row,
        totals,
        {answer.action.code: answer for answer in offered},
        list(Document.objects.filter(stocktake=row).order_by("pk")),
        StocktakeLine.objects.filter(moved_since(row), stocktake=row).count(),
    )


@dataclass(frozen=True)
class CountDue:
    """A warehouse whose count of this month or quarter is not approved yet, and the one that is under way."""

    warehouse: Warehouse
    kind: str
    due_on: date
    last_on: date | None
    number: str
    is_near: bool


def _ends(today: date) -> dict[str, tuple[date, date]]:
    """The first day and the last of the month and of the quarter."""
    month = month_of(today)
    quarter = month.replace(month=3 * ((today.month - 1) // 3) + 1)
    return {
        CountKind.MONTHLY.value: (month, last_day(month)),
        CountKind.QUARTERLY.value: (quarter, last_day(add_months(quarter, 2))),
    }


def counts_due(user: Any, *, today: date) -> list[CountDue]:
    """INV-50, INV-51, INV-Q4: sites each month, departments' warehouses each quarter, where nothing is approved yet.

    Two statements. A warehouse that never held anything is not in the plan.
    """
    spans = _ends(today)
    stores = (
        warehouses_visible_to(user)
        .filter(Exists(Balance.objects.filter(warehouse=OuterRef("pk"))))
        .filter(closed_on=None, kind__in=COUNTED_KINDS)
        .order_by("department__path", "code")
        .annotate(approved_at=Max("stocktakes__approved_at", filter=Q(stocktakes__item_class="")))
    )
    under_way = dict(
        Stocktake.objects.filter(state__in=list(counting.OPEN)).values_list("warehouse_id", "number")
    )
    found = []
    for store in stores:
        is_site = store.department.kind == DepartmentKind.SITE
        kind = CountKind.MONTHLY.value if is_site else CountKind.QUARTERLY.value
        first, last = spans[kind]
        last_on = business_date(store.approved_at) if store.approved_at is not None else None
        if last_on is not None and last_on >= first:
            continue
        is_near = (last - today).days < NEAR_DAYS
        found.append(CountDue(store, kind, last, last_on, under_way.get(store.pk, ""), is_near))
    return found


def counts_to_approve(user: Any) -> QuerySet[Stocktake]:
    """Counts that wait for this user's approval."""
    stores = Warehouse.objects.filter(within(user.rights.paths(Right.APPROVE_DOCUMENT)))
    return Stocktake.objects.filter(state=CountState.SUBMITTED, warehouse__in=stores)


def stocktake_title(stocktake: Stocktake) -> str:
    """`月度盘点·北坡完好品库`."""
    return f"{stocktake.get_kind_display()}·{stocktake.warehouse.name}"


def count_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """Counts for the global search box, by number in any spelling and by warehouse; at most `limit`."""
    if len("".join(text.split())) < 2:
        return []
    rows = stocktakes_visible_to(user).filter(_found(text)).select_related("warehouse").order_by("-pk")
    return [
        Hit(
            kind_of(row),
            row.number,
            f"{row.number} {stocktake_title(row)}",
            str(row.get_state_display()),
            reverse("stock-count", args=[row.number]),
        )
        for row in rows[:limit]
    ]


def subject_stocktake(*, object_id: int, user: Any | None) -> Subject | None:
    """The count for notices and files (port servicecenter.subject)."""
    rows = Stocktake.objects.all() if user is None else stocktakes_visible_to(user)
    row = rows.select_related("warehouse").filter(pk=object_id).first()
    if row is None:
        return None
    return Subject(
        kind_of(row), row.pk, row.number, stocktake_title(row), reverse("stock-count", args=[row.number])
    )

"""Which months are open, and what stands in the way of closing one (LED-05, LED-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse

from inventory.choices import PeriodState
from inventory.models import Document, Period, Transfer
from inventory.queries.facts import WAITING
from servicecenter.clock import business_date
from servicecenter.kernel.months import last_day, month_of, next_month

# Goods of the month too long under way.
_LONG_IN_TRANSIT = """
SELECT DISTINCT t.number FROM inventory_transfer t JOIN inventory_transferline l ON l.transfer_id = t.id
JOIN inventory_document d ON d.transfer_id = t.id AND d.direction = 'out' AND d.state = 'audited'
WHERE l.issued > l.received + l.lost AND d.business_date < %(next)s AND d.audited_at < %(limit)s ORDER BY t.number
"""
DRAFT, DRAFT_TRANSFER, IN_TRANSIT = "draft", "draft_transfer", "in_transit"


@dataclass(frozen=True)
class Obstacle:
    """What must be finished before a month is closed: `what` is a draft document or transfer, or goods under way."""

    what: str
    number: str
    url: str


@dataclass(frozen=True)
class Month:
    """A month of the books. `may_close`: it is over, and no earlier one is open; `may_reopen`: the latest closed."""

    first: date
    period: Period | None
    is_over: bool
    may_close: bool
    may_reopen: bool
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def key(self) -> str:
        """`2026-10`, as addresses and the command name it."""
        return f"{self.first:%Y-%m}"

    @property
    def last(self) -> date:
        """Its last day."""
        return last_day(self.first)

    @property
    def state(self) -> str:
        """Open, also when nothing has been posted in it yet."""
        return self.period.state if self.period is not None else PeriodState.OPEN.value


def periods() -> QuerySet[Period]:
    """All months there are, newest first."""
    return Period.objects.select_related("closed_by__employee", "reopened_by__employee").order_by("-month")


def is_open(day: date) -> bool:
    """Whether documents of that day may be made: its month is not closed, and no later one is."""
    return not Period.objects.filter(month__gte=month_of(day), state=PeriodState.CLOSED).exists()


def months(*, days: int, at: datetime) -> list[Month]:
    """The months of the books, newest first, with what stands in the way of closing the one whose turn it is.

    A constant number of statements. `days` is how long goods may be under way (LED-08).
    """
    rows = list(periods())
    running = month_of(business_date(at))
    known = {row.month: row for row in rows}
    firsts = sorted({running, *known}, reverse=True)
    closed = max((row.month for row in rows if row.state == PeriodState.CLOSED), default=None)
    turn = min((first for first in firsts if closed is None or first > closed), default=None)
    found = []
    for first in firsts:
        may_close = first == turn and first < running
        obstacles = tuple(obstacles_of(first, days=days, at=at)) if may_close else ()
        found.append(Month(first, known.get(first), first < running, may_close, first == closed, obstacles))
    return found


def obstacles_of(month: date, *, days: int, at: datetime) -> list[Obstacle]:
    """What must be finished before the month is closed: drafts of it, and goods in transit for over `days`."""
    after = next_month(month)
    drafts = Document.objects.filter(state__in=WAITING, business_date__lt=after)
    transfers = Transfer.objects.filter(state__in=WAITING, business_date__lt=after)
    with connection.cursor() as cursor:
        cursor.execute(_LONG_IN_TRANSIT, {"next": after, "limit": at - timedelta(days=days)})
        long = [number for (number,) in cursor.fetchall()]
    return [
        Obstacle(what, number, reverse(page, args=[number]))
        for what, page, numbers in (
            (
                DRAFT,
                "stock-document",
                drafts.order_by("business_date", "id").values_list("number", flat=True),
            ),
            (
                DRAFT_TRANSFER,
                "stock-transfer",
                transfers.order_by("business_date", "id").values_list("number", flat=True),
            ),
            (IN_TRANSIT, "stock-transfer", long),
        )
        for number in numbers
    ]


def closing_obstacles(month: date, *, days: int, at: datetime) -> list[str]:
    """Their numbers alone."""
    return list(dict.fromkeys(one.number for one in obstacles_of(month, days=days, at=at)))

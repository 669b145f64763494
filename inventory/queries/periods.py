"""Which months are open, and what stands in the way of closing one (LED-05, LED-08)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import F, QuerySet

from inventory.choices import PeriodState
from inventory.models import Document, Period, Transfer
from inventory.queries.facts import WAITING

# Documents of the month that wait, transfers of it that wait, and goods of it too long under way.
_LONG_IN_TRANSIT = """
SELECT DISTINCT t.number FROM inventory_transfer t JOIN inventory_transferline l ON l.transfer_id = t.id
JOIN inventory_document d ON d.transfer_id = t.id AND d.direction = 'out' AND d.state = 'audited'
WHERE l.issued > l.received + l.lost AND d.business_date < %(next)s AND d.audited_at < %(limit)s ORDER BY t.number
"""


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def periods() -> QuerySet[Period]:
    """All months there are, newest first."""
    return Period.objects.select_related("closed_by__employee", "reopened_by__employee").order_by("-month")


def is_open(day: date) -> bool:
    """Whether documents of that day may be made: its month is not closed, and no later one is."""
    return not Period.objects.filter(month__gte=month_of(day), state=PeriodState.CLOSED).exists()


def closing_obstacles(month: date, *, days: int, at: datetime) -> list[str]:
    """Numbers of what must be finished before the month is closed: drafts, and goods in transit for over `days`."""
    after = (month + timedelta(days=32)).replace(day=1)
    drafts = Document.objects.filter(state__in=WAITING, business_date__lt=after)
    transfers = Transfer.objects.filter(state__in=WAITING, business_date__lt=after)
    found = list(drafts.order_by(F("business_date"), "id").values_list("number", flat=True))
    found += transfers.order_by("business_date", "id").values_list("number", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(_LONG_IN_TRANSIT, {"next": after, "limit": at - timedelta(days=days)})
        found += [number for (number,) in cursor.fetchall()]
    return list(dict.fromkeys(found))

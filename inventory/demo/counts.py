"""Counts as the demonstration shows them: one approved with a difference, one to approve, one being counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from inventory import services
from inventory.domain.counting import Counted, CountHead
from inventory.models import Stocktake, Warehouse
from organization.models import User
from servicecenter.clock import business_date

LOST = ("lost", "盘点时未找到，班组确认未领用")
NOT_BOOKED = ("not_booked", "应急领用未开单，已补联络单")


def play(*, people: Mapping[str, User], stores: Mapping[str, Warehouse], now: datetime) -> None:
    """Last month's count of the site, the quarter's of the department, and today's, half done (INV-50, INV-51);
    another site's with a difference to explain, and one given up."""
    keeper, accountant, manager, chief = (
        people[role] for role in ("keeper", "accountant", "manager", "chief")
    )
    then = now - timedelta(days=33)
    damaged = _begun(stores["BP-SH"], "monthly", by=keeper, at=then)
    _counted(damaged, {}, by=keeper, at=then + timedelta(hours=1))
    _handed_in(damaged, by=keeper, at=then + timedelta(hours=2))
    services.approve_count(stocktake=damaged, by=manager, at=then + timedelta(hours=4))
    earlier = now - timedelta(hours=30)
    quarter = _begun(
        stores["YB1-WH"], "quarterly", by=accountant, at=earlier, mode="witnessed", witness="北坡现场 周凯"
    )
    _counted(quarter, {1: (-1, LOST), 3: (2, NOT_BOOKED)}, by=accountant, at=earlier + timedelta(hours=1))
    _handed_in(quarter, by=accountant, at=earlier + timedelta(hours=2))
    today = now - timedelta(minutes=50)
    begun = _begun(stores["BP-WH"], "monthly", by=keeper, at=today)
    some = list(begun.lines.order_by("ordinal").values_list("ordinal", flat=True))[:9]
    _counted(begun, {4: (-1, LOST)}, by=keeper, at=today + timedelta(minutes=30), only=some)
    yesterday = now - timedelta(hours=26)
    other = _begun(stores["JB-WH"], "monthly", by=chief, at=yesterday)
    _counted(other, {2: (-1, ("", ""))}, by=chief, at=yesterday + timedelta(minutes=40))
    services.finish_count(stocktake=other, by=chief, at=yesterday + timedelta(minutes=45))
    mistaken = _begun(stores["YB1-SH"], "spot", by=accountant, at=yesterday)
    services.void_count(
        stocktake=mistaken, reason="选错仓库", by=accountant, at=yesterday + timedelta(minutes=5)
    )


def _begun(
    store: Warehouse, kind: str, *, by: User, at: datetime, mode: str = "self", witness: str = ""
) -> Stocktake:
    head = CountHead(store.pk, kind, business_date(at) + timedelta(days=3), mode=mode, witness=witness)
    return services.begin_count(head=head, by=by, at=at)


def _counted(
    row: Stocktake,
    off: Mapping[int, tuple[int, tuple[str, str]]],
    *,
    by: User,
    at: datetime,
    only: list[int] | None = None,
) -> None:
    """Everything as the books say, but these lines off by so much, with their cause."""
    entries = []
    for line in row.lines.select_related("item").order_by("ordinal"):
        if only is not None and line.ordinal not in only:
            continue
        by_how_much, (cause, reason) = off.get(line.ordinal, (0, ("", "")))
        found = max(line.book + by_how_much, Decimal(0))
        entries.append(Counted(line.item.code, found, cause, reason, at=line.ordinal))
    services.save_counts(stocktake=row, entries=entries, by=by, at=at)


def _handed_in(row: Stocktake, *, by: User, at: datetime) -> None:
    finished = services.finish_count(stocktake=row, by=by, at=at)
    services.hand_in_count(
        stocktake=finished, liability="现场保管员", proposal="按实盘调账，差异计入当月考核", by=by, at=at
    )

"""The stock board: papers to audit, goods not checked in time, on the way, damaged, low or gone (RPT-23)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from inventory import queries as stock
from inventory.choices import DocumentState, WarehouseKind
from inventory.models import Balance, Document, Transfer, TransferLine
from reports.queries.boards import Figure, Reading, read

WAITING, UNDER_WAY, ON_HAND, GONE = "board.papers", "board.transfers", "board.goods", "board.gone"
COLUMNS = ("n", "late", "damaged", "due", "low")
# Of the transfers on the way those are named that left first.
NAMED = 8


def documents_waiting(user: Any = None) -> list[Any]:
    """The documents not audited yet, by warehouse, with the oldest's date: one statement over waiting rows.

    `late` of them are goods received that nobody has checked within the working days it may take (INV-84).
    """
    rows = Document.objects.all() if user is None else stock.documents_visible_to(user)
    return list(
        rows.filter(state__in=[DocumentState.EDITING, DocumentState.SAVED])
        .values("warehouse__code", "warehouse__names")
        .annotate(n=Count("pk"), oldest=Min("business_date"), late=Count("pk", filter=stock.check_is_late()))
        .order_by("warehouse__code")
    )


def transfers_under_way(user: Any = None) -> dict[str, Any]:
    """The transfers with goods on their way (LED-06): how many, with the lines and the day of those that left first."""
    seen = Transfer.objects.all() if user is None else stock.transfers_visible_to(user)
    rows = (
        TransferLine.objects.filter(issued__gt=F("received") + F("lost"), transfer__in=seen)
        .values(
            number=F("transfer__number"),
            day=F("transfer__business_date"),
            source=F("transfer__source__names"),
            target=F("transfer__target__names"),
        )
        .annotate(lines=Count("pk"))
        .order_by("day", "number")
    )
    found = list(rows)
    return {"n": len(found), "first": found[:NAMED]}


def stock_on_hand(user: Any = None) -> list[Any]:
    """By warehouse: sound items below their reserve, down to nothing (INV-93), and items of damaged goods.

    `due` of the damaged ones lie there longer than they may (INV-102). As the list of stock on hand shows them.
    """
    rows: QuerySet[Balance] = Balance.objects.all()
    ids = None if user is None else stock.warehouse_ids(user)
    if ids is not None:
        rows = rows.filter(warehouse_id__in=ids)
    damaged = Q(warehouse__kind=WarehouseKind.DAMAGED, quantity__gt=0)
    return list(
        stock.with_due(rows.filter(stock.IS_LOW | damaged))
        .values("warehouse__code", "warehouse__names")
        .annotate(
            low=Count("pk", filter=stock.IS_LOW),
            damaged=Count("pk", filter=damaged),
            due=Count("pk", filter=stock.IS_DUE),
        )
        .order_by("warehouse__code")
    )


def gone(user: Any = None) -> dict[str, int]:
    """How many items with a reserve lie nowhere at all (INV-93), and the days of the board's terms."""
    terms = stock.stock_policy()
    return {
        "n": stock.items_out_of_stock(user).count(),
        "check_days": terms.check_days,
        "damaged_days": terms.damaged_days,
    }


FIGURES: dict[str, Figure] = {
    WAITING: documents_waiting,
    UNDER_WAY: transfers_under_way,
    ON_HAND: stock_on_hand,
    GONE: gone,
}


@dataclass(frozen=True)
class StockBoard:
    """The figures of the board; `ours` are the codes of the warehouses the user sees, None for all."""

    reading: Reading
    ours: frozenset[str] | None

    @property
    def documents(self) -> Sequence[Mapping[str, Any]]:
        """Papers that wait, by warehouse."""
        found: Sequence[Mapping[str, Any]] = self.reading.values[WAITING]
        return found

    @property
    def under_way(self) -> Mapping[str, Any]:
        """Transfers on the way."""
        found: Mapping[str, Any] = self.reading.values[UNDER_WAY]
        return found

    @property
    def stock(self) -> Sequence[Mapping[str, Any]]:
        """Low and damaged goods, by warehouse."""
        found: Sequence[Mapping[str, Any]] = self.reading.values[ON_HAND]
        return found

    @property
    def gone(self) -> Mapping[str, int]:
        """Items of which nothing is left, and the terms."""
        found: Mapping[str, int] = self.reading.values[GONE]
        return found

    def total(self, name: str) -> int:
        """The sum of a column."""
        rows = self.documents if name in ("n", "late") else self.stock
        return sum(row[name] for row in rows)

    def warehouses(self) -> list[dict[str, Any]]:
        """Every warehouse of the user with something to do, by code: papers, oldest day, what `COLUMNS` name."""
        found: dict[str, dict[str, Any]] = {}
        for row in [*self.documents, *self.stock]:
            code = row["warehouse__code"]
            if self.ours is not None and code not in self.ours:
                continue
            line = found.setdefault(
                code, {"code": code, "names": row["warehouse__names"], **dict.fromkeys(COLUMNS, 0)}
            )
            line.update({name: row[name] for name in (*COLUMNS, "oldest") if name in row})
        return [found[code] for code in sorted(found)]


def stock_board(user: Any) -> StockBoard:
    """The board for a user: kept for who sees all stock, live for a department or site."""
    whole = stock.warehouse_ids(user) is None
    codes = None if whole else frozenset(stock.warehouses_visible_to(user).values_list("code", flat=True))
    return StockBoard(read(user, FIGURES, whole=whole), codes)

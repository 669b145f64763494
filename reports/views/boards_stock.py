"""The stock board (RPT-23): papers to audit, late checks, goods on the way, damaged goods, low stock."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from inventory.permissions import Right as Stock
from organization.permissions import me
from organization.views.door import needs
from reports.permissions import Right
from reports.queries.boards_stock import StockBoard, stock_board
from reports.views.boards_parts import Tile, address, shown
from servicecenter import dates
from servicecenter.i18n import say

DOCUMENTS, TRANSFERS, ON_HAND, ITEMS = (
    "stock-document-list", "stock-transfer-list", "stock-on-hand", "stock-item-list",
)  # fmt: skip


@needs(Right.VIEW_STOCK_BOARD)
@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """Every warehouse for who sees all stock, otherwise those of the own department and below."""
    user = me(request)
    found = stock_board(user)
    opens = user.has_right(Stock.VIEW_STOCK)
    context = {
        "columns": columns().values(),
        "warehouses": [warehouse(row, opens=opens) for row in found.warehouses()],
        "transfers": [transfer(row, opens=opens) for row in found.under_way["first"]],
        "more_transfers": found.under_way["n"] - len(found.under_way["first"]),
        "transfers_url": address(TRANSFERS, under_way="true") if opens else "",
    }
    return shown(request, "stock", reading=found.reading, tiles=tiles(found, opens=opens), context=context)


def tiles(found: StockBoard, *, opens: bool) -> list[Tile]:
    """The figures; who may not open the stock sees them without a way. Loans are not recorded here."""
    oldest = min((row["oldest"] for row in found.documents), default=None)
    first, terms = found.under_way["first"], found.gone
    days, longest = terms["check_days"], terms["damaged_days"]
    return [
        Tile(
            "documents",
            _("Papers to audit"),
            found.total("n"),
            _("oldest of %(day)s") % {"day": dates.say_day(date.fromisoformat(oldest))} if oldest else "",
            address(DOCUMENTS, state="waiting") if opens else "",
        ),
        Tile(
            "unchecked",
            _("Received, not checked"),
            found.total("late"),
            ngettext("after %(days)d working day", "after %(days)d working days", days) % {"days": days},
            address(DOCUMENTS, check="late") if opens else "",
            "hot",
        ),
        Tile(
            "transfers",
            _("Transfers on the way"),
            found.under_way["n"],
            _("first left on %(day)s") % {"day": dates.say_day(date.fromisoformat(first[0]["day"]))}
            if first
            else "",
            address(TRANSFERS, under_way="true") if opens else "",
        ),
        Tile(
            "damaged",
            _("Damaged goods to return"),
            found.total("damaged"),
            _("items in stores of damaged goods"),
            address(ON_HAND, kind="damaged") if opens else "",
            "warn",
        ),
        Tile(
            "due",
            _("Damaged, due to go back"),
            found.total("due"),
            ngettext("has lain for %(days)d day", "have lain for %(days)d days", longest) % {"days": longest},
            address(ON_HAND, stock="due", kind="damaged") if opens else "",
            "hot",
        ),
        Tile(
            "low",
            _("Low stock"),
            found.total("low"),
            _("items below their reserve"),
            address(ON_HAND, stock="low", kind="sound") if opens else "",
            "warn",
        ),
        Tile(
            "gone",
            _("Out of stock"),
            terms["n"],
            _("items with a reserve, none left anywhere"),
            address(ITEMS, stock="none") if opens else "",
            "hot",
        ),
        Tile("loans", _("Loans overdue"), "—", _("loans are not recorded here")),
    ]


def warehouse(row: dict[str, Any], *, opens: bool) -> dict[str, Any]:
    """A warehouse with the ways to what waits in it."""
    code, labels = row["code"], columns()
    ways = {
        "n": address(DOCUMENTS, state="waiting", warehouse=code),
        "late": address(DOCUMENTS, check="late", warehouse=code),
        "damaged": address(ON_HAND, kind="damaged", warehouse=code),
        "due": address(ON_HAND, stock="due", kind="damaged", warehouse=code),
        "low": address(ON_HAND, stock="low", kind="sound", warehouse=code),
    }
    return {
        "name": say(row["names"]),
        "oldest": date.fromisoformat(row["oldest"]) if row.get("oldest") else None,
        "cells": [(row[name], url if opens else "", labels[name]) for name, url in ways.items()],
    }


def columns() -> dict[str, str]:
    """What each figure of a warehouse is."""
    return {
        "n": _("Papers to audit"),
        "late": _("Not checked"),
        "damaged": _("Damaged"),
        "due": _("Due to go back"),
        "low": _("Low"),
    }


def transfer(row: dict[str, Any], *, opens: bool) -> dict[str, Any]:
    """A transfer on the way: from where to where, since when."""
    left = date.fromisoformat(row["day"])
    return {
        "number": row["number"],
        "url": reverse("stock-transfer", args=[row["number"]]) if opens else "",
        "source": say(row["source"]),
        "target": say(row["target"]),
        "left": left,
        "days": (dates.today() - left).days,
        "lines": row["lines"],
    }

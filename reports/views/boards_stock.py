"""The stock board (RPT-23): papers to audit, goods on the way, damaged goods to send back, low stock."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from inventory.permissions import Right as Stock
from organization.permissions import me
from organization.views.door import needs
from reports.permissions import Right
from reports.queries.boards_stock import StockBoard, stock_board
from reports.views.boards_parts import Tile, address, shown
from servicecenter import dates
from servicecenter.i18n import say

DOCUMENTS, TRANSFERS, ON_HAND = "stock-document-list", "stock-transfer-list", "stock-on-hand"


@needs(Right.VIEW_STOCK_BOARD)
@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """Every warehouse for who sees all stock, otherwise those of the own department and below."""
    user = me(request)
    found = stock_board(user)
    opens = user.has_right(Stock.VIEW_STOCK)
    context = {
        "warehouses": [warehouse(row, opens=opens) for row in found.warehouses()],
        "transfers": [transfer(row, opens=opens) for row in found.under_way["first"]],
        "more_transfers": found.under_way["n"] - len(found.under_way["first"]),
        "transfers_url": address(TRANSFERS, under_way="true") if opens else "",
    }
    return shown(request, "stock", reading=found.reading, tiles=tiles(found, opens=opens), context=context)


def tiles(found: StockBoard, *, opens: bool) -> list[Tile]:
    """The four figures; who may not open the stock sees them without a way."""
    waiting, stock = found.documents, found.stock
    oldest = min((row["oldest"] for row in waiting), default=None)
    first = found.under_way["first"]
    return [
        Tile(
            "documents",
            _("Papers to audit"),
            sum(row["n"] for row in waiting),
            _("oldest of %(day)s") % {"day": dates.say_day(date.fromisoformat(oldest))} if oldest else "",
            address(DOCUMENTS, state="waiting") if opens else "",
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
            sum(row["damaged"] for row in stock),
            _("items in stores of damaged goods"),
            address(ON_HAND, kind="damaged") if opens else "",
            "warn",
        ),
        Tile(
            "low",
            _("Low stock"),
            sum(row["low"] for row in stock),
            _("items below their reserve"),
            address(ON_HAND, stock="low", kind="sound") if opens else "",
            "warn",
        ),
    ]


def warehouse(row: dict[str, Any], *, opens: bool) -> dict[str, Any]:
    """A warehouse with the ways to what waits in it."""
    code = row["code"]
    ways = {
        "n": address(DOCUMENTS, state="waiting", warehouse=code),
        "damaged": address(ON_HAND, kind="damaged", warehouse=code),
        "low": address(ON_HAND, stock="low", kind="sound", warehouse=code),
    }
    return {
        "name": say(row["names"]),
        "oldest": date.fromisoformat(row["oldest"]) if row.get("oldest") else None,
        "cells": [(row[name], url if opens else "") for name, url in ways.items()],
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

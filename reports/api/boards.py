"""Boards: their figures, as fresh as the last minute (RPT-20 to RPT-24). Read-only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.permissions import scope_of
from organization.permissions import me
from reports.domain.boards import is_stale
from reports.permissions import Right
from reports.queries.boards import Reading
from reports.queries.boards_claims import claims_board
from reports.queries.boards_management import management_board
from reports.queries.boards_stock import stock_board
from reports.queries.boards_tickets import supervisor_board
from servicecenter.api import Holds
from servicecenter.clock import business_date
from servicecenter.kernel.months import last_day

Figures = dict[str, Any]


@dataclass(frozen=True)
class Board:
    """A board in the API: the right it needs, and what it answers."""

    right: Right
    read: Callable[[Any], tuple[Reading, Figures]]


def supervisor(user: Any) -> tuple[Reading, Figures]:
    """Open tickets, today's intake and service incidents, of the centre or of the own departments."""
    found = supervisor_board(user, whole=scope_of(user).is_unlimited)
    return found.reading, {
        **{name: count for name, count in found.totals.items() if name != "n"},
        "open": found.totals["n"],
        "incidents_today": found.incidents["n"],
        "registered_today": sum(found.intake["today"]),
        "by_state_and_age": found.states,
        "by_hour": found.intake["today"],
        "usual_by_hour": found.intake["usual"],
    }


def management(user: Any) -> tuple[Reading, Figures]:
    """Twelve months of complaints, second complaints and claims paid; customers by tier."""
    if not scope_of(user).is_unlimited:
        raise PermissionDenied
    found = management_board(user)
    return found.reading, {
        "months": [
            {
                "first": month,
                "last": last_day(month),
                "complaints": found.count([month]),
                "second_complaints": found.second([month]),
                "paid": found.costs[f"{month:%Y-%m}"][1],
            }
            for month in found.months
        ],
        "customers_by_tier": {tier or "ungraded": count for tier, count in found.tiers.items()},
        "recurrences": len(found.recurring),
    }


def claims(user: Any) -> tuple[Reading, Figures]:
    """Open claims, reserves, vouchers and shares to recover; amounts in yuan."""
    found = claims_board(user)
    unpaid, reserved = found.reserved
    return found.reading, {
        "open": found.total("n"),
        "overdue": found.total("late"),
        "untaken": found.total("untaken"),
        "unpaid": unpaid,
        "reserved": str(reserved),
        "vouchers_unpaid": found.vouchers["n"],
        "vouchers_amount": found.vouchers["amount"],
        "vouchers_expired": found.vouchers["expired"],
        "paid_this_month": found.vouchers["paid"],
        "shares_owed": found.owed["owed"],
        "shares_of_claims": found.owed["claims"],
    }


def stock(user: Any) -> tuple[Reading, Figures]:
    """Papers to audit, late checks, transfers on the way, damaged goods and low stock, of the warehouses the user
    sees."""
    found = stock_board(user)
    return found.reading, {
        "documents_to_audit": found.total("n"),
        "checks_late": found.total("late"),
        "transfers_under_way": found.under_way["n"],
        "damaged_items": found.total("damaged"),
        "damaged_due": found.total("due"),
        "low_items": found.total("low"),
        "items_out_of_stock": found.gone["n"],
    }


BOARDS: dict[str, Board] = {
    "supervisor": Board(Right.VIEW_BOARD, supervisor),
    "management": Board(Right.VIEW_MANAGEMENT_BOARD, management),
    "claims": Board(Right.VIEW_CLAIMS_BOARD, claims),
    "stock": Board(Right.VIEW_STOCK_BOARD, stock),
}


class BoardAnswer(serializers.Serializer[Any]):
    """A board's figures; `as_of` is when the oldest of them was true, `stale` whether the clock stands still."""

    code = serializers.CharField()
    day = serializers.DateField()
    as_of = serializers.DateTimeField()
    stale = serializers.BooleanField()
    figures = serializers.DictField(child=serializers.JSONField())


class BoardViewSet(viewsets.ViewSet):
    """Boards (看板)."""

    lookup_field = "code"
    lookup_value_regex = "[a-z]+"
    permission_classes = (Holds,)
    rights: tuple[str, ...] = tuple(board.right for board in BOARDS.values())

    @extend_schema(
        parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH, enum=list(BOARDS))],
        responses=BoardAnswer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        """The figures of one board, as its page shows them."""
        board, user = BOARDS.get(code), me(request)
        if board is None:
            raise Http404
        if not user.has_right(board.right):
            raise PermissionDenied
        reading, figures = board.read(user)
        answer = {
            "code": code,
            "day": business_date(reading.now),
            "as_of": reading.as_of,
            "stale": is_stale(reading.as_of, reading.now),
            "figures": figures,
        }
        return Response(BoardAnswer(answer).data)

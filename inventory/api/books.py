"""The books in the API: on hand, in-out balance, day book, in transit; filters and rows of the pages (INV-09)."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import queries
from inventory.api.door import FROM, READ, UNTIL, span
from inventory.api.serializers import (
    EntrySerializer,
    InOutSerializer,
    InTransitSerializer,
    OnHandSerializer,
)
from inventory.filters import InOutFilter, LedgerFilter, OnHandFilter
from inventory.models import Balance, LedgerEntry, TransferLine
from organization.permissions import me
from servicecenter.api import Holds
from servicecenter.keyset import Order


class Book(mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    """A list that is only read."""

    permission_classes = (Holds,)
    rights: tuple[str, ...] = READ
    filter_backends = (DjangoFilterBackend,)

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """What the user may see of it."""

    def get_queryset(self) -> QuerySet[Any]:
        """The rows; none while the schema is drawn."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()  # type: ignore[union-attr,misc,arg-type]
        return self.rows()


@extend_schema(tags=["stock"])
class OnHandViewSet(Book):
    """Stock on hand (现存量), by warehouse and item."""

    queryset = Balance.objects.none()
    serializer_class = OnHandSerializer
    filterset_class = OnHandFilter
    keyset_order = queries.ON_HAND_ORDERS["place"]

    def rows(self) -> QuerySet[Any]:
        """Of the visible warehouses."""
        return queries.on_hand(me(self.request), empty=True)


@extend_schema(tags=["stock"])
class InOutViewSet(Book):
    """In-out balance (收发存汇总) between two days."""

    queryset = Balance.objects.none()
    serializer_class = InOutSerializer
    filterset_class = InOutFilter
    keyset_order = queries.ON_HAND_ORDERS["place"]

    def rows(self) -> QuerySet[Any]:
        """Of the visible warehouses."""
        return queries.in_out_balance(me(self.request), *span(self.request, month=True))

    @extend_schema(parameters=[FROM, UNTIL])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """By warehouse and item."""
        return super().list(request, *args, **kwargs)


@extend_schema(tags=["stock"])
class DayBookViewSet(Book):
    """Day book (流水账): every posting between two days, oldest first; un-audits stand as mirror rows."""

    queryset = LedgerEntry.objects.none()
    serializer_class = EntrySerializer
    filterset_class = LedgerFilter
    keyset_order = queries.LEDGER_ORDERS["oldest"]

    def rows(self) -> QuerySet[Any]:
        """Of the visible warehouses."""
        rows = queries.day_book(me(self.request), *span(self.request, month=False))
        return rows.select_related("posted_by")

    @extend_schema(parameters=[FROM, UNTIL])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Oldest first."""
        return super().list(request, *args, **kwargs)


@extend_schema(tags=["stock"])
class InTransitViewSet(Book):
    """What has left one warehouse and not arrived at the other (LED-06)."""

    queryset = TransferLine.objects.none()
    serializer_class = InTransitSerializer
    keyset_order = Order("lines", ("transfer_id", "ordinal"))
    filter_backends = ()  # type: ignore[assignment]

    def rows(self) -> QuerySet[Any]:
        """Of transfers that the user may see."""
        return queries.in_transit(me(self.request))

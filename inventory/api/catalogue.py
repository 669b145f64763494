"""Items, suppliers and warehouses in the API; kept by business management (INV-06, INV-08, INV-16)."""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import queries, services
from inventory.api.door import CODE, FROM, READ, REFUSED, UNTIL, span
from inventory.api.inputs import (
    ItemChange,
    NewItemInput,
    NewSupplierInput,
    NewWarehouseInput,
    PlaceInput,
    SupplierChange,
    WarehouseChange,
)
from inventory.api.loading import FileInput, ItemsLoaded, loaded
from inventory.api.serializers import CardSerializer, ItemSerializer, SupplierSerializer, WarehouseSerializer
from inventory.filters import ItemFilter, SupplierFilter, WarehouseListFilter
from inventory.models import Item, Supplier, Warehouse
from inventory.permissions import Right, can_draft
from organization.permissions import me
from servicecenter.api import Holds, once


class Master(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """A list with a code for each row."""

    lookup_field = "code"
    lookup_value_regex = CODE
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

    def read(self, form: type[Any], request: Request) -> dict[str, Any]:
        """The body; raises what is wrong with it."""
        read = form(data=request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def answer(self, row: Any, status: int = 200) -> Response:
        """The row as it is now."""
        fresh = self.get_queryset().get(pk=row.pk)
        return Response(self.get_serializer(fresh).data, status=status)


@extend_schema(tags=["stock"])
class ItemViewSet(Master):
    """The item master (存货档案)."""

    rights_by_action = {
        "create": (Right.EDIT_ITEMS,),
        "change": (Right.EDIT_ITEMS,),
        "load": (Right.EDIT_ITEMS,),
    }
    queryset = Item.objects.none()
    serializer_class = ItemSerializer
    filterset_class = ItemFilter
    keyset_order = queries.ITEM_ORDERS["code"]

    def rows(self) -> QuerySet[Any]:
        """All of them, for those who see stock."""
        return queries.items_visible_to(me(self.request))

    @extend_schema(request=NewItemInput, responses={201: ItemSerializer, 409: REFUSED})
    @once
    def create(self, request: Request) -> Response:
        """A new item code (INV-16)."""
        return self.answer(services.add_item(**self.read(NewItemInput, request), by=me(request)), 201)

    @extend_schema(request=ItemChange, responses={200: ItemSerializer, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def change(self, request: Request, code: str) -> Response:
        """Change it as a whole; its code stays."""
        return self.answer(
            services.change_item(item=self.get_object(), **self.read(ItemChange, request), by=me(request))
        )

    @extend_schema(
        responses=CardSerializer, filters=False,
        parameters=[OpenApiParameter("warehouse", str, required=True), FROM, UNTIL],
    )  # fmt: skip
    @action(detail=True, methods=["get"], pagination_class=None)
    def card(self, request: Request, code: str) -> Response:
        """Every movement of the item in a warehouse with the stock after it (存货明细账)."""
        wanted = request.query_params.get("warehouse", "")
        if not wanted:
            raise ValidationError({"warehouse": ["required"]})
        warehouse = get_object_or_404(queries.warehouses_visible_to(me(request)), code=wanted)
        card = queries.item_card(me(request), warehouse, self.get_object(), *span(request, month=True))
        return Response(CardSerializer(card).data)

    @extend_schema(request={"multipart/form-data": FileInput}, responses={200: ItemsLoaded, 422: ItemsLoaded})
    @action(detail=False, methods=["post"], url_path="import", parser_classes=[MultiPartParser])
    @once
    def load(self, request: Request) -> Response:
        """Items from a spreadsheet: new codes are added, known ones changed; all or nothing (INV-16)."""
        said = self.read(FileInput, request)
        load = partial(services.import_items, dry_run=said["dry_run"], by=me(request))
        return loaded(said["file"], load, ItemsLoaded)


@extend_schema(tags=["stock"])
class SupplierViewSet(Master):
    """Suppliers (供应商)."""

    rights_by_action = {"create": (Right.EDIT_SUPPLIERS,), "change": (Right.EDIT_SUPPLIERS,)}
    queryset = Supplier.objects.none()
    serializer_class = SupplierSerializer
    filterset_class = SupplierFilter
    keyset_order = queries.SUPPLIER_ORDERS["code"]

    def rows(self) -> QuerySet[Any]:
        """All of them, for those who see stock."""
        return queries.suppliers_visible_to(me(self.request))

    @extend_schema(request=NewSupplierInput, responses={201: SupplierSerializer, 409: REFUSED})
    @once
    def create(self, request: Request) -> Response:
        """A new supplier."""
        return self.answer(services.add_supplier(**self.read(NewSupplierInput, request), by=me(request)), 201)

    @extend_schema(request=SupplierChange, responses={200: SupplierSerializer, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def change(self, request: Request, code: str) -> Response:
        """Change it as a whole; its code stays."""
        said = self.read(SupplierChange, request)
        return self.answer(services.change_supplier(supplier=self.get_object(), **said, by=me(request)))


@extend_schema(tags=["stock"])
class WarehouseViewSet(Master):
    """Warehouses (仓库) of the user's departments."""

    rights_by_action = {
        "create": (Right.EDIT_WAREHOUSES,),
        "change": (Right.EDIT_WAREHOUSES,),
        "place": (Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE),
    }
    queryset = Warehouse.objects.none()
    serializer_class = WarehouseSerializer
    filterset_class = WarehouseListFilter
    keyset_order = queries.WAREHOUSE_ORDERS["code"]

    def rows(self) -> QuerySet[Any]:
        """Of the visible departments."""
        return queries.warehouses_visible_to(me(self.request))

    @extend_schema(request=NewWarehouseInput, responses={201: WarehouseSerializer, 409: REFUSED})
    @once
    def create(self, request: Request) -> Response:
        """A new warehouse; its kind never changes (LED-13)."""
        return self.answer(
            services.add_warehouse(**self.read(NewWarehouseInput, request), by=me(request)), 201
        )

    @extend_schema(request=WarehouseChange, responses={200: WarehouseSerializer, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def change(self, request: Request, code: str) -> Response:
        """Change it as a whole; code and kind stay."""
        said = self.read(WarehouseChange, request)
        return self.answer(services.change_warehouse(warehouse=self.get_object(), **said, by=me(request)))

    @extend_schema(request=PlaceInput, responses={200: WarehouseSerializer, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def place(self, request: Request, code: str) -> Response:
        """Where an item lies in it (INV-09)."""
        warehouse = self.get_object()
        if not can_draft(me(request), warehouse):
            raise PermissionDenied
        services.set_place(warehouse=warehouse, **self.read(PlaceInput, request), by=me(request))
        return self.answer(warehouse)

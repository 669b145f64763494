"""Requests for item codes in the API: ask, pass on, make the code, refuse, withdraw (INV-16)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import choices, queries, services
from inventory.api.door import REFUSED, WarehouseReference, code_of
from inventory.api.inputs import StockReason, StockVersion
from inventory.api.papers import Papers
from inventory.domain.coding import LENGTHS, Wanted
from inventory.filters import ItemRequestFilter
from inventory.models import ItemRequest
from inventory.permissions import Right
from organization.permissions import me
from servicecenter.api import once

ASK = (Right.DRAFT_DOCUMENT, Right.DRAFT_FOR_SITE)
MOST_FILES = 10


def _photos(help_text: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=MOST_FILES, help_text=help_text
    )


class ItemRequestInput(serializers.Serializer[Any]):
    """Goods without a code; each picture is a list of ids of your own uploads."""

    warehouse = WarehouseReference()
    name = serializers.CharField(max_length=LENGTHS["name"])
    spec = serializers.CharField(max_length=LENGTHS["spec"])
    unit = serializers.CharField(max_length=LENGTHS["unit"])
    item_class = serializers.ChoiceField(choices=choices.ItemClass.choices)
    reason = serializers.CharField(max_length=LENGTHS["reason"])
    far = _photos("The far view.")
    near = _photos("The near view.")
    plate = _photos("The nameplate or the specification.")

    def wanted(self) -> Wanted:
        """As the service takes it."""
        said = self.validated_data
        texts = {name: said[name] for name in ("name", "spec", "unit", "item_class", "reason")}
        return Wanted(warehouse_id=said["warehouse"].pk, **texts)

    def photos(self) -> dict[str, list[str]]:
        """Slot to uploads."""
        return {slot: self.validated_data[slot] for slot in choices.PhotoSlot.values}


class ItemGrantInput(StockVersion):
    """The code to be made; what is left out is as it was asked."""

    code = serializers.CharField(max_length=30)
    names = serializers.DictField(
        child=serializers.CharField(max_length=60, allow_blank=True), required=False
    )
    spec = serializers.CharField(max_length=120, required=False, allow_blank=True)
    unit = serializers.CharField(max_length=10, required=False)
    item_class = serializers.ChoiceField(choices=choices.ItemClass.choices, required=False)
    repair_class = serializers.ChoiceField(choices=choices.RepairClass.choices, required=False)


class ItemRequestRow(serializers.ModelSerializer[ItemRequest]):
    """A request in a list; `item` is the code that was made of it."""

    warehouse = code_of("warehouse")
    item = code_of("item")
    created_by = code_of("created_by", "work_number")
    passed_by = code_of("passed_by", "work_number")
    decided_by = code_of("decided_by", "work_number")

    class Meta:
        model = ItemRequest
        fields: tuple[str, ...] = (
            "number", "warehouse", "name", "spec", "unit", "item_class", "reason", "state", "version", "created_at",
            "created_by", "passed_at", "passed_by", "decided_at", "decided_by", "answer", "item",
        )  # fmt: skip
        read_only_fields = fields


class ItemRequestDetail(ItemRequestRow):
    """One request with its pictures and what may be done now."""

    photos = serializers.SerializerMethodField()
    allowed_actions = serializers.SerializerMethodField()

    class Meta(ItemRequestRow.Meta):
        fields: tuple[str, ...] = (*ItemRequestRow.Meta.fields, "photos", "allowed_actions")
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))
    def get_photos(self, row: ItemRequest) -> dict[str, list[str]]:
        """Slot to the ids of its files."""
        return {
            photo.slot.value: [file.public_id for file in photo.files]
            for photo in self.context["page"].photos
        }

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_actions(self, row: ItemRequest) -> list[str]:
        """The acts that are possible now for this user."""
        return [code for code, answer in self.context["page"].answers.items() if answer.allowed]


@extend_schema(tags=["stock"])
class ItemRequestViewSet(Papers):
    """Requests for item codes (存货编码申请), newest first."""

    subject = "item_request"
    page_of = staticmethod(queries.item_request_page)
    told_by = ItemRequestDetail
    rights_by_action = {
        "create": ASK,
        "pass_on": (Right.AUDIT_DOCUMENT,),
        "grant": (Right.EDIT_ITEMS,),
        "refuse": (Right.AUDIT_DOCUMENT, Right.EDIT_ITEMS),
        "withdraw": ASK,
    }
    queryset = ItemRequest.objects.none()
    serializer_class = ItemRequestRow
    filterset_class = ItemRequestFilter
    keyset_order = queries.REQUEST_ORDERS["newest"]

    def get_queryset(self) -> QuerySet[ItemRequest]:
        """Only what the user may see."""
        if getattr(self, "swagger_fake_view", False):
            return ItemRequest.objects.none()
        return queries.item_request_rows(queries.item_requests_visible_to(me(self.request)))

    @extend_schema(responses=ItemRequestDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """One request with its pictures."""
        return self.answered(number)

    @extend_schema(request=ItemRequestInput, responses={201: ItemRequestDetail, 409: REFUSED})
    @once
    def create(self, request: Request) -> Response:
        """Ask for a code; the department's accountant is told."""
        said = self.read(ItemRequestInput, request)
        made = services.ask_item_code(wanted=said.wanted(), photos=said.photos(), by=me(request))
        return self.answered(made.number, 201)

    @extend_schema(request=StockVersion, responses={200: ItemRequestDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def pass_on(self, request: Request, number: str) -> Response:
        """The department passes it on to business management."""
        return self.act(request, number, services.pass_on_item_request)

    @extend_schema(request=ItemGrantInput, responses={200: ItemRequestDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def grant(self, request: Request, number: str) -> Response:
        """Business management makes the code."""
        return self.act(request, number, services.grant_item_request, ItemGrantInput)

    @extend_schema(request=StockReason, responses={200: ItemRequestDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def refuse(self, request: Request, number: str) -> Response:
        """No code, and why."""
        return self.act(request, number, services.refuse_item_request, StockReason)

    @extend_schema(request=StockReason, responses={200: ItemRequestDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def withdraw(self, request: Request, number: str) -> Response:
        """It is needed no more; its number stays."""
        return self.act(request, number, services.withdraw_item_request, StockReason)

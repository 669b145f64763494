"""Waybills in the API: facts and events come in here with their source (chapter 08)."""

from __future__ import annotations

from typing import Any

from django.utils.decorators import method_decorator
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from customers import permissions, queries, services
from customers.api.door import NUMBER, demand
from customers.choices import CodState, EventKind, FreightTerms
from customers.domain.facts import WaybillFacts
from customers.filters import WaybillFilter
from customers.models import Waybill, WaybillEvent
from customers.permissions import Right
from customers.queries import waybills as waybill_queries
from organization.models import Department
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.masking import mask_telephone


class EventSerializer(serializers.ModelSerializer[WaybillEvent]):
    """What happened; `corrects` is the id of the event that this one replaces."""

    class Meta:
        model = WaybillEvent
        fields = (
            "id",
            "kind",
            "occurred_at",
            "place",
            "remarks",
            "source",
            "corrects",
            "is_void",
            "recorded_at",
        )
        read_only_fields = fields


class WaybillSerializer(serializers.ModelSerializer[Waybill]):
    """A waybill; telephones masked."""

    consignor = serializers.CharField(source="consignor.number", default=None, read_only=True)
    consignee = serializers.CharField(source="consignee.number", default=None, read_only=True)
    consignor_telephone = serializers.SerializerMethodField()
    consignee_telephone = serializers.SerializerMethodField()
    origin = serializers.CharField(source="origin.code", default=None, read_only=True)
    destination = serializers.CharField(source="destination.code", default=None, read_only=True)
    allowed_actions = serializers.SerializerMethodField()

    class Meta:
        model = Waybill
        fields = (
            "number", "is_stub", "shipped_on", "consignor", "consignor_name", "consignor_telephone", "consignee",
            "consignee_name", "consignee_telephone", "origin", "origin_text", "destination", "destination_text",
            "goods", "packing", "pieces", "weight", "volume", "service", "promised_at", "cod_state", "cod_amount",
            "freight_terms", "freight_amount", "freight_due_on", "freight_paid_on",
            "source", "source_at", "version", "created_at", "allowed_actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.STR)
    def get_consignor_telephone(self, row: Waybill) -> str:
        """Masked."""
        return mask_telephone(row.consignor_telephone)

    @extend_schema_field(OpenApiTypes.STR)
    def get_consignee_telephone(self, row: Waybill) -> str:
        """Masked."""
        return mask_telephone(row.consignee_telephone)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_actions(self, row: Waybill) -> list[str]:
        """What this user may do with it now."""
        return (
            ["complete", "cod", "events"]
            if permissions.can_edit_waybill(self.context["request"].user)
            else []
        )


class WaybillDetailSerializer(WaybillSerializer):
    """A waybill with its events, oldest first; corrected ones are kept."""

    events = serializers.SerializerMethodField()

    class Meta:
        model = Waybill
        fields = (*WaybillSerializer.Meta.fields, "events")
        read_only_fields = fields

    @extend_schema_field(EventSerializer(many=True))
    def get_events(self, row: Waybill) -> list[dict[str, Any]]:
        """In the order they happened."""
        return list(EventSerializer(row.events.order_by("occurred_at", "id"), many=True).data)


class StubSerializer(serializers.Serializer[Any]):
    """The number of a waybill in any spelling."""

    number = serializers.CharField(max_length=40)


class BranchField(serializers.SlugRelatedField[Department]):
    """A branch by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Department.objects.filter(closed_on=None), **kwargs)


class FactsSerializer(serializers.Serializer[Any]):
    """The facts of a waybill (WBL-01, WBL-03). Weight in kilograms, volume in cubic metres, freight in yuan."""

    version = serializers.IntegerField(required=False)
    shipped_on = serializers.DateField()
    consignor_name = serializers.CharField(max_length=120)
    consignor_telephone = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    consignee_name = serializers.CharField(max_length=120)
    consignee_telephone = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    origin = BranchField(required=False, allow_null=True, default=None)
    origin_text = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    destination = BranchField(required=False, allow_null=True, default=None)
    destination_text = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    goods = serializers.CharField(max_length=120)
    packing = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    pieces = serializers.IntegerField(min_value=1, max_value=2_000_000_000)
    weight = serializers.DecimalField(
        max_digits=12, decimal_places=3, required=False, allow_null=True, default=None
    )
    volume = serializers.DecimalField(
        max_digits=12, decimal_places=3, required=False, allow_null=True, default=None
    )
    service = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    promised_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    freight_terms = serializers.ChoiceField(
        choices=FreightTerms.choices, required=False, default="", allow_blank=True
    )
    freight_amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, allow_null=True, default=None
    )
    freight_due_on = serializers.DateField(required=False, allow_null=True, default=None)
    freight_paid_on = serializers.DateField(required=False, allow_null=True, default=None)

    def facts(self) -> WaybillFacts:
        """As the service takes them."""
        values = {name: value for name, value in self.validated_data.items() if name != "version"}
        for place in ("origin", "destination"):
            branch = values.pop(place)
            values[f"{place}_id"] = branch.pk if branch else None
        return WaybillFacts(**values)


class CodSerializer(serializers.Serializer[Any]):
    """Where the COD money is; the amount in yuan, left out where it stays."""

    state = serializers.ChoiceField(choices=CodState.choices)
    amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, allow_null=True, default=None
    )


class NewEventSerializer(serializers.Serializer[Any]):
    """An event; `corrects` names an earlier one that this one replaces, `is_void` that it did not happen."""

    kind = serializers.ChoiceField(choices=EventKind.choices)
    occurred_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    remarks = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    corrects = serializers.IntegerField(required=False, allow_null=True, default=None)
    is_void = serializers.BooleanField(required=False, default=False)


@extend_schema(tags=["waybills"])
class WaybillViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Waybill]):
    """Waybills, newest first; facts and events come in here with their source (chapter 08)."""

    permission_classes = (IsAuthenticated,)
    queryset = Waybill.objects.none()
    serializer_class = WaybillSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = WaybillFilter
    keyset_order = waybill_queries.ORDERS["newest"]
    lookup_field = "number"
    lookup_value_regex = NUMBER

    def get_queryset(self) -> Any:
        """Only what the user may see; a foreign waybill is 404."""
        rows = queries.waybills_visible_to(self.request.user)
        return rows.select_related("consignor", "consignee", "origin", "destination")

    def get_serializer_class(self) -> Any:
        """The single waybill shows its events."""
        return WaybillDetailSerializer if self.action != "list" else WaybillSerializer

    def _answer(self, row: Waybill, code: int = status.HTTP_200_OK) -> Response:
        context = self.get_serializer_context()
        return Response(
            WaybillDetailSerializer(self.get_queryset().get(pk=row.pk), context=context).data, code
        )

    @extend_schema(request=StubSerializer, responses={201: WaybillDetailSerializer})
    @method_decorator(idempotent)
    def create(self, request: Request) -> Response:
        """A stub for a number that is unknown to us; a known number answers with its waybill (WBL-08)."""
        user = demand(request, Right.EDIT_WAYBILL)
        data = StubSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        made = services.register_stub_waybill(by=user, source="api", **data.validated_data)
        return self._answer(made, status.HTTP_201_CREATED)

    @extend_schema(request=FactsSerializer, responses=WaybillDetailSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def complete(self, request: Request, number: str) -> Response:
        """The facts of a waybill; a stub becomes complete."""
        user = demand(request, Right.EDIT_WAYBILL)
        row = self.get_object()
        data = FactsSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        version = data.validated_data.get("version")
        done = services.complete_waybill(
            waybill=row, facts=data.facts(), version=version, source="api", by=user
        )
        return self._answer(done)

    @extend_schema(request=CodSerializer, responses=WaybillDetailSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def cod(self, request: Request, number: str) -> Response:
        """COD money goes on (WBL-05)."""
        user = demand(request, Right.EDIT_WAYBILL)
        row = self.get_object()
        data = CodSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        return self._answer(services.set_cod(waybill=row, source="api", by=user, **data.validated_data))

    @extend_schema(request=NewEventSerializer, responses={201: EventSerializer})
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def events(self, request: Request, number: str) -> Response:
        """Record an event, or correct one (WBL-02)."""
        user = demand(request, Right.EDIT_WAYBILL)
        row = self.get_object()
        data = NewEventSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        corrects = values.pop("corrects")
        wrong = row.events.filter(pk=corrects).first() if corrects is not None else None
        if corrects is not None and wrong is None:
            raise RuleBroken("event.stranger", field="corrects")
        made = services.record_event(waybill=row, corrects=wrong, source="api", by=user, **values)
        return Response(EventSerializer(made).data, status.HTTP_201_CREATED)

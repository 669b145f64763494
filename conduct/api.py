"""Sanctions and lost merit in the API."""

from __future__ import annotations

from typing import Any

from django.utils.decorators import method_decorator
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from conduct import queries, services
from conduct.choices import Measure
from conduct.filters import DisqualificationFilter, SanctionFilter
from conduct.models import MeritDisqualification, Sanction
from servicecenter.idempotency import idempotent
from servicecenter.keyset import Order


class SanctionSerializer(serializers.ModelSerializer[Sanction]):
    """A sanction. `amount` in yuan; people by work number, departments by code, the month by its first day."""

    employee = serializers.CharField(source="target_employee.work_number", default=None, read_only=True)
    department = serializers.CharField(source="target_department.code", default=None, read_only=True)
    violation = serializers.CharField(source="violation.code", read_only=True)
    proposed_by = serializers.CharField(source="proposed_by.work_number", default=None, read_only=True)
    allowed_actions = serializers.SerializerMethodField()

    class Meta:
        model = Sanction
        fields = (
            "number", "state", "version", "employee", "department", "violation", "source_kind", "source_number",
            "source_confirmed", "measure", "amount", "points", "month", "reason", "range_reason", "additional_reason",
            "proposed_at", "proposed_by", "amount_set_at", "confirmed_at", "settled_at", "withdrawn_at",
            "withdrawn_reason", "allowed_actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_actions(self, row: Sanction) -> list[str]:
        """What this user may do with it now."""
        answers = queries.answers_of(row, self.context["request"].user)
        return [code for code, answer in answers.items() if answer.allowed]


class AmountSerializer(serializers.Serializer[Any]):
    """What the sanction is; the amount in yuan, for a fine only."""

    measure = serializers.ChoiceField(
        choices=[
            choice for choice in Measure.choices if choice[0] not in (Measure.UNDECIDED, Measure.POINTS)
        ],
        default=Measure.FINE,
    )
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True, default=None)
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    range_reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    version = serializers.IntegerField(required=False)


class ConfirmSerializer(serializers.Serializer[Any]):
    """Whether the source is confirmed with it."""

    source_confirmed = serializers.BooleanField(required=False, default=False)
    version = serializers.IntegerField(required=False)


class VersionSerializer(serializers.Serializer[Any]):
    """The version that was read."""

    version = serializers.IntegerField(required=False)


class WithdrawSerializer(VersionSerializer):
    """Why."""

    reason = serializers.CharField(max_length=300)


@extend_schema(tags=["conduct"])
class SanctionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Sanction]):
    """Sanctions, newest first. Rights and four eyes are the services' (403, 409)."""

    permission_classes = (IsAuthenticated,)
    queryset = Sanction.objects.none()
    serializer_class = SanctionSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = SanctionFilter
    keyset_order = queries.ORDERS["newest"]
    lookup_field = "number"
    lookup_value_regex = "[0-9A-Za-z-]{1,20}"

    def get_queryset(self) -> Any:
        """Only what the user may see; a foreign sanction is 404."""
        return queries.sanctions_visible_to(self.request.user)

    def _do(self, request: Request, shape: type[serializers.Serializer[Any]], act: Any) -> Response:
        row = self.get_object()
        data = shape(data=request.data)
        data.is_valid(raise_exception=True)
        done = act(sanction=row, by=request.user, **data.validated_data)
        return Response(SanctionSerializer(done, context=self.get_serializer_context()).data)

    @extend_schema(request=AmountSerializer, responses=SanctionSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def set_amount(self, request: Request, number: str) -> Response:
        """Decide the measure; whoever does counts as proposer (SAN-10)."""
        return self._do(request, AmountSerializer, services.set_amount)

    @extend_schema(request=ConfirmSerializer, responses=SanctionSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def confirm(self, request: Request, number: str) -> Response:
        """Confirm a proposal of another person."""
        return self._do(request, ConfirmSerializer, services.confirm)

    @extend_schema(request=VersionSerializer, responses=SanctionSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def settle(self, request: Request, number: str) -> Response:
        """It was carried out."""
        return self._do(request, VersionSerializer, services.settle)

    @extend_schema(request=WithdrawSerializer, responses=SanctionSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def withdraw(self, request: Request, number: str) -> Response:
        """Withdraw, with a reason."""
        return self._do(request, WithdrawSerializer, services.withdraw)


class DisqualificationSerializer(serializers.ModelSerializer[MeritDisqualification]):
    """A lost month of merit; `withdrawn_at` says that it was restored."""

    employee = serializers.CharField(source="target_employee.work_number", default=None, read_only=True)
    department = serializers.CharField(source="target_department.code", default=None, read_only=True)

    class Meta:
        model = MeritDisqualification
        fields = (
            "id", "employee", "department", "month", "source_kind", "source_number", "created_at", "withdrawn_at",
            "withdrawn_reason",
        )  # fmt: skip
        read_only_fields = fields


@extend_schema(tags=["conduct"])
class MeritViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[MeritDisqualification]):
    """Who lost the merit of which month, newest first (SAN-11)."""

    permission_classes = (IsAuthenticated,)
    queryset = MeritDisqualification.objects.none()
    serializer_class = DisqualificationSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DisqualificationFilter
    keyset_order = Order("newest", ("created_at",), descending=True)

    def get_queryset(self) -> Any:
        """Only what the user may see."""
        return queries.disqualifications_visible_to(self.request.user)


ROUTES: list[tuple[str, Any, str]] = [
    ("sanctions", SanctionViewSet, "sanction"),
    ("merit", MeritViewSet, "merit"),
]

"""Tiers in the API: the month's proposals and the decisions on them (CUS-12)."""

from __future__ import annotations

from typing import Any

from django.utils.decorators import method_decorator
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from customers import queries, services
from customers.api.door import demand
from customers.choices import ProposalState, Tier
from customers.filters import ProposalFilter
from customers.models import TierGrade, TierProposal, Visit
from customers.permissions import Right
from customers.queries.tiers import PROPOSAL_ORDERS, proposal_rows
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken


class ReasonSerializer(serializers.Serializer[Any]):
    """One criterion: how it is met, its points of how many, the figures that say why."""

    criterion = serializers.CharField()
    level = serializers.CharField()
    points = serializers.DecimalField(max_digits=5, decimal_places=1)
    most = serializers.DecimalField(max_digits=5, decimal_places=1)
    figures = serializers.DictField()


class TierProposalSerializer(serializers.ModelSerializer[TierProposal]):
    """A proposed tier with its reasons, criterion by criterion."""

    customer = serializers.CharField(source="customer.number", read_only=True)
    month = serializers.DateField(source="round.period", read_only=True)
    reasons = ReasonSerializer(many=True, read_only=True)
    allowed_actions = serializers.SerializerMethodField()

    class Meta:
        model = TierProposal
        fields = (
            "id", "customer", "month", "tier_before", "tier", "points", "line", "reasons", "value_contribution",
            "growth_potential", "state", "proposed_at", "decided_at", "effective_on", "rejected_because",
            "allowed_actions",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_actions(self, row: TierProposal) -> list[str]:
        """What this user may do with it now: whoever sees it may decide, once."""
        return ["confirm", "reject"] if row.state == ProposalState.WAITING else []


class TierGradeSerializer(serializers.ModelSerializer[TierGrade]):
    """A grade that a customer had, has or will have; `valid_until` is the first day on which it no longer holds."""

    class Meta:
        model = TierGrade
        fields = ("tier", "valid_from", "valid_until", "source", "reason", "given_at")
        read_only_fields = fields


class VisitSerializer(serializers.ModelSerializer[Visit]):
    """A visit that was held."""

    visitor = serializers.CharField(source="visitor.work_number", read_only=True)

    class Meta:
        model = Visit
        fields = ("id", "held_on", "visitor", "summary", "recorded_at")
        read_only_fields = fields


class EffectiveSerializer(serializers.Serializer[Any]):
    """From which day the tier holds; today when left out."""

    effective_on = serializers.DateField(required=False, allow_null=True, default=None)


class NotFollowedSerializer(serializers.Serializer[Any]):
    """Why the proposal is not followed."""

    reason = serializers.CharField(max_length=300)


class GradeByHandSerializer(serializers.Serializer[Any]):
    """A grade by hand: reason and end are needed."""

    tier = serializers.ChoiceField(choices=Tier.choices)
    valid_until = serializers.DateField()
    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(required=False)


class NewVisitSerializer(serializers.Serializer[Any]):
    """A visit that was held, by whom and what was spoken of."""

    held_on = serializers.DateField()
    visitor = serializers.CharField(max_length=20, help_text="work number")
    summary = serializers.CharField(max_length=500)


@extend_schema(tags=["customers"])
class TierProposalViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[TierProposal]
):
    """Proposed tiers, newest first; for those who confirm them."""

    permission_classes = (IsAuthenticated,)
    queryset = TierProposal.objects.none()
    serializer_class = TierProposalSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = ProposalFilter
    keyset_order = PROPOSAL_ORDERS["newest"]
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Only for those who decide on them."""
        return proposal_rows(queries.proposals_visible_to(self.request.user))

    def _answer(self, row: TierProposal) -> Response:
        fresh = self.get_queryset().get(pk=row.pk)
        return Response(TierProposalSerializer(fresh, context=self.get_serializer_context()).data)

    @extend_schema(request=EffectiveSerializer, responses=TierProposalSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def confirm(self, request: Request, pk: str) -> Response:
        """Confirm it from a day on (CUS-12)."""
        user = demand(request, Right.CONFIRM_TIERS)
        row = self.get_object()
        data = EffectiveSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        services.confirm_proposals(proposals=[row], by=user, **data.validated_data)
        return self._answer(row)

    @extend_schema(request=NotFollowedSerializer, responses=TierProposalSerializer)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def reject(self, request: Request, pk: str) -> Response:
        """Do not follow it, with a reason (CUS-12)."""
        user = demand(request, Right.CONFIRM_TIERS)
        row = self.get_object()
        data = NotFollowedSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        services.reject_proposals(proposals=[row], by=user, **data.validated_data)
        return self._answer(row)


class GradingActions:
    """What the customer's own endpoint offers of tiers and visits."""

    get_object: Any

    @extend_schema(request=None, responses=TierGradeSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def grades(self, request: Request, number: str) -> Response:
        """Every grade the customer had and will have, newest first (CUS-12)."""
        rows = self.get_object().grades.order_by("-valid_from", "-id")
        return Response(TierGradeSerializer(rows, many=True).data)

    @extend_schema(request=GradeByHandSerializer, responses={201: TierGradeSerializer})
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def grade_by_hand(self, request: Request, number: str) -> Response:
        """Give a tier by hand, with a reason and an end (CUS-12)."""
        user = demand(request, Right.CONFIRM_TIERS)
        row = self.get_object()
        data = GradeByHandSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        made = services.grade_by_hand(customer=row, by=user, **data.validated_data)
        return Response(TierGradeSerializer(made).data, status.HTTP_201_CREATED)

    @extend_schema(request=NewVisitSerializer, responses={201: VisitSerializer})
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def visits(self, request: Request, number: str) -> Response:
        """Note a visit that was held (CUS-21)."""
        user = demand(request, Right.RECORD_VISIT)
        row = self.get_object()
        data = NewVisitSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        visitor = (
            queries.visitors(row.account_manager, user.employee)
            .filter(work_number=values.pop("visitor"))
            .first()
        )
        if visitor is None:
            raise RuleBroken("visit.visitor", field="visitor", status=400)
        made = services.record_visit(customer=row, visitor=visitor, by=user, **values)
        return Response(VisitSerializer(made).data, status.HTTP_201_CREATED)

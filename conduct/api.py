"""Sanctions and lost merit in the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from conduct import queries, services
from conduct.choices import Measure
from conduct.filters import DisqualificationFilter, SanctionFilter
from conduct.models import MeritDisqualification, MeritIssue, Sanction, Violation
from conduct.permissions import Right
from organization.models import Department, Employee
from servicecenter import ports
from servicecenter.idempotency import idempotent
from servicecenter.keyset import Order
from servicecenter.subjects import Subject, found_by_number


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


class ProposalInput(serializers.Serializer[Any]):
    """A proposal by hand: who, for what, because of which record (by its id or its number), how much."""

    violation = serializers.SlugRelatedField(slug_field="code", queryset=Violation.objects.all())
    source_kind = serializers.CharField(max_length=60, help_text="complaints.complaint, claims.claim …")
    source_id = serializers.IntegerField(required=False, min_value=1, max_value=10**18 - 1)
    source_number = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    employee = serializers.SlugRelatedField(
        slug_field="work_number",
        queryset=Employee.objects.all(),
        required=False,
        allow_null=True,
        default=None,
    )
    department = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Department.objects.filter(closed_on=None),
        required=False,
        allow_null=True,
        default=None,
    )
    month = serializers.DateField(help_text="Any day of the month in which it counts.")
    measure = serializers.ChoiceField(choices=Measure.choices, default=Measure.UNDECIDED)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True, default=None)
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    range_reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    additional_reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)

    def validate_month(self, value: date) -> date:
        """Its first day."""
        return value.replace(day=1)


class MonthInput(serializers.Serializer[Any]):
    """A month."""

    month = serializers.DateField(help_text="Any day of it.")


class MeritIssueSerializer(serializers.ModelSerializer[MeritIssue]):
    """A merit list that was issued; what changes afterwards is a correction in the next one."""

    issued_by = serializers.CharField(source="issued_by.work_number", default=None, read_only=True)

    class Meta:
        model = MeritIssue
        fields = ("month", "issued_at", "issued_by")
        read_only_fields = fields


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

    @extend_schema(request=ProposalInput, responses={201: SanctionSerializer})
    @method_decorator(idempotent)
    def create(self, request: Request) -> Response:
        """Propose a sanction because of a record that the user sees (SAN-10); another person confirms."""
        user: Any = request.user
        if not user.has_right(Right.PROPOSE_SANCTION):
            raise PermissionDenied
        data = ProposalInput(data=request.data)
        data.is_valid(raise_exception=True)
        said = data.validated_data
        source = _source(
            user, said.pop("source_kind"), said.pop("source_id", None), said.pop("source_number")
        )
        made = services.propose(
            source_kind=source.kind, source_id=source.object_id, source_number=source.number, by=user, **said
        )
        return Response(
            SanctionSerializer(made, context=self.get_serializer_context()).data, status.HTTP_201_CREATED
        )

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


def _source(user: Any, kind: str, pk: int | None, number: str) -> Subject:
    """The record that is the reason, as far as the user may see it; told at its field else."""
    if pk is None:
        record = found_by_number(kind, number)
        pk = record.pk if record is not None else None
    found: Subject | None = (
        ports.call("servicecenter.subject", kind, object_id=pk, user=user) if pk is not None else None
    )
    if found is None:
        raise ValidationError({"source_number": [_("There is no such record that you may see.")]})
    return found


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

    @extend_schema(request=MonthInput, responses={201: MeritIssueSerializer})
    @action(detail=False, methods=["post"])
    @method_decorator(idempotent)
    def issue(self, request: Request) -> Response:
        """Issue the merit list of a month that is over (SAN-19)."""
        user: Any = request.user
        if not user.has_right(Right.CONFIRM_SANCTION):
            raise PermissionDenied
        data = MonthInput(data=request.data)
        data.is_valid(raise_exception=True)
        made = services.issue_merit_list(month=data.validated_data["month"], by=user)
        return Response(MeritIssueSerializer(made).data, status.HTTP_201_CREATED)


ROUTES: list[tuple[str, Any, str]] = [
    ("sanctions", SanctionViewSet, "sanction"),
    ("merit", MeritViewSet, "merit"),
]

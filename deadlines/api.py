"""Clocks in the API: read only. What moves a clock is an act on its subject; policies have their own editor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.permissions import IsAuthenticated

from deadlines import queries
from deadlines.domain.display import SHOWN_STATES, is_overdue
from deadlines.filters import ClockFilter
from deadlines.models import Clock, ClockQuerySet, Step
from servicecenter.clock import now_db


class StepSerializer(serializers.ModelSerializer[Step]):
    """A step of the clock's present course, or one that was done."""

    class Meta:
        model = Step
        fields = ("ordinal", "kind", "due_at", "fired_at")


class ClockSerializer(serializers.ModelSerializer[Clock]):
    """One deadline of one record. `is_overdue` is decided when read, by the database's clock."""

    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    subject_number = serializers.CharField(source="number", read_only=True)
    department = serializers.CharField(source="department.code", read_only=True)
    owner = serializers.CharField(source="owner.work_number", read_only=True, allow_null=True, default=None)
    is_overdue = serializers.SerializerMethodField()
    allowed_actions = serializers.SerializerMethodField()

    class Meta:
        model = Clock
        fields = (
            "id", "kind", "kind_label", "state", "subject_kind", "subject_number", "part", "round", "department",
            "owner", "basis", "limit_seconds", "started_at", "warn_at", "due_at", "paused_at", "paused_seconds",
            "ended_at", "is_overdue", "allowed_actions",
        )  # fmt: skip

    @extend_schema_field(serializers.BooleanField())
    def get_is_overdue(self, clock: Clock) -> bool:
        """Running past its due now."""
        return is_overdue(state=SHOWN_STATES[clock.state], due_at=clock.due_at, now=self.context["now"])

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_actions(self, clock: Clock) -> list[str]:
        """None: a clock is moved by acts on its subject."""
        return []


class ClockDetailSerializer(ClockSerializer):
    """A clock with its steps: those done, and those of the present course still to come."""

    steps = serializers.SerializerMethodField()

    class Meta:
        model = Clock
        fields = (*ClockSerializer.Meta.fields, "steps")

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, clock: Clock) -> list[dict[str, Any]]:
        """In order; steps that became void are left out."""
        rows = clock.steps.filter(void_at=None).order_by("generation", "ordinal")
        return list(StepSerializer(rows, many=True).data)


@extend_schema(tags=["clocks"])
class ClockViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Clock]):
    """Deadlines the user may see: of his departments, those he must meet, and his own; earliest due first."""

    permission_classes = (IsAuthenticated,)
    queryset = Clock.objects.none()
    serializer_class = ClockSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = ClockFilter
    keyset_order = queries.ORDERS["due"]
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> ClockQuerySet:
        """Only what `visible_to` gives; a foreign clock is 404."""
        return queries.visible_to(self.request.user).select_related("department", "owner__employee")

    def get_serializer_class(self) -> type[ClockSerializer]:
        """The single clock shows its steps."""
        return ClockDetailSerializer if self.action == "retrieve" else ClockSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        """With the instant that decides what is overdue."""
        now: datetime | None = None if getattr(self, "swagger_fake_view", False) else now_db()
        return {**super().get_serializer_context(), "now": now}


ROUTES: list[tuple[str, Any, str]] = [("clocks", ClockViewSet, "clock")]

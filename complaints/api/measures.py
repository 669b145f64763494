"""Corrective and preventive actions: carried out, reviewed by the department, verified by the centre (CMP-27)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import queries, services
from complaints.api.serializers import MeasureSerializer, code_of
from complaints.models import CorrectiveAction
from complaints.permissions import HANDLING, READERS, WRITERS, Right
from organization.permissions import me
from servicecenter.api import Holds, once
from servicecenter.keyset import Order

STEPS: dict[str, dict[str, Any]] = {
    "open": {"done_at": None},
    "done": {"done_at__isnull": False, "reviewed_at": None},
    "reviewed": {"reviewed_at__isnull": False, "verified_at": None},
    "verified": {"verified_at__isnull": False},
}
REFUSED = OpenApiResponse(description="A rule refuses it: {code, message, fields}.")


class MeasureDetail(MeasureSerializer):
    """A corrective or preventive action, with its ticket."""

    complaint = code_of("complaint", "number")

    class Meta(MeasureSerializer.Meta):
        fields = (*MeasureSerializer.Meta.fields, "complaint", "reviewed_at", "effect")  # type: ignore[assignment]


class CarriedOutInput(serializers.Serializer):  # type: ignore[type-arg]
    """What was done."""

    result = serializers.CharField(max_length=500)


class VerifiedInput(serializers.Serializer):  # type: ignore[type-arg]
    """What it has changed."""

    effect = serializers.CharField(max_length=500)


class MeasureViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CorrectiveAction]
):
    """Corrective and preventive actions (纠正预防措施) of one's departments, and of the tickets that one sees."""

    permission_classes = (Holds,)
    rights: tuple[str, ...] = (*READERS, *WRITERS, Right.REVIEW_ACTION)
    rights_by_action = {
        "carry_out": (Right.HAND_IN_STATEMENT,),
        "review": (Right.REVIEW_ACTION,),
        "verify": HANDLING,
    }
    queryset = CorrectiveAction.objects.none()
    serializer_class = MeasureDetail
    lookup_value_regex = "[0-9]{1,18}"
    keyset_order = Order("due", ("due_on",))

    def get_queryset(self) -> QuerySet[CorrectiveAction]:
        """Only what the user may see."""
        return queries.measures(user=me(self.request))

    def filter_queryset(self, queryset: Any) -> Any:
        """By the step, when one is named."""
        step = self.request.query_params.get("step", "")
        if self.action != "list" or not step:
            return queryset
        if step not in STEPS:
            raise ValidationError({"step": [", ".join(STEPS)]})
        return queryset.filter(**STEPS[step])

    @extend_schema(parameters=[OpenApiParameter("step", str, enum=[*STEPS])])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """By due day; `step` chooses."""
        return super().list(request, *args, **kwargs)

    def _do(
        self, pk: str, act: Callable[..., Any], shape: type[serializers.Serializer[Any]] | None = None
    ) -> Response:
        measure, said = self.get_object(), {}
        if shape is not None:
            form = shape(data=self.request.data)
            form.is_valid(raise_exception=True)
            said = form.validated_data
        act(action=measure, by=me(self.request), **said)
        fresh = queries.measure(user=me(self.request), pk=int(pk))
        if fresh is None:
            raise Http404
        return Response(MeasureDetail(fresh, context=self.get_serializer_context()).data)

    @extend_schema(request=CarriedOutInput, responses={200: MeasureDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def carry_out(self, request: Request, pk: str) -> Response:
        """The department has carried it out: with what result."""
        return self._do(pk, services.complete_action, CarriedOutInput)

    @extend_schema(request=None, responses={200: MeasureDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def review(self, request: Request, pk: str) -> Response:
        """The department manager has reviewed it; not who carried it out."""
        return self._do(pk, services.review_action)

    @extend_schema(request=VerifiedInput, responses={200: MeasureDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def verify(self, request: Request, pk: str) -> Response:
        """The centre has seen that it works."""
        return self._do(pk, services.verify_action, VerifiedInput)

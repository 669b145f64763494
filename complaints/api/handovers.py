"""Handovers to the user's departments: the inbox as endpoints (CMP-21)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import queries, services
from complaints.api.inputs import Reason, StatementInput, Versioned
from complaints.api.serializers import HandoverSerializer
from complaints.choices import HandoverState
from complaints.models import Handover
from complaints.permissions import Right
from organization.permissions import me
from servicecenter.api import Holds, once
from servicecenter.keyset import Order

REFUSED = OpenApiResponse(description="A rule refuses it: {code, message, fields}.")


class HandoverViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Handover]):
    """Tickets handed to the user's departments (转办), and the statements handed in on them."""

    permission_classes = (Holds,)
    rights: tuple[str, ...] = (Right.HAND_IN_STATEMENT,)
    rights_by_action = {"waive": (Right.SUPERVISE_COMPLAINT,)}
    queryset = Handover.objects.none()
    serializer_class = HandoverSerializer
    lookup_value_regex = "[0-9]+"
    keyset_order = Order("due", ("due_at",))

    def get_queryset(self) -> QuerySet[Handover]:
        """Only what was handed to the user's departments."""
        return queries.handover_rows(me(self.request))

    @extend_schema(parameters=[OpenApiParameter("state", str, enum=[*HandoverState.values])])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """By due time; `state` chooses."""
        return super().list(request, *args, **kwargs)

    def filter_queryset(self, queryset: Any) -> Any:
        """By state, when one is named."""
        state = self.request.query_params.get("state", "")
        if self.action != "list" or not state:
            return queryset
        if state not in HandoverState.values:
            raise ValidationError({"state": [", ".join(HandoverState.values)]})
        return queryset.filter(state=state)

    def _answer(self, pk: int, status: int = 200) -> Response:
        row = queries.handover_rows(me(self.request)).filter(pk=pk).first()
        if row is None:
            raise Http404
        return Response(HandoverSerializer(row, context=self.get_serializer_context()).data, status=status)

    @extend_schema(request=StatementInput, responses={201: HandoverSerializer, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def hand_in(self, request: Request, pk: str) -> Response:
        """Hand in a statement; a further one is a correction (CMP-21)."""
        row = self.get_object()
        form = StatementInput(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        said = form.validated_data
        services.hand_in_statement(
            handover=row, text=said["text"], employee=said["employee"], stage=said["stage"],
            measures=said["measures"], attachment_ids=tuple(said["attachments"]), by=me(request),
        )  # fmt: skip
        return self._answer(row.pk, 201)

    @extend_schema(request=Versioned, responses={200: HandoverSerializer, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def take_up(self, request: Request, pk: str) -> Response:
        """Tell the centre that somebody works on it."""
        row = self.get_object()
        services.accept_handover(handover=row, by=me(request))
        return self._answer(row.pk)

    @extend_schema(request=Reason, responses={200: HandoverSerializer, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def send_back(self, request: Request, pk: str) -> Response:
        """Not our department: back to the centre with a reason."""
        row = self.get_object()
        services.return_handover(handover=row, reason=_reason(self, request), by=me(request))
        return self._answer(row.pk)

    @extend_schema(request=Reason, responses={200: HandoverSerializer, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def waive(self, request: Request, pk: str) -> Response:
        """The supervisor does without this statement (CMP-20)."""
        row = queries.handover_for_centre(user=me(request), pk=int(pk))
        if row is None:
            raise Http404
        services.waive(handover=row, reason=_reason(self, request), by=me(request))
        fresh = queries.handover_for_centre(user=me(request), pk=int(pk))
        return Response(HandoverSerializer(fresh, context=self.get_serializer_context()).data)


def _reason(view: Any, request: Request) -> str:
    form = Reason(data=request.data, context=view.get_serializer_context())
    form.is_valid(raise_exception=True)
    return str(form.validated_data["reason"])

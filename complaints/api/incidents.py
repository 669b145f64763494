"""Service incidents: list, one, confirm, refute (CMP-40 to CMP-45)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import queries, services
from complaints.api.inputs import Reason, Versioned
from complaints.api.serializers import IncidentDetail, IncidentSerializer
from complaints.filters import IncidentFilter
from complaints.models import ServiceIncident
from complaints.permissions import INCIDENT_READERS, Right
from organization.permissions import me
from servicecenter.api import Holds, once
from servicecenter.kernel.errors import RuleBroken

REFUSED = OpenApiResponse(description="A rule refuses it: {code, message, fields}.")


class IncidentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ServiceIncident]
):
    """Service incidents (事故): second complaints and recurrences."""

    lookup_field = "number"
    lookup_value_regex = "[A-Za-z0-9-]+"
    permission_classes = (Holds,)
    rights: tuple[str, ...] = INCIDENT_READERS
    rights_by_action = {"confirm": (Right.CONFIRM_INCIDENT,), "refute": (Right.CONFIRM_INCIDENT,)}
    queryset = ServiceIncident.objects.none()
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilter
    keyset_order = queries.INCIDENT_ORDER

    def get_queryset(self) -> QuerySet[ServiceIncident]:
        """Only what the user may see."""
        return queries.incident_rows(me(self.request))

    def filter_queryset(self, queryset: Any) -> Any:
        """The same filters as the page; bad values are told."""
        if self.action != "list":
            return queryset
        filters = IncidentFilter(self.request.query_params, queryset=queryset, request=self.request)
        if not filters.is_valid():
            raise ValidationError(filters.errors)
        return filters.qs

    @extend_schema(responses=IncidentDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """One service incident with its tickets and who was told."""
        return self._answer(number)

    def _answer(self, number: str) -> Response:
        view = queries.incident(user=me(self.request), number=number)
        if view is None:
            raise Http404
        may_decide = view.suspect is not None and me(self.request).has_right(Right.CONFIRM_INCIDENT)
        context: dict[str, Any] = {
            **self.get_serializer_context(),
            "incident": view,
            "may_decide": may_decide,
        }
        return Response(IncidentDetail(view.incident, context=context).data)

    @extend_schema(request=Versioned, responses={200: IncidentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def confirm(self, request: Request, number: str) -> Response:
        """It is a second complaint: everybody concerned is told, consequences follow."""
        services.confirm_incident(incident=self._suspected(number).incident, by=me(request))
        return self._answer(number)

    @extend_schema(request=Reason, responses={200: IncidentDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def refute(self, request: Request, number: str) -> Response:
        """It is another matter: withdrawn, the ticket begins an event of its own."""
        view = self._suspected(number)
        form = Reason(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        services.refute(complaint=view.suspect, reason=form.validated_data["reason"], by=me(request))
        return self._answer(number)

    def _suspected(self, number: str) -> Any:
        view = queries.incident(user=me(self.request), number=number)
        if view is None:
            raise Http404
        if view.suspect is None:
            raise RuleBroken("incident.not_suspected")
        return view

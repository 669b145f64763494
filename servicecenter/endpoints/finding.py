"""The search box in the API."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from servicecenter import finding


class HitSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One record."""

    kind = serializers.CharField(read_only=True)
    number = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    detail = serializers.CharField(read_only=True)
    url = serializers.CharField(read_only=True, help_text="Its page.")


class GroupSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Records of one kind, at most eight; `every` is the page with all of them, empty when these are all."""

    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    every = serializers.CharField(read_only=True)
    hits = HitSerializer(many=True, read_only=True)


class FoundSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What was found, and what took too long to be looked through."""

    groups = GroupSerializer(many=True, read_only=True)
    late = serializers.ListField(child=serializers.CharField(), read_only=True)


class SearchViewSet(viewsets.GenericViewSet):  # type: ignore[type-arg]
    """Records of every kind by number, name, telephone or words, as far as the user may see them."""

    permission_classes = (IsAuthenticated,)
    serializer_class = FoundSerializer
    pagination_class = None

    @extend_schema(
        operation_id="search",
        parameters=[OpenApiParameter("q", str, required=True, description="At least two signs.")],
        responses=FoundSerializer,
    )
    def list(self, request: Request) -> Response:
        """Hits by kind."""
        answer = finding.search(request.user, request.query_params.get("q", ""))
        return Response(FoundSerializer(answer).data)

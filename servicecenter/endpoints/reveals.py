"""A value behind a mask in the API: by right, for a reason, counted and recorded as on the page (PRV-02, PRV-03)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from servicecenter import reveals
from servicecenter.permissions import can_reveal


class RevealInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which value, and why. The record is named by its `id`, or by its `number` where the API shows no id."""

    kind = serializers.CharField(max_length=60, help_text="customers.telephone, complaints.complaint …")
    id = serializers.IntegerField(required=False, min_value=1, max_value=10**18 - 1)
    number = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    what = serializers.CharField(max_length=60, help_text="The field: number, caller_telephone …")
    reason = serializers.CharField(max_length=200)


class RevealedSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The value in full."""

    value = serializers.CharField(read_only=True)


class RevealViewSet(viewsets.GenericViewSet):  # type: ignore[type-arg]
    """Masked personal values, one at a time."""

    permission_classes = (IsAuthenticated,)
    serializer_class = RevealInput
    pagination_class = None

    @extend_schema(
        request=RevealInput,
        responses={
            200: RevealedSerializer,
            429: OpenApiResponse(description="More in an hour than is allowed: {code, message, fields}."),
        },
    )
    def create(self, request: Request) -> Response:
        """Show one value. Never answered from a key: the value would be kept with it, and every look counts."""
        if not can_reveal(request.user):
            raise PermissionDenied
        form = RevealInput(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        obj = reveals.personal_field(
            request.user, kind=said["kind"], what=said["what"], pk=said.get("id"), number=said["number"]
        )
        if obj is None:
            raise Http404
        value = reveals.reveal(user=request.user, what=said["what"], obj=obj, reason=said["reason"])
        answer = Response({"value": value})
        answer["Cache-Control"] = "private, no-store"
        return answer

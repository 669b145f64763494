"""Reply templates (CMP-50): those in use, and one filled for a ticket."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import queries
from complaints.api.serializers import code_of
from complaints.models import ReplyTemplate
from complaints.permissions import WRITERS, Right
from organization.permissions import me
from servicecenter.api import Holds


class ReplyTemplateSerializer(serializers.ModelSerializer[ReplyTemplate]):
    """A reply template with its placeholders unfilled."""

    name = serializers.CharField(source="__str__", read_only=True)
    category = code_of("category")

    class Meta:
        model = ReplyTemplate
        fields = ("code", "name", "names", "texts", "category", "ordinal")


class FilledTemplateSerializer(serializers.Serializer[Any]):
    """A reply template filled for one ticket."""

    code = serializers.CharField()
    complaint = serializers.CharField(help_text="The ticket's number.")
    language = serializers.CharField(help_text="Empty: the reader's own.")
    text = serializers.CharField()


class FilledInput(serializers.Serializer[Any]):
    """For which ticket, in which language."""

    complaint = serializers.CharField(max_length=20)
    language = serializers.ChoiceField(settings.LANGUAGES, required=False, allow_blank=True, default="")


class ReplyTemplateViewSet(viewsets.ReadOnlyModelViewSet[ReplyTemplate]):
    """Reply templates (回复模板) in use, in their order."""

    permission_classes = (Holds,)
    rights: tuple[str, ...] = (*WRITERS, Right.EDIT_CATEGORIES, Right.VIEW_ALL)
    rights_by_action = {"filled": WRITERS}
    queryset = ReplyTemplate.objects.none()
    serializer_class = ReplyTemplateSerializer
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9_-]+"
    pagination_class = None

    def get_queryset(self) -> Any:
        """Those in use."""
        return queries.templates_in_use()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A few dozen rows: no pages."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        parameters=[
            OpenApiParameter("complaint", str, required=True, description="The ticket's number."),
            OpenApiParameter("language", str, enum=[code for code, _ in settings.LANGUAGES]),
        ],
        responses=FilledTemplateSerializer,
    )
    @action(detail=True, methods=["get"])
    def filled(self, request: Request, code: str) -> Response:
        """The text as it would stand on a ticket; 404 where the template is not offered there. Writes nothing."""
        asked = FilledInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        complaint = queries.row_queryset(me(request)).filter(number=said["complaint"]).first()
        if complaint is None:
            raise Http404
        template = get_object_or_404(queries.templates_for(complaint).defer(None), code=code)
        text = queries.filled(
            template=template, complaint=complaint, user=me(request), language=said["language"]
        )
        return Response(
            {"code": code, "complaint": complaint.number, "language": said["language"], "text": text}
        )

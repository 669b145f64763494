"""The inbox of notices in the API: one's own, newest first; read one, read all."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from servicecenter import notices
from servicecenter.api import once
from servicecenter.filtering import ListFilter, YesNoFilter
from servicecenter.keyset import Order
from servicecenter.models import Notice


class InboxNoticeSerializer(serializers.ModelSerializer[Notice]):
    """A notice in the reader's language. `url` is the page that opens its record and marks the notice read."""

    text = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = ("id", "at", "code", "level", "text", "kind", "object_id", "number", "url", "read_at")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.STR)
    def get_text(self, row: Notice) -> str:
        """What there is to know."""
        return notices.words_of(row)

    @extend_schema_field(OpenApiTypes.STR)
    def get_url(self, row: Notice) -> str:
        """A page to be posted to, for whoever is logged in in a browser."""
        return reverse("notice-read", args=[row.pk])


class ReadAllSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """How many were unread."""

    read = serializers.IntegerField(read_only=True)


class NoticeFilter(ListFilter):
    """Unread ones alone, or read ones alone."""

    unread = YesNoFilter(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Notice
        fields: list[str] = []


class NoticeViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Notice]):
    """Notices (通知) to whoever asks."""

    permission_classes = (IsAuthenticated,)
    queryset = Notice.objects.none()
    serializer_class = InboxNoticeSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = NoticeFilter
    keyset_order = Order("newest", ("at",), descending=True)
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """One's own; another's notice is not there."""
        user: Any = self.request.user
        return Notice.objects.filter(user_id=user.pk)

    @extend_schema(request=None, responses=InboxNoticeSerializer)
    @action(detail=True, methods=["post"])
    @once
    def read(self, request: Request, pk: str) -> Response:
        """It counts as read from now."""
        notice = notices.read(user=request.user, pk=int(pk))
        if notice is None:
            raise Http404
        return Response(InboxNoticeSerializer(notice, context=self.get_serializer_context()).data)

    @extend_schema(request=None, responses=ReadAllSerializer)
    @action(detail=False, methods=["post"])
    @once
    def read_all(self, request: Request) -> Response:
        """Everything up to now is read."""
        return Response({"read": notices.read_all(user=request.user)})

"""Papers of a ticket: the complaint sheet (CMP-03), the written notice as it was issued and its reprints (CMP-25)."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import queries
from complaints.api.serializers import NoticeSerializer
from complaints.models import WrittenNotice
from complaints.permissions import HANDLING, Right
from organization.permissions import me
from servicecenter import pdf
from servicecenter.api import AnyAccepted, Holds, once

DRAWN = {(200, "application/pdf"): OpenApiTypes.BINARY}


class ReprintInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why it is printed again."""

    reason = serializers.CharField(max_length=300)


class CopySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Which copy it became."""

    copy = serializers.IntegerField(read_only=True, help_text="For `?copy=` of the paper.")


class SheetAction:
    """The complaint sheet of a ticket."""

    @extend_schema(responses=DRAWN)
    @action(detail=True, methods=["get"], content_negotiation_class=AnyAccepted)
    def sheet(self, request: Request, number: str) -> FileResponse:
        """The complaint sheet as a PDF, masked as this reader's pages are (CMP-03, PRV-10)."""
        view = queries.ticket(user=me(request), number=number)
        if view is None:
            raise Http404
        return _pdf(queries.drawn_sheet(view, user=me(request)), number)


class WrittenNoticeViewSet(viewsets.GenericViewSet[WrittenNotice]):
    """Written notices (书面告知) of tickets that the user sees."""

    permission_classes = (Holds,)
    rights: tuple[str, ...] = (*HANDLING, Right.VIEW_ALL)
    rights_by_action = {"reprint": HANDLING}
    queryset = WrittenNotice.objects.none()
    serializer_class = NoticeSerializer
    content_negotiation_class = AnyAccepted
    pagination_class = None
    lookup_field = "document_number"
    lookup_url_kwarg = "number"
    lookup_value_regex = "[0-9A-Za-z-]{1,20}"

    def _notice(self, request: Request, number: str) -> WrittenNotice:
        found = queries.notice(user=me(request), number=number)
        if found is None:
            raise Http404
        return found

    def retrieve(self, request: Request, number: str) -> Response:
        """What the customer was told."""
        return Response(NoticeSerializer(self._notice(request, number)).data)

    @extend_schema(
        parameters=[OpenApiParameter("copy", int, description="A reprint, by its number.")], responses=DRAWN
    )
    @action(detail=True, methods=["get"])
    def paper(self, request: Request, number: str) -> FileResponse:
        """The notice as it was issued, byte for byte; with `copy` a reprint of it."""
        drawn = queries.drawn_notice(self._notice(request, number), request.query_params.get("copy", ""))
        if drawn is None:
            raise Http404
        return _pdf(drawn, number)

    @extend_schema(request=ReprintInput, responses={201: CopySerializer})
    @action(detail=True, methods=["post"])
    @once
    def reprint(self, request: Request, number: str) -> Response:
        """Print it again: drawn from the frozen data, counted, and it says so."""
        notice = self._notice(request, number)
        form = ReprintInput(data=request.data)
        form.is_valid(raise_exception=True)
        document: Any = queries.document_of(notice)
        copy = pdf.reprint(document=document, reason=form.validated_data["reason"], by=me(request))
        return Response({"copy": copy.ordinal}, status=201)


def _pdf(drawn: bytes, number: str) -> FileResponse:
    return FileResponse(io.BytesIO(drawn), filename=f"{number}.pdf", content_type="application/pdf")

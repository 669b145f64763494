"""Files in the API: upload, then name the id in the act that takes it; download what belongs to a record one sees."""

from __future__ import annotations

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import parsers, serializers, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from servicecenter import answers, attachments, ports
from servicecenter.api import AnyAccepted, once
from servicecenter.figures import whole
from servicecenter.models import Attachment
from servicecenter.subjects import found_by_number


class UploadInput(serializers.Serializer):  # type: ignore[type-arg]
    """One file, as a part of a form."""

    file = serializers.FileField()


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A file that was taken in: its id goes into the `attachments` of the act that is to keep it."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Attachment
        fields = ("id", "name", "media_type", "size", "sha256", "uploaded_at")
        read_only_fields = ("name", "media_type", "size", "sha256", "uploaded_at")


class AttachmentViewSet(viewsets.GenericViewSet[Attachment]):
    """Files of records (附件)."""

    permission_classes = (IsAuthenticated,)
    queryset = Attachment.objects.none()
    serializer_class = AttachmentSerializer
    parser_classes = (parsers.MultiPartParser,)
    content_negotiation_class = AnyAccepted
    pagination_class = None
    lookup_field = "public_id"
    lookup_value_regex = "[0-9a-f]{32}"

    @extend_schema(
        request={"multipart/form-data": UploadInput},
        responses={
            201: AttachmentSerializer,
            400: OpenApiResponse(
                description="Not of an accepted kind, too large, broken: {code, message, fields}."
            ),
        },
    )
    @once
    def create(self, request: Request) -> Response:
        """Upload one file. It is its uploader's alone until an act names its id, and goes after a day without one."""
        form = UploadInput(data=request.data)
        form.is_valid(raise_exception=True)
        kept = attachments.store(file=form.validated_data["file"], by=request.user)
        return Response(AttachmentSerializer(kept).data, status=201)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "kind",
                str,
                required=True,
                description="claims.claim, inventory.document, complaints.complaint …",
            ),
            OpenApiParameter("number", str, description="The record by its number …"),
            OpenApiParameter("id", int, description="… or by its id, where it has no number."),
        ],
        responses=AttachmentSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """The files of one record, oldest first; 404 for whoever does not see it and whom it is about (PRV-10)."""
        asked = request.query_params
        kind, pk = asked.get("kind", ""), whole(asked.get("id", ""))
        if not asked.get("id"):
            record = found_by_number(kind, asked.get("number", ""))
            pk = record.pk if record is not None else None
        if pk is None:
            raise Http404
        subject = ports.call("servicecenter.subject", kind, object_id=pk, user=request.user)
        if subject is None or subject.is_masked:
            raise Http404
        rows = Attachment.objects.filter(kind=subject.kind, object_id=subject.object_id).order_by(
            "bound_at", "id"
        )
        return Response(AttachmentSerializer(rows, many=True).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def retrieve(self, request: Request, public_id: str) -> FileResponse:
        """The file in its own media type, for whoever may see its record; 404 for everybody else."""
        try:
            kept = attachments.open_for(request.user, public_id)
        except Attachment.DoesNotExist as hidden:
            raise Http404 from hidden
        return answers.file(kept)

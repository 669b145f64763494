"""Transfers in the API: list, one, make, and every act (INV-01 to INV-05, INV-40 to INV-47, LED-06)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import queries, services
from inventory.api.door import READ, REFUSED
from inventory.api.inputs import LossInput, StockReason, StockVersion, TransferInput
from inventory.api.papers import Papers
from inventory.api.serializers import DocumentRow, TransferDetail, TransferRow
from inventory.filters import TransferFilter
from inventory.models import Transfer
from inventory.permissions import Right
from organization.permissions import me
from servicecenter.api import once

BEGIN = (Right.DRAFT_TRANSFER, Right.PLAN_TRANSFER)
DO = (*BEGIN, Right.AUDIT_TRANSFER)


@extend_schema(tags=["stock"])
class TransferViewSet(Papers):
    """Transfers (调拨单), newest first. A transfer moves nothing itself: its documents do."""

    subject = "transfer"
    page_of = staticmethod(queries.transfer_page)
    told_by = TransferDetail
    rights_by_action = {
        "create": BEGIN,
        "save": BEGIN,
        "edit": BEGIN,
        "abandon": BEGIN,
        "void": BEGIN,
        "audit": DO,
        "unaudit": DO,
        "receive_rest": READ,
        "transit_loss": READ,
    }
    queryset = Transfer.objects.none()
    serializer_class = TransferRow
    filterset_class = TransferFilter
    keyset_order = queries.TRANSFER_ORDERS["newest"]

    def get_queryset(self) -> QuerySet[Transfer]:
        """Only transfers with a side that the user may see."""
        if getattr(self, "swagger_fake_view", False):
            return Transfer.objects.none()
        return queries.transfer_rows(queries.transfers_visible_to(me(self.request)))

    @extend_schema(responses=TransferDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """One transfer with what was issued, received and is on its way, and what may be done now."""
        return self.answered(number)

    @extend_schema(request=TransferInput, responses={201: TransferDetail, 409: REFUSED})
    @once
    def create(self, request: Request) -> Response:
        """A new transfer; across departments by planning of business management alone (INV-03, INV-05)."""
        read = self.read(TransferInput, request)
        made = services.save_transfer(head=read.head(), lines=read.rows(), by=me(request))
        return self.answered(made.number, 201)

    @extend_schema(request=TransferInput, responses={200: TransferDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def save(self, request: Request, number: str) -> Response:
        """Save it again as a whole."""
        transfer = self.allowed(number, "save")
        read = self.read(TransferInput, request)
        services.save_transfer(
            head=read.head(), lines=read.rows(), transfer=transfer, version=read.validated_data["version"],
            by=me(request),
        )  # fmt: skip
        return self.answered(number)

    @extend_schema(request=StockVersion, responses={200: TransferDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def edit(self, request: Request, number: str) -> Response:
        """修改."""
        return self.act(request, number, services.edit_transfer)

    @extend_schema(request=StockVersion, responses={200: TransferDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def abandon(self, request: Request, number: str) -> Response:
        """放弃."""
        return self.act(request, number, services.abandon_transfer_edit)

    @extend_schema(request=StockVersion, responses={200: TransferDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def audit(self, request: Request, number: str) -> Response:
        """审核: makes the outbound and the inbound document (INV-42)."""
        return self.act(request, number, services.audit_transfer)

    @extend_schema(request=StockVersion, responses={200: TransferDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def unaudit(self, request: Request, number: str) -> Response:
        """弃审, after inbound and outbound (LED-06)."""
        return self.act(request, number, services.unaudit_transfer)

    @extend_schema(request=StockReason, responses={200: TransferDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def void(self, request: Request, number: str) -> Response:
        """删除: its number stays."""
        return self.act(request, number, services.void_transfer, StockReason)

    @extend_schema(request=None, responses={201: DocumentRow, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def receive_rest(self, request: Request, number: str) -> Response:
        """A further inbound document for what is still on its way (LED-06)."""
        made = services.receive_rest(transfer=self.allowed(number, "receive_rest"), by=me(request))
        return self._document(made)

    @extend_schema(request=LossInput, responses={201: DocumentRow, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def transit_loss(self, request: Request, number: str) -> Response:
        """A loss document for what never arrived; approved by another person before its audit (LED-06)."""
        transfer = self.allowed(number, "transit_loss")
        said = self.read(LossInput, request).validated_data
        made = services.draft_transit_loss(
            transfer=transfer,
            remarks=said["remarks"],
            quantities={one["line"]: one["quantity"] for one in said["lines"]} or None,
            by=me(request),
        )
        return self._document(made)

    def _document(self, made: Any) -> Response:
        row = queries.documents_visible_to(me(self.request)).get(pk=made.pk)
        return Response(DocumentRow(row, context=self.get_serializer_context()).data, status=201)

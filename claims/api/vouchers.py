"""Vouchers: list, one, found by code, paid once, void, replaced, reprinted (CLM-09, CLM-10)."""

from __future__ import annotations

import io
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims import queries, services
from claims.api.acts import REFUSED
from claims.api.inputs import PayInput, ReissueInput, WhyInput
from claims.api.serializers import VoucherDetail, VoucherRow
from claims.filters import VoucherFilter
from claims.models import Voucher
from claims.permissions import Right
from organization.permissions import me
from servicecenter import pdf
from servicecenter.api import Holds, once
from servicecenter.keyset import Order


class VoucherViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Voucher]):
    """Payout vouchers (理赔款领取凭证)."""

    lookup_field = "number"
    lookup_value_regex = "[A-Za-z0-9-]+"
    permission_classes = (Holds,)
    rights: tuple[str, ...] = (Right.VIEW_VOUCHER, Right.PAY_VOUCHER)
    rights_by_action = {
        "pay": (Right.PAY_VOUCHER,),
        "void": (Right.VOID_VOUCHER,),
        "reissue": (Right.VOID_VOUCHER,),
        "reprint": (Right.REPRINT_VOUCHER,),
    }
    queryset = Voucher.objects.none()
    serializer_class = VoucherRow
    filterset_class = VoucherFilter
    keyset_order = Order("newest", ("issued_at",), descending=True)

    def get_queryset(self) -> QuerySet[Voucher]:
        """Only what the user may see."""
        rows = queries.vouchers_visible_to(me(self.request))
        return rows.select_related(
            "claim__waybill", "branch", "part", "issued_by", "paid_by", "voided_by", "document"
        )

    def filter_queryset(self, queryset: Any) -> Any:
        """The same filters as the page; bad values are told."""
        if self.action != "list":
            return queryset
        filters = VoucherFilter(self.request.query_params, queryset=queryset, request=self.request)
        if not filters.is_valid():
            raise ValidationError(filters.errors)
        return filters.qs

    @extend_schema(responses=VoucherDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """One voucher, and whether it may be paid now."""
        return self._answer(self.get_object())

    def _answer(self, voucher: Voucher, status: int = 200) -> Response:
        card = queries.voucher_card(voucher, me(self.request))
        context = {**self.get_serializer_context(), "card": card}
        return Response(VoucherDetail(card.voucher, context=context).data, status=status)

    @extend_schema(
        parameters=[
            OpenApiParameter("code", str, required=True, description="A number, or the text of the QR code.")
        ],
        responses=VoucherDetail,
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def find(self, request: Request) -> Response:
        """The voucher of a number in any spelling, or of a scanned code."""
        found = queries.find_voucher(request.query_params.get("code", ""), me(request))
        if found is None:
            raise Http404
        return self._answer(self.get_queryset().get(pk=found.pk))

    @extend_schema(request=PayInput, responses={200: VoucherDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def pay(self, request: Request, number: str) -> Response:
        """Pay it, once: a second try is told who paid, when and where (CLM-10)."""
        form = PayInput(data=request.data)
        form.is_valid(raise_exception=True)
        said = {**form.validated_data}
        for name in ("authority", "consent"):
            said[name] = tuple(said[name])
        services.pay_voucher(voucher=self.get_object(), by=me(request), **said)
        return self._answer(self.get_object())

    @extend_schema(request=WhyInput, responses={200: VoucherDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def void(self, request: Request, number: str) -> Response:
        """Make it void; it keeps its number and the reason."""
        form = WhyInput(data=request.data)
        form.is_valid(raise_exception=True)
        services.void_voucher(voucher=self.get_object(), by=me(request), **form.validated_data)
        return self._answer(self.get_object())

    @extend_schema(request=ReissueInput, responses={201: VoucherDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def reissue(self, request: Request, number: str) -> Response:
        """Make it void and issue another for the same part."""
        form = ReissueInput(data=request.data)
        form.is_valid(raise_exception=True)
        made = services.reissue_voucher(voucher=self.get_object(), by=me(request), **form.validated_data)
        return self._answer(self.get_queryset().get(pk=made.pk), status=201)

    @extend_schema(request=WhyInput, responses={200: VoucherDetail, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def reprint(self, request: Request, number: str) -> Response:
        """Print it again: from the frozen data, counted, marked."""
        form = WhyInput(data=request.data)
        form.is_valid(raise_exception=True)
        services.reprint_voucher(voucher=self.get_object(), by=me(request), **form.validated_data)
        return self._answer(self.get_object())

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], pagination_class=None)
    def paper(self, request: Request, number: str) -> FileResponse:
        """The customer's part as it was issued, byte for byte. Never shares or fines (CLM-07)."""
        voucher = self.get_object()
        if voucher.document is None:
            raise Http404
        content = pdf.read(voucher.document)
        return FileResponse(io.BytesIO(content), filename=f"{number}.pdf", content_type="application/pdf")

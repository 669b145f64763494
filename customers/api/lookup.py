"""The look-up of the intake in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from customers import queries


class CustomerHitSerializer(serializers.Serializer[Any]):
    """A customer that was found; the telephone masked."""

    number = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    tier = serializers.CharField()
    standing = serializers.CharField()
    difficult_mark = serializers.CharField()
    contact_name = serializers.CharField()
    telephone = serializers.CharField(source="telephone_masked")


class WaybillHitSerializer(serializers.Serializer[Any]):
    """A waybill that was found; telephones masked. `role`: which party the number looked up is."""

    number = serializers.CharField()
    is_stub = serializers.BooleanField()
    consignor_name = serializers.CharField()
    consignor_telephone = serializers.CharField(source="consignor_masked")
    consignee_name = serializers.CharField()
    consignee_telephone = serializers.CharField(source="consignee_masked")
    goods = serializers.CharField()
    shipped_on = serializers.DateField(allow_null=True)
    cod_state = serializers.CharField()
    cod_amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    role = serializers.CharField()


class LookupViewSet(viewsets.ViewSet):
    """Who is it, and which consignment: as the intake asks (CMP-01, WBL-07)."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        tags=["lookup"],
        parameters=[
            OpenApiParameter(
                "q",
                str,
                required=True,
                description="Telephone, its last four digits, waybill, customer number, name.",
            )
        ],
        responses=inline_serializer(
            "LookUp",
            {
                "customers": CustomerHitSerializer(many=True),
                "waybills": WaybillHitSerializer(many=True),
                "unknown_waybill": serializers.CharField(),
            },
        ),
    )
    def list(self, request: Request) -> Response:
        """At most eight customers and eight waybills; `unknown_waybill` is a number that could become a stub."""
        found = queries.look_up(request.query_params.get("q", "")[:200], request.user)
        return Response(
            {
                "customers": CustomerHitSerializer(found.customers, many=True).data,
                "waybills": WaybillHitSerializer(found.waybills, many=True).data,
                "unknown_waybill": found.unknown_waybill,
            }
        )

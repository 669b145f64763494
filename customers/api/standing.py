"""A customer's file in the API: closed, opened again, entrusted to an account manager (CUS-01, CUS-04)."""

from __future__ import annotations

from typing import Any

from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from customers import permissions, queries, services
from customers.api.door import demand
from customers.permissions import Right
from servicecenter.idempotency import idempotent


class CloseInput(serializers.Serializer[Any]):
    """Why; `version` is the one that was read."""

    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class StandingInput(serializers.Serializer[Any]):
    """`version` is the one that was read."""

    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class EntrustInput(StandingInput):
    """An account manager by work number, or nobody."""

    account_manager = serializers.CharField(max_length=12, allow_null=True)


class StandingActions:
    """What is done to the file as a whole; the viewset answers by its `_answer(row)`."""

    get_object: Any
    _answer: Any

    @extend_schema(request=CloseInput)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def close(self, request: Request, number: str) -> Response:
        """Close the file: it stays searchable and changes no more (CUS-04)."""
        user = demand(request, Right.EDIT_CUSTOMER)
        row = self.get_object()
        if not permissions.can_edit(user, row):
            raise PermissionDenied
        data = CloseInput(data=request.data)
        data.is_valid(raise_exception=True)
        answer: Response = self._answer(services.close_customer(customer=row, by=user, **data.validated_data))
        return answer

    @extend_schema(request=StandingInput)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def reopen(self, request: Request, number: str) -> Response:
        """Open a closed file again; its standing follows from its waybills (CUS-04)."""
        user = demand(request, Right.EDIT_CUSTOMER)
        row = self.get_object()
        data = StandingInput(data=request.data)
        data.is_valid(raise_exception=True)
        answer: Response = self._answer(
            services.reopen_customer(customer=row, by=user, **data.validated_data)
        )
        return answer

    @extend_schema(request=EntrustInput)
    @action(detail=True, methods=["post"])
    @method_decorator(idempotent)
    def entrust(self, request: Request, number: str) -> Response:
        """Name the account manager, or nobody."""
        user = demand(request, Right.ASSIGN_ACCOUNT_MANAGER)
        row = self.get_object()
        data = EntrustInput(data=request.data)
        data.is_valid(raise_exception=True)
        said = data.validated_data
        employee = None
        if said["account_manager"]:
            who = queries.account_managers(row.account_manager)
            employee = who.filter(work_number=said["account_manager"]).first()
            if employee is None:
                raise ValidationError(
                    {"account_manager": [_("There is no account manager of this work number.")]}
                )
        answer: Response = self._answer(
            services.assign_account_manager(customer=row, employee=employee, version=said["version"], by=user)
        )
        return answer

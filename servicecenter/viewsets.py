"""What viewsets share: lists in named orders, acts as endpoints. (api.py is imported by the framework itself.)"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from servicecenter.api import once
from servicecenter.keyset import Order


class OrderedList:
    """A viewset's list in one of its named orders, filtered as the pages filter; what is wrong is told, not ignored."""

    orders: Mapping[str, Order]
    usual_order = "newest"
    filterset_class: Any
    action: str
    request: Any

    @property
    def keyset_order(self) -> Order:
        """The named order; an unknown one is refused."""
        name = self.request.query_params.get("order", self.usual_order)
        if name not in self.orders:
            raise ValidationError({"order": [", ".join(self.orders)]})
        return self.orders[name]

    def filter_queryset(self, queryset: Any) -> Any:
        """The same filters as the pages; bad values are told."""
        if self.action != "list":
            return queryset
        filters = self.filterset_class(
            self.request.query_params, queryset=queryset, request=self.request, user=self.request.user
        )
        if not filters.is_valid():
            raise ValidationError(filters.errors)
        return filters.qs


def act_endpoint(
    *,
    code: str,
    says: str,
    takes: type[Any],
    answers: Any,
    refused: Any,
    name: str,
    do: Callable[[Any, Any, Any], Any],
) -> Any:
    """The method of one act for a viewset: right, input, `do(object, form, user)`, the object as it is now.

    The viewset answers by its `answer(number)`.
    """

    def method(self: Any, request: Request, number: str) -> Response:
        found = self.get_object()
        form = takes(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        do(found, form, request.user)
        answer: Response = self.answer(number)
        return answer

    method.__name__ = code
    method.__doc__ = says
    acting = action(detail=True, methods=["post"], url_path=code, url_name=code.replace("_", "-"))
    # The description comes last: `action` would replace what it hangs on the method.
    return extend_schema(
        summary=says, operation_id=f"{name}_{code}", request=takes, responses={200: answers, 409: refused}
    )(acting(once(method)))

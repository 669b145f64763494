"""Categories and subcases, for whoever builds a form on the API."""

from __future__ import annotations

from typing import Any

from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import queries
from complaints.api.serializers import CategorySerializer
from complaints.models import Category


class CategoryViewSet(viewsets.ReadOnlyModelViewSet[Category]):
    """Categories of complaints with their subcases (CMP-10a to CMP-10k)."""

    permission_classes = (IsAuthenticated,)
    queryset = Category.objects.none()
    serializer_class = CategorySerializer
    lookup_field = "code"
    lookup_value_regex = "[a-z_]+"
    pagination_class = None

    def get_queryset(self) -> Any:
        """All of them, in their order, each with its subcases."""
        return queries.category_rows()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A dozen rows: no pages."""
        return super().list(request, *args, **kwargs)

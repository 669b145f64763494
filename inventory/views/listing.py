"""One page of a filtered list, from the address alone; and lists taken away as files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest

from inventory.permissions import can_export
from organization.permissions import me
from servicecenter import answers, keyset, spreadsheet

PAGE_SIZE = 50


@dataclass(frozen=True)
class Listing:
    """One page with what shaped it."""

    filterset: Any
    page: keyset.Page[Any]
    order: str


def filtered(request: HttpRequest, filters: type[Any], rows: QuerySet[Any]) -> Any:
    """The filter set of the address over rows that the user may see."""
    return filters(request.GET, queryset=rows, request=request, user=me(request))


def listing(
    request: HttpRequest,
    filters: type[Any],
    rows: QuerySet[Any],
    orders: Mapping[str, keyset.Order],
    *,
    default: str,
    size: int = PAGE_SIZE,
) -> Listing:
    """Filter, order and page from the address; an unknown order is the usual one."""
    filterset = filtered(request, filters, rows)
    order = orders.get(request.GET.get("order", "")) or orders[default]
    marked = request.GET.copy()
    marked.pop("cursor", None)
    page = keyset.paginate(
        filterset.qs, order=order, cursor=request.GET.get("cursor", ""), size=size, filters=marked.urlencode()
    )
    return Listing(filterset, page, order.name)


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The rest of the address, for a search form."""
    return [(name, str(value)) for name, value in request.GET.items() if name not in {"q", "cursor"}]


def export(
    request: HttpRequest, name: str, columns: Sequence[spreadsheet.Column], rows: Iterable[Any]
) -> FileResponse:
    """A list as XLSX or CSV, if the user may take lists away (403 else); logged (PRV-04)."""
    if not can_export(me(request)):
        raise PermissionDenied
    return answers.exported(request, name=name, columns=columns, rows=rows)

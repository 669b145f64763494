"""The door of every stock page: who may enter, and what every page of one record begins with."""

from __future__ import annotations

from django.http import HttpRequest

from inventory.permissions import Right
from servicecenter.figures import whole

READ = (Right.VIEW_STOCK, Right.VIEW_ALL_STOCK)


def version_of(request: HttpRequest) -> int | None:
    """The version that the writer saw, from a button without a form of its own."""
    return whole(request.POST.get("version", ""))

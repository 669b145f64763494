"""The door of every stock page: who may enter, and what every page of one record begins with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from inventory.permissions import Right
from organization.models import User

View = Callable[..., Any]
READ = (Right.VIEW_STOCK, Right.VIEW_ALL_STOCK)


def needs(*rights: str) -> Callable[[View], View]:
    """Lets in whoever holds one of the rights, anywhere; the row is checked by `visible_to` inside."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not me(request).rights.has_any(rights):
                raise PermissionDenied
            response: HttpResponseBase = view(request, *args, **kwargs)
            return response

        guarded.rights = frozenset(rights)  # type: ignore[attr-defined]
        return guarded

    return decorate


def me(request: HttpRequest) -> User:
    """Who is logged in; behind `needs` it is always somebody."""
    assert isinstance(request.user, User)
    return request.user


def version_of(request: HttpRequest) -> int | None:
    """The version that the writer saw, from a button without a form of its own."""
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None

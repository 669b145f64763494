"""What the endpoints share: numbers in addresses, and the right asked for."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

NUMBER = "[0-9A-Za-z-]{1,20}"


def demand(request: Request, right: str) -> Any:
    """The user, who must hold the right; 403 else."""
    user: Any = request.user
    if not user.has_right(right):
        raise PermissionDenied
    return user

"""What every page's frame shows: workspaces by right, counts, unread notices, theme and density."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context of the shell."""
    return {}

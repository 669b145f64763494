"""API of this app."""

from typing import Any

ROUTES: list[tuple[str, Any, str]] = []

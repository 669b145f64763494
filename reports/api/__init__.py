"""API of reports."""

from typing import Any

ROUTES: list[tuple[str, Any, str]] = []

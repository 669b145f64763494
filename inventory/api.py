"""The stock's API: routes of documents, transfers, items and lists."""

from __future__ import annotations

ROUTES: list[tuple[str, type, str]] = []

"""Words of reports: the trail's entries, notices, broken rules, and the codes of figures and tables."""

from __future__ import annotations

from typing import Any

TRAIL: dict[str, Any] = {}
NOTICES: dict[str, Any] = {}
RULES: dict[str, Any] = {}

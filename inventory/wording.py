"""The sentences of this app's codes: trail, notices, rules."""

from __future__ import annotations

TRAIL: dict[str, object] = {}
NOTICES: dict[str, object] = {}
RULES: dict[str, object] = {}

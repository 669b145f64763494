"""The figures at the rail: my claims, what waits for my signature."""

from __future__ import annotations

from typing import Any

from claims import queries
from claims.permissions import Right


def counts(user: Any) -> dict[str, dict[str, Any]]:
    """Open claims of an adjuster, red while one is overdue; a place the user may not enter gets none."""
    if not user.has_right(Right.WORK_CLAIM):
        return {}
    return {"claims": queries.desk_burden(user)}

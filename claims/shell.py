"""The figures at the rail: my claims, what my department is asked."""

from __future__ import annotations

from typing import Any

from claims import queries
from claims.permissions import Right


def counts(user: Any) -> dict[str, dict[str, Any]]:
    """Open claims of an adjuster, red while one is overdue; a place the user may not enter gets none."""
    found: dict[str, dict[str, Any]] = {}
    if user.has_right(Right.WORK_CLAIM):
        found["claims"] = queries.desk_burden(user)
    if user.has_right(Right.ANSWER_REQUEST):
        found["asked"] = {"n": queries.asked_burden(user), "hot": False}
    return found

"""The figure at the rail: proposals that wait for whoever may confirm them."""

from __future__ import annotations

from typing import Any

from conduct import queries
from conduct.permissions import Right


def counts(user: Any) -> dict[str, dict[str, Any]]:
    """`{"conduct": {"n": 3, "hot": False}}` for those who confirm."""
    if not user.has_right(Right.CONFIRM_SANCTION):
        return {}
    return {"conduct": {"n": queries.waiting_count(user), "hot": False}}

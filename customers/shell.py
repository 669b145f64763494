"""The figure at the rail: tier proposals that wait for whoever may confirm them."""

from __future__ import annotations

from typing import Any

from customers.permissions import Right
from customers.queries.tiers import waiting_count


def counts(user: Any) -> dict[str, dict[str, Any]]:
    """`{"customers": {"n": 3, "hot": False}}` for those who confirm tiers."""
    if not user.has_right(Right.CONFIRM_TIERS):
        return {}
    return {"customers": {"n": waiting_count(user), "hot": False}}

"""The figure at the rail: documents that wait for my audit."""

from __future__ import annotations

from typing import Any

from inventory import queries
from inventory.permissions import Right


def counts(user: Any) -> dict[str, dict[str, Any]]:
    """One statement; whoever audits nothing gets no figure."""
    if not user.has_right(Right.AUDIT_DOCUMENT):
        return {}
    return {"stock": {"n": queries.documents_to_audit(user).count(), "hot": False}}

"""The figures at the rail: my open tickets, papers that wait for my department, follow-ups, service incidents."""

from __future__ import annotations

from typing import Any

from complaints import queries
from complaints.permissions import Right


def counts(user: Any) -> dict[str, dict[str, Any]]:
    """Each figure with whether it burns; a place the user may not enter gets none."""
    found: dict[str, dict[str, Any]] = {}
    if user.rights.has_any((Right.WORK_COMPLAINT, Right.SUPERVISE_COMPLAINT)):
        figures = queries.queue_counts(user)
        found["desk"] = {"n": figures["mine"].count, "hot": False}
        found["follow_ups"] = {"n": figures["follow_ups"].extra, "hot": False}
    if user.has_right(Right.HAND_IN_STATEMENT):
        waiting, late = queries.inbox_burden(user)
        found["inbox"] = {"n": waiting, "hot": late > 0}
    return found

"""Signatures that wait (CLM-08)."""

from __future__ import annotations

from typing import Any

from claims.choices import RequestState
from claims.models import ApprovalStep
from claims.permissions import APPROVES, may_sign
from claims.queries.desk import claims_visible_to


def approvals_waiting(user: Any) -> list[ApprovalStep]:
    """The signatures that this user may give now, the oldest first; each with its request and claim."""
    levels = [level for level, right in APPROVES.items() if user.has_right(right)]
    if not levels:
        return []
    waiting = (
        ApprovalStep.objects.filter(
            request__state=RequestState.WAITING, approved=None, request__claim__in=claims_visible_to(user)
        )
        .exclude(request__steps__decided_by=user)
        .select_related(
            "request__claim__waybill",
            "request__claim__customer",
            "request__claim__branch",
            "request__requested_by__employee",
        )
        .order_by("requested_at", "request_id", "ordinal")
    )
    # signatures are given in their order
    next_of: dict[int, ApprovalStep] = {}
    for step in waiting:
        next_of.setdefault(step.request_id, step)
    return [step for step in next_of.values() if step.level in levels and may_sign(user, step)]

"""What departments are asked, and what was found (CLM-03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from claims.models import Claim, EvidenceRequest, InvestigationResult
from claims.permissions import Right
from deadlines.queries import next_clocks
from organization.queries import within
from servicecenter import attachments
from servicecenter.subjects import kind_of

ANSWERED_SHOWN = 5
ASKED_SHOWN = 100


@dataclass(frozen=True)
class Asked:
    """A department's side: what waits for its answer, what it answered last."""

    waiting: Sequence[Any]
    answered: Sequence[EvidenceRequest]


def requests_asked_of(user: Any) -> QuerySet[EvidenceRequest]:
    """What the departments are asked for which the user answers."""
    mine = within(user.rights.paths(Right.ANSWER_REQUEST))
    return EvidenceRequest.objects.filter(mine).select_related(
        "claim__waybill", "department", "asked_by__employee", "answered_by__employee"
    )


def asked_of(user: Any) -> Asked:
    """The next due on top, each with its clock."""
    rows = requests_asked_of(user)
    waiting: list[Any] = list(
        rows.filter(answered_at=None, withdrawn_at=None).order_by("due_at", "pk")[:ASKED_SHOWN]
    )
    clocks = next_clocks(kind_of(EvidenceRequest), [row.pk for row in waiting])
    for row in waiting:
        row.clock = clocks[row.pk]
    answered = rows.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")[:ANSWERED_SHOWN]
    return Asked(waiting, list(answered))


def asked_burden(user: Any) -> int:
    """How many requests wait for the user's departments: one statement."""
    return requests_asked_of(user).filter(answered_at=None, withdrawn_at=None).count()


def requests_of(claim: Claim) -> list[Any]:
    """What was asked for a claim, in order, each with its clock and the files of its answer."""
    rows: list[Any] = list(
        claim.requests.select_related("department", "asked_by__employee", "answered_by__employee").order_by(
            "asked_at", "pk"
        )
    )
    clocks = next_clocks(kind_of(EvidenceRequest), [row.pk for row in rows])
    files = attachments.of_many(EvidenceRequest, [row.pk for row in rows])
    for row in rows:
        row.clock, row.files = clocks[row.pk], files.get(row.pk, [])
    return rows


def results_of(claim: Claim) -> list[InvestigationResult]:
    """What the investigation found, the newest first."""
    rows = claim.results.select_related("reported_by__employee", "decided_by__employee")
    return list(rows.order_by("-reported_at", "-pk"))

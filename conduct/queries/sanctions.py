"""Sanctions: which one may see, one in full with its range and source, and what an incident brought about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from conduct.choices import SanctionState
from conduct.domain import lifecycle
from conduct.domain.fines import is_outside
from conduct.domain.policy import FinePolicy, PointsPolicy
from conduct.models import MeritDisqualification, Sanction, Violation
from conduct.permissions import Right, may
from conduct.queries.scope import reach
from servicecenter import policies, ports
from servicecenter.clock import now_db
from servicecenter.kernel.lifecycle import Answer
from servicecenter.keyset import Order
from servicecenter.models import ClockTimestamp, Policy
from servicecenter.prepared import Prepared, given
from servicecenter.search import fold
from servicecenter.subjects import Subject, kind_of

ORDERS = {"newest": Order("newest", ("proposed_at",), descending=True)}
FINES = "conduct.fine"
JOINED = ("target_employee__department", "target_department", "violation", "proposed_by__employee")


def sanctions_visible_to(user: Any) -> QuerySet[Sanction]:
    """All of them from a central department, else those of the own people, and what one proposed oneself."""
    rows = Sanction.objects.select_related(*JOINED)
    if not user.has_right(Right.VIEW_SANCTION):
        return rows.none()
    limits = reach(user, Right.VIEW_SANCTION)
    return rows if limits is None else rows.filter(limits | Q(proposed_by_id=user.pk))


def search_sanctions(rows: QuerySet[Sanction], text: str) -> QuerySet[Sanction]:
    """Those whose number, source, person or work number fits."""
    word = text.strip()
    if not word:
        return rows
    return rows.filter(
        Q(number__istartswith=word)
        | Q(source_number__istartswith=word)
        | Q(target_employee__name__startswith=word)
        | Q(target_employee__name_key__startswith=fold(word))
        | Q(target_employee__work_number=word)
    )


def violations(*, closed: bool = False) -> QuerySet[Violation]:
    """The catalogue in its order; `closed` with those no longer used."""
    rows = Violation.objects.order_by("ordinal")
    return rows if closed else rows.filter(closed_on=None)


def range_of(violation: Violation, *, at: datetime | None = None) -> FinePolicy:
    """The range of amounts of a violation at an instant (policy `conduct.fine`, keyed by its code)."""
    found: FinePolicy = policies.value(FINES, at=at or now_db(), key=violation.code)
    return found


def points_policy(*, at: datetime | None = None) -> PointsPolicy:
    """What a fine on a person becomes at an instant (policy `conduct.points`, CLM-21)."""
    found: PointsPolicy = policies.value("conduct.points", at=at or now_db())
    return found


def facts_of(row: Sanction, by: Any | None) -> dict[str, Any]:
    """What the guards of the lifecycle table read."""
    return {
        "by": by.pk if by is not None else None,
        "proposed_by": row.proposed_by_id,
        "amount_set_by": row.amount_set_by_id,
        "measure": row.measure,
        "source_confirmed": row.source_confirmed,
    }


@dataclass(frozen=True)
class CatalogueRow:
    """A violation with its present range."""

    violation: Violation
    low: Decimal | None
    high: Decimal | None


def catalogue() -> list[CatalogueRow]:
    """Every violation with its range; two statements."""
    rows = list(violations(closed=True))
    newest = (
        Policy.objects.filter(
            code=FINES, key__in=[row.code for row in rows], valid_from__lte=ClockTimestamp()
        )
        .order_by("key", "-valid_from", "-version")
        .distinct("key")
    )
    ranges: dict[str, FinePolicy] = {policy.key: policies.parse(FINES, policy.value) for policy in newest}
    found = [(row, ranges.get(row.code, FinePolicy())) for row in rows]
    return [CatalogueRow(row, policy.low, policy.high) for row, policy in found]


def state_counts(user: Any) -> dict[str, int]:
    """How many sanctions the user sees in each state, in one statement."""
    found = dict.fromkeys(SanctionState.values, 0)
    rows = sanctions_visible_to(user).order_by().values_list("state")
    return found | dict(rows.annotate(rows=Count("pk")))


def waiting_count(user: Any) -> int:
    """How many proposals wait for confirmation, counted to 100."""
    return sanctions_visible_to(user).filter(state=SanctionState.PROPOSED).order_by()[:100].count()


def source_of(kind: str, object_id: int, number: str, user: Any) -> Subject:
    """The record a sanction rests on, with its address when the user may see it."""
    found = ports.call("servicecenter.subject", kind, object_id=object_id, user=user)
    return found or Subject(kind, object_id, number, "", "")


@dataclass(frozen=True)
class SanctionView:
    """One sanction as its page shows it. `answers`: what may be done now, by action code."""

    sanction: Sanction
    source: Subject
    low: Decimal | None
    high: Decimal | None
    outside: bool
    answers: dict[str, Answer]
    others: tuple[Sanction, ...]


def sanction_view(user: Any, number: str) -> SanctionView | None:
    """The sanction of that number with its range, source, actions and the others of the same event; None if unseen."""
    row = (
        sanctions_visible_to(user)
        .select_related(
            "amount_set_by__employee",
            "confirmed_by__employee",
            "settled_by__employee",
            "withdrawn_by__employee",
        )
        .filter(number=number)
        .first()
    )
    if row is None:
        return None
    policy = range_of(row.violation)
    others = sanctions_visible_to(user).filter(source_kind=row.source_kind, source_id=row.source_id)
    return SanctionView(
        sanction=row,
        source=source_of(row.source_kind, row.source_id, row.source_number, user),
        low=policy.low,
        high=policy.high,
        outside=is_outside(row.amount, policy),
        answers=answers_of(row, user),
        others=tuple(others.exclude(pk=row.pk).order_by("-proposed_at", "-id")[:20]),
    )


def answers_of(row: Sanction, user: Any) -> dict[str, Answer]:
    """What this user may do with a sanction now, and why not.

    An unconfirmed source does not disable the button: the inspector confirms the source in the same act (SAN-10).
    """
    offered = lifecycle.SANCTION.offered(
        state=row.state,
        facts=facts_of(row, user) | {"source_confirmed": True},
        has_right=lambda right: may(user, right),
    )
    return {answer.action.code: answer for answer in offered}


@dataclass(frozen=True)
class IncidentConsequences:
    """What a service incident brought about: sanctions and disqualifications, live and withdrawn, oldest first."""

    sanctions: tuple[Sanction, ...]
    disqualifications: tuple[MeritDisqualification, ...]

    @property
    def live_sanctions(self) -> tuple[Sanction, ...]:
        """Those not withdrawn."""
        return tuple(row for row in self.sanctions if row.state != SanctionState.WITHDRAWN)

    @property
    def live_disqualifications(self) -> tuple[MeritDisqualification, ...]:
        """Those not withdrawn."""
        return tuple(row for row in self.disqualifications if row.withdrawn_at is None)


_OF_SOURCE: dict[str, Any] = {"source_kind": given("kind"), "source_id": given("id")}
_SANCTIONS = Prepared(
    lambda: Sanction.objects.filter(**_OF_SOURCE).select_related(*JOINED).order_by("id"),
)
_DISQUALIFICATIONS = Prepared(
    lambda: (
        MeritDisqualification.objects.filter(**_OF_SOURCE)
        .select_related("target_employee__department", "target_department")
        .order_by("id")
    )
)


def incident_consequences(incident_kind: str, incident_id: int) -> IncidentConsequences:
    """For the banner of a ticket or incident; the caller has let the reader in. Two statements."""
    source = {"kind": incident_kind, "id": incident_id}
    return IncidentConsequences(tuple(_SANCTIONS.rows(**source)), tuple(_DISQUALIFICATIONS.rows(**source)))


def subject_sanction(*, object_id: int, user: Any | None) -> Subject | None:
    """The sanction for notices and files (port servicecenter.subject)."""
    rows = Sanction.objects.select_related(*JOINED) if user is None else sanctions_visible_to(user)
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    return Subject(
        kind_of(row), row.pk, row.number, row.violation.code, reverse("sanction", args=[row.number])
    )

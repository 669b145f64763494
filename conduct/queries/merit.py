"""The merit of a month, derived from disqualifications, never typed in (SAN-11, SAN-19)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from conduct.models import MeritDisqualification, MeritIssue
from conduct.permissions import Right, can_issue_merit
from conduct.queries.scope import reach
from organization.models import Department, Employee
from servicecenter.kernel.months import next_month


def disqualifications_visible_to(user: Any) -> QuerySet[MeritDisqualification]:
    """All from a central department, else those of the own departments and people."""
    rows = MeritDisqualification.objects.select_related(
        "target_employee__department", "target_department", "created_by__employee", "withdrawn_by__employee"
    )
    if not user.has_right(Right.VIEW_MERIT):
        return rows.none()
    limits = reach(user, Right.VIEW_MERIT)
    return rows if limits is None else rows.filter(limits)


@dataclass(frozen=True)
class Standing:
    """A department or person that lost, or lost and regained, the merit of the month."""

    target: Department | Employee
    losses: tuple[MeritDisqualification, ...]

    @property
    def is_person(self) -> bool:
        """A person; else a department."""
        return isinstance(self.target, Employee)

    @property
    def is_lost(self) -> bool:
        """Disqualified by at least one row that stands; else restored (SAN-11)."""
        return any(loss.is_live for loss in self.losses)


@dataclass(frozen=True)
class Correction:
    """A change of an earlier month made after its list was issued (SAN-19)."""

    month: date
    row: MeritDisqualification
    restored: bool
    at: datetime


@dataclass(frozen=True)
class MeritMonth:
    """The list of a month: who lost merit and why, who was restored and why, and corrections of issued months."""

    month: date
    departments: tuple[Standing, ...]
    people: tuple[Standing, ...]
    corrections: tuple[Correction, ...]
    issue: MeritIssue | None
    can_issue: bool

    @property
    def lost(self) -> tuple[int, int]:
        """(departments, people) without merit."""
        return (
            sum(standing.is_lost for standing in self.departments),
            sum(standing.is_lost for standing in self.people),
        )


def merit_month(month: date, user: Any) -> MeritMonth:
    """The merit list of a month as this user may see it; a constant number of statements."""
    first = month.replace(day=1)
    rows = list(disqualifications_visible_to(user).filter(month=first).order_by("created_at", "id"))
    issue = MeritIssue.objects.filter(month=first).select_related("issued_by__employee").first()
    return MeritMonth(
        month=first,
        departments=_standings(rows, "target_department"),
        people=_standings(rows, "target_employee"),
        corrections=_corrections(first, issue, user),
        issue=issue,
        can_issue=can_issue_merit(user),
    )


def issued_months(user: Any) -> list[date]:
    """Months with a list or with disqualifications the user may see, newest first."""
    months = set(disqualifications_visible_to(user).values_list("month", flat=True).distinct().order_by())
    return sorted(months | set(MeritIssue.objects.values_list("month", flat=True)), reverse=True)


def _standings(rows: Iterable[MeritDisqualification], name: str) -> tuple[Standing, ...]:
    """One standing per target; those who lost it first, then the restored."""
    found: dict[int, list[MeritDisqualification]] = {}
    for row in rows:
        if (target := getattr(row, name)) is not None:
            found.setdefault(target.pk, []).append(row)
    standings = [Standing(getattr(losses[0], name), tuple(losses)) for losses in found.values()]
    return tuple(sorted(standings, key=lambda standing: not standing.is_lost))


def _corrections(first: date, issue: MeritIssue | None, user: Any) -> tuple[Correction, ...]:
    """Changes of earlier, already issued months since the list issued last before this one, up to this one's issue.

    A list that is not issued yet collects them only when it is the next to be issued.
    """
    issues = list(MeritIssue.objects.exclude(month=first).order_by("-issued_at"))
    until = issue.issued_at if issue is not None else None
    before = [row for row in issues if until is None or row.issued_at < until]
    earlier = {row.month: row.issued_at for row in before if row.month < first}
    if not earlier or (until is None and first != next_month(max(row.month for row in issues))):
        return ()
    since = before[0].issued_at
    rows = (
        disqualifications_visible_to(user)
        .filter(Q(created_at__gt=since) | Q(withdrawn_at__gt=since), month__in=earlier)
        .order_by("month", "id")
    )
    found = [
        Correction(row.month, row, restored, at)
        for row in rows
        for at, restored in ((row.created_at, False), (row.withdrawn_at, True))
        if at is not None and at > since and (until is None or at <= until)
    ]
    return tuple(sorted(found, key=lambda correction: correction.at))

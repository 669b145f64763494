"""A claim's clocks as rows (CLM-14): after every act those run that the payout track asks for, and no other."""

from __future__ import annotations

from datetime import datetime, timedelta

from claims.choices import ClaimClock
from claims.domain import clocks as rules
from claims.models import Claim
from claims.permissions import Right, home
from claims.queries.clocks import policy_of, working_days
from deadlines import services as deadlines
from deadlines.models import Clock
from organization.models import User
from servicecenter.subjects import kind_of

# What decides which clocks run, and by when they are due; an act that touches none of these leaves them alone.
RESTS_ON = frozenset({"state", "gravity", "profile", "answered_at", "agreed_at"})


def wanted(row: Claim, *, at: datetime, began: dict[str, datetime] | None = None) -> dict[str, datetime]:
    """What runs in the claim's present state, and by when it is due; `began` is since when those run that run already.

    A payment is due so many days after the agreement, a reply after our offer, everything else after its clock began.
    """
    runs = rules.running(row.state, answered=row.answered_at is not None)
    if not runs:
        return {}
    policy, found = policy_of(row), {}
    since = {ClaimClock.PAYMENT: row.agreed_at, ClaimClock.REPLY: row.answered_at}
    for clock in sorted(runs):
        start = since.get(clock) or (began or {}).get(clock, at)
        term = rules.days(clock, policy, gravity=row.gravity)
        working = rules.is_working(clock, policy)
        found[str(clock)] = working_days(start, term) if working else start + timedelta(days=term)
    return found


def begin(row: Claim, *, by: User | None) -> None:
    """The clocks of a claim that has just been saved run from when it was reported."""
    _start(row, wanted(row, at=row.reported_at), at=row.reported_at)


def settle(row: Claim, *, by: User | None, at: datetime) -> datetime | None:
    """End what is over, start what begins, move what is due otherwise now; the due time that comes first, or None.

    The claim is locked; its clocks are locked after it.
    """
    running = {
        clock.kind: clock
        for clock in deadlines.open_clocks(kind_of(Claim), row.pk).filter(kind__in=ClaimClock.values)
    }
    due = wanted(row, at=at, began={kind: clock.started_at for kind, clock in running.items()})
    over = [clock for kind, clock in running.items() if kind not in due]
    met = [clock for clock in over if rules.is_met(clock.kind, row.state)]
    if met:
        deadlines.meet_many(met, by=by, at=at)
    for clock in over:
        if clock not in met:
            deadlines.cancel(clock, by=by, at=at)
    for kind, clock in running.items():
        if kind in due and clock.due_at != due[kind]:
            deadlines.rebase(clock, due_at=due[kind], by=by, at=at)
    _start(row, {kind: when for kind, when in due.items() if kind not in running}, at=at)
    return min(due.values()) if due else None


def hand_over(row: Claim) -> None:
    """The claim has another adjuster: its clocks tell that one, and no longer everybody who could take it."""
    deadlines.reassign(
        subject_kind=kind_of(Claim),
        subject_id=row.pk,
        owner=row.adjuster,
        kinds=ClaimClock.values,
        owner_right="",
    )


def _start(row: Claim, due: dict[str, datetime], *, at: datetime) -> None:
    if not due:
        return
    rounds = dict(
        Clock.objects.of(kind_of(Claim), row.pk).order_by("kind", "round").values_list("kind", "round")
    )
    department = home() or row.branch
    deadlines.start_many(
        [
            deadlines.Start(
                kind=kind,
                subject_kind=kind_of(Claim),
                subject_id=row.pk,
                number=row.number,
                department=department,
                owner=row.adjuster,
                # until somebody has taken the claim, all who could are told
                owner_right="" if row.adjuster_id else Right.WORK_CLAIM,
                supervisor_right=Right.APPROVE_SUPERVISOR,
                round=rounds.get(kind, 0) + 1,
                due_at=when,
            )
            for kind, when in due.items()
        ],
        at=at,
    )

"""The queues of the desk (CMP-50): what waits, in which order, how many. Each is a filter that an index serves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.choices import OPEN_STATES, HandoverState, NextStep
from complaints.models import Complaint, FollowUp, Handover, Round
from complaints.queries.people import owned_by_absent, stands_in_for
from complaints.queries.scope import row_queryset, visible_to
from deadlines.models import Clock
from organization.models import Team
from servicecenter.ages import Age, bands
from servicecenter.clock import business_date, centre_zone, now_db
from servicecenter.keyset import Order

DUE_SOON = timedelta(hours=1)
ORDERS: dict[str, Order] = {
    "due": Order("due", ("due_at", "rank")),
    "tier": Order("tier", ("rank", "due_at")),
    "newest": Order("newest", ("registered_at",), descending=True),
}
INCIDENT_ORDER = Order("opened", ("opened_at",), descending=True)
OPEN = Q(state__in=OPEN_STATES)
# Since registration, whatever happened meanwhile (RPT-20).
AGES: dict[str, Age] = bands(
    ("under_8h", _("under 8 hours"), timedelta(hours=8)),
    ("8h_24h", _("8 to 24 hours"), timedelta(hours=24)),
    ("1d_3d", _("1 to 3 days"), timedelta(days=3)),
    ("over_3d", _("3 days and more"), None),
)
# Open, and driven by nothing: no owner, no next step, or no clock that runs or rests (CMP-24; the target is 0).
# The open clocks stand in an index of their own; to look up each ticket's clock would cost more than all the rest.
_DRIVEN = Exists(Clock.objects.filter(ended_at=None, pk=OuterRef("clock_id")))
UNDRIVEN = OPEN & (Q(owner=None) | Q(next_step="") | ~Q(_DRIVEN))
# Responsible by the finding, else complained of, else routed to (CMP-43).
CONCERNED = Coalesce("responsible_department", "respondent_department", "department")


@dataclass(frozen=True)
class Queue:
    """One queue: its condition for a user at an instant, and the order it is worked in."""

    code: str
    condition: Callable[[Any, datetime], Q]
    order: str = "due"

    def rows(self, user: Any, rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
        """The queue's part of `rows`."""
        return rows.filter(OPEN & self.condition(user, now_db()))


def _mine(user: Any, at: datetime) -> Q:
    """Owned by or offered to the user; of whoever is on duty also what an absent owner has left alone (ORG-08)."""
    mine = Q(owner=user) | Q(offered_to=user)
    left_alone = stands_in_for(user, at)
    return mine if left_alone is None else mine | left_alone


def with_absent_owner(rows: QuerySet[Complaint], user: Any) -> QuerySet[Complaint]:
    """With `absent_owner`: the name of another owner who is away or gone; '' otherwise."""
    # For showing only: the database's clock would cost the page a statement.
    away = owned_by_absent(timezone.now()) & ~Q(owner=user)
    return rows.annotate(absent_owner=Case(When(away, then=F("owner__employee__name")), default=Value("")))


def _team(user: Any, at: datetime) -> Q:
    # Nobody's team is no. 0: an empty list would empty the one statement that counts all queues.
    return Q(team__in=list(Team.objects.filter(members=user.employee_id).values_list("pk", flat=True)) or [0])


def _late_statement() -> Exists:
    late = Handover.objects.filter(complaint=OuterRef("pk"), state=HandoverState.WAITING, due_at__lt=Now())
    return Exists(late)


_QUEUES = (
    Queue("mine", _mine),
    Queue("breached", lambda user, at: Q(due_at__lt=at)),
    Queue("due_soon", lambda user, at: Q(due_at__gte=at, due_at__lt=at + DUE_SOON)),
    Queue("waiting_statement", lambda user, at: Q(next_step=NextStep.AWAIT_STATEMENT)),
    Queue("waiting_customer", lambda user, at: Q(next_step=NextStep.AWAIT_CUSTOMER)),
    Queue("follow_ups", lambda user, at: Q(state="resolved")),
    Queue("unassigned", lambda user, at: Q(accepted_at=None)),
    Queue("team", _team),
    Queue("incidents", lambda user, at: Q(is_incident=True) | Q(is_suspected=True)),
    Queue("all", lambda user, at: Q()),
)
QUEUES: dict[str, Queue] = {queue.code: queue for queue in _QUEUES}


@dataclass(frozen=True)
class QueueCount:
    """How many wait, when the first is due, and one more figure: breached: seconds of the longest; waiting for
    statement: late ones; follow-ups: due today; service incidents: second complaints."""

    count: int = 0
    first_due: datetime | None = None
    extra: int = 0


def queue_counts(user: Any) -> dict[str, QueueCount]:
    """The figures of all queues, in one statement over the open tickets the user may see."""
    at = now_db()
    conditions = {code: queue.condition(user, at) for code, queue in QUEUES.items()}
    figures: dict[str, Any] = {}
    for code, condition in conditions.items():
        figures[f"{code}_n"] = Count("pk", filter=condition) if condition else Count("pk")
        figures[f"{code}_first"] = Min("due_at", filter=condition) if condition else Min("due_at")
    tonight = _end_of_day(at)
    waiting = conditions["waiting_statement"]
    figures["late_n"] = Count("pk", filter=waiting & Q(late=True))
    figures["today_n"] = Count("pk", filter=conditions["follow_ups"] & Q(due_at__lt=tonight))
    figures["second_n"] = Count("pk", filter=conditions["incidents"] & Q(sequence__gt=1))
    found = visible_to(user).filter(OPEN).annotate(late=_late_statement()).aggregate(**figures)
    extra = {
        "waiting_statement": found["late_n"],
        "follow_ups": found["today_n"],
        "incidents": found["second_n"],
    }
    if found["breached_first"] is not None:
        extra["breached"] = round((at - found["breached_first"]).total_seconds())
    return {
        code: QueueCount(found[f"{code}_n"], found[f"{code}_first"], extra.get(code, 0)) for code in QUEUES
    }


def _end_of_day(at: datetime) -> datetime:
    """The instant at which the centre's day ends."""
    return datetime.combine(business_date(at) + timedelta(days=1), time.min, tzinfo=centre_zone())


def follow_up_rows(user: Any) -> QuerySet[Complaint]:
    """The calls to make, with the round's `result` and the `tries` so far; order them by `ORDERS["due"]`."""
    here = Round.objects.filter(complaint=OuterRef("pk"), number=OuterRef("round"))
    tries = (
        FollowUp.objects.filter(complaint=OuterRef("pk"), round=OuterRef("round"))
        .order_by()
        .values("complaint")
        .annotate(n=Count("pk"))
    )
    return (
        row_queryset(user)
        .filter(state="resolved")
        .annotate(result=here.values("resolution")[:1], tries=tries.values("n")[:1])
    )


def follow_up_counts(user: Any) -> dict[str, int]:
    """How many calls are overdue, due today, due later: one statement."""
    at = now_db()
    tonight = _end_of_day(at)
    found: dict[str, int] = (
        visible_to(user)
        .filter(state="resolved")
        .aggregate(
            overdue=Count("pk", filter=Q(due_at__lt=at)),
            today=Count("pk", filter=Q(due_at__gte=at, due_at__lt=tonight)),
            later=Count("pk", filter=Q(due_at__gte=tonight)),
        )
    )
    return found

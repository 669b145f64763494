"""Which claims a user may see, the queues of the desk, finding a claim (ORG-04, D7, D11, D12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from claims.choices import OPEN_STATES, UNTIMED_STATES, PartyRole, RequestState
from claims.models import ApprovalRequest, ApprovalStep, Claim, ClaimParty, LiabilityEntry, Share
from claims.permissions import APPROVES, Right, sees_all
from claims.queries.arrivals import lost_by_time
from complaints.models import Complaint
from organization.queries import within
from servicecenter.ages import Age, bands
from servicecenter.clock import now_db
from servicecenter.keyset import Order

RELATED = ("waybill", "customer", "complaint", "branch", "adjuster__employee", "former")
ORDERS: dict[str, Order] = {
    # What no term of the customer's runs for any more stands behind everything that is due.
    "due": Order("due", ("untimed", "due_at")),
    "newest": Order("newest", ("reported_at",), descending=True),
}
OPEN = Q(state__in=OPEN_STATES)
# Since it was reported (RPT-22).
AGES: dict[str, Age] = bands(
    ("under_3d", _("under 3 days"), timedelta(days=3)),
    ("3d_7d", _("3 to 7 days"), timedelta(days=7)),
    ("7d_30d", _("7 to 30 days"), timedelta(days=30)),
    ("over_30d", _("30 days and more"), None),
)
# Nothing paid yet: what is reserved for them is still to come (CLM-17).
UNPAID = OPEN & ~Q(state="paid")
# The category whose complaints offer a claim (CLM-01).
OFFERS = "damage_shortage"


def claims_visible_to(user: Any) -> QuerySet[Claim]:
    """All claims for those who hold the right for the claims department or the centre; a department sees those that it
    pays out and those in which it or its people are parties; who signs sees what is put before that level (CLM-08)."""
    if user is None or sees_all(user):
        return Claim.objects.all()
    paths = user.rights.paths(Right.VIEW_CLAIM)
    if not paths:
        return Claim.objects.none()
    levels = [level for level, right in APPROVES.items() if user.has_right(right)]
    asked = ApprovalStep.objects.filter(request__claim=OuterRef("pk"), level__in=levels)
    ours = ClaimParty.objects.filter(
        within(paths, "department__path") | within(paths, "employee__department__path"), claim=OuterRef("pk")
    )
    mine = within(paths, "branch__path") | Exists(ours)
    return Claim.objects.filter(mine | Exists(asked) if levels else mine)


def row_queryset(user: Any) -> QuerySet[Claim]:
    """What a list shows of the visible claims: no row asks the database anything more."""
    untimed = ExpressionWrapper(Q(state__in=UNTIMED_STATES), BooleanField())
    return claims_visible_to(user).select_related(*RELATED).annotate(untimed=untimed)


def claim_for(user: Any, number: str) -> Claim:
    """The claim of that number, if the user may see it. Raises Claim.DoesNotExist."""
    return row_queryset(user).get(number=number)


@dataclass(frozen=True)
class Queue:
    """One queue: its condition for a user at an instant."""

    code: str
    condition: Callable[[Any, datetime], Q]

    def rows(self, user: Any, rows: QuerySet[Claim]) -> QuerySet[Claim]:
        """The queue's part of `rows`."""
        return rows.filter(OPEN & self.condition(user, now_db()))


def _in_approval(user: Any, at: datetime) -> Q:
    waiting = ApprovalRequest.objects.filter(claim=OuterRef("pk"), state=RequestState.WAITING)
    return Q(state="negotiated") & Q(Exists(waiting))


_QUEUES = (
    Queue("mine", lambda user, at: Q(adjuster=user)),
    Queue("unassigned", lambda user, at: Q(adjuster=None)),
    Queue("late", lambda user, at: Q(due_at__lt=at) & ~Q(state__in=UNTIMED_STATES)),
    Queue("waiting_approval", _in_approval),
    Queue("to_issue", lambda user, at: Q(state="approved")),
    Queue("to_pay", lambda user, at: Q(state="voucher_issued")),
    Queue(
        "to_determine", lambda user, at: Q(liability_state__in=["open", "provisional"]) & ~Q(state="reported")
    ),
    Queue("all", lambda user, at: Q()),
)
QUEUES: dict[str, Queue] = {queue.code: queue for queue in _QUEUES}


# Who does not see liability is not led to it; who works on no claims has none of the own.
FOR = {"mine": Right.WORK_CLAIM, "to_determine": Right.VIEW_LIABILITY}


def queue_counts(user: Any) -> dict[str, int]:
    """The figures of the user's queues, in one statement over the open claims the user may see."""
    at = now_db()
    figures: dict[str, Any] = {}
    for code, queue in QUEUES.items():
        if code in FOR and not user.has_right(FOR[code]):
            continue
        condition = queue.condition(user, at)
        figures[code] = Count("pk", filter=condition) if condition else Count("pk")
    found: dict[str, int] = claims_visible_to(user).filter(OPEN).aggregate(**figures)
    return found


def desk_burden(user: Any) -> dict[str, Any]:
    """How many open claims the adjuster has, and whether one of them is overdue: one statement."""
    found = Claim.objects.filter(OPEN, adjuster=user).aggregate(
        n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now_db()) & ~Q(state__in=UNTIMED_STATES))
    )
    return {"n": found["n"], "hot": found["late"] > 0}


def with_shares_to_recover(rows: QuerySet[Claim], of: Q | None = None) -> QuerySet[Claim]:
    """The claims of which a liable party, the company apart, still owes something of its share (CLM-11); with `of`
    only of the shares that answer it (`accounts.of_key`)."""
    ours = {} if of is None else {"share__in": Share.objects.filter(of)}
    owed = (
        LiabilityEntry.objects.filter(claim=OuterRef("pk"), **ours)
        .exclude(share__party=PartyRole.COMPANY)
        .order_by()
        .values("share")
        .annotate(owed=Sum("amount"))
        .filter(owed__gt=0)
    )
    return rows.filter(Exists(owed))


def claims_of_complaint(complaint: Complaint, user: Any) -> list[Claim]:
    """The claims of a ticket, newest first."""
    return list(row_queryset(user).filter(complaint=complaint).order_by("-reported_at", "-pk"))


def claims_of_waybill(number: str, user: Any) -> list[Claim]:
    """The claims of a waybill, newest first."""
    return list(row_queryset(user).filter(waybill__number=number).order_by("-reported_at", "-pk"))


def claims_of_customer(number: str, user: Any) -> list[Claim]:
    """A customer's claims, newest first; a few more than a card shows."""
    return list(row_queryset(user).filter(customer__number=number).order_by("-reported_at", "-pk")[:20])


def may_open_from(complaint: Complaint, user: Any) -> bool:
    """A complaint about damage or shortage offers a claim to those who may open one (CLM-01), and so does any on goods
    that count as lost by now (CLM-19). `category` is loaded."""
    if not user.has_right(Right.OPEN_CLAIM):
        return False
    return bool(complaint.category.code == OFFERS) or lost_by_time(complaint.waybill) is not None

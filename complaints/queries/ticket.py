"""One ticket's page (CMP-50): everything beside its course, in a fixed number of statements."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from complaints.choices import DEAD_STATES, IncidentState
from complaints.models import (
    Chase,
    Complaint,
    CorrectiveAction,
    Finding,
    FollowUp,
    Handover,
    IncidentTicket,
    Pause,
    Round,
    ServiceIncident,
    WrittenNotice,
)
from complaints.permissions import INCIDENT_READERS, scope_of, sees_personal
from complaints.queries.scope import SEARCHED, sees, visible_to
from complaints.queries.standing import KIND, Standing, answers, statements_prefetch
from complaints.queries.timeline import HIDDEN
from complaints.queries.together import read
from conduct.queries import incident_consequences
from customers.choices import EventKind
from deadlines.models import Clock
from deadlines.queries import ClockView, view
from servicecenter import policies
from servicecenter.kernel.lifecycle import Answer
from servicecenter.models import Attachment, Notice
from servicecenter.prepared import Prepared, given
from servicecenter.subjects import kind_of

D = TypeVar("D", Handover, CorrectiveAction)
# "Recent" complaints of a customer, beside the ticket.
RECENT = timedelta(days=180)
CONTACT_KIND = "complaints.contact"
# The small tables of a ticket, read in one statement.
PARTS = {
    "rounds": Round,
    "pauses": Pause,
    "findings": Finding,
    "notices": WrittenNotice,
    "actions": CorrectiveAction,
    "chases": Chase,
    "follow_ups": FollowUp,
}
LOADED = (
    "category", "subcase", "customer__account_manager", "waybill__origin", "waybill__destination", "owner__employee",
    "offered_to__employee", "department", "respondent_department", "respondent_employee", "responsible_department",
    "responsible_employee", "merged_into", "linked_to", "event", "registered_by__employee", "contact", "team",
    "clock",
)  # fmt: skip


@dataclass(frozen=True)
class IncidentBanner:
    """The service incident a ticket belongs to: the event's first ticket, how many were told and have read it, and
    what follows for people."""

    incident: ServiceIncident
    first: Complaint | None
    told: int
    read: int
    consequences: Any


@dataclass
class TicketView:
    """A ticket as its page shows it. `is_masked`: the reader must not see who complained (PRV-10)."""

    complaint: Complaint
    is_masked: bool
    actions_allowed: dict[str, Answer]
    clocks: list[ClockView] = field(default_factory=list)
    department_names: dict[str, str] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    # each with `statement_list`, prefetched
    handovers: list[Any] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    actions: list[CorrectiveAction] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    paused_seconds: int = 0
    chases: list[Chase] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    notices: list[WrittenNotice] = field(default_factory=list)
    same_event: list[Complaint] = field(default_factory=list)
    incident: IncidentBanner | None = None
    attachments: list[Attachment] = field(default_factory=list)
    story_count: int = 0
    messages_count: int = 0
    statements_count: int = 0
    customer_recent: tuple[int, int] = (0, 0)
    waybill_signed_at: datetime | None = None


def ticket(*, user: Any, number: str) -> TicketView | None:
    """The ticket of that number, if the user may see it: at most eleven statements whatever its history."""
    row = _row(user, number)
    if row is None:
        return None
    figures = _figures(row)
    handovers = _handovers(row)
    clocks = _CLOCKS.rows(complaint=row.pk)
    parts = read(PARTS, complaint_id=row.pk)
    standing = _standing(row, figures, handovers, clocks, parts)
    masked = not sees_personal(user, row)
    made = TicketView(
        complaint=row,
        is_masked=masked,
        actions_allowed=answers(standing, user),
        clocks=[view(clock) for clock in clocks],
        department_names={clock.part: clock.department.name for clock in clocks if clock.part},
        rounds=parts["rounds"][::-1],
        handovers=_for_reader(handovers, user) if masked else handovers,
        findings=parts["findings"][::-1],
        actions=_for_reader(parts["actions"], user) if masked else parts["actions"],
        pauses=parts["pauses"],
        paused_seconds=standing.policy.pause_seconds - standing.facts(None).pause_left,
        chases=parts["chases"][::-1],
        follow_ups=[] if masked else parts["follow_ups"][::-1],
        notices=[] if masked else parts["notices"][::-1],
        same_event=_same_event(row, user),
        incident=_banner(row, user) if figures.has_incident else None,
        customer_recent=(0, 0) if masked else (figures.recent, figures.recent_seconds),
        waybill_signed_at=figures.signed_at,
        messages_count=figures.messages,
    )
    _files(made)
    handed_in = sum(len(one.statement_list) for one in made.handovers)
    made.statements_count = handed_in + len(made.findings)
    made.story_count = figures.story + figures.messages + handed_in + len(made.chases) + len(made.follow_ups)
    return made


_BY_NUMBER = Prepared(
    lambda: Complaint.objects.select_related(*LOADED).defer(*SEARCHED).filter(number=given("number"))
)
_CLOCKS = Prepared(
    lambda: (
        Clock.objects.filter(subject_kind=KIND, subject_id=given("complaint"))
        .select_related("department")
        .order_by("started_at", "id")
    )
)


def _row(user: Any, number: str) -> Any:
    """The ticket with what its page names, if the user may see it."""
    row = _BY_NUMBER.first(number=number)
    return row if row is not None and sees(user, row) else None


@dataclass(frozen=True)
class _Figures:
    """What is counted or looked up for a ticket, the time, and the policy it is handled by."""

    moment: datetime
    policy: Any
    signed_at: datetime | None
    story: int
    messages: int
    recent: int
    recent_seconds: int
    has_incident: bool


# Written by hand: as annotations of the ticket they cost more to word than to ask.
FIGURES = """
SELECT clock_timestamp(),
  (SELECT p.value FROM servicecenter_policy p WHERE p.code = 'complaints.handling' AND p.key = ''
     AND p.valid_from <= %(registered_at)s ORDER BY p.valid_from DESC, p.version DESC LIMIT 1),
  (SELECT e.occurred_at FROM customers_waybillevent e WHERE e.waybill_id = %(waybill)s AND e.kind = %(signed)s
     AND NOT e.is_void AND NOT EXISTS (SELECT FROM customers_waybillevent c WHERE c.corrects_id = e.id)
   ORDER BY e.occurred_at DESC LIMIT 1),
  (SELECT count(*) FROM servicecenter_trailentry t WHERE t.kind = %(kind)s AND t.object_id = %(id)s
     AND t.code <> ALL(%(hidden)s)),
  (SELECT count(*) FROM complaints_message m WHERE m.complaint_id = %(id)s),
  r.recent, r.seconds, EXISTS (SELECT FROM complaints_incidentticket i WHERE i.complaint_id = %(id)s)
FROM (SELECT count(*) AS recent, count(*) FILTER (WHERE c.sequence > 1) AS seconds FROM complaints_complaint c
      WHERE c.customer_id = %(customer)s AND c.registered_at >= now() - %(span)s AND c.state <> ALL(%(dead)s)) AS r
"""


def _figures(row: Complaint) -> _Figures:
    values: dict[str, Any] = {
        "id": row.pk,
        "kind": KIND,
        "registered_at": row.registered_at,
        "waybill": row.waybill_id,
        "customer": row.customer_id,
        "signed": EventKind.SIGNED.value,
        "hidden": list(HIDDEN),
        "span": RECENT,
        "dead": [str(state) for state in DEAD_STATES],
    }
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, values)
        moment, policy, *rest = cursor.fetchone()
    return _Figures(moment, json.loads(policy) if isinstance(policy, str) else policy, *rest)


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, as a subquery."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _standing(
    row: Any, figures: _Figures, handovers: list[Handover], clocks: list[Clock], parts: dict[str, list[Any]]
) -> Standing:
    return Standing(
        complaint=row,
        at=figures.moment,
        policy=policies.parse("complaints.handling", figures.policy or {}),
        handovers=[one for one in handovers if one.round == row.round],
        pauses=[one for one in parts["pauses"] if one.round == row.round],
        clocks=[clock for clock in clocks if clock.ended_at is None],
        has_finding=bool(parts["findings"]),
        is_notified=any(one.round == row.round for one in parts["notices"]),
    )


_HANDOVERS: Prepared[Any] = Prepared(
    lambda: (
        Handover.objects.filter(complaint=given("complaint"))
        .select_related(
            "department",
            "employee",
            "clock",
            "handed_by__employee",
            "accepted_by__employee",
            "ended_by__employee",
        )
        .annotate(first_at=Min("statements__handed_in_at"))
        .order_by("-round", "handed_at", "pk")
    )
)


def _handovers(row: Complaint) -> list[Handover]:
    rows = _HANDOVERS.rows(complaint=row.pk)
    prefetch_related_objects(rows, statements_prefetch())
    return rows


def _for_reader(rows: list[D], user: Any) -> list[D]:
    """A department's people see what was handed to them, not what others answered."""
    paths = scope_of(user).paths
    return [one for one in rows if any(one.department.path.startswith(path) for path in paths)]


def _same_event(row: Complaint, user: Any) -> list[Complaint]:
    """The other tickets of the event that the reader may see, refuted ones of it too, first to last."""
    if row.event.last_sequence == 1 and row.refuted_from_id is None:
        return []
    same = Q(event_id=row.event_id) | Q(refuted_from_id=row.event_id)
    if row.refuted_from_id:
        same |= Q(event_id=row.refuted_from_id)
    rows = visible_to(user).filter(same).exclude(pk=row.pk).select_related("category", "clock", "department")
    return list(rows.order_by("registered_at", "pk")[:20])


def _standing_incident() -> QuerySet[Any]:
    """The standing service incident; of a second complaint and a recurrence the second complaint."""
    told = Notice.objects.filter(kind=kind_of(ServiceIncident), object_id=OuterRef("pk"))
    linked = IncidentTicket.objects.filter(incident=OuterRef("pk")).order_by(
        "complaint__registered_at", "complaint_id"
    )
    return (
        ServiceIncident.objects.filter(tickets__complaint=given("complaint"))
        .exclude(state=IncidentState.WITHDRAWN)
        .select_related("department", "employee", "category")
        .annotate(
            told=_count(told),
            read=_count(told.filter(read_at__isnull=False)),
            first_number=Subquery(linked.values("complaint__number")[:1]),
        )
        .order_by("-kind", "pk")[:1]
    )


_INCIDENT: Prepared[Any] = Prepared(_standing_incident)


def _banner(row: Complaint, user: Any) -> IncidentBanner | None:
    incident = _INCIDENT.first(complaint=row.pk)
    if incident is None:
        return None
    consequences = (
        incident_consequences(kind_of(ServiceIncident), incident.pk)
        if user.rights.has_any(INCIDENT_READERS)
        else None
    )
    first = Complaint(number=incident.first_number) if incident.first_number else None
    return IncidentBanner(incident, first, incident.told, incident.read, consequences)


_FILES = Prepared(
    lambda: (
        Attachment.objects.filter(
            Q(kind=KIND, object_id=given("complaint")) | Q(kind=CONTACT_KIND, object_id=given("contact"))
        )
        .select_related("uploaded_by__employee")
        .order_by("bound_at", "id")
    )
)


def _files(made: TicketView) -> None:
    """All files of the ticket; recordings and letters only for those who may see who complained (CMP-03, PRV-10)."""
    row = made.complaint
    files = _FILES.rows(complaint=row.pk, contact=None if made.is_masked else row.contact_id)
    statements = {
        f"statement-{one.pk}": one for handover in made.handovers for one in handover.statement_list
    }
    for role, one in statements.items():
        one.files = [file for file in files if file.role == role]
    shown = {*statements, "intake"}
    made.attachments = [file for file in files if file.role in shown] if made.is_masked else files

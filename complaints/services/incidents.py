"""Second complaints: opened, confirmed, refuted, withdrawn (CMP-40 to 45). The event is locked first."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from complaints.choices import IncidentKind, IncidentState
from complaints.domain.policy import HandlingPolicy
from complaints.models import Complaint, Event, IncidentTicket, ServiceIncident
from complaints.queries.standing import handling_policy, standing_of
from complaints.services import consequences
from complaints.services.acting import Act
from complaints.services.routing import to_concerned
from conduct.services import withdraw_for_incident
from deadlines.choices import ClockKind
from organization.models import Department, User
from servicecenter import lifecycle, trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.prepared import Prepared, given

# What a further complaint asks of the earlier ones: the fiftieth of an event reads forty-nine.
ASKED = (
    "number", "sequence", "state", "rank", "is_incident", "is_suspected", "registered_on", "department_id",
    "respondent_department_id", "respondent_employee_id", "responsible_department_id", "responsible_employee_id",
)  # fmt: skip
_EARLIER = Prepared(
    lambda: (
        Complaint.objects.filter(event_id=given("event"))
        .select_for_update(of=("self",), no_key=True)
        .only(*ASKED)
        .order_by("pk")
    )
)
# Every second complaint asks it too.
_STANDING = Prepared(
    lambda: (
        ServiceIncident.objects.filter(event_id=given("event"))
        .exclude(state=IncidentState.WITHDRAWN)
        .select_for_update(no_key=True)
        .order_by("pk")[:1]
    )
)
_TICKETS = Prepared(
    lambda: (
        Complaint.objects.filter(event_id=given("event"))
        .select_for_update(of=("self",), no_key=True)
        .select_related("category")
        .defer("search", "search_text")
        .order_by("pk")
    )
)


def lock_event(event_id: int) -> list[Complaint]:
    """The event and all its tickets, locked, tickets in the order of their ids."""
    Event.objects.select_for_update(no_key=True).get(pk=event_id)
    return locked_tickets(event_id)


def locked_tickets(event_id: int) -> list[Complaint]:
    """The tickets of an event that the caller has locked, locked in the order of their ids."""
    return _TICKETS.rows(event=event_id)


def earlier_tickets(event_id: int) -> list[Complaint]:
    """The same for a further complaint of the event: only what it asks of them is read (`ASKED`)."""
    return _EARLIER.rows(event=event_id)


def standing_incident(event_id: int) -> ServiceIncident | None:
    """The event's service incident that is not withdrawn, locked; at most one (CMP-44)."""
    return _STANDING.first(event=event_id)


def add_to_event(
    complaint: Complaint,
    others: list[Complaint],
    *,
    suspected: bool,
    policy: HandlingPolicy,
    concerned: Department | None,
    by: User | None,
    at: datetime,
    lines: list[trail.Line],
) -> ServiceIncident:
    """A further complaint of an event has been saved: its service incident is opened, joined or confirmed (CMP-42).

    What is to be recorded goes to `lines`. `others` are the event's live tickets, locked; `concerned` is the
    department that `attribution_of` names.
    """
    tickets = [*others, complaint]
    attribution = consequences.attribution_of(tickets)
    incident = standing_incident(complaint.event_id)
    state = IncidentState.SUSPECTED if suspected else IncidentState.CONFIRMED
    if incident is None:
        incident = consequences.open_incident(
            kind=IncidentKind.SECOND_COMPLAINT,
            state=state,
            complaint=complaint,
            attribution=attribution,
            month=month_of(tickets),
            by=by,
            at=at,
            event_id=complaint.event_id,
        )
        lines.append(consequences.opened_line(incident, complaint))
    elif incident.state == IncidentState.SUSPECTED and not suspected:
        consequences.confirm(incident, by=by, at=at)
    consequences.link(incident, tickets if incident.opened_at == at else [complaint], at=at)
    if incident.state == IncidentState.CONFIRMED and not suspected:
        consequences.mark([row for row in others if not row.is_suspected])
        consequences.apply(incident, complaint, attribution, policy=policy, by=by, at=at, concerned=concerned)
    return incident


def month_of(tickets: list[Complaint]) -> date:
    """The day of the second complaint: by it the month counts (SAN-19)."""
    live = sorted((row for row in tickets if row.is_live), key=lambda row: row.sequence)
    return live[min(1, len(live) - 1)].registered_on


@transaction.atomic
def confirm_incident(
    *, incident: ServiceIncident, by: User | None, at: datetime | None = None, version: int | None = None
) -> ServiceIncident:
    """An agent confirms that the suspected complaints are of the same event; everything of CMP-42 follows (CMP-40).

    Raises RuleBroken `complaint.not_suspected`, `complaint.contested_by_you`, `lifecycle.stale`.
    """
    if incident.event_id is None:
        raise RuleBroken("complaint.not_suspected")
    tickets = lock_event(incident.event_id)
    row = standing_incident(incident.event_id)
    suspected = [one for one in tickets if one.is_suspected and one.is_live]
    if row is None or row.pk != incident.pk or not suspected:
        raise RuleBroken("complaint.not_suspected")
    if version is not None and row.version != version:
        raise RuleBroken("lifecycle.stale", number=row.number)
    moment = at or now_db()
    for one in suspected:
        act = Act.begin(one, "confirm_incident", by=by, at=moment)
        act.meet(ClockKind.SUSPECTED)
        act.set(is_suspected=False, is_incident=True, rank=0)
        act.move("confirm_incident", incident=row.number)
        act.finish()
    if row.state == IncidentState.SUSPECTED:
        consequences.confirm(row, by=by, at=moment)
    live = list(
        Complaint.objects.live().filter(Q(event_id=row.event_id)).select_related("category").order_by("pk")
    )
    consequences.mark(live)
    attribution = consequences.attribution_of(live)
    concerned = consequences.department_of(attribution)
    consequences.apply(
        row,
        live[-1],
        attribution,
        policy=handling_policy(moment),
        by=by,
        at=moment,
        concerned=concerned,
    )
    for one in suspected:
        to_concerned(row, one, concerned, employee_id=attribution.employee_id, by=by, at=moment)
    return row


@transaction.atomic
def refute(
    *,
    complaint: Complaint,
    reason: str,
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> Complaint:
    """It is not the same event: the complaint begins one of its own and keeps its former number there (CMP-40, CMP-45).

    Raises RuleBroken `complaint.not_suspected`, `complaint.contested_by_you`, `lifecycle.reason_needed`.
    """
    lock_event(Complaint.objects.values_list("event_id", flat=True).get(pk=complaint.pk))
    act = Act.begin(complaint, "refute", by=by, at=at, version=version, reason=reason)
    row, former = act.complaint, act.complaint.event
    own = Event.objects.create(
        key=None,
        party=former.party,
        waybill_id=row.waybill_id,
        category=row.category,
        last_sequence=1,
        opened_at=act.at,
    )
    act.meet(ClockKind.SUSPECTED)
    act.set(
        refuted_from=former,
        refuted_sequence=row.sequence,
        refuted_at=act.at,
        refuted_by=by,
        is_suspected=False,
        is_incident=False,
    )
    act.set(event=own, sequence=1)
    act.set(rank=act.rank_when(False))
    act.move("refute")
    row = act.finish()
    IncidentTicket.objects.filter(complaint=row, incident__event=former).delete()
    recheck(former.pk, reason=act.reason, by=by, at=act.at)
    return row


def recheck(event_id: int, *, reason: str, by: User | None, at: datetime) -> None:
    """A ticket has left the event or is no longer live: a service incident that rests on fewer than two is withdrawn;
    one that rests on suspected ones alone is suspected again (CMP-45). The caller holds the event's locks."""
    incident = standing_incident(event_id)
    if incident is None:
        return
    tickets = locked_tickets(event_id)
    live = [row for row in tickets if row.is_live]
    policy = handling_policy(at)
    if len(live) < 2:
        linked = list(
            Complaint.objects.filter(incident_links__incident=incident)
            .select_related("category")
            .order_by("pk")
        )
        _drop_suspicion(live, by=by, at=at)
        consequences.withdraw(incident, linked, policy=policy, reason=reason, by=by, at=at)
    elif incident.state == IncidentState.CONFIRMED and sum(not row.is_suspected for row in live) < 2:
        lifecycle.write(
            incident,
            expected_version=incident.version,
            state=IncidentState.SUSPECTED,
            confirmed_at=None,
            confirmed_by=None,
        )
        withdraw_for_incident(
            incident_kind=consequences.KIND, incident_id=incident.pk, reason=reason, by=by, at=at
        )
        consequences.release(tickets, policy=policy)
        trail.record(
            incident,
            "incident.suspected_again",
            by=by,
            at=at,
            changes={"state": ["confirmed", "suspected"]},
            reason=reason,
        )


def _drop_suspicion(live: list[Complaint], *, by: User | None, at: datetime) -> None:
    """The only ticket left is nobody's second complaint: nothing of it waits to be confirmed."""
    for row in live:
        if not row.is_suspected:
            continue
        locked = Complaint.objects.select_related("category", "department", "owner__employee").get(pk=row.pk)
        act = Act(locked, by, at, standing_of(locked, at=at))
        act.cancel(ClockKind.SUSPECTED)
        act.set(is_suspected=False)
        act.finish()

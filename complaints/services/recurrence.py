"""The same problem in one department again and again: judged with each finding (CMP-41), taken back with its ground.

Two findings of one category and department wait for each other (advisory lock), and lock all tickets concerned in the
order of their ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Q

from complaints.choices import Founded, IncidentKind, IncidentState
from complaints.domain import recurrence as domain
from complaints.domain.attribution import Attribution
from complaints.domain.policy import RecurrencePolicy
from complaints.models import Complaint, Event, IncidentTicket, ServiceIncident
from complaints.queries.standing import KIND, handling_policy
from complaints.services import consequences
from complaints.services.routing import to_concerned
from customers.models import Waybill
from organization.models import Department, User
from servicecenter import lifecycle, policies, trail
from servicecenter.clock import business_date, now_db

IS_FOUNDED = Q(founded__in=[Founded.FOUNDED, Founded.PARTLY])


def policy_at(at: datetime) -> RecurrencePolicy:
    """The recurrence policy as valid at an instant."""
    found: RecurrencePolicy = policies.value("complaints.recurrence", at=at)
    return found


def lock_for_finding(complaint: Complaint, department: Department | None) -> None:
    """Lock what a finding may touch: the tickets of the category and of the departments before and after."""
    category_id, before = Complaint.objects.values_list("category_id", "responsible_department_id").get(
        pk=complaint.pk
    )
    departments = sorted({pk for pk in (before, department.pk if department else None) if pk is not None})
    for pk in departments:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"recurrence|{category_id}|{pk}"]
            )
    days = policy_at(now_db()).days
    day = complaint.registered_on
    same = IS_FOUNDED & Q(
        category_id=category_id,
        responsible_department_id__in=departments,
        registered_on__range=(day - timedelta(days=days), day + timedelta(days=days)),
    )
    _lock(Q(pk=complaint.pk) | same | _linked_with([complaint.pk]))


def lock_family(*complaints: Complaint) -> None:
    """Lock what ending these tickets may touch: their events first, then the tickets of these and of their service
    incidents."""
    ids = [row.pk for row in complaints]
    events = sorted(set(Complaint.objects.filter(pk__in=ids).values_list("event_id", flat=True)))
    list(Event.objects.select_for_update(no_key=True).filter(pk__in=events).order_by("pk"))
    _lock(Q(pk__in=ids) | Q(event_id__in=events) | _linked_with(ids))


def _linked_with(ids: Sequence[int]) -> Q:
    incidents = IncidentTicket.objects.filter(complaint_id__in=ids).values("incident_id")
    return Q(pk__in=IncidentTicket.objects.filter(incident_id__in=incidents).values("complaint_id"))


def _lock(condition: Q) -> None:
    ids = sorted(Complaint.objects.filter(condition).values_list("pk", flat=True))
    list(Complaint.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").only("pk"))


def after_finding(row: Complaint, *, replaced: bool, by: User | None, at: datetime) -> None:
    """What a finding brings: the second complaint's attribution follows it, a recurrence is opened, joined or lost.

    `replaced`: a former finding of the ticket named somebody.
    """
    if row.is_live and (row.responsible_department_id or replaced):
        _attribute_second_complaint(row, by=by, at=at)
    recheck(row, reason=f"{row.number}", by=by, at=at)
    if row.is_live and row.founded in {Founded.FOUNDED, Founded.PARTLY} and row.responsible_department_id:
        _judge(row, by=by, at=at)


def _attribute_second_complaint(row: Complaint, *, by: User | None, at: datetime) -> None:
    """The service incident goes to whom the finding names, and the ticket to that department (CMP-42, CMP-43)."""
    incident = (
        ServiceIncident.objects.filter(event_id=row.event_id, tickets__complaint=row)
        .exclude(state=IncidentState.WITHDRAWN)
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if incident is None:
        return
    attribution = consequences.attribution_of(Complaint.objects.live().filter(event_id=row.event_id))
    moved = consequences.reattribute(incident, attribution, reason=row.number, by=by, at=at)
    if moved and incident.state == IncidentState.CONFIRMED:
        concerned = consequences.department_of(attribution, open_only=True)
        to_concerned(incident, row, concerned, employee_id=attribution.employee_id, by=by, at=at)


def _judge(row: Complaint, *, by: User | None, at: datetime) -> None:
    policy = policy_at(at)
    current = _open_one(row.category_id, row.responsible_department_id or 0)
    if current is not None:
        last_on = last_day(current)
        if domain.joins(last_on=last_on, registered_on=row.registered_on, policy=policy):
            _join(current, [row], row, by=by, at=at)
            return
        if row.registered_on < last_on:
            return
        _end(current, by=by, at=at)
    rows = _founded(row, policy)
    found = domain.judge(
        [domain.Founded(pk, day) for pk, day in rows],
        around=row.registered_on,
        policy=policy,
        waybills=_volume(row, policy),
    )
    if found is not None:
        _open(row, found, by=by, at=at)


def _open_one(category_id: int, department_id: int) -> ServiceIncident | None:
    return (
        ServiceIncident.objects.filter(
            kind=IncidentKind.RECURRENCE,
            state=IncidentState.CONFIRMED,
            category_id=category_id,
            department_id=department_id,
        )
        .select_for_update(no_key=True)
        .first()
    )


def _founded(row: Complaint, policy: RecurrencePolicy) -> list[tuple[int, date]]:
    """Founded, live complaints of the category and responsible department around the ticket's day, that rest in no
    other recurrence."""
    span = timedelta(days=policy.days)
    rows = (
        Complaint.objects.live()
        .filter(
            IS_FOUNDED,
            category_id=row.category_id,
            responsible_department_id=row.responsible_department_id,
            registered_on__range=(row.registered_on - span, row.registered_on + span),
        )
        .exclude(
            incident_links__incident__kind=IncidentKind.RECURRENCE,
            incident_links__incident__state__in=[IncidentState.CONFIRMED, IncidentState.ENDED],
        )
    )
    return list(rows.order_by("registered_on", "pk").values_list("pk", "registered_on"))


def _volume(row: Complaint, policy: RecurrencePolicy) -> int | None:
    """Waybills of the department in such a period, where the policy asks for a rate."""
    if policy.per_thousand is None:
        return None
    since = row.registered_on - timedelta(days=policy.days)
    mine = Q(origin_id=row.responsible_department_id) | Q(destination_id=row.responsible_department_id)
    return Waybill.objects.filter(mine, shipped_on__range=(since, row.registered_on)).count() or None


def _open(row: Complaint, found: domain.Recurrence, *, by: User | None, at: datetime) -> None:
    incident = consequences.open_incident(
        kind=IncidentKind.RECURRENCE,
        state=IncidentState.CONFIRMED,
        complaint=row,
        attribution=Attribution(row.responsible_department_id, row.responsible_employee_id),
        month=found.completed_on,
        by=by,
        at=at,
    )
    trail.record_many([consequences.opened_line(incident, row)], by=by, at=at)
    tickets = list(
        Complaint.objects.filter(pk__in=found.complaint_ids).select_related("category").order_by("pk")
    )
    _join(incident, tickets, row, by=by, at=at)


def _join(
    incident: ServiceIncident, tickets: Sequence[Complaint], row: Complaint, *, by: User | None, at: datetime
) -> None:
    linked = set(
        IncidentTicket.objects.filter(incident=incident, complaint__in=tickets).values_list(
            "complaint_id", flat=True
        )
    )
    fresh = [one for one in tickets if one.pk not in linked]
    if not fresh:
        return
    consequences.link(incident, fresh, at=at)
    consequences.mark(list(Complaint.objects.filter(pk__in=[one.pk for one in fresh])))
    trail.record_many(
        [
            trail.Line(
                KIND,
                one.pk,
                one.number,
                "complaint.recurrence",
                {"incident": incident.number, "count": len(tickets)},
            )
            for one in fresh
        ],
        by=by,
        at=at,
    )
    consequences.apply(
        incident,
        row,
        Attribution(row.responsible_department_id, row.responsible_employee_id),
        policy=handling_policy(at),
        by=by,
        at=at,
        concerned=row.responsible_department,
    )
    to_concerned(
        incident,
        row,
        row.responsible_department,
        employee_id=row.responsible_employee_id,
        by=by,
        at=at,
    )


def recheck(row: Complaint, *, reason: str, by: User | None, at: datetime) -> None:
    """The ticket may no longer carry a recurrence it is linked to (merged, cancelled, another finding): it leaves it,
    and what rests on too few is withdrawn (CMP-45)."""
    policy = policy_at(at)
    incidents = (
        ServiceIncident.objects.filter(kind=IncidentKind.RECURRENCE, tickets__complaint=row)
        .exclude(state=IncidentState.WITHDRAWN)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    for incident in incidents:
        if _carries(row, incident):
            continue
        IncidentTicket.objects.filter(incident=incident, complaint=row).delete()
        left = list(
            Complaint.objects.filter(incident_links__incident=incident)
            .select_related("category")
            .order_by("pk")
        )
        fresh = Complaint.objects.select_related("category").get(pk=row.pk)
        consequences.release([fresh], policy=handling_policy(at))
        if len([one for one in left if one.is_live]) < _least(policy):
            consequences.withdraw(incident, left, policy=handling_policy(at), reason=reason, by=by, at=at)


def _least(policy: RecurrencePolicy) -> int:
    return 2 if policy.per_thousand is not None else policy.count


def _carries(row: Complaint, incident: ServiceIncident) -> bool:
    return (
        row.is_live
        and row.founded in {Founded.FOUNDED, Founded.PARTLY}
        and row.responsible_department_id == incident.department_id
        and row.category_id == incident.category_id
    )


def last_day(incident: ServiceIncident) -> date:
    """The day on which the recurrence's latest ticket was registered."""
    found: date = incident.tickets.aggregate(last=Max("complaint__registered_on"))["last"]
    return found


def _end(incident: ServiceIncident, *, by: User | None, at: datetime) -> None:
    lifecycle.write(incident, expected_version=incident.version, state=IncidentState.ENDED, ended_at=at)
    trail.record(incident, "incident.ended", by=by, at=at, changes={"state": ["confirmed", "ended"]})


def end_recurrences(*, at: datetime | None = None) -> int:
    """Recurrences that have been quiet for the policy's days end (CMP-41). Returns how many."""
    moment = at or now_db()
    policy, today = policy_at(moment), business_date(moment)
    rows = ServiceIncident.objects.filter(kind=IncidentKind.RECURRENCE, state=IncidentState.CONFIRMED)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    return sum(_end_if_quiet(pk, policy, today, moment) for pk in ids)


@transaction.atomic
def _end_if_quiet(pk: int, policy: RecurrencePolicy, today: date, at: datetime) -> int:
    row = ServiceIncident.objects.select_for_update(no_key=True).get(pk=pk)
    quiet = domain.has_ended(last_on=last_day(row), today=today, policy=policy)
    if row.state != IncidentState.CONFIRMED or not quiet:
        return 0
    _end(row, by=None, at=at)
    return 1

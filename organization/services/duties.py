"""Duty rota and absences (ORG-08): who is on duty for every hour, and who is away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, models, transaction

from organization.choices import DutyKind
from organization.domain.rota import turns
from organization.models import Absence, Duty, Employee, Team, User
from organization.permissions import Right
from organization.queries.duty import lane_department
from organization.queries.rights import holders
from organization.services.guards import locked_employee
from servicecenter import notices, trail
from servicecenter.clock import centre_zone, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.worktime import Shift
from servicecenter.models import Notice
from servicecenter.subjects import kind_of


@transaction.atomic
def plan_duty(
    *,
    kind: str,
    team: Team | None,
    employee: Employee,
    starts_at: datetime,
    ends_at: datetime,
    by: User | None,
    at: datetime | None = None,
) -> Duty:
    """One duty. Raises RuleBroken `duty.order`, `duty.team`, `duty.not_member`, `duty.taken` (naming who is planned),
    `duty.away`, `employee.gone`.
    """
    if ends_at <= starts_at:
        raise RuleBroken("duty.order", field="ends_at", status=400)
    _lock_lane(kind, team)
    moment = at or now_db()
    _check_people(kind, team, [employee])
    _check_free(kind, team, starts_at, ends_at)
    _check_present(employee, starts_at, ends_at)
    row = Duty.objects.create(kind=kind, team=team, employee=employee, starts_at=starts_at, ends_at=ends_at)
    _record(row, "duty.planned", by=by, at=moment)
    return row


@transaction.atomic
def plan_turns(
    *,
    kind: str,
    team: Team | None,
    people: Sequence[Employee],
    first: date,
    last: date,
    shifts: Sequence[Shift],
    replace: bool = False,
    by: User | None,
    at: datetime | None = None,
) -> list[Duty]:
    """People in turn over the shifts of every day from `first` to `last`; who is absent at his turn is passed over
    for the next one. With `replace` what is planned in that stretch is struck first, else `duty.taken` refuses.

    Raises RuleBroken as `plan_duty`, and those of `organization.domain.rota.turns`.
    """
    planned = turns(
        people=[person.pk for person in people], first=first, last=last, shifts=shifts, zone=centre_zone()
    )
    _lock_lane(kind, team)
    moment = at or now_db()
    _check_people(kind, team, people)
    start, end = planned[0].span.start, planned[-1].span.end
    if replace:
        _strike_all(_touching(kind, team, start, end), team, by=by, at=moment)
    else:
        _check_free(kind, team, start, end)
    away = list(Absence.objects.filter(employee__in=people, starts_at__lt=end, ends_at__gt=start))
    order = [person.pk for person in people]
    rows = []
    for turn in planned:
        place = order.index(turn.employee_id)
        candidates = order[place:] + order[:place]
        present = [pk for pk in candidates if not _away(pk, turn.span.start, turn.span.end, away)]
        if present:
            rows.append(
                Duty(
                    kind=kind,
                    team=team,
                    employee_id=present[0],
                    starts_at=turn.span.start,
                    ends_at=turn.span.end,
                )
            )
    made = Duty.objects.bulk_create(rows)
    trail.record(
        anchor_of(team),
        "duty.turns_planned",
        by=by,
        at=moment,
        duty=kind,
        people=", ".join(person.name for person in people),
        first=first,
        last=last,
        count=len(made),
    )
    return made


@transaction.atomic
def hand_duty_to(*, duty: Duty, employee: Employee, by: User | None, at: datetime | None = None) -> Duty:
    """Somebody else takes this duty. Raises RuleBroken `duty.not_member`, `duty.away`, `employee.gone`."""
    _lock_lane(duty.kind, duty.team)
    row = Duty.objects.select_related("team", "employee").get(pk=duty.pk)
    moment = at or now_db()
    _check_people(row.kind, row.team, [employee])
    _check_present(employee, row.starts_at, row.ends_at)
    before = row.employee.name
    if row.employee_id != employee.pk:
        row.employee = employee
        row.save(update_fields=["employee"])
        _record(row, "duty.handed", by=by, at=moment, changes={"employee": [before, employee.name]})
    return row


@transaction.atomic
def strike_duty(*, duty: Duty, by: User | None, at: datetime | None = None) -> None:
    """Take a duty out of the rota; the trail keeps it."""
    _lock_lane(duty.kind, duty.team)
    row = Duty.objects.select_related("team", "employee").get(pk=duty.pk)
    moment = at or now_db()
    _record(row, "duty.struck", by=by, at=moment)
    row.delete()


@transaction.atomic
def note_absence(
    *,
    employee: Employee,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: User | None,
    at: datetime | None = None,
) -> Absence:
    """An employee is away. Whoever plans the rota is told when a duty falls into it.

    Raises RuleBroken `absence.order`, `absence.reason`, `absence.overlap`.
    """
    row = locked_employee(employee)
    if ends_at <= starts_at:
        raise RuleBroken("absence.order", field="ends_at", status=400)
    if not reason.strip():
        raise RuleBroken("absence.reason", field="reason", status=400)
    other = Absence.objects.filter(employee=row, starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if other is not None:
        raise RuleBroken(
            "absence.overlap", name=row.name, start=_local(other.starts_at), end=_local(other.ends_at)
        )
    moment = at or now_db()
    made = Absence.objects.create(
        employee=row, starts_at=starts_at, ends_at=ends_at, reason=reason.strip()[:100]
    )
    trail.record(
        row,
        "absence.noted",
        by=by,
        at=moment,
        name=row.name,
        start=_local(starts_at),
        end=_local(ends_at),
        reason=made.reason,
    )
    duties = Duty.objects.filter(employee=row, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if (first := duties.order_by("starts_at").first()) is not None:
        notices.tell(
            holders(Right.PLAN_DUTY, row.department, moment),
            "duty.uncovered",
            about=row,
            at=moment,
            level=Notice.Level.WARNING,
            key=f"absence:{made.pk}",
            name=row.name,
            start=_local(first.starts_at),
            count=duties.count(),
        )
    return made


@transaction.atomic
def end_absence(*, absence: Absence, by: User | None, at: datetime | None = None) -> Absence | None:
    """Back earlier than noted: an absence that has begun ends now, one still to come is struck (None)."""
    person = locked_employee(absence.employee)
    row = Absence.objects.get(pk=absence.pk)
    moment = at or now_db()
    if row.ends_at <= moment:
        raise RuleBroken("absence.over", name=person.name, end=_local(row.ends_at))
    trail.record(
        person,
        "absence.ended",
        by=by,
        at=moment,
        changes={"ends_at": [row.ends_at, moment]},
        name=person.name,
    )
    if row.starts_at >= moment:
        row.delete()
        return None
    row.ends_at = moment
    row.save(update_fields=["ends_at"])
    return row


def anchor_of(team: Team | None) -> models.Model:
    """The record on whose trail the rota is kept: the team, or for supervisor and manager the service centre.

    Raises RuleBroken `department.none` while there is no department at all.
    """
    found = team or lane_department(None)
    if found is None:
        raise RuleBroken("department.none")
    return found


def _strike_all(rows: models.QuerySet[Duty], team: Team | None, *, by: User | None, at: datetime) -> None:
    """Take these duties of one line out of the rota; each has its line in the trail (ORG-05)."""
    struck = list(rows.select_related("employee").order_by("starts_at", "pk"))
    anchor = anchor_of(team)
    kind, number = kind_of(anchor), getattr(anchor, "number", "") or ""
    lines = [trail.Line(kind, anchor.pk, number, "duty.struck", _said(row), {}) for row in struck]
    trail.record_many(lines, by=by, at=at)
    rows.delete()


def _record(row: Duty, code: str, *, by: User | None, at: datetime, changes: dict | None = None) -> None:
    trail.record(anchor_of(row.team), code, by=by, at=at, changes=changes, **_said(row))


def _said(row: Duty) -> dict[str, str]:
    """Whose duty it is, of which kind, from when to when, as the trail says it."""
    return {
        "duty": row.kind,
        "name": row.employee.name,
        "start": _local(row.starts_at),
        "end": _local(row.ends_at),
    }


def _local(moment: datetime) -> str:
    return moment.astimezone(centre_zone()).strftime("%Y-%m-%d %H:%M")


def _lock_lane(kind: str, team: Team | None) -> None:
    """One planner a line of the rota: overlaps are told in words, not by the database's constraint."""
    if (kind == DutyKind.AGENT) != (team is not None):
        raise RuleBroken("duty.team", field="team", status=400)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(7241123, %s)",
            [team.pk if team else -list(DutyKind).index(DutyKind(kind))],
        )


def _check_people(kind: str, team: Team | None, people: Sequence[Employee]) -> None:
    members = set(team.members.values_list("pk", flat=True)) if team else set()
    for person in people:
        if person.left_on is not None:
            raise RuleBroken(
                "employee.gone", field="employee", name=person.name, day=person.left_on.isoformat()
            )
        if team is not None and person.pk not in members:
            raise RuleBroken("duty.not_member", field="employee", name=person.name, team=team.names)


def _touching(kind: str, team: Team | None, start: datetime, end: datetime) -> models.QuerySet[Duty]:
    return Duty.objects.filter(kind=kind, team=team, starts_at__lt=end, ends_at__gt=start)


def _check_free(kind: str, team: Team | None, start: datetime, end: datetime) -> None:
    taken = _touching(kind, team, start, end).select_related("employee").order_by("starts_at").first()
    if taken is not None:
        raise RuleBroken(
            "duty.taken",
            field="starts_at",
            name=taken.employee.name,
            start=_local(taken.starts_at),
            end=_local(taken.ends_at),
        )


def _check_present(employee: Employee, start: datetime, end: datetime) -> None:
    away = Absence.objects.filter(employee=employee, starts_at__lt=end, ends_at__gt=start).first()
    if away is not None:
        raise RuleBroken(
            "duty.away",
            field="employee",
            name=employee.name,
            start=_local(away.starts_at),
            end=_local(away.ends_at),
        )


def _away(employee_id: int, start: datetime, end: datetime, away: Sequence[Absence]) -> bool:
    return any(one.employee_id == employee_id and one.starts_at < end and one.ends_at > start for one in away)

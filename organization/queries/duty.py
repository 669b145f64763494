"""Who is on duty, who is away, whom to tell (ORG-08, CMP-37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from organization.choices import DepartmentKind, DutyKind
from organization.domain.rota import Span, gaps
from organization.models import Absence, Department, Duty, Employee, Team, User
from organization.permissions import Right, can_plan_duty
from organization.queries.rights import holders, within
from servicecenter.clock import business_date, now_db


def on_duty(kind: str, team: Team | None = None, at: datetime | None = None) -> User | None:
    """The user on duty: the agent of a team, the centre's supervisor or manager. None: nobody is planned.

    Somebody who has left, is away or cannot log in is not on duty, whatever the rota says.
    """
    moment = at or now_db()
    return (
        User.objects.filter(
            is_active=True,
            employee__duties__in=Duty.objects.filter(
                kind=kind, team=team, starts_at__lte=moment, ends_at__gt=moment
            ),
        )
        .exclude(employee__in=unavailable(moment))
        .first()
    )


def agents_on_duty(at: datetime) -> dict[int, User]:
    """The agent on duty of each team that has one, by the team's id; as `on_duty` says, in one statement."""
    rows = (
        Duty.objects.filter(
            kind=DutyKind.AGENT, starts_at__lte=at, ends_at__gt=at, employee__user__is_active=True
        )
        .exclude(employee__in=unavailable(at))
        .select_related("employee__user")
    )
    return {row.team_id: row.employee.user for row in rows if row.team_id is not None}


def recipients(
    kind: str,
    right: str,
    department: Department | None = None,
    *,
    team: Team | None = None,
    at: datetime | None = None,
) -> list[User]:
    """Whom to tell: the person on duty, else everybody who holds `right` for the department and is not away."""
    moment = at or now_db()
    if (person := on_duty(kind, team, moment)) is not None:
        return [person]
    all_of_them = holders(right, department, moment)
    return list(all_of_them.exclude(employee__in=unavailable(moment))) or list(all_of_them)


def unavailable(at: datetime) -> QuerySet[Employee]:
    """Everybody who is absent at that moment or has left (ORG-08)."""
    day = business_date(at)
    return Employee.objects.filter(
        Q(left_on__lt=day) | Q(absences__starts_at__lte=at, absences__ends_at__gt=at)
    ).distinct()


def is_absent(employee: Employee, at: datetime | None = None) -> bool:
    """Whether the employee is away or gone at that moment."""
    return unavailable(at or now_db()).filter(pk=employee.pk).exists()


def absent_since(employee: Employee, at: datetime) -> datetime | None:
    """When the present absence began; None when the employee is here (or gone, which has no hour)."""
    row = Absence.objects.filter(employee=employee, starts_at__lte=at, ends_at__gt=at).order_by("starts_at")
    return row.values_list("starts_at", flat=True).first()


def lane_department(team: Team | None) -> Department | None:
    """Whose rota a lane is: the team's department; of supervisor and manager the service centre (or head office)."""
    if team is not None:
        return team.department
    centres = Department.objects.filter(kind=DepartmentKind.SERVICE_CENTRE, closed_on=None)
    return centres.order_by("pk").first() or Department.objects.filter(parent=None).first()


def can_plan_lane(user: User, team: Team | None) -> bool:
    """Whether the user plans this lane of the rota: a branch's manager does not put the centre's supervisor on duty."""
    department = lane_department(team)
    return department is not None and can_plan_duty(user, department)


def absences_visible_to(user: User) -> QuerySet[Absence]:
    """One's own absences, and those of the people whose rota one plans: why somebody is away is nobody else's."""
    planned = within(user.rights.paths(Right.PLAN_DUTY), "employee__department__path")
    return Absence.objects.filter(planned | Q(employee_id=user.employee_id)).select_related(
        "employee__department"
    )


def duties_between(
    start: datetime, end: datetime, *, kind: str | None = None, team: Team | None = None
) -> QuerySet[Duty]:
    """The rota's rows that touch a stretch of time, in order."""
    rows = Duty.objects.filter(starts_at__lt=end, ends_at__gt=start).select_related("employee", "team")
    if kind:
        rows = rows.filter(kind=kind)
    if team:
        rows = rows.filter(team=team)
    return rows.order_by("starts_at", "kind", "team_id")


@dataclass(frozen=True)
class Lane:
    """One line of the rota: a kind of duty (and its team), its rows, and the hours nobody covers."""

    kind: str
    label: str
    team: Team | None
    duties: tuple[Duty, ...]
    gaps: tuple[Span, ...]


def rota(start: datetime, end: datetime) -> list[Lane]:
    """Every line of the rota over a stretch of time: each team's agent, the supervisor, the manager."""
    rows = list(duties_between(start, end))
    away = list(Absence.objects.filter(starts_at__lt=end, ends_at__gt=start))
    lanes: list[tuple[DutyKind, Team | None]] = [
        (DutyKind.AGENT, team) for team in Team.objects.select_related("department").order_by("code")
    ]
    lanes += [(DutyKind.SUPERVISOR, None), (DutyKind.MANAGER, None)]
    return [_lane(kind, team, rows, away, Span(start, end)) for kind, team in lanes]


def _lane(kind: DutyKind, team: Team | None, rows: list[Duty], away: list[Absence], span: Span) -> Lane:
    own = [row for row in rows if row.kind == kind and row.team_id == (team.pk if team else None)]
    covered = [part for row in own for part in _present(row, away)]
    return Lane(kind, str(kind.label), team, tuple(own), tuple(gaps(covered, span)))


def _present(row: Duty, away: list[Absence]) -> list[Span]:
    """The parts of a duty at which its person is not absent."""
    absences = [Span(one.starts_at, one.ends_at) for one in away if one.employee_id == row.employee_id]
    return gaps(absences, Span(row.starts_at, row.ends_at))


def shared_teams(employee: Employee) -> QuerySet[Team]:
    """The teams of an employee: whose duty agents see the employee's tickets during an absence."""
    return Team.objects.filter(members=employee).order_by("code")

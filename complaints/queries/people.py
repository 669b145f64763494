"""Whom to ask and whom to tell: handlers, supervisors, leaders, an owner for a ticket (ORG-08, CMP-42)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, When

from complaints.permissions import HANDLING, Right, centre
from organization.choices import DutyKind
from organization.models import Assignment, Department, User
from organization.queries import agents_on_duty, holders, ids_of, recipients, unavailable, valid_assignments
from servicecenter.clock import business_date
from servicecenter.kernel.errors import RuleBroken
from servicecenter.prepared import Prepared, given
from servicecenter.search import fold

# Of each department asked for (by its place), the people whose assignment to it or to one above it lies deepest in the
# tree. Written by hand: every registration asks it.
ANSWERERS = """
SELECT DISTINCT q.place, u.id, u.email FROM (
  SELECT w.place, a.employee_id, length(d.path) AS depth, max(length(d.path)) OVER (PARTITION BY w.place) AS deepest
  FROM unnest(%s::int[], %s::bigint[]) AS w (place, department_id)
  JOIN organization_assignment a ON a.department_id = w.department_id
  JOIN organization_role r ON r.id = a.role_id AND r.rights @> ARRAY[%s]::varchar[]
  JOIN organization_employee e ON e.id = a.employee_id AND (e.left_on IS NULL OR e.left_on >= %s)
  JOIN organization_department d ON d.id = a.department_id
  WHERE a.valid_from <= %s AND (a.valid_until IS NULL OR a.valid_until >= %s)) AS q
JOIN organization_user u ON u.employee_id = q.employee_id AND u.is_active
WHERE q.depth = q.deepest
"""


def answerers(department: Department, at: datetime) -> list[User]:
    """Who hands in statements for a department: the people assigned to it, else those of the nearest one above."""
    sql, values = told_as_answerers([department], at)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = [pk for _place, pk, _email in cursor.fetchall()]
    return list(User.objects.filter(pk__in=found).order_by("pk"))


def told_as_answerers(departments: Sequence[Department], at: datetime) -> tuple[str, list[Any]]:
    """The answerers of several departments as a statement of (place from 1 on, id, e-mail), for `tell_each`."""
    asked = [(n, pk) for n, row in enumerate(departments, 1) for pk in ids_of(row.path)]
    day = business_date(at)
    return ANSWERERS, [
        [place for place, _pk in asked],
        [pk for _place, pk in asked],
        *(Right.HAND_IN_STATEMENT.value, day, day, day),
    ]


_OF_INCIDENT: Prepared[tuple[int, str]] = Prepared(
    lambda: User.objects.filter(
        is_active=True,
        employee_id__in=Assignment.objects.filter(
            valid_assignments(given("day")),
            Q(role__code__any=given("roles"))
            | Q(role__code__any=given("leaders"), department__pk__any=given("departments")),
        ).values("employee_id"),
    ).values_list("pk", "email")
)


def told_of_incident(
    roles: Iterable[str], leader_roles: Iterable[str], department: Department | None, at: datetime
) -> tuple[str, list[Any]]:
    """Who is told of a service incident at once: the holders of `roles`, and of `leader_roles` for the department
    concerned (CMP-42); as a statement of (id, e-mail), for `tell_all`."""
    return _OF_INCIDENT.sql(
        day=business_date(at),
        roles=list(roles),
        leaders=list(leader_roles),
        departments=ids_of(department.path) if department is not None else [],
    )


def count_told_of_incident(
    roles: Iterable[str], leader_roles: Iterable[str], department: Department | None, at: datetime
) -> int:
    """How many they are."""
    sql, values = told_of_incident(roles, leader_roles, department, at)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS told", values)
        found: int = cursor.fetchone()[0]
    return found


def supervisors(centre: Department, at: datetime) -> list[User]:
    """The supervisor on duty, else every supervisor who is not away."""
    return recipients(DutyKind.SUPERVISOR, Right.SUPERVISE_COMPLAINT, centre, at=at)


def owner_for(centre: Department, team_id: int | None, at: datetime) -> User:
    """Who owns a ticket that no agent registered: the team's duty agent, any duty agent, the duty supervisor, else a
    supervisor or agent who is not away (CMP-07, CMP-24). Raises RuleBroken `complaint.no_owner`."""
    found = duty_agent(team_id, at) or next(iter(supervisors(centre, at)), None)
    if found is None:
        at_work = holders(Right.WORK_COMPLAINT, centre, at)
        found = at_work.exclude(employee__in=unavailable(at)).first() or at_work.first()
    if found is None:
        raise RuleBroken("complaint.no_owner")
    return found


def duty_agent(team_id: int | None, at: datetime) -> User | None:
    """The duty agent of a team, else the one of any team; nobody who is away."""
    other_team = Case(
        When(employee__duties__team_id=team_id or 0, then=0), default=1, output_field=IntegerField()
    )
    return (
        User.objects.filter(
            is_active=True,
            employee__duties__kind=DutyKind.AGENT,
            employee__duties__starts_at__lte=at,
            employee__duties__ends_at__gt=at,
        )
        .exclude(employee__in=unavailable(at))
        .annotate(other_team=other_team)
        .order_by("other_team", "pk")
        .first()
    )


def absent_owners(at: datetime) -> QuerySet[User]:
    """Who owns tickets perhaps and cannot work on them at that moment: away, gone, or without access (ORG-08)."""
    return User.objects.filter(Q(is_active=False) | Q(employee__in=unavailable(at)))


def owned_by_absent(at: datetime) -> Q:
    """Tickets whose owner is one of them; the few are found first, so that the index of owners serves."""
    return Q(owner__any=ArraySubquery(absent_owners(at).order_by().values("pk")))


def stands_in_for(user: Any, at: datetime) -> Q | None:
    """Which tickets of absent owners are shown to the user now, who would own them after the policy's time (ORG-08):
    the duty agent's of the ticket's team, else another team's; without any, a supervisor's. None: nobody's."""
    if not user.rights.has_any(HANDLING):
        return None
    absent = owned_by_absent(at)
    if agents := agents_on_duty(at):
        teams = [team_id for team_id, agent in agents.items() if agent.pk == user.pk]
        if not teams:
            return None
        first = user.pk == min(agent.pk for agent in agents.values())
        return absent & (Q(team__in=teams) | ~Q(team__in=list(agents)) if first else Q(team__in=teams))
    home = centre() if user.has_right(Right.SUPERVISE_COMPLAINT) else None
    if home is None or user.pk not in {one.pk for one in supervisors(home, at)}:
        return None
    return absent


def mentionable(text: str, user: Any, limit: int = 8) -> list[User]:
    """Colleagues whom a note may mention, by the beginning of name, pinyin or work number (CMP-50)."""
    if not user.has_right("organization.view_people"):
        return []
    word = fold(text)
    rows = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if word:
        rows = rows.filter(
            Q(employee__name__startswith=text.strip())
            | Q(employee__name_key__startswith=word)
            | Q(employee__name_key__contains=f" {word}")
            | Q(work_number__startswith=word)
        )
    return list(rows.order_by("employee__name_key", "pk")[:limit])

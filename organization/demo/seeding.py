"""Fills an empty database with the demonstration's organization, through the services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from organization import services
from organization.choices import DutyKind
from organization.demo.roster import (
    BRANCH_WEEK,
    CENTRE_WEEK,
    DEPARTMENTS,
    PASSWORD,
    PEOPLE,
    ROTA_SHIFTS,
    TEAMS,
    Person,
)
from organization.models import Department, Employee, Role, Team, User
from organization.services.names import texts
from servicecenter.clock import business_date

ROTA_BACK, ROTA_AHEAD = timedelta(days=7), timedelta(days=30)
EMPLOYED_FOR = timedelta(days=400)


@transaction.atomic
def seed(*, at: datetime) -> None:
    """The organization as it stands at `at`: deterministic, and nothing when it is there already."""
    if Employee.objects.filter(work_number=PEOPLE[0].number).exists():
        return
    since = at - EMPLOYED_FOR
    departments = _departments(since)
    people = _people(departments, since)
    for year in (at.year - 1, at.year, at.year + 1):
        services.load_holidays(year, at=since)
    _hours(departments, since)
    teams = _teams(departments, people, since)
    _absence(people, at)
    _rota(teams, people, at)


def accounts() -> list[User]:
    """The logins offered on the demo's login page and printed at start, by role."""
    order = [person.number for person in PEOPLE]
    rows = User.objects.filter(is_demo=True).prefetch_related("employee__assignments__role")
    return sorted(rows, key=lambda user: order.index(user.work_number) if user.work_number in order else 99)


def _departments(at: datetime) -> dict[str, Department]:
    made: dict[str, Department] = {}
    for code, kind, above, simplified, english in DEPARTMENTS:
        made[code] = services.add_department(
            code=code,
            names=texts(simplified, english=english),
            kind=kind,
            parent=made[above] if above else None,
            by=None,
            at=at,
        )
    return made


def _people(departments: dict[str, Department], at: datetime) -> dict[str, Employee]:
    roles = {role.code: role for role in Role.objects.all()}
    # One hash for all: forty of them would cost the demo's start several seconds.
    encoded = make_password(PASSWORD)
    made: dict[str, Employee] = {}
    for number, person in enumerate(PEOPLE):
        made[person.number] = _hire(
            person, departments, roles, encoded, at - timedelta(days=37 * (number % 29))
        )
    return made


def _hire(
    person: Person, departments: dict[str, Department], roles: dict[str, Role], encoded: str, at: datetime
) -> Employee:
    home = departments[person.department]
    employee = services.hire(
        work_number=person.number, name=person.name, department=home, position=person.position, by=None, at=at
    )
    if person.roles:
        services.open_login(
            employee=employee,
            encoded=encoded,
            email=f"{person.number}@example.invalid",
            is_demo=person.demo,
            by=None,
            at=at,
        )
    for role in person.roles:
        services.assign_role(employee=employee, role=roles[role], department=home, by=None, at=at)
    return employee


def _hours(departments: dict[str, Department], at: datetime) -> None:
    services.set_service_hours(
        department=departments["service_centre"], week=CENTRE_WEEK, works_on_holidays=True, by=None, at=at
    )
    services.set_service_hours(department=departments["branch_management"], week=BRANCH_WEEK, by=None, at=at)


def _teams(departments: dict[str, Department], people: dict[str, Employee], at: datetime) -> dict[str, Team]:
    made = {}
    for code, simplified, english, members in TEAMS:
        team = services.add_team(
            code=code,
            names=texts(simplified, english=english),
            department=departments["service_centre"],
            by=None,
            at=at,
        )
        made[code] = services.set_members(
            team=team, members=[people[number] for number in members], by=None, at=at
        )
    return made


def _absence(people: dict[str, Employee], at: datetime) -> None:
    services.note_absence(
        employee=people["0223"],
        starts_at=at - timedelta(days=1),
        ends_at=at + timedelta(days=3),
        reason="年休假",
        by=None,
        at=at - timedelta(days=5),
    )


def _rota(teams: dict[str, Team], people: dict[str, Employee], at: datetime) -> None:
    for code, _simplified, _english, members in TEAMS:
        _turns(DutyKind.AGENT, teams[code], [people[number] for number in members], at)
    _turns(DutyKind.SUPERVISOR, None, [people["0102"], people["0103"]], at)
    _turns(DutyKind.MANAGER, None, [people["0101"]], at)


def _turns(kind: str, team: Team | None, people: Sequence[Employee], at: datetime) -> None:
    today = business_date(at)
    services.plan_turns(
        kind=kind,
        team=team,
        people=people,
        first=today - ROTA_BACK,
        last=today + ROTA_AHEAD,
        shifts=ROTA_SHIFTS,
        by=None,
        at=at - ROTA_BACK,
    )

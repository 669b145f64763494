"""The organization's routes: departments, people, roles, teams, calendar, policies, rota, absences."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from organization.models import (
    Absence,
    Assignment,
    CalendarDay,
    Department,
    Duty,
    Employee,
    ServiceInterruption,
    Team,
)
from tests import people
from tests.matrix.clones import clones
from tests.matrix.roles import ADMINISTRATION, EVERYBODY, HEADS, TAKE, Roles, roles
from tests.matrix.rows import Row, World, api

START = datetime(2027, 3, 1, 0, 0, tzinfo=UTC)
SHIFT = timedelta(hours=8)

ADMINISTER = roles("administrator")
CALENDAR = roles("centre_manager administrator")
PLAN = roles("supervisor centre_manager department_manager business_manager administrator")
# Whose rota covers the centre: its own heads, and the administrator from the head office.
PLAN_CENTRE: Roles = HEADS | ADMINISTER
ANNOUNCE = HEADS | ADMINISTER
THINGS = {
    "department": EVERYBODY,
    "person": EVERYBODY,
    "assignment": EVERYBODY,
    "role": EVERYBODY,
    "team": EVERYBODY,
    "holiday": EVERYBODY,
    "centre's holiday": EVERYBODY,
    "calendar year": EVERYBODY,
    "company hours": EVERYBODY,
    "centre's hours": EVERYBODY,
    "policy": EVERYBODY,
    "agent lane": EVERYBODY,
    "supervisor lane": EVERYBODY,
    "duty": EVERYBODY,
    "interruption": EVERYBODY,
    "own absence": EVERYBODY,
    "agent's absence": PLAN_CENTRE,
    "west absence": ADMINISTER,
}


def build(world: World) -> None:
    """Duties and absences at the centre and in the west branch."""
    agent = people.user("agent", name="值班甲")
    person = people.user("handler", name="钱进", department="branch_west")
    team = people.team("telephone", members=(agent,))
    world.put("department", {"code": "branch_west"}, "城西分公司")
    world.put("person", {"number": person.work_number, "work_number": person.work_number}, person.work_number)
    world.put(
        "assignment",
        {"number": person.work_number, "pk": Assignment.objects.get(employee=person.employee).pk},
    )
    world.put("role", {"code": "handler"})
    world.put("team", {"code": team.code})
    day = CalendarDay.objects.filter(department=None).first() or _day(None)
    world.put("holiday", {"pk": day.pk})
    world.put("centre's holiday", {"pk": _day(people.department("service_centre")).pk})
    world.put("calendar year", {"number": 2027})
    world.put("company hours", {"code": "head_office"})
    world.put("centre's hours", {"code": "service_centre"})
    world.put("policy", {"code": "organization.duty"})
    world.put("agent lane", {"lane": f"agent-{team.code}"})
    world.put("supervisor lane", {"lane": "supervisor"})
    duty = people.duty("agent", agent, START, START + SHIFT, team=team)
    world.put("duty", {"pk": duty.pk}, "值班甲")
    row = ServiceInterruption.objects.create(
        texts={"zh-Hans": "线路检修", "en": "works"}, starts_at=START, expected_end=START + SHIFT
    )
    world.put("interruption", {"pk": row.pk}, "线路检修")
    away = {role: people.absence(user, START, START + SHIFT).pk for role, user in world.people.items()}
    world.put("own absence", lambda role: {"pk": away[role]})
    world.put(
        "agent's absence", {"pk": people.absence(agent, START, START + SHIFT, reason="学车").pk}, "学车"
    )
    world.put("west absence", {"pk": people.absence(person, START, START + SHIFT, reason="搬家").pk}, "搬家")


def _day(department: Any) -> CalendarDay:
    return CalendarDay.objects.create(
        day=date(2027, 3, 3), department=department, kind="off", names={"zh-Hans": "厂休"}, shifts=[]
    )


def _new_duty(world: World) -> dict[str, Any]:
    """A duty of the telephone team, a day after the one there is."""
    number = world.people["agent"].work_number
    day = START + timedelta(days=1)
    return {
        "kind": "agent",
        "team": "telephone",
        "employee": number,
        "starts_at": day,
        "ends_at": day + SHIFT,
    }


def _new_absence(world: World) -> dict[str, Any]:
    """Of somebody in the west branch, whose rota the head office alone plans."""
    number = world.args("person", "")["work_number"]
    day = START + timedelta(days=30)
    return {"employee": number, "starts_at": day, "ends_at": day + SHIFT, "reason": "休假"}


def grow(world: World, count: int) -> None:
    """Departments, people with roles, teams, duties, absences and interruptions like the first."""
    department = Department.objects.get(code="branch_west")
    clones(department, count, code=lambda n: f"branch_{n}", path=lambda n: f"{department.path}{n}/")
    person = Employee.objects.get(work_number=world.args("person", "")["work_number"])
    people_made = clones(person, count, work_number=lambda n: f"7{n:05}")
    assignment = Assignment.objects.filter(employee=person).get()
    holders = iter(people_made)
    clones(assignment, count, employee=lambda n: next(holders))
    team = Team.objects.get(code=world.args("team", "")["code"])
    clones(team, count, code=lambda n: f"team-{n}")
    # Beside the first, one after the other: a lane has one person on duty at a time.
    duty = Duty.objects.get(pk=world.args("duty", "")["pk"])
    step = timedelta(minutes=20)
    clones(
        duty,
        count,
        starts_at=lambda n: duty.ends_at + (2 * n) * step,
        ends_at=lambda n: duty.ends_at + (2 * n + 1) * step,
    )
    absence = Absence.objects.get(pk=world.args("agent's absence", "")["pk"])
    clones(
        absence,
        count,
        starts_at=lambda n: absence.ends_at + timedelta(days=2 * n),
        ends_at=lambda n: absence.ends_at + timedelta(days=2 * n + 1),
    )
    interruption = ServiceInterruption.objects.get(pk=world.args("interruption", "")["pk"])
    clones(interruption, count)


ASK = "GET POST"
ROWS = [
    Row("administration", ADMINISTRATION),
    Row("department-list", ADMINISTRATION, lists=("department",), narrow=("", "?closed=1")),
    Row("department-add", ADMINISTER, methods=ASK),
    Row("department-detail", ADMINISTRATION, takes=("department",)),
    *(
        Row(f"department-{act}", ADMINISTER, methods=ASK, takes=("department",))
        for act in ("rename", "move", "close", "reopen")
    ),
    Row(
        "people-list",
        lists=("person",),
        narrow=("", "?q=钱", "?department=branch_west", "?role=handler", "?state=here", "?order=number"),
    ),
    Row("people-export", TAKE, methods="POST", lists=("person",)),
    Row("people-find", query="?q=钱"),
    Row("person-hire", ADMINISTER, methods=ASK),
    Row("person-detail", takes=("person",)),
    *(
        Row(f"person-{act}", ADMINISTER, methods=ASK, takes=("person",))
        for act in (
            "correct",
            "transfer",
            "leave",
            "return",
            "login",
            "password",
            "lock",
            "unlock",
            "email",
            "role",
        )
    ),
    Row("person-role-end", ADMINISTER, methods=ASK, takes=("assignment",)),
    Row("role-list", ADMINISTRATION),
    Row("role-detail", ADMINISTRATION, takes=("role",)),
    Row("team-list", ADMINISTRATION, grows="team"),
    Row("team-add", ADMINISTER, methods=ASK),
    Row("team-rename", ADMINISTER, methods=ASK, takes=("team",)),
    Row("team-members", ADMINISTER, methods=ASK, takes=("team",)),
    Row("calendar-year", ADMINISTRATION),
    Row("calendar-day", CALENDAR, methods=ASK, query="?department=service_centre"),
    Row(
        "calendar-day-clear",
        CALENDAR,
        methods=ASK,
        takes=("holiday", "centre's holiday"),
        acts={"holiday": ADMINISTER},
    ),
    Row("calendar-load", CALENDAR, methods=ASK, takes=("calendar year",), acts={"calendar year": ADMINISTER}),
    Row("calendar-hours", ADMINISTRATION),
    Row(
        "calendar-hours-set",
        CALENDAR,
        methods=ASK,
        takes=("company hours", "centre's hours"),
        acts={"company hours": ADMINISTER},
    ),
    Row("policy-list", ADMINISTRATION),
    Row("policy-detail", ADMINISTRATION, takes=("policy",)),
    Row("policy-change", ADMINISTRATION, methods=ASK, takes=("policy",)),
    Row("duty-rota", grows="duty", narrow=("?week=2027-03-01",)),
    *(
        Row(
            f"duty-{act}",
            PLAN,
            methods=ASK,
            takes=("agent lane", "supervisor lane"),
            acts={"agent lane": PLAN_CENTRE, "supervisor lane": PLAN_CENTRE},
        )
        for act in ("plan", "turns")
    ),
    *(
        Row(f"duty-{act}", PLAN, methods=ASK, takes=("duty",), acts={"duty": PLAN_CENTRE})
        for act in ("hand", "strike")
    ),
    Row("absence-list", lists=("agent's absence", "west absence")),
    Row("absence-add", methods=ASK),
    Row("absence-end", methods=ASK, takes=("own absence", "agent's absence", "west absence")),
    Row("duty-interruptions", grows="interruption"),
    Row("interruption-banner"),
    Row("duty-interruption-add", ANNOUNCE, methods=ASK),
    Row("duty-interruption-prolong", ANNOUNCE, methods=ASK, takes=("interruption",)),
    Row("duty-interruption-end", ANNOUNCE, methods=ASK, takes=("interruption",)),
    api("me-list"),
    api(
        "department-list",
        lists=("department",),
        narrow=("", "?kind=branch", "?within=branch_management", "?open=true"),
    ),
    api("department-detail", takes=("department",)),
    api(
        "person-list",
        lists=("person",),
        narrow=("", "?q=钱", "?department=branch_west", "?role=handler", "?state=here"),
    ),
    api("person-detail", takes=("person",)),
    api(
        "duty-list",
        lists=("duty",),
        narrow=("", "?kind=agent", "?team=telephone", "?since=2027-02-01T00:00Z", "?until=2027-04-01T00:00Z"),
    ),
    api("duty-list", PLAN_CENTRE, methods="POST", sends=_new_duty),
    api("duty-detail", takes=("duty",)),
    api("duty-detail", methods="DELETE", takes=("duty",), acts={"duty": PLAN_CENTRE}),
    api("absence-list", lists=("agent's absence", "west absence")),
    api("absence-list", ADMINISTER, methods="POST", sends=_new_absence),
    api("absence-detail", takes=("own absence", "agent's absence", "west absence")),
]

"""Whom a step of a clock tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deadlines import services
from organization.models import Employee, User
from servicecenter.models import Notice
from tests import people
from tests.deadlines.conftest import MORNING, SUBJECT
from tests.deadlines.reading import mailed

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
WARNED, DUE, MANAGER, ENTERPRISE = 18 * H, 24 * H, 28 * H, 48 * H


def told(code: str) -> set[User]:
    return {notice.user for notice in Notice.objects.filter(code=code)}


# -- whom it tells: the owner's side


def test_the_warning_tells_the_owner_alone(running):
    agent = people.user("agent", email=True)
    people.user("supervisor", email=True)
    running("resolution", owner=agent)
    services.sweep(at=MORNING + WARNED)
    assert told("clock.warning") == {agent}
    notice = Notice.objects.get()
    assert (notice.level, notice.kind, notice.at) == ("warning", SUBJECT, MORNING + WARNED)
    assert mailed("clock.warning") == [agent.email]


def test_an_absent_owners_warning_goes_to_the_duty_agent_of_his_team(running):
    """ORG-08."""
    owner, mate, other = people.user("agent"), people.user("agent"), people.user("agent")
    people.duty(
        "agent", mate, MORNING, MORNING + 48 * H, team=people.team("complaints", members=(owner, mate))
    )
    people.duty("agent", other, MORNING, MORNING + 48 * H, team=people.team("online", members=(other,)))
    people.absence(owner, MORNING, MORNING + 48 * H)
    running("resolution", owner=owner)
    services.sweep(at=MORNING + WARNED)
    assert told("clock.warning") == {mate}


@pytest.mark.parametrize("why", ["left", "locked"])
def test_an_owner_who_is_gone_is_not_told(running, why):
    owner, duty = people.user("agent"), people.user("agent")
    people.duty("agent", duty, MORNING, MORNING + 48 * H, team=people.team("telephone"))
    running("resolution", owner=owner)
    if why == "left":
        Employee.objects.filter(pk=owner.employee_id).update(left_on="2026-11-17")
    else:
        User.objects.filter(pk=owner.pk).update(is_active=False)
    services.sweep(at=MORNING + WARNED)
    assert told("clock.warning") == {duty}


def test_an_absent_owner_without_duty_agent_is_stood_in_for_by_the_duty_supervisor(running):
    owner, supervisor = people.user("agent"), people.user("supervisor")
    people.duty("supervisor", supervisor, MORNING, MORNING + 48 * H)
    people.absence(owner, MORNING, MORNING + 48 * H)
    running("resolution", owner=owner)
    services.sweep(at=MORNING + WARNED)
    assert told("clock.warning") == {supervisor}


def test_an_absent_owner_is_told_when_there_is_nobody_else(running):
    owner = people.user("agent", email=True)
    people.absence(owner, MORNING, MORNING + 48 * H)
    running("resolution", owner=owner)
    services.sweep(at=MORNING + WARNED)
    assert told("clock.warning") == {owner}


def test_a_clock_without_owner_tells_the_duty_agent(running):
    duty, off = people.user("agent"), people.user("agent")
    team = people.team("telephone", members=(duty, off))
    people.duty("agent", duty, MORNING + 17 * H, MORNING + 19 * H, team=team)
    people.duty("agent", off, MORNING + 19 * H, MORNING + 30 * H, team=team)
    running("resolution")
    services.sweep(at=MORNING + WARNED)
    assert told("clock.warning") == {duty}


# -- whom it tells: the department that must answer


def test_the_statements_warning_tells_the_departments_handlers_and_not_the_agent(running):
    """CMP-32: it is the department that must hand in."""
    agent, east, above, west = (
        people.user("agent"),
        people.user("handler", department="branch_east"),
        people.user("handler", department="branch_management"),
        people.user("handler", department="branch_west"),
    )
    running("statement", owner=agent, department=people.department("branch_east"))
    services.sweep(at=MORNING + 3 * H)
    assert told("clock.warning") == {east, above}
    assert not {agent, west} & told("clock.warning")


def test_an_absent_handler_is_passed_over_while_another_is_there(running):
    away, there = people.user("handler"), people.user("handler")
    people.absence(away, MORNING, MORNING + 9 * H)
    running("statement", department=people.department("branch_east"))
    services.sweep(at=MORNING + 3 * H)
    assert told("clock.warning") == {there}


def test_a_department_without_handler_leaves_its_warning_to_the_owner(running):
    agent = people.user("agent")
    running("answer", owner=agent, department=people.department("branch_west"))
    services.sweep(at=MORNING + 9 * H)
    assert told("clock.warning") == {agent}


def test_a_statement_overdue_tells_handlers_owner_and_supervisor(running):
    """CMP-04: the agent must ask for it now."""
    agent, handler, supervisor = people.user("agent"), people.user("handler"), people.user("supervisor")
    people.duty("supervisor", supervisor, MORNING, MORNING + 9 * H)
    running("statement", owner=agent, department=people.department("branch_east"))
    services.sweep(at=MORNING + 4 * H)
    assert told("clock.breach") == {agent, handler, supervisor}


# -- whom it tells: supervisor, centre manager, enterprise management


def test_the_breach_tells_owner_and_supervisor_on_duty(running):
    agent, on_duty, off = people.user("agent"), people.user("supervisor"), people.user("supervisor")
    people.duty("supervisor", on_duty, MORNING + 20 * H, MORNING + 30 * H)
    people.duty("supervisor", off, MORNING, MORNING + 20 * H)
    running("resolution", owner=agent)
    services.sweep(at=MORNING + DUE)
    assert told("clock.breach") == {agent, on_duty}
    assert set(Notice.objects.filter(code="clock.breach").values_list("level", flat=True)) == {"grave"}


def test_without_a_supervisor_on_duty_all_of_them_are_told(running):
    agent, one, two, away = (
        people.user(role) for role in ("agent", "supervisor", "supervisor", "supervisor")
    )
    people.absence(away, MORNING, MORNING + 48 * H)
    running("resolution", owner=agent)
    services.sweep(at=MORNING + DUE)
    assert told("clock.breach") == {agent, one, two}


def test_four_hours_later_the_manager_on_duty_is_told_and_nobody_else(running):
    agent, manager, other = people.user("agent"), people.user("centre_manager"), people.user("centre_manager")
    people.duty("manager", manager, MORNING, MORNING + 40 * H)
    running("resolution", owner=agent)
    services.sweep(at=MORNING + DUE)
    services.sweep(at=MORNING + MANAGER)
    assert told("clock.ladder_manager") == {manager}
    assert other not in told("clock.ladder_manager")


def test_without_a_manager_on_duty_the_centre_manager_is_told(running):
    manager = people.user("centre_manager")
    running("resolution")
    services.sweep(at=MORNING + MANAGER)
    assert told("clock.ladder_manager") == {manager}


def test_a_day_later_enterprise_management_is_told(running):
    enterprise = people.user("enterprise_management")
    running("resolution")
    services.sweep(at=MORNING + ENTERPRISE)
    assert told("clock.ladder_enterprise") == {enterprise}


def test_an_ended_assignment_and_an_ended_duty_count_for_nothing(running):
    manager = people.user("centre_manager")
    manager.employee.assignments.update(valid_until="2026-11-17")
    people.duty("manager", manager, MORNING - 9 * H, MORNING + MANAGER)
    running("resolution")
    services.sweep(at=MORNING + MANAGER)
    assert told("clock.ladder_manager") == set()


def test_who_is_owner_and_on_duty_is_told_once(running):
    both = people.user("agent", "supervisor", email=True)
    people.duty("supervisor", both, MORNING, MORNING + 48 * H)
    running("resolution", owner=both)
    services.sweep(at=MORNING + DUE)
    assert Notice.objects.filter(code="clock.breach").count() == 1
    assert mailed("clock.breach") == [both.email]

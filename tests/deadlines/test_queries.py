"""Reading clocks: of many subjects, of a user, for a row, for the history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deadlines import queries, services
from servicecenter import countdown
from tests import people
from tests.deadlines.conftest import MORNING, SUBJECT

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)


def test_the_clocks_of_many_subjects_are_one_query(running, django_assert_num_queries):
    clocks = [running("resolution") for _n in range(5)]
    running("routing", subject_id=clocks[0].subject_id)
    ids = [clock.subject_id for clock in clocks]
    with django_assert_num_queries(1):
        found = queries.clocks_of(SUBJECT, [*ids, 1])
    assert [view.kind for view in found[ids[0]]] == ["resolution", "routing"]
    assert (found[1], len(found)) == ([], 6)


def test_a_row_shows_the_earliest_running_deadline(running):
    clock = running("resolution")
    running("routing", subject_id=clock.subject_id)
    assert queries.next_clock(SUBJECT, clock.subject_id).kind == "routing"
    services.end_all(
        subject_kind=SUBJECT, subject_id=clock.subject_id, by=None, at=MORNING, kinds=["routing"]
    )
    assert queries.next_clock(SUBJECT, clock.subject_id).kind == "resolution"
    services.end_all(subject_kind=SUBJECT, subject_id=clock.subject_id, by=None, at=MORNING)
    assert queries.next_clock(SUBJECT, clock.subject_id) is None


def test_a_handlers_row_shows_the_clock_of_his_department(running):
    east, west = people.department("branch_east"), people.department("branch_west")
    clock = running("resolution")
    running("statement", subject_id=clock.subject_id, department=east, part="1")
    running("answer", subject_id=clock.subject_id, department=west, part="2")
    found = queries.next_clocks(SUBJECT, [clock.subject_id], department_ids=[west.pk])
    assert found[clock.subject_id].kind == "answer"


def test_a_paused_clock_stands_behind_the_waiting_one(running):
    clock = services.pause(running("resolution"), at=MORNING + H)
    running("waiting", subject_id=clock.subject_id, due_at=MORNING + 30 * H)
    assert queries.next_clock(SUBJECT, clock.subject_id).kind == "waiting"


@pytest.mark.parametrize(
    ("hours", "look"),
    [(17, "calm"), (18, "warn"), (21, "warn"), (22, "hot"), (24, "over"), (30, "over")],
)
def test_a_clock_looks_as_the_look_says_whatever_any_process_has_done(running, hours, look):
    """75 % amber; the last eighth, at most two hours, red; past due solid red with no sweep having run."""
    view = queries.view(running("resolution"))
    assert countdown.face(view, MORNING + hours * H).look == look
    assert view.is_overdue(MORNING + hours * H) == (look == "over")


def test_ended_and_paused_clocks_have_their_own_looks(running):
    now = MORNING + 30 * H
    looks = {
        "met": services.meet(running("resolution"), by=None, at=MORNING + H),
        "late": services.meet(running("resolution"), by=None, at=MORNING + 25 * H),
        "off": services.cancel(running("resolution"), by=None, at=MORNING + H),
        "paused": services.pause(running("resolution"), at=MORNING + H),
    }
    for look, clock in looks.items():
        view = queries.view(clock)
        assert (view.state, countdown.face(view, now).look) == (look, look)
        assert not view.is_overdue(now)


def test_an_agent_sees_the_centres_clocks_and_his_own_but_no_branchs(running):
    agent = people.user("agent")
    ours = running("resolution")
    mine = running("statement", owner=agent, department=people.department("branch_east"))
    running("statement", department=people.department("branch_west"))
    assert set(queries.visible_to(agent)) == {ours, mine}


def test_a_handler_sees_what_the_department_must_meet_and_nothing_of_the_centre(running):
    handler = people.user("handler", department="branch_east")
    statement = running("statement", department=people.department("branch_east"))
    running("statement", department=people.department("branch_west"))
    running("resolution")
    assert set(queries.visible_to(handler)) == {statement}


def test_the_controller_sees_all_and_a_user_without_rights_nothing(running):
    east, centre = running("statement", department=people.department("branch_east")), running("resolution")
    assert set(queries.visible_to(people.user("controller"))) == {east, centre}
    assert set(queries.visible_to(people.user())) == set()


def test_open_clocks_of_departments_come_by_due_time(running):
    east = people.department("branch_east")
    late, early = running("answer", department=east), running("statement", department=east)
    services.meet(running("statement", department=east), by=None, at=MORNING)
    running("resolution")
    assert list(queries.open_for([east.pk])) == [early, late]


def test_the_steps_done_are_told_with_both_their_times(running):
    clock = running("statement")
    services.sweep(at=MORNING + 4 * H)
    assert [(s.kind, s.due_at, s.fired_at) for s in queries.steps_of(SUBJECT, clock.subject_id)] == [
        ("warning", MORNING + 3 * H, MORNING + 4 * H),
        ("breach", MORNING + 4 * H, MORNING + 4 * H),
    ]

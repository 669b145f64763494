"""I1 to I3 hold after everything the services do, and name what somebody has broken by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from deadlines import services
from deadlines.invariants import CHECKS, twice, undone, untold
from deadlines.models import Clock, Step
from servicecenter.clock import now_db
from servicecenter.models import Notice, OutboxMessage
from tests import people

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
M = timedelta(minutes=1)


def unguarded(statement: str, *params: object) -> None:
    """Break the data as only somebody at the database's console can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("deadlines_step", "deadlines_clock", "servicecenter_trailentry"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, params)


def problems(find) -> list[str]:
    return [violation.problem for violation in find()]


def test_the_three_are_checked_by_verify():
    assert [check.code for check in CHECKS] == ["I1", "I2", "I3"]


def test_a_life_with_everything_in_it_violates_nothing(running):
    start = now_db() - 100 * H
    owner = people.user("agent", email=True)
    for _n in range(3):
        clock = running("resolution", at=start, owner=owner)
        clock = services.rebase(clock, due_at=start + 27 * H, by=None, at=start + 3 * H)
        clock = services.pause(clock, at=start + 21 * H)
        services.sweep(at=start + 30 * H)
        clock = services.resume(clock, by=None, at=start + 31 * H)
        services.sweep(at=start + 38 * H)
        running("statement", at=start, subject_id=clock.subject_id)
        services.end_all(
            subject_kind=clock.subject_kind, subject_id=clock.subject_id, by=None, at=start + 50 * H
        )
    running("outside", due_at=start - H, at=start)
    running("resolution", at=now_db())
    services.sweep()
    assert [problems(find) for find in (undone, twice, untold)] == [[], [], []]


def test_i1_names_a_clock_whose_step_is_a_minute_late(running):
    late, young = running("routing", at=now_db() - 25 * M), running("routing", at=now_db() - 22.9 * M)
    assert [v.subject for v in undone()] == [f"{late.number} routing"]
    assert problems(undone)[0].startswith("its step is undone since")
    assert young.next_at < now_db()


def test_i1_names_a_clock_that_would_never_fire(running):
    clock = running("resolution", at=now_db())
    unguarded("UPDATE deadlines_clock SET next_at = NULL WHERE id = %s", clock.pk)
    assert problems(undone) == [f"next_at is empty, its next step is due {_sql(clock.warn_at)}"]


def test_i1_names_a_clock_without_a_breach_to_come(running):
    clock = running("resolution", at=now_db())
    unguarded("DELETE FROM deadlines_step WHERE clock_id = %s AND ordinal = 2", clock.pk)
    assert problems(undone) == ["has no breach step to come and none done"]


def test_a_paused_clock_is_no_violation(running):
    services.pause(running("routing", at=now_db() - 25 * M), at=now_db() - 24 * M)
    assert problems(undone) == []


def test_i2_names_a_step_recorded_or_told_twice(running):
    running("routing", at=now_db() - 25 * M, owner=people.user("agent"))
    services.sweep()
    unguarded(
        "INSERT INTO servicecenter_trailentry (kind, object_id, number, code, params, changes, via, request_id, at)"
        " SELECT kind, object_id, number, code, params, changes, via, request_id, at FROM servicecenter_trailentry"
        " WHERE code = 'clock.warning'"
    )
    notice = Notice.objects.get()
    notice.pk = None
    notice.save(force_insert=True)
    assert sorted(problems(twice)) == ["recorded 2 times", f"told 2 times to user {notice.user_id}"]


def test_i2_names_a_step_fired_in_two_generations_for_one_due_time(running):
    clock = running("routing", at=now_db() - 25 * M)
    services.sweep()
    step = Step.objects.get(clock=clock, ordinal=1)
    Step.objects.create(
        clock=clock, generation=2, ordinal=1, kind="warning", due_at=step.due_at, fired_at=step.fired_at
    )
    assert problems(twice) == ["fired 2 times for one due time"]


def test_i3_names_a_step_without_history_and_one_without_message(running):
    silent, unheard = (running("routing", at=now_db() - 25 * M) for _n in range(2))
    services.sweep()
    OutboxMessage.objects.filter(object_id=unheard.subject_id).delete()
    unguarded("DELETE FROM servicecenter_trailentry WHERE object_id = %s", silent.subject_id)
    assert [(v.subject, v.problem) for v in untold()] == [
        (f"{silent.number} warning", "has no history entry"),
        (f"{unheard.number} warning", "has no message in the outbox"),
    ]


def test_verify_does_not_change_what_it_looks_at(running):
    clock = running("routing", at=now_db() - 25 * M)
    for check in CHECKS:
        list(check.find())
    assert Clock.objects.get(pk=clock.pk).next_at == clock.next_at


def _sql(at) -> str:
    """The instant as PostgreSQL writes it in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz::text", [at])
        return cursor.fetchone()[0]

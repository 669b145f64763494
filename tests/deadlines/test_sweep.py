"""The sweep: what fires, whom it tells, what it leaves behind (CMP-37, ORG-08, I1 to I3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import translation

from deadlines import services
from deadlines.models import Clock, Step
from deadlines.services.firing import fire_batch
from deadlines.services.sweep import BEGINNING, QUESTION
from servicecenter.clock import now_db
from servicecenter.models import Heartbeat, Notice, OutboxMessage, TrailEntry
from servicecenter.wording import notice_text, trail_text
from tests import people
from tests.deadlines import heard
from tests.deadlines.conftest import MORNING, SUBJECT
from tests.deadlines.reading import mailed

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
M = timedelta(minutes=1)
WARNED, DUE, MANAGER, ENTERPRISE = 18 * H, 24 * H, 28 * H, 48 * H


@pytest.fixture
def listening(settings) -> Iterator[list]:
    """The subject's app is bound to the port."""
    settings.PORTS = {**settings.PORTS, "deadlines.step_fired": {SUBJECT: "tests.deadlines.heard.step_fired"}}
    heard.told.clear()
    heard.poisoned.clear()
    yield heard.told
    heard.poisoned.clear()


def codes() -> list[str]:
    return list(TrailEntry.objects.order_by("id").values_list("code", flat=True))


# -- when


def test_nothing_happens_before_its_time(running):
    clock = running("resolution")
    assert services.sweep(at=MORNING + WARNED - M).steps == 0
    clock.refresh_from_db()
    assert (clock.next_at, codes(), Notice.objects.count()) == (MORNING + WARNED, [], 0)


def test_each_step_happens_at_its_time_once_and_in_order(running):
    clock = running("resolution")
    for hours in (17, 18, 18, 23, 24, 25, 28, 47, 48, 60, 90):
        services.sweep(at=MORNING + hours * H)
    assert codes() == ["clock.warning", "clock.breach", "clock.ladder_manager", "clock.ladder_enterprise"]
    assert list(Step.objects.order_by("ordinal").values_list("fired_at", flat=True)) == [
        MORNING + WARNED, MORNING + DUE, MORNING + MANAGER, MORNING + ENTERPRISE,
    ]  # fmt: skip
    clock.refresh_from_db()
    assert (clock.state, clock.next_at) == ("running", None)


def test_what_was_missed_is_caught_up_in_order_and_says_when_it_was_due_and_done(running):
    """CMP-37: everything stood still for three days."""
    running("resolution")
    result = services.sweep(at=MORNING + 72 * H)
    assert (result.clocks, result.steps) == (1, 4)
    rows = TrailEntry.objects.order_by("id")
    assert [row.code for row in rows] == [
        "clock.warning", "clock.breach", "clock.ladder_manager", "clock.ladder_enterprise",
    ]  # fmt: skip
    assert {row.at for row in rows} == {MORNING + 72 * H}
    assert [row.params["due_at"] for row in rows] == [
        (MORNING + due).isoformat() for due in (WARNED, DUE, MANAGER, ENTERPRISE)
    ]
    assert {row.params["fired_at"] for row in rows} == {(MORNING + 72 * H).isoformat()}


def test_the_history_belongs_to_the_subject_and_the_system_wrote_it(running):
    clock = running("statement", part="9")
    services.sweep(at=MORNING + 3 * H)
    entry = TrailEntry.objects.get()
    assert (entry.kind, entry.object_id, entry.number) == (SUBJECT, clock.subject_id, clock.number)
    assert (entry.by, entry.via, entry.params["part"], entry.params["clock"]) == (
        None,
        "clock",
        "9",
        "statement",
    )


def test_the_state_of_the_clock_is_not_changed_by_a_step(running):
    clock = running("resolution")
    services.sweep(at=MORNING + 72 * H)
    clock.refresh_from_db()
    assert (clock.state, clock.generation, clock.due_at) == ("running", 1, MORNING + DUE)


def test_a_batch_takes_the_oldest_first(running):
    late, early = running("resolution", at=MORNING), running("resolution", at=MORNING - H)
    result = services.sweep(limit=1, max_batches=1, at=MORNING + WARNED)
    assert (result.clocks, result.batches, result.more) == (1, 1, True)
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.next_at, late.next_at) == (MORNING - H + DUE, MORNING + WARNED)


def test_batches_go_on_until_nothing_is_due(running):
    for _n in range(5):
        running("resolution")
    result = services.sweep(limit=2, at=MORNING + WARNED)
    assert (result.clocks, result.steps, result.batches, result.more) == (5, 5, 3, False)


def test_an_idle_sweep_is_one_question_and_a_sign_of_life(running, django_assert_num_queries):
    running("resolution")
    with django_assert_num_queries(2):
        services.sweep(at=MORNING)


def test_a_batch_is_one_statement_however_many_clocks(running, django_assert_num_queries):
    for _n in range(6):
        running("statement")
    with django_assert_num_queries(5):  # the question, savepoint, the statement, release, heartbeat
        assert services.sweep(at=MORNING + 4 * H).steps == 12


def test_every_sweep_leaves_a_sign_of_life():
    services.sweep_once()
    first = Heartbeat.objects.get(name="sweep").at
    services.sweep_once()
    assert Heartbeat.objects.get(name="sweep").at > first


# -- the outbox (I3)


def test_a_step_with_nobody_to_tell_goes_to_the_centres_own_address(running, settings):
    clock = running("resolution")
    services.sweep(at=MORNING + WARNED)
    message = OutboxMessage.objects.get()
    assert (message.recipient, message.user) == (settings.CENTRE_EMAIL, None)
    assert message.dedup_key == f"clock:{clock.pk}:1:1:centre"


def test_people_without_address_leave_the_message_to_the_centre(running, settings):
    running("resolution", owner=people.user("agent"))
    services.sweep(at=MORNING + WARNED)
    assert mailed("clock.warning") == [settings.CENTRE_EMAIL]
    assert Notice.objects.count() == 1


def test_a_message_has_a_key_of_clock_generation_step_and_user(running):
    agent = people.user("agent", email=True)
    clock = services.rebase(
        running("resolution", owner=agent), due_at=MORNING + 26 * H, by=None, at=MORNING + 2 * H
    )
    services.sweep(at=MORNING + 20 * H)
    assert OutboxMessage.objects.get().dedup_key == f"clock:{clock.pk}:2:1:{agent.pk}"


# -- generations


def test_a_stale_generation_has_no_effect_and_no_new_due_is_missed(running):
    """Fault 11."""
    clock = services.rebase(running("resolution"), due_at=MORNING + 40 * H, by=None, at=MORNING + H)
    assert services.sweep(at=MORNING + DUE).steps == 0
    assert services.sweep(at=MORNING + 40 * H).steps == 2
    assert list(
        Step.objects.filter(clock=clock, fired_at__isnull=False).values_list("generation", flat=True)
    ) == [2, 2]


# -- what the subject's app hears


def test_the_subjects_app_hears_every_step_once_per_batch(running, listening):
    one, two = running("statement", part="3"), running("statement")
    other = running("statement", subject_kind="tests.deaf")
    services.sweep(at=MORNING + 4 * H)
    assert len(listening) == 1
    assert [(s.clock_id, s.step_kind, s.part) for s in listening[0]] == [
        (one.pk, "warning", "3"), (two.pk, "warning", ""), (one.pk, "breach", "3"), (two.pk, "breach", ""),
    ]  # fmt: skip
    step = listening[0][2]
    assert (step.clock_kind, step.subject_kind, step.subject_id) == ("statement", SUBJECT, one.subject_id)
    assert (step.due_at, step.fired_at, step.number) == (MORNING + 4 * H, MORNING + 4 * H, one.number)
    assert other.pk not in {s.clock_id for s in listening[0]}


def test_a_step_fired_by_meeting_late_is_heard_too(running, listening):
    services.meet(running("statement"), by=None, at=MORNING + 5 * H)
    assert [step.step_kind for step in listening[0]] == ["warning", "breach"]


def test_a_defect_in_a_large_batch_is_found_by_tenths(running, listening):
    clocks = [running("statement") for _n in range(25)]
    heard.poisoned.add(clocks[12].number)
    result = services.sweep(limit=100, at=MORNING + 4 * H)
    assert (result.clocks, result.failed) == (24, 1)
    # ten, two one by one, then the rest behind the sick one
    assert result.batches == 4


@pytest.mark.parametrize("limit", [500, 2, 1])
def test_a_defect_in_the_subjects_app_holds_up_no_other_clock(running, listening, caplog, limit):
    sick, *well = [running("statement") for _n in range(4)]
    heard.poisoned.add(sick.number)
    result = services.sweep(limit=limit, at=MORNING + 4 * H)
    assert (result.clocks, result.steps, result.failed) == (3, 6, 1)
    assert "the subject's app has a defect" in caplog.text
    assert set(Step.objects.filter(fired_at__isnull=False).values_list("clock", flat=True)) == {
        c.pk for c in well
    }
    assert Heartbeat.objects.get(name="sweep").detail == {"clocks": 3, "failed": 1}
    heard.poisoned.clear()
    assert services.sweep(at=MORNING + 4 * H).steps == 2
    sick.refresh_from_db()
    assert sick.next_at == MORNING + 8 * H


# -- words


def test_history_and_notices_are_worded_in_the_readers_language(running):
    running("statement", owner=people.user("agent"), department=people.department("branch_east"))
    services.sweep(at=MORNING + 4 * H)
    entry = TrailEntry.objects.get(code="clock.breach")
    notice = Notice.objects.filter(code="clock.breach").first()
    with translation.override("en"):
        said = trail_text(entry.code, entry.params)
        assert said.startswith("statement (East branch): due at")
        assert "14:07:00" in said  # 10:07 in the centre's zone and four hours
        assert notice_text(notice.code, notice.params).startswith(
            f"{entry.number}: statement (East branch) is overdue"
        )


def test_a_clock_whose_rows_contradict_each_other_does_not_stop_the_sweep(running):
    """No service writes this; should it stand there, the others still fire and I1 names it."""
    broken, sound = running("resolution", at=MORNING - H), running("resolution")
    Clock.objects.filter(pk=broken.pk).update(generation=2)
    result = services.sweep(limit=1, at=MORNING + WARNED)
    assert result.steps == 1
    sound.refresh_from_db()
    assert sound.next_at == MORNING + DUE


# -- the plan


@pytest.fixture
def five_thousand(running) -> None:
    """As many open clocks with nothing due before tomorrow."""
    clock = running("resolution", at=now_db() + 24 * H)
    columns = ", ".join(
        f.column for f in Clock._meta.fields if f.column not in {"id", "subject_id", "next_at", "created_at"}
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO deadlines_clock (subject_id, next_at, {columns})"
            f" SELECT 9000000 + n, next_at + n * interval '1 second', {columns}"
            " FROM deadlines_clock CROSS JOIN generate_series(1, 5000) n WHERE id = %s",
            [clock.pk],
        )
        cursor.execute("ANALYZE deadlines_clock")


def test_an_idle_sweep_looks_at_the_head_of_its_index_alone(five_thousand):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {QUESTION}", {"at": None})
        [plan] = cursor.fetchone()[0]
    [scan] = plan["Plan"]["Plans"]
    assert scan["Node Type"] in {"Index Scan", "Index Only Scan"}
    assert scan["Index Name"] == "clock_sweep"
    assert scan["Actual Rows"] == 1
    # a handful of blocks of the thousand; entries left by tests that were rolled back are stepped over
    assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] <= 50


def test_a_batch_finds_its_clocks_by_the_index(five_thousand):
    with connection.cursor() as cursor:
        seen = []

        def explaining(execute, sql, params, many, context):
            if "picked AS" in sql:
                execute("EXPLAIN " + sql, params, many, context)
                seen.extend(row[0] for row in context["cursor"].fetchall())
            return execute(sql, params, many, context)

        with connection.execute_wrapper(explaining), transaction.atomic():
            fire_batch(limit=500, after=BEGINNING)
        cursor.execute("SELECT 1")
    assert any("Index Scan using clock_sweep" in line for line in seen)
    assert not any("Seq Scan on deadlines_clock" in line for line in seen)

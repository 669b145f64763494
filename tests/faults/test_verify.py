"""`manage.py verify` names every damage: each invariant is broken by plain SQL, past all guards (I1 to I12)."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from complaints.models import Complaint, ServiceIncident
from complaints.services import cancel, hand_in_statement
from conduct.models import Sanction
from deadlines import services
from deadlines.invariants import PROMISE_SECONDS
from deadlines.models import Clock
from servicecenter import invariants, outbox, trail
from servicecenter.models import Notice, OutboxMessage, TrailEntry
from tests import people
from tests.faults import (
    clocks,
    damage,
    processes,
    test_verify_claims,
    test_verify_reports,
    test_verify_stock,
    tickets,
)
from tests.faults.clocks import H, Staff
from tests.faults.damage import Statements, sql
from tests.faults.sound import assert_sound, violations
from tests.faults.tickets import Crew

pytestmark = pytest.mark.usefixtures("world")
APPS = {"servicecenter", "deadlines", "conduct", "complaints"}
GUARDED: dict[str, tuple[str, ...]] = {
    "conduct_sanction": ("sanction_withdrawn",),
    "complaints_complaint": ("complaint_open_has_owner_step_clock", "complaint_sequence"),
    "complaints_event": (),
    "complaints_serviceincident": ("incident_one_standing", "incident_states"),
    "complaints_handover": (),
    "deadlines_clock": (),
    "deadlines_step": ("step_once",),
    "servicecenter_trailentry": (),
    "servicecenter_trailseal": (),
}


@dataclass
class World:
    """A sound database in which there is something to damage."""

    first: Complaint
    second: Complaint
    single: Complaint
    ended: Complaint
    incident: ServiceIncident
    sanction: Sanction
    swept: Clock
    waiting: Clock
    message: OutboxMessage
    sealed: TrailEntry
    unsealed: TrailEntry


@pytest.fixture(scope="module")
def world(staff: Staff, crew: Crew) -> World:
    """Two complaints of one event, one of another, one cancelled; clocks swept and to come; seals and messages."""
    intake = tickets.matter()
    first, second, single, ended = (
        tickets.register(one, crew.agent) for one in (intake, intake, tickets.matter(), tickets.matter())
    )
    cancel(complaint=ended, reason="A", by=crew.supervisor)
    hand_in_statement(
        handover=single.handovers.get(department__code="branch_east"),
        text="A",
        employee=crew.handler.employee,
        by=crew.handler,
    )
    swept, waiting = clocks.begin(staff.agent), clocks.begin(staff.agent, ago=H)
    services.sweep()
    while trail.seal(3):
        pass
    sealed = TrailEntry.objects.filter(kind=clocks.SUBJECT).order_by("id")[0]
    unsealed = trail.record(first, "complaint.registered", by=None, at=first.registered_at)
    outbox.relay()
    message = OutboxMessage.objects.filter(code="clock.breach").order_by("id")[0]
    incident = ServiceIncident.objects.get(event_id=first.event_id)
    sanction = Sanction.objects.get(source_id=incident.pk)
    made = World(first, second, single, ended, incident, sanction, swept, waiting, message, sealed, unsealed)
    for row in (first, second, single, ended):
        row.refresh_from_db()
    return made


def damaged(world: World, statements: Statements) -> AbstractContextManager[None]:
    return damage.damaged(world, statements, GUARDED)


STEP = "UPDATE deadlines_step SET {} WHERE clock_id = {{w.waiting.pk}} AND kind = '{}'"
CLOCK = "UPDATE deadlines_clock SET {} WHERE id = {{w.waiting.pk}}"
TICKET = "UPDATE complaints_complaint SET {} WHERE id = {{w.{}.pk}}"
LAST_STEP = "(SELECT max(id) FROM deadlines_step WHERE clock_id = {w.swept.pk})"
AGAIN = """
INSERT INTO {0} ({1}) SELECT {1} FROM {0} WHERE code = 'clock.breach' AND object_id = {{w.swept.subject_id}} LIMIT 1
"""
TRAIL = "kind, object_id, number, code, params, changes, via, request_id, at"
NOTICE = "user_id, code, params, kind, object_id, number, level, at"

# invariant, what is done to the database, who is named, what is said of it
DAMAGES = [
    pytest.param(
        "I1",
        sql(
            STEP.format("due_at = now() - interval '61 seconds'", "warning"),
            CLOCK.format("next_at = now() - interval '61 seconds'"),
        ),
        "waiting", "its step is undone since", id="I1-undone-for-61-seconds",
    ),
    pytest.param("I1", sql(CLOCK.format("next_at = NULL")), "waiting", "next_at is empty", id="I1-would-never-fire"),
    pytest.param(
        "I1", sql(CLOCK.format("next_at = next_at + interval '1 hour'")), "waiting", "next_at is",
        id="I1-would-fire-late",
    ),
    pytest.param(
        "I1",
        sql("DELETE FROM deadlines_step WHERE clock_id = {w.waiting.pk} AND kind = 'breach'"),
        "waiting", "no breach step", id="I1-no-breach-to-come",
    ),
    pytest.param(
        "I2", sql(AGAIN.format("servicecenter_trailentry", TRAIL)), "swept", "recorded 2 times", id="I2-recorded-twice"
    ),
    pytest.param(
        "I2", sql(AGAIN.format("servicecenter_notice", NOTICE)), "swept", "told 2 times", id="I2-told-twice"
    ),
    pytest.param(
        "I2",
        sql(
            "INSERT INTO deadlines_step (clock_id, generation, ordinal, kind, due_at, fired_at)"
            " SELECT clock_id, 2, ordinal, kind, due_at, fired_at FROM deadlines_step WHERE id = " + LAST_STEP
        ),
        "swept", "fired 2 times", id="I2-fired-in-two-generations",
    ),
    pytest.param(
        "I3",
        sql("DELETE FROM servicecenter_trailentry WHERE code = 'clock.breach' AND object_id = {w.swept.subject_id}"),
        "swept", "has no history entry", id="I3-no-history",
    ),
    pytest.param(
        "I3",
        sql("DELETE FROM servicecenter_outboxmessage WHERE code = 'clock.breach' AND object_id = {w.swept.subject_id}"),
        "swept", "has no message", id="I3-no-message",
    ),
    pytest.param(
        "I8", sql(TICKET.format("state = 'answered', answered_at = now()", "first")), "first", "it is answered",
        id="I8-a-state-that-nobody-brought-about",
    ),
    pytest.param(
        "I8",
        sql(
            "UPDATE servicecenter_trailentry SET changes = jsonb_set(changes, '{{state,0}}', '\"resolved\"')"
            " WHERE kind = 'complaints.complaint' AND object_id = {w.first.pk} AND code = 'complaint.route'"
        ),
        "first", "its history goes from resolved", id="I8-a-step-that-does-not-follow",
    ),
    pytest.param(
        "I8",
        sql(
            "UPDATE complaints_serviceincident SET state = 'ended', ended_at = now() WHERE id = {w.incident.pk}"
        ),
        "incident", "it is ended", id="I8-an-incident-that-nobody-ended",
    ),
    pytest.param(
        "I8",
        sql("UPDATE conduct_sanction SET state = 'withdrawn' WHERE id = {w.sanction.pk}"),
        "sanction", "withdrawn", id="I8-a-sanction-that-nobody-withdrew",
    ),
    pytest.param(
        "I8",
        sql("DELETE FROM servicecenter_trailentry WHERE kind = 'conduct.meritdisqualification'"),
        "incident", "", id="I8-merit-that-nobody-took",
    ),
    pytest.param(
        "I9",
        sql("UPDATE servicecenter_trailentry SET params = '{{}}' WHERE id = {w.sealed.pk}"),
        "servicecenter.trailseal", "does not fit the rows", id="I9-a-sealed-row-was-changed",
    ),
    pytest.param(
        "I9",
        sql("DELETE FROM servicecenter_trailentry WHERE id = {w.sealed.pk}"),
        "trailentry {w.sealed.pk}", "is sealed but gone", id="I9-a-sealed-row-was-taken-away",
    ),
    pytest.param(
        "I9",
        sql("DELETE FROM servicecenter_trailunsealed WHERE entry_id = {w.unsealed.pk}"),
        "trailentry {w.unsealed.pk}", "is in no seal", id="I9-a-row-outside-all-seals",
    ),
    pytest.param(
        "I9",
        sql("UPDATE servicecenter_trailunsealed SET noted_at = now() - interval '6 minutes'"),
        "trailentry {w.unsealed.pk}", "unsealed for more than five minutes", id="I9-the-sealer-sleeps",
    ),
    pytest.param(
        "I9",
        sql("DELETE FROM servicecenter_trailseal WHERE id = (SELECT min(id) + 1 FROM servicecenter_trailseal)"),
        "servicecenter.trailseal", "does not follow the seal before it", id="I9-a-seal-was-taken-away",
    ),
    pytest.param(
        "I10",
        sql(
            "UPDATE servicecenter_outboxmessage SET sent_at = NULL, created_at = now() - interval '6 minutes'"
            " WHERE id = {w.message.pk}"
        ),
        "outboxmessage {w.message.pk}", "clock.breach waits since", id="I10-nobody-sends-it",
    ),
    pytest.param("I11", sql(TICKET.format("owner_id = NULL", "single")), "single", "has no owner", id="I11-no-owner"),
    pytest.param("I11", sql(TICKET.format("next_step = ''", "single")), "single", "no next step", id="I11-no-step"),
    pytest.param("I11", sql(TICKET.format("clock_id = NULL", "single")), "single", "has no clock", id="I11-no-clock"),
    pytest.param(
        "I11", sql(TICKET.format("clock_id = {w.first.clock_id}", "single")), "single", "clock of another record",
        id="I11-the-clock-of-another",
    ),
    pytest.param(
        "I11",
        sql(
            "UPDATE deadlines_clock SET state = 'met', ended_at = now(), next_at = NULL WHERE id = {w.single.clock_id}"
        ),
        "single", "a clock that has ended", id="I11-the-clock-has-ended",
    ),
    pytest.param(
        "I11", sql(TICKET.format("due_at = due_at + interval '1 second'", "single")), "single", "is due",
        id="I11-another-due-than-its-clock",
    ),
    pytest.param(
        "I11",
        sql(
            "UPDATE deadlines_clock SET state = 'running', ended_at = NULL WHERE id ="
            " (SELECT max(id) FROM deadlines_clock WHERE subject_kind = 'complaints.complaint'"
            "  AND subject_id = {w.ended.pk})"
        ),
        "ended", "a clock of it runs on", id="I11-an-ended-tickets-clock-runs-on",
    ),
    pytest.param(
        "I12", sql("UPDATE complaints_event SET last_sequence = 3 WHERE id = {w.first.event_id}"), "first",
        "its event counts 3, there are 2", id="I12-the-event-counts-one-too-many",
    ),
    pytest.param(
        "I12", sql(TICKET.format("sequence = 5", "second")), "first", "its event counts 2", id="I12-a-gap"
    ),
    pytest.param(
        "I12", sql(TICKET.format("sequence = 1", "second")), "first", "its event counts 2", id="I12-a-place-twice"
    ),
    pytest.param(
        "I12",
        sql(
            "UPDATE complaints_serviceincident SET state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = 'A'"
            " WHERE id = {w.incident.pk}"
        ),
        "first", "2 live complaints of one event and 0 service incidents", id="I12-no-incident",
    ),
    pytest.param(
        "I12",
        sql("UPDATE complaints_serviceincident SET event_id = {w.single.event_id} WHERE id = {w.incident.pk}"),
        "single", "1 live complaints of one event and 1 service incidents", id="I12-an-incident-with-one-complaint",
    ),
    pytest.param(
        "I12",
        sql("DELETE FROM complaints_incidentticket WHERE complaint_id = {w.second.pk}"),
        "second", "does not name it", id="I12-a-complaint-outside-its-incident",
    ),
]  # fmt: skip


def test_a_sound_database_has_no_violation() -> None:
    assert_sound()


@pytest.mark.parametrize(("code", "statements", "subject", "said"), DAMAGES)
def test_a_damage_is_named_with_its_record(
    world: World, code: str, statements: Statements, subject: str, said: str
) -> None:
    named = getattr(getattr(world, subject, None), "number", subject.format(w=world))
    with damaged(world, statements):
        found = violations()
    mine = [line for line in found if line.startswith(f"{code} ")]
    assert any(named in line and said in line for line in mine), f"{named}, {said!r}: {found}"
    assert_sound()


def test_every_check_of_every_invariant_has_its_damage(world: World) -> None:
    proven: set[str] = set()
    for one in DAMAGES:
        with damaged(world, one.values[1]):
            proven |= damage.broken()
    assert damage.sentences(APPS) == proven


def test_every_invariant_is_damaged_somewhere() -> None:
    elsewhere = test_verify_claims.APPS | test_verify_stock.APPS | test_verify_reports.APPS
    assert {check.find.__module__.partition(".")[0] for check in invariants.checks()} == APPS | elsewhere
    codes = {check.code for check in invariants.checks()}
    assert codes == {*(f"I{n}" for n in range(1, 13)), "R1", "R2", "R3", "T1", "T2"}


def test_a_step_that_is_late_by_less_than_the_promise_is_no_violation(world: World) -> None:
    just = sql(
        STEP.format("due_at = now() - interval '59 seconds'", "warning"),
        CLOCK.format("next_at = now() - interval '59 seconds'"),
    )
    with damaged(world, just):
        assert violations() == []


def test_a_message_that_is_parked_is_no_violation(world: World) -> None:
    parked = "UPDATE servicecenter_outboxmessage SET sent_at = NULL, parked_at = now(), created_at = now() - interval"
    with damaged(world, sql(parked + " '6 minutes' WHERE id = {w.message.pk}")):
        assert violations() == []


def test_the_command_ends_with_one_and_names_the_damage_for_people_and_machines(
    world: World, capsys: Any
) -> None:
    call_command("verify")
    said = capsys.readouterr().out
    assert f"{len(invariants.checks())} invariants, 0 violations" in said
    damage = "UPDATE deadlines_clock SET next_at = NULL WHERE id = %s"
    mend = "UPDATE deadlines_clock SET next_at = warn_at WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(damage, [world.waiting.pk])
    connection.close()
    try:
        done = processes.finished("manage.py", "verify", "--json")
        with pytest.raises(SystemExit):
            call_command("verify")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(mend, [world.waiting.pk])
    assert done.returncode == 1
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert told["holds"] is False
    assert [check["code"] for check in told["checks"] if not check["holds"]] == ["I1"]
    said = capsys.readouterr().out
    assert f"{world.waiting.number} resolution: next_at is empty" in said
    assert_sound()


def test_the_nightly_run_tells_the_administrators(world: World) -> None:
    administrator = people.user("administrator")
    with damaged(world, sql(CLOCK.format("next_at = NULL"))):
        assert invariants.verify_and_report(settling=0) == {"violations": 1, "codes": ["I1"]}
        notice = Notice.objects.get(code="verify.violations", user=administrator)
        assert (notice.params["count"], notice.params["codes"]) == (1, "I1")
    assert not Notice.objects.filter(code="verify.violations").exists()


def test_the_nightly_run_alarms_nobody_for_what_the_clock_makes_up_for_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an interruption: the first look finds a step late, the sweep comes, the second look finds none."""
    looked: list[float] = []

    def sweep_comes(seconds: float) -> None:
        looked.append(seconds)
        assert [line[:2] for line in violations()] == ["I1"]
        services.sweep()

    monkeypatch.setattr(invariants.time, "sleep", sweep_comes)
    late = sql(
        STEP.format("due_at = now() - interval '2 hours'", "warning"),
        CLOCK.format("next_at = now() - interval '2 hours'"),
    )
    with damaged(world, late):
        assert invariants.verify_and_report() == {"violations": 0, "codes": []}
        assert looked == [invariants.SETTLING_SECONDS]
        assert invariants.SETTLING_SECONDS > PROMISE_SECONDS
        assert not Notice.objects.filter(code="verify.violations").exists()


def test_the_command_says_when_it_is_the_clock_that_stands_still(world: World, capsys: Any) -> None:
    late = sql(CLOCK.format("next_at = NULL"))
    with damaged(
        world, lambda w: [*late(w), "UPDATE servicecenter_heartbeat SET at = at - interval '1 hour'"]
    ):
        with pytest.raises(SystemExit):
            call_command("verify")
        assert "The clock has not swept for 36" in capsys.readouterr().out
    with damaged(world, late):
        services.sweep()
        with pytest.raises(SystemExit):
            call_command("verify")
        assert "The clock" not in capsys.readouterr().out

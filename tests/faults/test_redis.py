"""Redis is killed, flushed, paused, cut off; worker and beat are dead: every promise is kept (faults 3 to 6)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from django.test import Client
from django.urls import reverse

from complaints import queries
from complaints import services as complaints
from deadlines import services
from deadlines.models import Clock, Step
from servicecenter import outbox, shell
from servicecenter.celery import app as celery
from servicecenter.clock import now_db
from servicecenter.models import Heartbeat, OutboxMessage
from tests import people
from tests.faults import clocks, doors, processes, tickets
from tests.faults.clocks import Staff, wait_for
from tests.faults.counts import times, within
from tests.faults.processes import running
from tests.faults.servers import Redis, Wire
from tests.faults.sound import assert_sound
from tests.faults.tickets import Crew

pytestmark = pytest.mark.usefixtures("committed")
PROMISE_SECONDS = 60


# -- the web


@contextmanager
def killed(server: Redis) -> Iterator[str]:
    server.kill()
    yield server.url
    server.start()


@contextmanager
def paused(server: Redis) -> Iterator[str]:
    server.pause()
    yield server.url
    server.go_on()


@contextmanager
def cut_off(server: Redis) -> Iterator[str]:
    wire = Wire(server.port)
    wire.cut()
    yield server.url.replace(f":{server.port}", f":{wire.port}")
    wire.close()


@pytest.mark.parametrize("gone", [killed, paused, cut_off])
def test_the_web_works_without_redis_and_says_that_reminders_come_from_the_clock_process_alone(
    own_redis: Redis, settings: Any, monkeypatch: pytest.MonkeyPatch, gone: Callable[[Redis], Any]
) -> None:
    client = Client()
    client.force_login(people.user("administrator", language="en"))
    with gone(own_redis) as url:
        settings.REDIS_URL = url
        monkeypatch.setattr(shell, "_kept", (0.0, []))
        began = time.monotonic()
        told = client.get(reverse("shell-counts"))
        page = client.get(reverse("notices"))
        ready = client.get("/readyz")
        assert time.monotonic() - began < within(5)
        assert "redis" in told.json()["warnings"]
        assert page.status_code == 200
        assert "reminders come from the clock process alone" in page.content.decode()
        assert (ready.status_code, ready.json()["database"]) == (200, "ok")
        assert ready.json()["redis"] != "ok"
    settings.REDIS_URL = own_redis.url
    monkeypatch.setattr(shell, "_kept", (0.0, []))
    assert "redis" not in client.get(reverse("shell-counts")).json()["warnings"]


def test_with_every_worker_dead_what_is_overdue_is_shown_as_overdue(crew: Crew) -> None:
    """Promise: a deadline that has passed is overdue when read; nobody has swept."""
    row = complaints.register(intake=tickets.matter(), by=crew.agent, at=now_db() - 30 * clocks.H)
    assert not Step.objects.filter(clock__subject_id=row.pk, fired_at__isnull=False).exists()
    assert queries.queue_counts(crew.agent)["breached"].count == 1
    shown = doors.client_of(crew.agent).get(reverse("complaint-detail", args=[row.number]))
    assert shown.status_code == 200
    assert 'class="sla over"' in shown.content.decode()
    complaints.cancel(complaint=row, reason="A", by=crew.supervisor)


# -- the fleet


@contextmanager
def through(wire: Wire, server: Redis) -> Iterator[str]:
    """The address of Redis as the worker and the beats know it, by a wire that can be cut."""
    try:
        yield server.url.replace(f":{server.port}", f":{wire.port}")
    finally:
        wire.close()


def all_fired(begun: list[Clock]) -> bool:
    return not Step.objects.filter(clock__in=begun, kind="breach", fired_at=None).exists()


def latest(begun: list[Clock]) -> float:
    """By how many seconds the latest breach was late."""
    rows = Step.objects.filter(clock__in=begun, kind="breach").values_list("due_at", "fired_at")
    return max((fired - due).total_seconds() for due, fired in rows)


def assert_breached_once(begun: list[Clock], late: float = PROMISE_SECONDS) -> None:
    wait_for(lambda: all_fired(begun), late + 10, "the breach did not come")
    assert latest(begun) <= late
    fired = clocks.fired(begun)
    assert fired == {"warning": len(begun), "breach": len(begun), "ladder_manager": 0, "ladder_enterprise": 0}


def wake_ups(url: str) -> int:
    """How many messages wait for the worker."""
    with redis.Redis.from_url(url) as client:
        return int(client.llen("celery"))


def hurry(url: str, count: int) -> None:
    """So many wake-ups of the sweep and of the relay, at once."""
    with celery.connection_for_write(url) as connection, connection.Producer() as producer:
        for _n in range(count):
            for task in ("deadlines.tasks.sweep", "servicecenter.tasks.relay_outbox"):
                celery.send_task(task, producer=producer, expires=60)


def test_redis_worker_and_beats_die_come_back_and_die_again_and_no_step_is_late_lost_or_doubled(
    staff: Staff, own_redis: Redis, tmp_path: Path
) -> None:
    """Faults 3, 4, 5 and 6 in one day's story, with the processes that `make run` starts."""
    subjects: list[int] = []

    def twenty() -> list[Clock]:
        found = [clocks.begin_due_in(1, staff.agent) for _n in range(20)]
        subjects.extend(clock.subject_id for clock in found)
        return found

    mail = {"EMAIL_URL": f"filemail:///{tmp_path}/mail", "CLOCK_SECONDS": "1"}
    wire = Wire(own_redis.port)
    with through(wire, own_redis) as url:
        beats = [processes.beat(url, tmp_path / f"beat{n}", **mail) for n in range(times(1, 3))]
        worker, clock = processes.worker(url, **mail), processes.clock(redis_url=url, **mail)
        with running(worker, clock, *beats):
            worker.says("ready.")
            for beat in beats:
                beat.says("Sending due task sweep")
            clock.says("the clock runs")

            # all of them at once: beats, loop, and every message three times (5, 6)
            begun = twenty()
            hurry(own_redis.url, 3)
            assert_breached_once(begun)
            wait_for(lambda: Heartbeat.objects.filter(name="worker").exists(), 60, "no worker")

            # a thousand wake-ups are lost (4)
            begun = twenty()
            worker.signal(processes.STOP)
            hurry(own_redis.url, 500)
            assert wake_ups(own_redis.url) > 900
            with redis.Redis.from_url(own_redis.url) as client:
                client.flushall()
            worker.signal(processes.GO_ON)
            assert_breached_once(begun)

            # the wire is cut, then Redis is killed, then worker and beats too: the clock alone (3)
            wire.cut()
            begun = twenty()
            own_redis.kill()
            worker.kill()
            for beat in beats:
                beat.kill()
            assert_breached_once(begun)

            # all is back: nothing happens twice, and the outbox has emptied meanwhile
            own_redis.start()
            wire.mend()
            again = processes.worker(url, **mail)
            with running(again):
                again.says("ready.")
                hurry(own_redis.url, 3)
                wait_for(lambda: wake_ups(own_redis.url) == 0, 60, "the worker does not work")
                begun = twenty()
                assert_breached_once(begun)
                # what the killed worker had in its hands goes again once its lease has run out
                patience = outbox.LEASE_SECONDS + PROMISE_SECONDS
                wait_for(
                    lambda: not OutboxMessage.objects.filter(sent_at=None).exists(), patience, "mails wait"
                )
            assert clock.lives
    # 80 clocks, each with a warning to the agent and a breach to agent and supervisor
    assert len(subjects) == 80
    assert OutboxMessage.objects.filter(kind=clocks.SUBJECT, object_id__in=subjects).count() == 80 * 3
    assert len(list((tmp_path / "mail").iterdir())) >= 1
    assert_sound()


def test_a_worker_two_hours_ahead_throws_every_wake_up_away_and_the_clock_keeps_the_promise(
    own_redis: Redis,
) -> None:
    """Fault 10: Celery judges `expires` by the worker's clock."""
    ahead = processes.worker(own_redis.url, **processes.skewed(7200))
    with running(ahead):
        ahead.says("ready.")
        begun = [clocks.begin(ago=24 * clocks.H, due_at=now_db())]
        hurry(own_redis.url, 3)
        wait_for(lambda: wake_ups(own_redis.url) == 0, 60, "the worker does not take the messages")
        ahead.says("Discarding revoked task")
        assert not all_fired(begun)
        with running(processes.clock("sweep")):
            assert_breached_once(begun)
    assert_sound()


# -- effects outside


def test_a_worker_killed_between_commit_and_hint_leaves_the_message_to_the_relay(tmp_path: Path) -> None:
    """Fault 7: the message was committed, nobody was told; the clock's relay finds it within ten seconds."""
    clock = processes.clock("relay", EMAIL_URL=f"filemail:///{tmp_path}/mail")
    with running(clock):
        clock.says("the clock runs")
        time.sleep(0.5)
        clocks.begin(people.user("agent", email=True), ago=19 * clocks.H)
        services.sweep()
        message = OutboxMessage.objects.order_by("-id")[0]
        wait_for(
            lambda: OutboxMessage.objects.filter(pk=message.pk, sent_at__isnull=False).exists(), within(10)
        )
    message.refresh_from_db()
    assert message.tries == 1
    assert (message.sent_at - message.created_at).total_seconds() < within(10)


def test_a_poison_message_among_fifty_is_parked_and_reported_and_the_others_leave_at_once() -> None:
    """Fault 9."""
    people.user("administrator", email=True)
    poison = OutboxMessage.objects.create(
        channel="pigeon", recipient="x", code="clock.warning", dedup_key="poison", params={}
    )
    others = [
        OutboxMessage.objects.create(
            channel="email", recipient="a@example.invalid", code="reveal.many", dedup_key=f"good{n}",
            params={"name": "甲", "count": 1},
        ).pk
        for n in range(49)
    ]  # fmt: skip
    assert outbox.relay().sent >= 49
    assert not OutboxMessage.objects.filter(pk__in=others, sent_at=None).exists()
    for _turn in range(outbox.TRIES):
        OutboxMessage.objects.filter(pk=poison.pk).update(next_try_at=now_db())
        outbox.relay()
    poison.refresh_from_db()
    assert poison.parked_at is not None
    assert OutboxMessage.objects.filter(code="outbox.parked", object_id=poison.pk).exists()
    OutboxMessage.objects.filter(pk=poison.pk).update(created_at=now_db() - 3 * clocks.H)
    assert_sound()

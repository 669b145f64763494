"""Fault 3, whole: web, worker, beat, clock and Redis stand still over a deadline and its ladder; then all come back."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Count

from complaints.models import Complaint
from deadlines.models import Step
from servicecenter import policies
from servicecenter.clock import now_db
from servicecenter.models import Heartbeat, Notice, OutboxMessage, TrailEntry
from tests import people
from tests.faults import doors, processes, tickets
from tests.faults.clocks import wait_for
from tests.faults.processes import Asked, Process, running
from tests.faults.servers import Redis
from tests.faults.sound import assert_sound
from tests.faults.tickets import Crew

pytestmark = pytest.mark.usefixtures("committed")
LADDER = ["warning", "breach", "ladder_manager", "ladder_enterprise"]
LIMIT_SECONDS = 24


def short_terms() -> None:
    """The statement is due after seconds instead of hours, and goes up the ladder seconds later."""
    terms = {"limit_seconds": LIMIT_SECONDS, "warn_percent": 80, "basis": "elapsed"}
    ladder = {"manager_after_seconds": 1, "enterprise_after_seconds": 2}
    for code, key, value in (
        ("deadlines.clock", "statement|tier=A|category=late_delivery", terms),
        ("deadlines.clock", "statement|category=late_delivery", terms),
        ("deadlines.ladder", "statement", ladder),
    ):
        since = now_db() - timedelta(hours=1)
        policies.set_policy(code=code, key=key, value=value, by=None, reason="试验", valid_from=since)


def everything(redis_url: str, port: int, place: Path) -> list[Process]:
    """Web, worker, beat and clock, as `make run` starts them."""
    place.mkdir()
    shared = {"EMAIL_URL": f"filemail:///{place}/mail", "CLOCK_SECONDS": "1"}
    return [
        processes.web(port, REDIS_URL=redis_url, **shared),
        processes.worker(redis_url, **shared),
        processes.beat(redis_url, place / "beat", **shared),
        processes.clock(redis_url=redis_url, **shared),
    ]


def until_at_work(started: list[Process], port: int) -> None:
    """Until each of them has begun."""
    web, worker, beat, clock = started
    worker.says("ready.")
    beat.says("Sending due task sweep")
    clock.says("the clock runs")
    wait_for(lambda: Asked(port).status("/readyz") == 200, 90, "the web does not answer")
    assert web.lives


def done(row: Complaint) -> list[str]:
    """The steps of the statement's clock that have been done, in the order of their due times."""
    rows = Step.objects.filter(clock__subject_id=row.pk, clock__kind="statement", fired_at__isnull=False)
    return list(rows.order_by("due_at", "ordinal").values_list("kind", flat=True))


def test_all_stop_over_a_deadline_and_its_ladder_and_start_again(
    crew: Crew, own_redis: Redis, tmp_path: Path
) -> None:
    manager = people.user("centre_manager", email=True)
    now = now_db()
    people.duty("supervisor", crew.supervisor, now - timedelta(hours=1), now + timedelta(hours=1))
    short_terms()
    port = processes.free_port()
    first = everything(own_redis.url, port, tmp_path / "first")
    with running(*first):
        until_at_work(first, port)
        row = tickets.register(tickets.matter(), crew.agent)
        due_at = row.registered_at + timedelta(seconds=LIMIT_SECONDS)
        for process in first:
            process.kill()
        own_redis.kill()
    assert done(row) == []
    assert now_db() < due_at - timedelta(seconds=LIMIT_SECONDS * 0.2), "they were stopped before the warning"
    time.sleep((due_at - now_db()).total_seconds() + 4)
    assert done(row) == []
    assert Asked(port).status("/readyz") == 0

    own_redis.start()
    began = now_db()
    again = everything(own_redis.url, port, tmp_path / "again")
    with running(*again):
        until_at_work(again, port)
        wait_for(lambda: done(row) == LADDER, 60, "the steps did not come")
        page = Asked(port).get(f"/complaints/{row.number}/", Cookie=_session(crew.agent))
        assert page.status == 200
        assert 'class="sla over"' in page.text
        wait_for(lambda: Heartbeat.objects.filter(name="worker", at__gte=began).exists(), 60, "no worker")
    assert done(row) == LADDER
    history = TrailEntry.objects.filter(
        object_id=row.pk, params__clock="statement", code__startswith="clock."
    )
    assert list(history.order_by("id").values_list("code", flat=True)) == [f"clock.{step}" for step in LADDER]
    told = Notice.objects.filter(object_id=row.pk, params__clock="statement").values("code", "user")
    assert {found["n"] for found in told.annotate(n=Count("pk"))} == {1}
    to_manager = told.filter(user=manager).values_list("code", flat=True)
    assert list(to_manager) == ["clock.ladder_manager"]
    keys = list(OutboxMessage.objects.filter(object_id=row.pk).values_list("dedup_key", flat=True))
    assert len(keys) == len(set(keys))
    assert_sound()


def _session(user: object) -> str:
    return f"sessionid={doors.client_of(user).cookies['sessionid'].value}"  # type: ignore[arg-type]

"""Journey 5: a deadline passes, with the system running and with everything stopped: each step once, in order."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from complaints.models import Complaint
from deadlines.models import Step
from organization.models import User
from servicecenter import policies
from servicecenter.clock import now_db
from servicecenter.models import Notice, OutboxMessage, TrailEntry
from tests import people
from tests.complaints.cases import Crew, register
from tests.faults import processes
from tests.faults.processes import running
from tests.faults.sound import assert_sound

LADDER = ["clock.warning", "clock.breach", "clock.ladder_manager", "clock.ladder_enterprise"]


def steps(row: Complaint) -> list[Step]:
    """The steps of the statement's clock that have been done, in the order of their due times."""
    rows = Step.objects.filter(clock__subject_id=row.pk, clock__kind="statement", fired_at__isnull=False)
    return list(rows.order_by("due_at", "ordinal"))


def wait_for_ladder(row: Complaint, seconds: float) -> None:
    """Until the statement's clock has done all four steps."""
    until = time.monotonic() + seconds
    while len(steps(row)) < 4:
        assert time.monotonic() < until, [step.kind for step in steps(row)]
        time.sleep(0.1)


def told(user: User, row: Complaint) -> list[str]:
    """What this person was told of the statement's clock, first to last."""
    rows = Notice.objects.filter(user=user, object_id=row.pk, params__clock="statement").order_by("id")
    return list(rows.values_list("code", flat=True))


def assert_once_in_order(row: Complaint, crew: Crew) -> None:
    """CMP-37: each step once in the history, in order; each person told once of each step that is his."""
    history = TrailEntry.objects.filter(object_id=row.pk, params__clock="statement", code__in=LADDER)
    assert list(history.order_by("id").values_list("code", flat=True)) == LADDER
    assert [f"clock.{step.kind}" for step in steps(row)] == LADDER
    assert all(step.fired_at and step.fired_at >= step.due_at for step in steps(row))
    assert told(crew.inspector, row) == ["clock.warning", "clock.breach"]
    assert told(crew.agent, row) == ["clock.breach"]
    assert told(crew.supervisor, row) == ["clock.breach"]
    assert told(crew.manager, row) == ["clock.ladder_manager"]
    assert told(crew.enterprise, row) == ["clock.ladder_enterprise"]
    assert told(crew.west, row) == []
    keys = list(OutboxMessage.objects.filter(object_id=row.pk).values_list("dedup_key", flat=True))
    assert len(keys) == len(set(keys))


def assert_seen(page: Any, row: Complaint, crew: Crew) -> None:
    """The history of the ticket and the manager's inbox show it."""
    page.goto(f"/complaints/{row.number}/")
    expect(page.locator(".clocks .sla.over").first).to_contain_text(re.compile("^超 "))
    course = page.locator(".tl")
    for words in ("到预警点", "到期未办，已超时", "报客服中心经理", "报企管部"):
        expect(course.get_by_text(re.compile(f"书面报告.*{words}"))).to_have_count(1)
    page.goto("/notices/")
    expect(page.locator("[data-row]", has_text=row.number).filter(has_text="书面报告")).to_have_count(1)


def staff(crew: Crew) -> None:
    """Everybody whom the steps could tell is there before the first of them falls due; the supervisor has duty."""
    assert crew.inspector and crew.manager and crew.enterprise and crew.west
    now = now_db()
    people.duty("supervisor", crew.supervisor, now - timedelta(hours=40), now + timedelta(hours=1))


def test_with_the_system_running_warning_breach_and_ladder_come_once_each_in_order(
    at_work: Callable[..., Any], crew: Crew
) -> None:
    """CMP-36, CMP-37, fault 3: the real clock process, terms of seconds instead of hours."""
    staff(crew)
    an_hour_ago = now_db() - timedelta(hours=1)
    terms = {"limit_seconds": 10, "warn_percent": 80, "basis": "elapsed"}
    ladder = {"manager_after_seconds": 1, "enterprise_after_seconds": 2}
    for code, key, value in (
        # a better tier never waits longer, so its row comes first
        ("deadlines.clock", "statement|tier=A|category=late_delivery", terms),
        ("deadlines.clock", "statement|category=late_delivery", terms),
        ("deadlines.ladder", "statement", ladder),
    ):
        policies.set_policy(code=code, key=key, value=value, by=None, reason="试验", valid_from=an_hour_ago)
    clock = processes.clock(CLOCK_SECONDS="1")
    with running(clock):
        clock.says("the clock runs")
        row = register(crew.agent, at=now_db() - timedelta(seconds=7))
        wait_for_ladder(row, 60)
        assert max((step.fired_at - step.due_at).total_seconds() for step in steps(row) if step.fired_at) < 60
        assert_once_in_order(row, crew)
        assert_seen(at_work(crew.manager), row, crew)
    assert_sound()


def test_with_everything_stopped_over_the_due_time_it_is_caught_up_once_each_in_order(
    at_work: Callable[..., Any], crew: Crew
) -> None:
    """CMP-37, fault 3: no web, worker, beat, clock or Redis for thirty hours; then the clock starts again."""
    staff(crew)
    row = register(crew.agent, at=now_db() - timedelta(hours=30))
    assert steps(row) == []
    assert not Notice.objects.filter(code__startswith="clock.").exists()
    for _start in range(2):
        clock = processes.clock(CLOCK_SECONDS="1")
        with running(clock):
            clock.says("the clock runs")
            wait_for_ladder(row, 60)
    assert_once_in_order(row, crew)
    first = steps(row)[0]
    assert first.due_at == row.registered_at + timedelta(hours=3)
    assert first.fired_at is not None and first.fired_at - first.due_at > timedelta(hours=26)
    assert_seen(at_work(crew.manager), row, crew)
    assert_sound()

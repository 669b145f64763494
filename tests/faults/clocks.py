"""Clocks of throw-away subjects, what their steps must have done, and a subject's app that writes when it hears one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from deadlines import services
from deadlines.models import Clock, Step
from deadlines.services import FiredStep
from organization.models import User
from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.models import Notice, OutboxMessage, TrailEntry
from tests import people

SUBJECT = "tests.subject"
H = timedelta(hours=1)
STEPS = ("warning", "breach", "ladder_manager", "ladder_enterprise")
_ids = itertools.count(8_000_001)


def step_fired(*, steps: list[FiredStep], at: datetime) -> None:
    """The subject's app: one line of its own for each step, in the sweep's transaction."""
    lines = [trail.Line(SUBJECT, s.subject_id, s.number, "tests.heard", {"heard": s.step_id}) for s in steps]
    trail.record_many(lines, by=None, at=at)


def listen(given: Any) -> None:
    """Bind the subject's app to the port, in pytest-django's `settings`."""
    given.PORTS = {**settings.PORTS, "deadlines.step_fired": {SUBJECT: "tests.faults.clocks.step_fired"}}


@dataclass(frozen=True)
class Staff:
    """One of each who is told: owner, supervisor, centre manager, enterprise management; all with an address."""

    agent: User
    supervisor: User
    manager: User
    enterprise: User


def staff() -> Staff:
    """The people whom the steps tell."""
    roles = ("agent", "supervisor", "centre_manager", "enterprise_management")
    found = Staff(*(people.user(role, email=True) for role in roles))
    now = now_db()
    people.duty("supervisor", found.supervisor, now - 200 * H, now + 200 * H)
    return found


def begin(
    owner: User | None = None, *, ago: timedelta = 90 * H, kind: str = "resolution", **given: Any
) -> Clock:
    """A clock that was started so long ago by the database's clock; nothing of it has fired."""
    subject_id = next(_ids)
    return services.start(
        **{
            "kind": kind,
            "subject_kind": SUBJECT,
            "subject_id": subject_id,
            "number": f"TS261118-{subject_id}",
            "department": people.department("service_centre"),
            "owner": owner,
            "at": now_db() - ago,
            **given,
        }
    )


def begin_due_in(seconds: float, owner: User | None = None) -> Clock:
    """A clock that falls due in so many seconds, its warning behind it."""
    due_at = now_db() + timedelta(seconds=seconds)
    clock = begin(owner, ago=24 * H, due_at=due_at)
    services.sweep()
    return Clock.objects.get(pk=clock.pk)


def fired(clocks: Sequence[Clock]) -> dict[str, int]:
    """How often each kind of step of these clocks has fired."""
    rows = Step.objects.filter(clock__in=[clock.pk for clock in clocks], fired_at__isnull=False)
    found = dict.fromkeys(STEPS, 0)
    for kind in rows.values_list("kind", flat=True):
        found[kind] += 1
    return found


def assert_each_once(clocks: Sequence[Clock], told: Sequence[tuple[str, User]]) -> None:
    """Each of the four steps of each clock: fired, recorded, heard and told once, in order, to exactly these people.

    `told` are (step, user) pairs of one clock.
    """
    for clock in clocks:
        steps = list(Step.objects.filter(clock=clock, fired_at__isnull=False).order_by("due_at", "ordinal"))
        assert [step.kind for step in steps] == list(STEPS)
        lines = TrailEntry.objects.filter(kind=SUBJECT, object_id=clock.subject_id)
        assert list(
            lines.filter(code__startswith="clock.").order_by("id").values_list("code", flat=True)
        ) == [f"clock.{step}" for step in STEPS]
        heard = lines.filter(code="tests.heard").order_by("id").values_list("params__heard", flat=True)
        assert list(heard) == [step.pk for step in steps]
        expected = sorted((f"clock.{step}", user.pk) for step, user in told)
        for model in (Notice, OutboxMessage):
            rows = model._default_manager.filter(kind=SUBJECT, object_id=clock.subject_id)
            assert sorted(rows.values_list("code", "user_id")) == expected, model.__name__


def told_by(staff: Staff, owner: User | None) -> list[tuple[str, User]]:
    """Whom the four steps of a resolution clock tell (CMP-37)."""
    # a clock without owner tells the supervisor on duty in the owner's place
    stand_in = owner or staff.supervisor
    owners = [("warning", stand_in)] + ([("breach", owner)] if owner is not None else [])
    return [
        *owners,
        ("breach", staff.supervisor),
        ("ladder_manager", staff.manager),
        ("ladder_enterprise", staff.enterprise),
    ]


def wait_for(condition: Callable[[], Any], seconds: float, what: str = "it did not come") -> float:
    """Wait until something is so; the seconds it took. Raises AssertionError when the time is over."""
    import time

    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"{what} within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began


def many_due(count: int) -> None:
    """`count` clocks of which breach and both ladder steps are due, by two statements (storms)."""
    template = begin(people.user("agent", email=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
              INSERT INTO deadlines_clock (kind, subject_kind, subject_id, number, part, round, department_id, owner_id,
                owner_right, supervisor_right, basis, limit_seconds, warn_percent, manager_after_seconds,
                enterprise_after_seconds, state, generation, started_at, warn_at, due_at, next_at, paused_seconds)
              SELECT kind, subject_kind, 9000000 + n, 'TS-' || n, part, round, department_id, owner_id, owner_right,
                supervisor_right, basis, limit_seconds, warn_percent, manager_after_seconds, enterprise_after_seconds,
                state, generation, started_at, warn_at, due_at, next_at, paused_seconds
              FROM deadlines_clock CROSS JOIN generate_series(2, %s) n WHERE id = %s RETURNING id)
            INSERT INTO deadlines_step (clock_id, generation, ordinal, kind, due_at)
            SELECT made.id, s.generation, s.ordinal, s.kind, s.due_at
            FROM made CROSS JOIN deadlines_step s WHERE s.clock_id = %s
            """,
            [count, template.pk, template.pk],
        )

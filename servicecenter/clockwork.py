"""The clock loop (D4): every job of `CLOCK_JOBS` in a thread of its own, with PostgreSQL alone, whatever else is down.

A job that fails is logged, shown in its heartbeat and tried again; it stops no other. While PostgreSQL is away every
job waits and comes back by itself. A job that hangs ends the process, for the supervisor to start it anew.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils.module_loading import import_string

from servicecenter import context, heartbeat

log = logging.getLogger("servicecenter.clock")

# A success is noted at most this often; jobs that run less often note each one.
BEAT_SECONDS = 10.0
# Between tries while PostgreSQL is away: doubling to this.
LONGEST_PAUSE_SECONDS = 2.0
# A failing job is logged in full at once and then once a minute.
LOG_AGAIN_SECONDS = 60.0
# Jobs of this interval and more keep to the heartbeat, so that a restart neither repeats nor loses their turn.
LONG_INTERVAL = 30.0
STUCK_SECONDS = 180.0


@dataclass(frozen=True)
class Job:
    """What to do and how often, in seconds. `path` names a function without arguments."""

    name: str
    path: str
    every: float

    def do(self) -> Any:
        """Do it once, as the clock. Raises what the job raises."""
        with context.acting("clock"):
            return import_string(self.path)()


def configured_jobs() -> list[Job]:
    """The jobs of the settings; CLOCK_SECONDS replaces the interval of those that run every few seconds."""
    return [
        Job(name, path, settings.CLOCK_SECONDS if every < LONG_INTERVAL else every)
        for name, path, every in settings.CLOCK_JOBS
    ]


class Lane(threading.Thread):
    """One job's own loop, with its own database connection."""

    def __init__(self, job: Job, stop: threading.Event) -> None:
        super().__init__(name=f"clock-{job.name}", daemon=True)
        self.job = job
        self.stop = stop
        self.busy_since: float | None = None
        self._failures = 0
        self._away_since: float | None = None
        self._beaten = 0.0
        self._logged = 0.0

    def run(self) -> None:
        """Until told to stop."""
        wait = self._first_wait()
        while not self.stop.wait(wait):
            wait = self.turn()
        connection.close()

    def turn(self) -> float:
        """Do the job once; the seconds to wait before the next time."""
        self.busy_since = time.monotonic()
        try:
            result = self.job.do()
            self._note(result)
        except (OperationalError, InterfaceError) as problem:
            return self._database_away(problem)
        except Exception as problem:  # whatever a job does, it does to itself alone
            return self._failed(problem)
        finally:
            self.busy_since = None
            close_old_connections()
        if self._away_since is not None:
            log.warning("%s: back after %.1f s", self.job.name, time.monotonic() - self._away_since)
        self._failures, self._away_since = 0, None
        return 0.0 if getattr(result, "more", False) else self.job.every

    def stuck(self) -> bool:
        """Whether the present turn of a short job takes impossibly long."""
        since = self.busy_since
        return since is not None and self.job.every <= 60 and time.monotonic() - since > STUCK_SECONDS

    def _first_wait(self) -> float:
        """Short jobs begin at once, long ones when their last success is old enough."""
        if self.job.every < LONG_INTERVAL:
            return 0.0
        try:
            sign = heartbeat.signs().get(self.job.name)
        except (OperationalError, InterfaceError):
            return 1.0
        return max(0.0, self.job.every - sign.age) if sign else 0.0

    def _note(self, result: Any) -> None:
        now = time.monotonic()
        if now - self._beaten >= BEAT_SECONDS or self._failures:
            heartbeat.beat(
                self.job.name, **(result if isinstance(result, dict) else {"did": str(result)[:200]})
            )
            self._beaten = now

    def _database_away(self, problem: Exception) -> float:
        """PostgreSQL is away, or has stopped the statement: let go of the connection and try again soon."""
        connection.close()
        self._failures += 1
        if self._away_since is None:
            self._away_since = time.monotonic()
            log.warning("%s: database: %s", self.job.name, str(problem).strip().splitlines()[:1])
        return float(min(0.25 * 2 ** min(self._failures, 10), LONGEST_PAUSE_SECONDS))

    def _failed(self, problem: Exception) -> float:
        self._failures += 1
        now = time.monotonic()
        if self._failures == 1 or now - self._logged > LOG_AGAIN_SECONDS:
            self._logged = now
            log.error("%s failed (%s times)", self.job.name, self._failures, exc_info=problem)
        try:
            heartbeat.complain(self.job.name, error=type(problem).__name__, failures=self._failures)
        except (OperationalError, InterfaceError):
            connection.close()
        return min(self.job.every, LOG_AGAIN_SECONDS)


class Stuck(Exception):
    """A job hangs, or its thread has died: the process must be started anew. The message names it."""


def run(jobs: Sequence[Job], stop: threading.Event, *, patience: float = 6.0) -> None:
    """Run the jobs until `stop` is set, then let every turn that is under way end, `patience` seconds at most.

    Raises Stuck when a job hangs or its thread is gone.
    """
    lanes = [Lane(job, stop) for job in jobs]
    for lane in lanes:
        lane.start()
    while not stop.wait(1.0):
        for lane in lanes:
            if lane.stuck() or not lane.is_alive():
                raise Stuck(lane.job.name)
    until = time.monotonic() + patience
    for lane in lanes:
        lane.join(max(0.0, until - time.monotonic()))

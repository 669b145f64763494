"""Crash at every statement: an act runs in a child process that kills itself at its n-th point.

Points are counted through the whole act: before each statement that writes or locks, before and after each COMMIT,
also that of a statement outside any transaction. In full counts reading statements have theirs too, and each has one
behind it; to the database these are the same moments. The child is a fork of the test process, so that a point costs
milliseconds. The parent has no open connection while it forks; the child opens its own, and SIGKILL leaves it as a
dead power supply would: no rollback, no clean-up.

A test of a new act has two functions, and `committed` among its fixtures. `prepare(point)` makes a fresh subject and
returns the act on it, with a key of its own; `recovered(point, crash)` looks what is there, sends the same again, and
asks the invariants:

    def prepare(point: int) -> Act:
        vouchers[point] = cases.issued(crew, bill=cases.waybill(f"8620{point:07}"), at=now_db())
        return partial(send, point)

    def send(point: int) -> Any:
        return done(post(client, f"vouchers/{vouchers[point].number}/pay/", f"pay-{point}", **PAYMENT))

    def recovered(point: int, crash: Crash) -> None:
        kept = IdempotencyKey.objects.filter(key=f"pay-{point}").exists()
        assert (Voucher.objects.get(pk=vouchers[point].pk).state == "paid") is kept
        assert send(point) == send(point)
        assert_sound()

    crashes = crash_everywhere(prepare, recovered, every=times(3, 1))
    assert "claims_voucher" in places(crashes)
"""

from __future__ import annotations

import os
import pickle
import re
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from asgiref.local import Local
from django.db import connection, connections

from tests.faults.counts import FULL

Act = Callable[[], object]
LIMIT_SECONDS = 180.0
WRITING = re.compile(r"INSERT|UPDATE|DELETE|advisory|nextval|trail_seal_now")


@dataclass(frozen=True)
class Crash:
    """What became of one child. `place` says where it was killed; empty when it came to its end before the point.

    `points` is how many points it had in all, when it came to its end.
    """

    point: int
    place: str = ""
    points: int = 0

    @property
    def killed(self) -> bool:
        """Whether the crash point was reached."""
        return self.place != ""


class Child:
    """A forked process that runs an act, killed by itself at `point` (0: never)."""

    def __init__(self, act: Act, *, point: int = 0) -> None:
        connections.close_all()
        self.point = point
        read_end, write_end = os.pipe()
        with warnings.catch_warnings():
            # Python 3.12 warns of forking beside threads; the child touches nothing that they hold
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if self.pid == 0:
            os.close(read_end)
            _live(act, write_end, point)
        os.close(write_end)
        self._read_end = read_end

    def kill(self) -> None:
        """End it from outside, wherever it is."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> Crash:
        """Wait for its end, and for the end of its database session: its locks are gone then.

        Raises AssertionError with the child's traceback when the act itself failed.
        """
        with os.fdopen(self._read_end, "rb") as stream:
            told = _read(stream)
            status = self._status()
        _session_ended(told.get("session"))
        if "problem" in told:
            raise AssertionError(f"the act failed in the child:\n{told['problem']}")
        if os.WIFSIGNALED(status):
            return Crash(self.point, told.get("place", "from outside"))
        return Crash(self.point, points=told["points"])

    def reap(self) -> None:
        """Wait for its end alone: its server is gone, and whatever it said."""
        with os.fdopen(self._read_end, "rb") as stream:
            _read(stream)
        self._status()

    def _status(self) -> int:
        until = time.monotonic() + LIMIT_SECONDS
        while True:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                return status
            if time.monotonic() > until:
                self.kill()
                os.waitpid(self.pid, 0)
                raise AssertionError("the child hung")
            time.sleep(0.001)


def run_to_crash(act: Act, *, point: int) -> Crash:
    """Run `act` in a child that is killed at its `point`-th crash point."""
    return Child(act, point=point).wait()


def crash_everywhere(
    prepare: Callable[[int], Act], recovered: Callable[[int, Crash], None], *, every: int = 1
) -> list[Crash]:
    """Crash a fresh act at each of its points; after each crash, `recovered(point, crash)` repeats and checks.

    `prepare(point)` sets up a fresh subject and returns the act on it. The last round is not killed any more: it,
    too, must stand being repeated. Returns the crashes; `every` takes only each such point.
    """
    crashes: list[Crash] = []
    point = 1
    while True:
        act = prepare(point)
        crash = run_to_crash(act, point=point)
        try:
            recovered(point, crash)
        except AssertionError as problem:
            raise AssertionError(
                f"after a crash {crash.place or 'nowhere'} (point {point}): {problem}"
            ) from problem
        if not crash.killed:
            return crashes
        crashes.append(crash)
        point += every


def places(crashes: list[Crash]) -> str:
    """Where the children were killed, in one text: to see that the points were where they matter."""
    return " ".join(crash.place for crash in crashes)


def _live(act: Act, write_end: int, point: int) -> None:
    """The child's life. Never returns: killed, or gone without Python's clean-up (of what is the parent's)."""
    told: dict[str, Any] = {}
    try:
        _forget_the_parents_connections()
        connection.ensure_connection()
        told["session"] = connection.connection.info.backend_pid
        os.write(write_end, pickle.dumps(told))
        with _points(point, write_end) as count:
            act()
        os.write(write_end, pickle.dumps({"points": count()}))
    except BaseException:
        os.write(write_end, pickle.dumps({"problem": traceback.format_exc()}))
    sys.stdout.flush()
    os._exit(0)


def _forget_the_parents_connections() -> None:
    """Begin with none, whatever the parent had open.

    Django keeps a thread's connections apart while an event loop runs in it, as a browser's does from its first test
    on. A fork has no such loop: it would find what the parent had open before the browser came, which the parent could
    not see to close and the server has long since ended.
    """
    connections._connections = Local(connections.thread_critical)


@contextmanager
def _points(point: int, write_end: int) -> Iterator[Callable[[], int]]:
    """Count the points of what runs inside, and die at the given one; yields what tells the count."""
    reached = 0

    def reach(place: str) -> None:
        nonlocal reached
        reached += 1
        if reached == point:
            os.write(write_end, pickle.dumps({"place": place}))
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(10)

    def executing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = " ".join(sql.split())[:90]
        if FULL or WRITING.search(sql):
            reach(f"before {words}")
        result = execute(sql, params, many, context)
        if FULL or (WRITING.search(sql) and not connection.in_atomic_block):
            reach(f"after {words}")
        return result

    plain_commit = connection._commit

    def committing() -> None:
        reach("before COMMIT")
        plain_commit()
        reach("after COMMIT")

    connection._commit = committing  # type: ignore[method-assign]
    with connection.execute_wrapper(executing):
        yield lambda: reached


def _read(stream: Any) -> dict[str, Any]:
    """Everything the child said, until it was gone."""
    told: dict[str, Any] = {}
    while True:
        try:
            told |= pickle.load(stream)
        except EOFError:
            return told


def _session_ended(session: int | None) -> None:
    """The server notices a dead client within milliseconds; until then its locks stand."""
    until = time.monotonic() + LIMIT_SECONDS
    while session is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [session])
            if cursor.fetchone() is None:
                return
        assert time.monotonic() < until, "the dead child's session lives on"
        time.sleep(0.002)

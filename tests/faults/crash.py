"""Crash at every statement: run an act in a child process that kills itself before or after statement *n*.

The act runs in a fork of the test process, so that a crash point costs milliseconds. The parent has no open
connection while it forks; the child opens its own, and SIGKILL leaves it as a dead power supply would.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

LIMIT_SECONDS = 30


@dataclass(frozen=True)
class Crash:
    """What became of one child: killed at its crash point, or finished before it reached the point."""

    killed: bool
    statements: int


def run_to_crash(act: Callable[[], object], *, statement: int, before: bool, after_commit: bool = False) -> Crash:
    """Run `act` in a child that is killed before (or after) its `statement`-th SQL statement, or right after COMMIT.

    Raises AssertionError with the child's traceback when the act itself failed.
    """
    connections.close_all()
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _child(act, write_end, statement=statement, before=before, after_commit=after_commit)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as stream:
        told = stream.read()
    deadline = time.monotonic() + LIMIT_SECONDS
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise AssertionError("the child hung")
        time.sleep(0.002)
    if os.WIFSIGNALED(status):
        return Crash(killed=True, statements=statement)
    result = pickle.loads(told)
    if isinstance(result, str):
        raise AssertionError(f"the act failed in the child:\n{result}")
    return Crash(killed=False, statements=result)


def crash_everywhere(
    prepare: Callable[[int], Callable[[], object]], recovered: Callable[[int], None], *, every: int = 1
) -> int:
    """Crash a fresh act before and after each statement, and after COMMIT; call `recovered(n)` after each crash.

    `prepare(n)` sets up a fresh subject and returns the act on it. Returns the number of crash points.
    """
    point = 0
    for before in (True, False):
        statement = 1
        while True:
            act = prepare(point)
            crash = run_to_crash(act, statement=statement, before=before)
            if not crash.killed:
                break
            recovered(point)
            point += 1
            statement += every
    act = prepare(point)
    crash = run_to_crash(act, statement=0, before=False, after_commit=True)
    assert crash.killed, "the act never committed"
    recovered(point)
    return point + 1


def _child(act: Callable[[], object], write_end: int, *, statement: int, before: bool, after_commit: bool) -> None:
    """Never returns: killed, or exits without Python's clean-up (the parent's files and sockets stay untouched)."""
    count = 0

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(10)

    def counting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        if count == statement and before:
            die()
        result = execute(sql, params, many, context)
        if count == statement and not before:
            die()
        return result

    try:
        connection.ensure_connection()
        if after_commit:
            plain_commit = connection._commit

            def commit_and_die() -> None:
                plain_commit()
                die()

            connection._commit = commit_and_die  # type: ignore[method-assign]
            act()
        else:
            with connection.execute_wrapper(counting):
                act()
        os.write(write_end, pickle.dumps(count))
    except BaseException:
        os.write(write_end, pickle.dumps(traceback.format_exc()))
    sys.stdout.flush()
    os._exit(0)

"""Races: acts in threads with connections of their own, released together just before the statement that decides."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

# without its guard an act may wait for ever
PATIENCE_SECONDS = 15.0 if os.environ.get("FAULTS_MUTATION") else 60.0
# Where acts wait for each other unless told otherwise: the first statement that locks.
LOCKING = r"FOR (NO KEY )?UPDATE|pg_(try_)?advisory_xact_lock|ON CONFLICT"


@dataclass
class Outcome:
    """What came of one act: its value, or what it raised."""

    value: Any = None
    problem: BaseException | None = None

    @property
    def won(self) -> bool:
        """It came to its end."""
        return self.problem is None


class Gate:
    """Opens when everybody has arrived or gone home."""

    def __init__(self, count: int) -> None:
        self._missing = count
        self._open = threading.Condition()

    def pass_through(self) -> None:
        """Arrive, and wait for the others."""
        with self._open:
            self._missing -= 1
            self._open.notify_all()
            if not self._open.wait_for(lambda: self._missing <= 0, PATIENCE_SECONDS):
                raise AssertionError("the others never came")

    def gone(self) -> None:
        """Somebody will never arrive."""
        with self._open:
            self._missing -= 1
            self._open.notify_all()


def race(*acts: Callable[[], Any], at: str = LOCKING) -> list[Outcome]:
    """Run the acts at once; each waits before its first statement that matches `at` until all stand there.

    Returns the outcomes in the order of the acts. Raises AssertionError when an act hangs.
    """
    gate = Gate(len(acts))
    outcomes = [Outcome() for _act in acts]

    def run(act: Callable[[], Any], outcome: Outcome) -> None:
        try:
            with _waiting(gate, at) as arrived:
                try:
                    outcome.value = act()
                finally:
                    if not arrived:
                        gate.gone()
        except BaseException as problem:
            outcome.problem = problem
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=pair, daemon=True) for pair in zip(acts, outcomes, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive(), "an act hangs"
    return outcomes


def values(outcomes: list[Outcome]) -> list[Any]:
    """The values of acts that must all have come to their end."""
    for outcome in outcomes:
        if outcome.problem is not None:
            raise AssertionError(f"an act of the race failed: {outcome.problem!r}") from outcome.problem
    return [outcome.value for outcome in outcomes]


@contextmanager
def _waiting(gate: Gate, at: str) -> Iterator[list[bool]]:
    pattern = re.compile(at)
    arrived: list[bool] = []

    def executing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not arrived and pattern.search(sql):
            arrived.append(True)
            gate.pass_through()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(executing):
        yield arrived


def somebody_waits(words: str) -> bool:
    """Whether another session of the test's database waits for a lock, with a statement that holds these words."""
    with connection.cursor() as cursor:
        # in a transaction the first look would be every look
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND pid <> pg_backend_pid() AND strpos(query, %s) > 0",
            [words],
        )
        return cursor.fetchone() is not None


class Held:
    """An act in a thread that stops right after a statement, inside its transaction, until it is let go."""

    def __init__(self, act: Callable[[], Any], *, after: str) -> None:
        self._pattern, self._act = re.compile(after), act
        self._stopped, self._free = threading.Event(), threading.Event()
        self._gave_up = False
        self.outcome = Outcome()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._stopped.wait(PATIENCE_SECONDS), "the act never came to the statement"
        if self.outcome.problem is not None:
            raise AssertionError("the act failed before it was held") from self.outcome.problem

    def let_go(self) -> Outcome:
        """Let it come to its end."""
        self._free.set()
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive(), "the held act hangs"
        assert not self._gave_up, "what was done meanwhile has waited until the act was held no longer"
        return self.outcome

    def _run(self) -> None:
        def executing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            result = execute(sql, params, many, context)
            if not self._stopped.is_set() and self._pattern.search(sql):
                self._stopped.set()
                self._gave_up = not self._free.wait(PATIENCE_SECONDS)
            return result

        try:
            with connection.execute_wrapper(executing):
                self.outcome.value = self._act()
        except BaseException as problem:
            self.outcome.problem = problem
        finally:
            self._stopped.set()
            connections.close_all()

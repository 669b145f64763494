"""The one place that tries again what PostgreSQL gave up: deadlocks, serialization failures, locks not got in time."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, Error, InterfaceError, OperationalError, connection

T = TypeVar("T")
log = logging.getLogger("servicecenter.retry")

SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"
LOCK_TIMEOUT, STATEMENT_TIMEOUT = "55P03", "57014"
TRIES = 3
# How often each is tried in all: whoever waited for a lock has waited long already (LED-04).
TRIES_OF = {SERIALIZATION_FAILURE: TRIES, DEADLOCK: TRIES, LOCK_TIMEOUT: 2}


def sqlstate(problem: Error) -> str:
    """PostgreSQL's five-character code of an error, '' when the connection itself failed."""
    return str(getattr(problem.__cause__, "pgcode", None) or "")


def is_away(problem: BaseException | None) -> bool:
    """Whether the database itself failed: away, full, or gone in the middle of a statement.

    psycopg2 reports a session cut in mid-statement as a bare DatabaseError without code.
    """
    if isinstance(problem, OperationalError | InterfaceError):
        return True
    return type(problem) is DatabaseError and sqlstate(problem) == ""


def retrying(call: Callable[[], T], *, tries: int = TRIES) -> T:
    """Do `call`, at most `tries` times, when it is the victim of a deadlock or a serialization failure; once more when
    it waited for a lock in vain.

    `call` must be a whole transaction: inside an open one it is done once, since only the outermost may try again.
    """
    if connection.in_atomic_block:
        return call()
    for turn in range(1, tries + 1):
        try:
            return call()
        except OperationalError as problem:
            most = min(tries, TRIES_OF.get(sqlstate(problem), 1))
            if turn >= most:
                raise
            log.warning("%s, trying again (%s of %s)", sqlstate(problem), turn + 1, most)
            time.sleep(random.uniform(0.01, 0.05) * 2**turn)
    raise AssertionError("unreachable")

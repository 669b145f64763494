"""PgBouncer in transaction mode: every transaction may be on another session, so none leaves anything behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from deadlines import services as deadlines
from servicecenter import cleaning, kept, outbox, trail
from tests.faults import doors, tickets
from tests.faults.sound import assert_sound
from tests.faults.tickets import Crew

ROOT = settings.BASE_DIR
# What outlives its transaction: settings, locks, subscriptions, tables, plans and cursors of a session.
SESSION_STATE = re.compile(
    r"\bSET (SESSION |ROLE |TIME ZONE|search_path|session_\w+|\w*(timeout|timezone|_mem) (=|TO))"
    r"|pg_(try_)?advisory_lock\w*\(|\bLISTEN \w|\bCREATE TEMP|\bPREPARE \w+ AS|\bWITH HOLD\b"
)
# It takes such a line out of dumps.
EXEMPT = {"servicecenter/backups/loading.py"}


def test_no_statement_of_the_product_leaves_state_in_its_session() -> None:
    """`SET LOCAL` and locks of the transaction only. `make run` prepares over a session of its own."""
    assert SESSION_STATE.search("SELECT pg_advisory_lock(7)")
    assert SESSION_STATE.search("SET lock_timeout = 0")
    assert not SESSION_STATE.search("SET LOCAL lock_timeout TO DEFAULT")
    assert not SESSION_STATE.search("SELECT pg_advisory_xact_lock(7)")
    found = []
    for app in settings.LOCAL_APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if name in EXEMPT or "local" in path.parts or "migrations" in path.parts:
                continue
            lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
            found += [
                f"{name}:{number} {line.strip()}" for number, line in lines if SESSION_STATE.search(line)
            ]
    assert found == []
    assert settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] is True


@contextmanager
def forgetful_sessions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After each transaction the session knows nothing any more, as if the next one were on another."""
    set_autocommit = DatabaseWrapper.set_autocommit

    def forget() -> None:
        if connection.connection is not None and connection.connection.autocommit:
            with connection.connection.cursor() as cursor:
                cursor.execute("DISCARD ALL")

    def and_forget(self: Any, autocommit: bool, *args: Any, **options: Any) -> None:
        set_autocommit(self, autocommit, *args, **options)
        if autocommit:
            forget()

    def forgetting(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not connection.in_atomic_block:
            forget()
        return execute(sql, params, many, context)

    monkeypatch.setattr(DatabaseWrapper, "set_autocommit", and_forget)
    with connection.execute_wrapper(forgetting):
        yield


def test_the_main_work_goes_on_over_sessions_that_forget_everything_after_each_transaction(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    with forgetful_sessions(monkeypatch):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '7s'")
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() != ("7s",)
        client = doors.client_of(crew.agent)
        intake = tickets.matter()
        for key in ("first", "second", "second"):
            assert client.post("/intake/", doors.fields(intake, f"pool-{key}")).status_code == 302
        (first, _second) = tickets.assert_registered(intake, 2, crew)
        assert client.get("/complaints/").status_code == 200
        assert client.get(f"/complaints/{first.number}/").status_code == 200
        deadlines.sweep()
        while outbox.relay().more:
            pass
        trail.seal()
        kept.compute()
        cleaning.clean()
        assert_sound()

"""Where the pictures are taken: a database of their own with the demonstration played, a web server, the clock."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.db import connections
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

from tests.conftest import ROOT, _drop, _maintenance, _use

DATABASE = "sc_screenshots"


def _exists() -> bool:
    with closing(_maintenance()) as admin, admin.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        return cursor.fetchone() is not None


def prepare(*, keep: bool) -> None:
    """Play the demonstration into the pictures' database; `keep`: use that of the last time, if there is one."""
    if not (keep and _exists()):
        with closing(_maintenance()) as admin, admin.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            _drop(cursor, DATABASE)
            cursor.execute(f"CREATE DATABASE \"{DATABASE}\" TEMPLATE template0 ENCODING 'UTF8'")
        _use(DATABASE)
        call_command("migrate", verbosity=0)
        call_command("seed_demo")
        connections.close_all()
    else:
        _use(DATABASE)
        call_command("migrate", verbosity=0)


@contextmanager
def clock() -> Iterator[None]:
    """The clock process runs while the pictures are taken, as in every installation."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_clock"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


class _Thread(LiveServerThread):
    """A web server that finds static files where they stand and says nothing of its requests."""

    def _create_server(self, connections_override: Any = None) -> Any:
        return self.server_class(
            (self.host, self.port),
            QuietWSGIRequestHandler,
            allow_reuse_address=False,
            connections_override=connections_override,
        )


@contextmanager
def web() -> Iterator[str]:
    """A web server in a thread; its address."""
    thread = _Thread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()
        connections.close_all()

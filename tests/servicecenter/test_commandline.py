"""`manage.py` when the database is away: one line that says what to do, and an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.db import OperationalError

from servicecenter import commandline

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_database_that_is_away_is_said_in_one_line() -> None:
    away = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/gone"}
    done = subprocess.run(
        [sys.executable, "manage.py", "sweep_deadlines"], env=away, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stdout == ""
    [line] = done.stderr.strip().splitlines()
    assert "gone" in line
    assert "DATABASE_URL" in line
    assert "Traceback" not in done.stderr


def refused(problem: Exception) -> None:
    raise problem


def test_a_lock_that_was_not_given_is_no_missing_database(monkeypatch: pytest.MonkeyPatch) -> None:
    class Waited(Exception):
        pgcode = "55P03"

    problem = OperationalError("lock timeout")
    problem.__cause__ = Waited()
    monkeypatch.setattr(commandline, "execute_from_command_line", lambda arguments: refused(problem))
    with pytest.raises(OperationalError):
        commandline.run(["manage.py", "sweep_deadlines"])


def test_whoever_asks_for_the_traceback_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = OperationalError("connection refused")
    monkeypatch.setattr(commandline, "execute_from_command_line", lambda arguments: refused(problem))
    with pytest.raises(OperationalError):
        commandline.run(["manage.py", "sweep_deadlines", "--traceback"])


def test_a_command_that_refuses_is_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = CommandError("no such file")
    monkeypatch.setattr(commandline, "execute_from_command_line", lambda arguments: refused(problem))
    with pytest.raises(CommandError):
        commandline.run(["manage.py", "import_contacts"])

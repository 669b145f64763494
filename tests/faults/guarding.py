"""A plugin of pytest: each test that the database refuses something is run again without the guard that refused.

FAULTS_GUARDS names the file for what was found: a line for each guard, with the first test that turned red.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.db import connection, utils

from tests.faults.guards import Guard, catalogue, refused_by

_guards: list[Guard] = []
_refused: list[Guard] = []
_gone: list[Guard] = []
_proven: dict[Guard, str] = {}
_plain_exit = utils.DatabaseErrorWrapper.__exit__


def _noting(self: Any, kind: Any, problem: Any, trace: Any) -> Any:
    _refused.extend(refused_by(problem, _guards))
    return _plain_exit(self, kind, problem, trace)


utils.DatabaseErrorWrapper.__exit__ = _noting  # type: ignore[method-assign]


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """The test as it is; then once without each guard that it met and that nobody has proven yet."""
    _refused.clear()
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    runtestprotocol(item, log=True, nextitem=item.parent)  # type: ignore[arg-type]
    for guard in dict.fromkeys(_refused):
        if guard not in _proven and _turns_red(item, guard):
            _proven[guard] = item.nodeid
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    item.session._setupstate.teardown_exact(nextitem)
    return True


def _turns_red(item: pytest.Item, guard: Guard) -> bool:
    item._initrequest()  # type: ignore[attr-defined]
    _gone[:] = [guard]
    try:
        reports = runtestprotocol(item, log=False, nextitem=item.parent)  # type: ignore[arg-type]
    finally:
        _gone.clear()
    return any(report.when == "call" and report.failed for report in reports)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Take the guard away inside the test's own transaction, or in its own copy of the database."""
    if not _guards and connection.settings_dict["NAME"].startswith("sc_t_"):
        _guards.extend(catalogue())
    for guard in _gone:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(guard.drop)
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield


def pytest_sessionfinish() -> None:
    """What was found, by table and name."""
    lines = [f"{guard.name}\t{_proven[guard]}\n" for guard in _guards if guard in _proven]
    Path(os.environ["FAULTS_GUARDS"]).write_text("".join(lines))

"""A plugin of pytest that takes one guard away before anything is imported: `-p tests.faults.mutate`.

FAULTS_MUTATION names the guard; what became of each test is written to FAULTS_REPORT as JSON.
"""

from __future__ import annotations

import json
import os
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest

from tests.faults.mutations import MUTATIONS, ROOT, Mutation

NAME = os.environ.get("FAULTS_MUTATION", "")
FOUND: Mutation | None = next((one for one in MUTATIONS if one.name == NAME), None)
_outcomes: dict[str, str] = {}


def _rewrite(mutation: Mutation) -> None:
    """Have Python read the guard's modules without the guard, and never from or into its cache."""
    edits = {str(ROOT / path) for path, _old, _new in mutation.edits}
    read, stats = SourceFileLoader.get_data, SourceFileLoader.path_stats

    def get_data(self: SourceFileLoader, asked: Any) -> bytes:
        data = read(self, asked)
        if str(asked) not in edits:
            return data
        text = data.decode()
        for path, old, new in mutation.edits:
            if str(ROOT / path) == str(asked):
                assert text.count(old) == 1, f"{mutation.name} does not fit {asked} any more"
                text = text.replace(old, new)
        return text.encode()

    def path_stats(self: SourceFileLoader, asked: Any) -> Any:
        if str(asked) in edits:
            raise OSError  # as if nobody knew its age: no compiled form is used or kept
        return stats(self, asked)

    SourceFileLoader.get_data = get_data  # type: ignore[method-assign]
    SourceFileLoader.path_stats = path_stats  # type: ignore[method-assign,assignment]


if FOUND is not None and FOUND.edits:
    _rewrite(FOUND)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Have every copy of the template made without the guard."""
    if FOUND is None or not FOUND.sql:
        return
    for plugin in {id(one): one for one in session.config.pluginmanager.get_plugins()}.values():
        if hasattr(plugin, "_clone") and hasattr(plugin, "_maintenance"):
            _wrap(plugin, FOUND.sql)


def _wrap(conftest: Any, sql: str) -> None:
    plain = conftest._clone

    def clone(template: str, name: str) -> None:
        import psycopg2
        from django.db import connections

        plain(template, name)
        params = connections["default"].get_connection_params() | {"dbname": name}
        for key in ("cursor_factory", "context"):
            params.pop(key, None)
        connection = psycopg2.connect(**params)
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
        connection.close()

    conftest._clone = clone


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what failed, and where: a test that could not even begin has proven nothing."""
    if report.when == "call" or report.outcome == "failed":
        _outcomes.setdefault(report.nodeid, f"{report.when} {report.outcome}")


def pytest_sessionfinish() -> None:
    """Tell the runner."""
    if place := os.environ.get("FAULTS_REPORT"):
        Path(place).write_text(json.dumps(_outcomes))

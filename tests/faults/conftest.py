"""Fault tests carry their mark; what they share: a committed database, own servers (one worker: tests/workers.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from tests.conftest import _clone, _template
from tests.faults import clocks, tickets
from tests.faults.clocks import Staff
from tests.faults.servers import Redis, own_cluster
from tests.faults.tickets import Crew

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The mark `faults` for every test of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database to which the tests of a module commit, one after the other; cloned anew when the module ends."""
    with django_db_blocker.unblock():
        yield
        name = connection.settings_dict["NAME"]
        connections.close_all()
        _clone(_template(), name)


@pytest.fixture(scope="module")
def staff(committed: None) -> Staff:
    """Those whom the steps of clocks tell."""
    return clocks.staff()


@pytest.fixture(scope="module")
def crew(committed: None) -> Crew:
    """Those who take part in complaints."""
    return tickets.crew()


@pytest.fixture(scope="module")
def own_redis(committed: None) -> Iterator[Redis]:
    """A Redis of the module's own."""
    with own_cluster() as name:
        yield Redis(name)

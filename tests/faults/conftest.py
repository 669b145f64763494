"""Fault tests stay together on one worker, carry their mark, and commit to a database that is cloned anew for each."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The mark `faults`, one xdist group, and a committed database for every test of this folder."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.xdist_group("faults"))

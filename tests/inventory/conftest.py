"""Fixtures of the stock's tests."""

from __future__ import annotations

import pytest

from tests.inventory.stores import Stores, stores


@pytest.fixture
def s(db: None) -> Stores:
    """The stores of two departments, with the people who work there."""
    return stores()

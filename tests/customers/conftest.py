"""The browser of an agent, for tests of the customers' pages."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.doors import client


@pytest.fixture
def agent(db: None) -> Client:
    """Somebody of the centre, logged in."""
    return client("agent")

"""Fixtures of the ground floor's tests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import as_role
from tests.servicecenter import tryout


@pytest.fixture
def nothing_sent() -> None:
    """The page of trials has received nothing yet."""
    tryout.reset()


@pytest.fixture
def desk(page: Any, settings: Any, nothing_sent: None) -> Any:
    """An agent on the try-out page, where a department is a record that its own people see."""
    settings.PORTS = settings.PORTS | {
        "servicecenter.subject": {"organization.department": "tests.servicecenter.subjects.department"}
    }
    page.agent = as_role(page, "agent")
    page.goto("/try/")
    return page

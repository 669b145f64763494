"""Fixtures of the ground floor's tests."""

from __future__ import annotations

from typing import Any

import pytest

from organization.models import User
from tests import people
from tests.browser import as_role
from tests.servicecenter import tryout


@pytest.fixture
def nothing_sent() -> None:
    """The page of trials has received nothing yet."""
    tryout.reset()


@pytest.fixture
def subjects(settings: Any) -> None:
    """A department is a record that its own people see."""
    settings.PORTS = settings.PORTS | {
        "servicecenter.subject": {"organization.department": "tests.servicecenter.subjects.department"}
    }


@pytest.fixture
def desk(page: Any, subjects: None, nothing_sent: None) -> Any:
    """An agent on the try-out page."""
    page.agent = as_role(page, "agent")
    page.goto("/try/")
    return page


@pytest.fixture
def agent(db: None) -> User:
    """Somebody of the centre."""
    return people.user("agent")

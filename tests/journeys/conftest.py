"""What the stories share: the people of a small centre, and a browser for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from organization.models import User
from tests.browser import login
from tests.complaints.cases import Crew


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """A first PDF on a busy machine takes longer than a browser's expectation usually waits."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def crew(transactional_db: None) -> Crew:
    """Those who take part; each is made when the story first names them."""
    return Crew()


@pytest.fixture
def at_work(new_page: Any) -> Callable[..., Any]:
    """`at_work(user)`: the page of a browser of that person's own, logged in; further names go to the browser."""

    def sit_down(user: User, **more: Any) -> Any:
        page = new_page(**more)
        login(page, user)
        return page

    return sit_down

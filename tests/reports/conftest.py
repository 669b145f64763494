"""The centre with a complaint of October; the mixed world for boards, filled once a module."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests import people
from tests.complaints import cases as complaining
from tests.complaints.cases import Crew
from tests.reports import mixed


@pytest.fixture(scope="module")
def mixed_world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """Tickets, claims and stock of every kind."""
    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("boards")
    with django_db_blocker.unblock():
        with transaction.atomic():
            mixed.tickets()
            mixed.claims_of_every_kind()
            mixed.goods_that_wait_and_move()
            yield
            transaction.set_rollback(True)
        connection.close()
    settings.MEDIA_ROOT = before


@pytest.fixture
def undone(mixed_world: None, django_db_blocker: Any) -> Iterator[None]:
    """A look into the mixed world."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def crew(db: None) -> Crew:
    """The centre, and a complaint of 7 October."""
    people.centre()
    crew = Crew()
    complaining.register(crew.agent, at=datetime(2026, 10, 7, 2, tzinfo=UTC))
    return crew

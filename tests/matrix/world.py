"""The world as a fixture: built once a module, outside of every test's transaction, gone at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from tests.matrix import walk
from tests.matrix.rows import World


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Built once; every look into it leaves it as it was."""
    kept = django_settings.MEDIA_ROOT
    django_settings.MEDIA_ROOT = tmp_path_factory.mktemp("matrix")
    with django_db_blocker.unblock():
        with transaction.atomic():
            built = walk.build()
            built.files = django_settings.MEDIA_ROOT
            yield built
            transaction.set_rollback(True)
        connection.close()
    django_settings.MEDIA_ROOT = kept


@pytest.fixture
def files_of_the_world(world: World, settings: Any, _own_files: None) -> None:
    """The world's uploads, instead of the test's own folder."""
    settings.MEDIA_ROOT = world.files


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

"""A list takes as many statements for sixty rows as for ten: no template and no serializer asks per row.

The lists are the matrix rows that name `lists` or say `grows`; `grow(world, count)` of each app adds rows to its own.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.matrix import walk
from tests.matrix.rows import Row, World
from tests.matrix.world import undone

pytestmark = pytest.mark.usefixtures("files_of_the_world")

FEW, MORE = 8, 50
# Lists that never show more than a handful: counted before anything grows.
CAPPED = {"complaints-of-customer": "the latest eight"}
LISTS = [row for row in walk.rows() if (row.lists or row.grows) and "GET" in row.methods]


def visit(row: Row, world: World) -> tuple[int, int]:
    """(statements, length of the answer), by somebody who sees the list and after a first visit warmed the caches."""
    role, thing = row.sees_most(world)
    browser = Client()
    browser.force_login(world.people[role])
    path = walk.address(row, world, thing, role) + row.narrow[0].format(**world.words)
    browser.get(path)
    with CaptureQueriesContext(connection) as taken:
        answer = browser.get(path)
    assert answer.status_code == 200, path
    return sum("SAVEPOINT" not in query["sql"] for query in taken.captured_queries), len(answer.content)


@pytest.fixture(scope="module")
def counted(world: World) -> dict[str, tuple[tuple[int, int], tuple[int, int]]]:
    """Every list with few rows, then with many."""
    with undone():
        few = {row.route: visit(row, world) for row in LISTS if row.route in CAPPED}
        for module in walk.modules():
            getattr(module, "grow", _nothing)(world, FEW)
        few |= {row.route: visit(row, world) for row in LISTS if row.route not in CAPPED}
        for module in walk.modules():
            getattr(module, "grow", _nothing)(world, MORE)
        return {row.route: (few[row.route], visit(row, world)) for row in LISTS}


def _nothing(world: World, count: int) -> None:
    """An app without lists."""


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.route)
def test_a_list_of_sixty_takes_as_many_statements_as_one_of_ten(row: Row, counted: Any) -> None:
    (few, short), (many, long) = counted[row.route]
    assert long > short, "grow() of its app does not reach this list"
    assert many == few

"""The harness itself: a killed child proves something only when it did its act on a connection of its own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.db import connection, connections

from organization.models import Department
from tests import people
from tests.faults.crash import Child, run_to_crash
from tests.workers import group_of

pytestmark = pytest.mark.usefixtures("committed")


def session() -> int:
    """The server's process for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.fixture
def beside_a_browser() -> Any:
    """Connections of before the browser came, which nobody can close; then the browser's event loop."""
    former, loop = asyncio._get_running_loop(), asyncio.new_event_loop()
    try:
        asyncio._set_running_loop(None)
        connections.close_all()
        outlived = session()
        asyncio._set_running_loop(loop)
        yield outlived
        connections.close_all()
        asyncio._set_running_loop(None)
        connections.close_all()
    finally:
        asyncio._set_running_loop(former)
        loop.close()


def test_a_child_uses_no_connection_that_was_open_before_it(beside_a_browser: int) -> None:
    site = people.department("site")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [beside_a_browser])

    def act() -> None:
        assert session() != beside_a_browser
        Department.objects.filter(pk=site.pk).update(code="elsewhere")

    assert not run_to_crash(act, point=0).killed
    assert Department.objects.get(pk=site.pk).code == "elsewhere"


def test_a_child_that_is_killed_before_its_commit_has_done_nothing() -> None:
    site = people.department("site")

    def act() -> None:
        Department.objects.filter(pk=site.pk).update(code="nowhere")

    killed = Child(act, point=1).wait()
    assert killed.killed
    assert killed.place.startswith('before UPDATE "organization_department"')
    assert Department.objects.filter(code="nowhere").count() == 0


def test_what_fails_in_a_child_fails_its_test_with_the_childs_words() -> None:
    def act() -> None:
        raise LookupError("the act's own words")

    with pytest.raises(AssertionError, match="LookupError: the act's own words"):
        run_to_crash(act, point=0)


@pytest.mark.parametrize(
    ("nodeid", "group"),
    [
        ("tests/faults/test_redis.py::test_a[b]", "faults"),
        ("tests/complaints/test_views_browser.py::test_a", "browser"),
        ("tests/servicecenter/test_views_browser_net.py::TestA::test_b[tests/faults/]", "browser"),
        ("tests/journeys/test_2_the_call.py::test_a", "browser"),
        ("tests/bench/test_plans.py::TestA::test_b", "plans"),
        ("tests/reports/test_views_boards.py::test_a", "boards"),
        ("tests/complaints/test_views_inbox.py::test_a", None),
    ],
)
def test_tests_with_a_browser_and_tests_that_kill_stay_on_one_worker_each(
    nodeid: str, group: str | None
) -> None:
    assert group_of(nodeid) == group

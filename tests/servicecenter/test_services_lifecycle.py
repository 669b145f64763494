"""Performing an action: one conditional UPDATE, one trail entry; a conflict is told, never overwritten (CMP-51)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext, isolate_apps

from servicecenter import lifecycle
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.lifecycle import Action, Lifecycle
from servicecenter.models import TrailEntry
from tests import people

AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)
DOOR = Lifecycle(
    "door",
    ("open", "shut"),
    (
        Action("shut", frozenset({"open"}), "shut", right="door.shut"),
        Action("paint", frozenset({"open", "shut"}), reason_needed=True),
    ),
)


@pytest.fixture
def door(db: None) -> Iterator[Any]:
    """A row with state and version."""
    with isolate_apps("servicecenter"):

        class Door(models.Model):
            number = models.CharField(max_length=10, default="T-1")
            state = models.CharField(max_length=10, default="open")
            version = models.PositiveIntegerField(default=1)
            colour = models.CharField(max_length=10, default="grey")

            class Meta:
                app_label = "servicecenter"
                db_table = "test_door"

        with connection.schema_editor() as editor:
            editor.create_model(Door)
        yield Door.objects.create()


def perform(door: Any, action: str, **options: Any) -> None:
    values = {"by": None, "at": AT, "has_right": lambda right: True} | options
    lifecycle.perform(DOOR, door, action, **values)


def test_an_action_changes_state_and_version_and_writes_one_line(door: Any) -> None:
    agent = people.user("agent")
    with CaptureQueriesContext(connection) as queries:
        perform(door, "shut", by=agent)
    assert len(queries) == 2
    assert (door.state, door.version) == ("shut", 2)
    door.refresh_from_db()
    assert (door.state, door.version) == ("shut", 2)
    entry = TrailEntry.objects.get()
    assert (entry.code, entry.number, entry.by, entry.at) == ("door.shut", "T-1", agent, AT)
    assert entry.changes == {"state": ["open", "shut"]}


def test_an_action_that_keeps_the_state_writes_its_columns_and_reason(door: Any) -> None:
    perform(door, "paint", reason="旧了", changes={"colour": "green"}, code="door.painted", layers=2)
    door.refresh_from_db()
    assert (door.state, door.colour) == ("open", "green")
    entry = TrailEntry.objects.get()
    assert entry.changes == {"colour": ["grey", "green"]}
    assert entry.params == {"layers": 2, "reason": "旧了"}


def test_of_two_sessions_the_second_is_told_and_changes_nothing(door: Any) -> None:
    slower = type(door).objects.get(pk=door.pk)
    perform(door, "shut")
    with pytest.raises(RuleBroken) as caught:
        perform(slower, "paint", reason="x", changes={"colour": "red"})
    assert (caught.value.code, caught.value.params["number"]) == ("lifecycle.stale", "T-1")
    door.refresh_from_db()
    assert (door.colour, door.version) == ("grey", 2)
    assert (slower.colour, slower.version) == ("grey", 1)
    assert TrailEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("action", "options", "code", "status"),
    [
        ("shut", {"has_right": lambda right: False}, "lifecycle.no_right", 403),
        ("paint", {}, "lifecycle.reason_needed", 409),
    ],
)
def test_a_refused_action_changes_nothing_and_writes_nothing(
    door: Any, action: str, options: dict[str, Any], code: str, status: int
) -> None:
    with pytest.raises(RuleBroken) as caught:
        perform(door, action, **options)
    assert (caught.value.code, caught.value.status) == (code, status)
    door.refresh_from_db()
    assert (door.state, door.version) == ("open", 1)
    assert not TrailEntry.objects.exists()

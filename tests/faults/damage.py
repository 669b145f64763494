"""Damage by plain SQL, past all guards, as only the database's owner could do it; gone when the test has looked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from servicecenter import invariants
from tests.faults.sound import assert_sound, violations

Statements = Callable[[Any], list[str]]


@contextmanager
def damaged(world: Any, statements: Statements, guarded: dict[str, tuple[str, ...]]) -> Iterator[None]:
    """The database with these changes, gone afterwards.

    `guarded`: tables whose triggers are off meanwhile, with the constraints and indexes that stand in the way. Raises
    AssertionError for a statement that changes nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table, names in guarded.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for name in names:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
                cursor.execute(f"DROP INDEX IF EXISTS {name}")
        for statement in statements(world):
            cursor.execute(statement)
            assert cursor.rowcount != 0, f"changed nothing: {statement}"
        yield
        transaction.set_rollback(True)


def sql(*templates: str) -> Statements:
    """Statements in which `{w.…}` stands for something of the world."""
    return lambda world: [template.format(w=world) for template in templates]


def sentences(apps: Iterable[str]) -> set[str]:
    """What the checks of these apps say."""
    return {
        str(check.sentence)
        for check in invariants.checks()
        if check.find.__module__.partition(".")[0] in apps
    }


def broken() -> set[str]:
    """What the checks that find something say."""
    return {result.sentence for result in invariants.verify() if result.count}


def assert_named(
    world: Any,
    statements: Statements,
    guarded: dict[str, tuple[str, ...]],
    *,
    code: str,
    named: str,
    said: str,
) -> None:
    """The damage is found under that code, with the record and in those words."""
    with damaged(world, statements, guarded):
        found = violations()
    mine = [line for line in found if line.startswith(f"{code} ")]
    assert any(named in line and said in line for line in mine), f"{named}, {said!r}: {found}"


def assert_every_check_proven(
    world: Any, damages: Iterable[Any], guarded: dict[str, tuple[str, ...]], apps: Iterable[str]
) -> None:
    """Each check of these apps finds one of the damages (parameters whose second value are the statements)."""
    proven: set[str] = set()
    for one in damages:
        with damaged(world, one.values[1], guarded):
            proven |= broken()
    assert sentences(apps) <= proven
    assert_sound()

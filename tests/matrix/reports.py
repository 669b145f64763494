"""The routes of boards and reports."""

from __future__ import annotations

from tests.matrix.rows import World

THINGS: dict[str, frozenset[str]] = {}


def build(world: World) -> None:
    """Nothing of its own: boards and reports read what the others put there."""


ROWS = []

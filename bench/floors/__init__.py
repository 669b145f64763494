"""What the least of each work would cost: hand-written SQL, and Django views over it with the same row templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

HERE = Path(__file__).parent


@cache
def statements(name: str) -> tuple[str, ...]:
    """The statements of `<name>.sql`, which a line of dashes parts."""
    text = (HERE / f"{name}.sql").read_text()
    return tuple(part.strip() for part in text.split("\n----\n"))


def fetch(name: str, params: Any = None, *, part: int = 0) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statements(name)[part], params)
        return list(cursor.fetchall())

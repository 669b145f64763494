"""Signs of life: what each job last did, and when, by the database's clock. Health, doctor and the banner read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from servicecenter.trail import plain


@dataclass(frozen=True)
class Sign:
    """The last sign of life of one job: seconds ago, and what it said."""

    name: str
    age: float
    detail: dict[str, Any]


def beat(name: str, **detail: Any) -> None:
    """Note that `name` has done its work now."""
    _write(_BEAT, name, detail)


def complain(name: str, **detail: Any) -> None:
    """Note that `name` has failed: the time of its last success stays."""
    _write(_COMPLAIN, name, detail)


def signs() -> dict[str, Sign]:
    """All signs of life by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, extract(epoch FROM clock_timestamp() - at)::float8, detail::text "
            "FROM servicecenter_heartbeat"
        )
        return {name: Sign(name, age, json.loads(detail)) for name, age, detail in cursor.fetchall()}


_BEAT = """
INSERT INTO servicecenter_heartbeat (name, at, detail) VALUES (%s, clock_timestamp(), %s::jsonb)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, detail = excluded.detail
"""
_COMPLAIN = """
INSERT INTO servicecenter_heartbeat AS known (name, at, detail) VALUES (%s, 'epoch', %s::jsonb)
ON CONFLICT (name) DO UPDATE SET detail = known.detail || excluded.detail
"""


def _write(statement: str, name: str, detail: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [name, json.dumps(plain(detail), ensure_ascii=False)])

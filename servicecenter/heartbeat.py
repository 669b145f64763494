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


# By itself a sign does not wait for the disk: one that a crash takes away is written again by the next turn. Within
# another transaction it must not say so for that one.
_WAIT = "set_config('synchronous_commit', coalesce(%s, current_setting('synchronous_commit')), true)"
_BEAT = f"""
INSERT INTO servicecenter_heartbeat (name, at, detail) SELECT %s, clock_timestamp(), %s::jsonb FROM {_WAIT}
ON CONFLICT (name) DO UPDATE SET at = excluded.at, detail = excluded.detail
"""
_COMPLAIN = f"""
INSERT INTO servicecenter_heartbeat AS known (name, at, detail) SELECT %s, 'epoch', %s::jsonb FROM {_WAIT}
ON CONFLICT (name) DO UPDATE SET detail = known.detail || excluded.detail
"""


def _write(statement: str, name: str, detail: dict[str, Any]) -> None:
    wait = None if connection.in_atomic_block else "off"
    with connection.cursor() as cursor:
        cursor.execute(statement, [name, json.dumps(plain(detail), ensure_ascii=False), wait])

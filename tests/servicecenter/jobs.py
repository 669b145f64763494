"""Jobs for tests of the clock loop; each notes its turns in `TURNS`."""

from __future__ import annotations

import threading
from collections import Counter

from django.db import connection

from servicecenter import context

TURNS: Counter[str] = Counter()
VIAS: set[str] = set()
LET_GO = threading.Event()


def good() -> dict[str, int]:
    """Asks the database, as every real job does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    TURNS["good"] += 1
    VIAS.add(context.current().via)
    return {"turns": TURNS["good"]}


def beside() -> None:
    """Runs beside the one that is tried."""
    TURNS["beside"] += 1


def bad() -> None:
    """Always fails."""
    TURNS["bad"] += 1
    raise RuntimeError("secret detail")


def hanging() -> None:
    """Does not come back until it is let go."""
    TURNS["hanging"] += 1
    LET_GO.wait(60)


def leaving() -> None:
    """Takes its thread with it."""
    raise SystemExit

"""Boards from kept numbers, whole pages; and what the clock's minute costs that keeps them."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from bench.ground import Ground, page
from bench.harness import Case, Target
from servicecenter import kept

PAGE = Target(milliseconds=40)
# One minute's work of the clock for all boards.
MINUTE = Target(milliseconds=5_000)


def cases(ground: Ground) -> Iterator[Case]:
    """The two boards over all complaints, the board of a handler's departments, and the minute behind them."""
    kept.compute()  # the first time fills all twelve months
    supervisor, management = ground.client(ground.supervisor), ground.client(ground.management)
    yield Case(
        "boards.supervisor",
        "supervisor's board, the whole page",
        lambda: page(supervisor, "/board/"),
        target=PAGE,
    )
    yield Case(
        "boards.management",
        "management board, the whole page",
        lambda: page(management, "/board/management/?months=12"),
        target=PAGE,
    )
    yield Case(
        "boards.minute",
        "all kept numbers recomputed, as the clock does each minute",
        kept.compute,
        target=MINUTE,
        rounds=5,
        calls=1,
        rows=False,
        note=f"{len(settings.KEPT_NUMBERS)} figures",
    )

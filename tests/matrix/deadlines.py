"""The clocks' routes: the API alone. Clocks come with the tickets of `tests.matrix.complaints`."""

from __future__ import annotations

from tests.matrix.roles import CENTRE, roles
from tests.matrix.rows import World, api

SEES_ALL_CLOCKS = roles("management controller administrator")
THINGS = {
    "resolution clock": CENTRE | SEES_ALL_CLOCKS,
    "west statement clock": SEES_ALL_CLOCKS,
}


def build(world: World) -> None:
    """Nothing of its own: `complaints` puts the clocks of its tickets."""


CLOCKS = ("resolution clock", "west statement clock")
ROWS = [
    api(
        "clock-list",
        lists=CLOCKS,
        narrow=(
            "",
            "?state=running",
            "?kind=statement",
            "?number={west}",
            "?due_before=2030-01-01T00:00Z",
            "?due_after=2020-01-01T00:00Z",
            "?is_open=true",
            "?overdue=true",
        ),
    ),
    api("clock-detail", takes=CLOCKS),
]

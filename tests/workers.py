"""Which tests stay together on one worker, by where they are: those with a browser, those that kill servers, those
that walk every route of one world, and modules that fill a database of their own, which would be filled twice.

By their place and not by a mark: the process that hands out the tests sees only their names. xdist's own groups travel
in those names, and are lost without a word where pytest does not let it change them.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# a browser and its event loop come into one worker only
BROWSER = ("tests/journeys/", "tests/*/test_views_browser*.py")
FAULTS = ("tests/faults/",)
# each builds its world of records once
MATRIX = ("tests/test_matrix.py",)
LANGUAGE = ("tests/test_pseudo_language.py", "tests/test_query_counts.py")
PLANS = ("tests/bench/",)
BOARDS = ("tests/reports/test_queries_boards.py", "tests/reports/test_views_boards.py")
FIGURES = ("tests/reports/test_queries_figures.py",)
PLACES = (
    ("browser", BROWSER), ("faults", FAULTS), ("matrix", MATRIX), ("language", LANGUAGE), ("plans", PLANS),
    ("boards", BOARDS), ("figures", FIGURES),
)  # fmt: skip


def group_of(nodeid: str) -> str | None:
    """The group of a test, None for one that may run anywhere."""
    file = nodeid.partition("::")[0]
    for name, places in PLACES:
        for place in places:
            if file.startswith(place) or PurePosixPath(file).match(place):
                return name
    return None


# Faults wait for servers to die and come back, browsers keep two processors busy: together they fill both.
FIRST = ("faults", "browser", "matrix")


class Groups(LoadScopeScheduling):  # type: ignore[misc]
    """The tests of a group go to one worker, one after the other; these groups begin, then the largest."""

    def _assign_work_unit(self, node: Any) -> None:
        for name in reversed(FIRST):
            if name in self.workqueue:
                self.workqueue.move_to_end(name, last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid) or nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The order of `--dist loadgroup`."""
    return Groups(config, log) if config.getvalue("dist") == "loadgroup" else None

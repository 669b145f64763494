"""Room for frames: no depth of calls at which every further call asks the system for memory."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

import pytest

from servicecenter.frames import with_room

CALLS = 400
# Frames of `deeper` take about a hundred bytes: these depths go over the ends of several chunks of 16 kB.
DEPTHS = range(0, 600, 1)


def nothing() -> None:
    """Takes the smallest frame there is."""


def page_faults() -> int:
    """What the calls of one loop cost in pages of memory asked of the system."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _call in range(CALLS):
        nothing()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def deeper(depth: int, work: Callable[[], int]) -> int:
    """The work, so many calls further down."""
    return work() if depth == 0 else deeper(depth - 1, work)


@pytest.fixture
def deep_enough() -> object:
    """So many calls below pytest's own."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(5_000)
    yield
    sys.setrecursionlimit(limit)


def test_at_no_depth_do_calls_ask_the_system_for_memory_each_time(deep_enough: object) -> None:
    roomy = with_room(deeper)
    worst = max(roomy(depth, page_faults) for depth in DEPTHS)
    assert worst < CALLS // 4


def test_what_is_called_with_room_gets_its_arguments_answers_and_raises_as_before() -> None:
    def shares(total: int, *, parts: int) -> list[int]:
        """Shares of a total."""
        return [total // parts] * parts

    assert with_room(shares)(9, parts=3) == [3, 3, 3]
    assert with_room(shares).__doc__ == "Shares of a total."
    with pytest.raises(ZeroDivisionError):
        with_room(shares)(9, parts=0)

"""Room for Python's own frames.

CPython keeps the frames of calls in chunks of 16 kB. A call for which the last one has no room takes another chunk of
the operating system, and its return gives that back: code that loops just where a chunk ends pays for it with every
call (python/cpython#142183, mended in the newer 3.13 and 3.14). The list of tickets lay so: sixteen hundred page faults
a page, and half of its time spent in the kernel.

A frame that is larger than a chunk gets a chunk that is larger still, and what is called from it lies in the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# In words of eight bytes. CPython doubles 16 kB until the frame fits: past half of 256 kB the other half is room.
# A list's page takes less than sixteen.
WORDS = 128 * 1024 // 8


def _call(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return function(*args, **kwargs)


_call.__code__ = _call.__code__.replace(co_stacksize=WORDS)


def with_room(function: Callable[P, R]) -> Callable[P, R]:
    """The function, with a chunk of 256 kB for its frame and nearly all it calls; only what is touched takes memory."""

    @wraps(function, updated=())
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return _call(function, *args, **kwargs)

    return call

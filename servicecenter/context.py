"""Who acts, through which door, from where: read by trail and logs, set once per request, command or task."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Act:
    """The circumstances of what is being done. `via`: page, api, clock, task, import, command, demo."""

    via: str = "command"
    request_id: str = "-"
    address: str | None = None
    user_id: int | None = None


_act: ContextVar[Act] = ContextVar("act", default=Act())  # noqa: B039  # an Act is frozen


def current() -> Act:
    """The circumstances now."""
    return _act.get()


def set_user(user_id: int | None) -> None:
    """Name the user once the session is known (logs carry the id, never the name)."""
    _act.set(replace(_act.get(), user_id=user_id))


@contextmanager
def acting(via: str, *, request_id: str | None = None, address: str | None = None) -> Iterator[Act]:
    """Run a block as one act: `with acting("clock"): …`."""
    act = Act(via=via, request_id=request_id or uuid.uuid4().hex[:12], address=address)
    token = _act.set(act)
    try:
        yield act
    finally:
        _act.reset(token)

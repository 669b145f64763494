"""Ports: the one way in which a lower app writes through, or asks, a higher one.

The lower app declares a Protocol in its `ports.py`; the settings name the implementing function(s); `call()`
imports by name and runs it in the caller's transaction. A test checks every binding's signature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from servicecenter.subjects import Subject


@dataclass(frozen=True)
class Hit:
    """One answer of the global search box. `kind` is that of the record (`organization.employee`)."""

    kind: str
    number: str
    title: str
    detail: str
    url: str


class SubjectPort(Protocol):
    """Subject by kind: what a clock, a file or a notice belongs to, if `user` may see it (None: system asks)."""

    def __call__(self, *, object_id: int, user: Any | None) -> Subject | None: ...


class SearchPort(Protocol):
    """At most `limit` hits of each kind of one app for the global box, each through the app's `visible_to`."""

    def __call__(self, *, user: Any, text: str, limit: int) -> list[Hit]: ...


class AdministratorsPort(Protocol):
    """The users who are told when the machine room needs somebody: undeliverable messages, unusual reveals."""

    def __call__(self) -> Iterable[Any]: ...


def implementations(port: str) -> dict[str, Callable[..., Any]]:
    """All functions bound to a port, by key (kind or app)."""
    return {key: import_string(path) for key, path in settings.PORTS.get(port, {}).items()}


def call(port: str, key: str, /, **kwargs: Any) -> Any:
    """Call the function bound to `port` under `key`; None when nothing is bound (the app is not installed)."""
    path = settings.PORTS.get(port, {}).get(key)
    return import_string(path)(**kwargs) if path else None


def administrators() -> list[Any]:
    """Whom the machine room tells, by the port `servicecenter.administrators`; nobody in an empty database."""
    return [user for ask in implementations("servicecenter.administrators").values() for user in ask()]

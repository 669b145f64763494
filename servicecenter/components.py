"""The parts pages are made of, as data: views build these, `{% … %}` tags of `wb` draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Counter:
    """One figure of a queue's first line; a link to the list behind it. `tone`: '', hot or warn. Zero turns grey."""

    label: str
    value: int | str
    url: str
    sub: str = ""
    tone: str = ""
    current: bool = False

    @property
    def look(self) -> str:
        """The class: a zero is grey whatever its tone."""
        return "zero" if self.value in (0, "0") else self.tone


@dataclass(frozen=True)
class Step:
    """A station in the life of an object: done, now or '' (to come)."""

    label: str
    state: str = ""


@dataclass(frozen=True)
class Effect:
    """What saving will do, said before the button. `grave` for what cannot be taken back."""

    text: str
    icon: str = "right"
    when: str = ""
    grave: bool = False


@dataclass(frozen=True)
class Tab:
    """One tab of an object page; a link, so that it has an address."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Crumb:
    """A station of the path in the top bar; the last has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Event:
    """One entry of a timeline. `tone`: '', accent, red, amber, green. `internal`: the customer never sees it."""

    at: datetime
    who: str
    what: str
    icon: str = "dot"
    tone: str = ""
    detail: str = ""
    late: str = ""
    say: str = ""
    internal: bool = False
    files: Sequence[Any] = field(default_factory=tuple)
    url: str = ""


@dataclass(frozen=True)
class ViewLink:
    """A saved view or a recent record at the side of a queue."""

    label: str
    url: str
    icon: str = ""
    count: int | str | None = None
    current: bool = False
    delete_url: str = ""
    maker: str = ""
    team: str = ""

"""What a row of the matrix says, and the world it is tried in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from organization.models import User
from tests.matrix.roles import EVERYBODY, Roles


@dataclass(frozen=True)
class Row:
    """One route.

    - `may`: the roles whom the door lets in; all others get 403 (404 where the record is not theirs to see).
    - `takes`: names of THINGS put into the address one after the other. A role in `may` that does not see the thing
      gets 404.
    - `acts`: thing -> the roles that may also act on it; the others among those who see it get 403.
    - `methods`: those the view answers; a GET must not write.
    - `query`: behind the address; `{name}` is filled from the thing.
    - `lists`: the things of which this list shows whatever the role sees, and nothing else, under each of `narrow`
      (queries: filters, orders, searches).
    - `opens`: the statuses that count as let in, where they are unusual; `sends`: what a POST carries (else nothing).
    - `anonymous`: what somebody without a login gets: 302 to the login page, 401 in the API, 200 when it is public.
    - `grows`: the thing of which a list that names no `lists` shows more, once `grow` has added to it.
    - `alike`: why one role stands for all that are let in.
    - `writes`: why a GET writes nevertheless; empty is: it does not.
    - `page`: whether a GET answers a page or fragment with words (looked through by the pseudo-language test).
    """

    route: str
    may: Roles = EVERYBODY
    takes: tuple[str, ...] = ("",)
    acts: Mapping[str, Roles] = field(default_factory=dict)
    methods: str = "GET"
    query: str = ""
    lists: tuple[str, ...] = ()
    narrow: tuple[str, ...] = ("",)
    anonymous: int = 302
    opens: tuple[int, ...] = ()
    sends: Callable[[World], dict[str, Any]] | None = None
    grows: str = ""
    alike: str = ""
    writes: str = ""
    page: bool = True

    def seen_by_one(self, world: World) -> tuple[str, str]:
        """A role that is let in, and the thing with which it is; raises AssertionError when nobody ever is."""
        for role in ("agent", "handler", *sorted(self.may)):
            for thing in self.takes:
                if role in self.may and world.sees(role, thing) and role in self.acts.get(thing, self.may):
                    return role, thing
        raise AssertionError(f"nobody ever enters {self.route}")

    def sees_most(self, world: World) -> tuple[str, str]:
        """A role that sees every thing this list shows (else the first that is let in), and the thing it goes by."""
        shown = (*self.lists, self.grows)
        for role in sorted(self.may):
            for thing in self.takes:
                if world.sees(role, thing) and all(world.sees(role, one) for one in shown):
                    return role, thing
        return self.seen_by_one(world)

    @property
    def is_api(self) -> bool:
        """A route of the API."""
        return self.route.startswith("v1:")


def api(route: str, may: Roles = EVERYBODY, **more: Any) -> Row:
    """A route of the API by its name without the namespace."""
    return Row(f"v1:{route}", may, anonymous=401, page=False, **more)


@dataclass
class World:
    """People of every role and the records that rows name. `put` is what `build` calls; `words` fill `Row.narrow`."""

    people: dict[str, User]
    things: dict[str, Roles] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    files: Any = None
    _args: dict[str, Callable[[str], dict[str, Any]]] = field(default_factory=dict)
    _marks: dict[str, str] = field(default_factory=dict)

    def put(
        self,
        thing: str,
        args: dict[str, Any] | Callable[[str], dict[str, Any]],
        mark: str = "",
    ) -> None:
        """A record: what its addresses need (by role where each role has its own), and the words that show it."""
        assert thing in self.things, f"THINGS does not say who sees {thing!r}"
        self._args[thing] = args if callable(args) else lambda role: args
        self._marks[thing] = mark

    def args(self, thing: str, role: str) -> dict[str, Any]:
        """What addresses of the thing need; nothing for the empty name."""
        return self._args[thing](role) if thing else {}

    def mark(self, thing: str) -> str:
        """Words that stand on a page only where the thing is shown."""
        return self._marks[thing]

    def sees(self, role: str, thing: str) -> bool:
        """Whether the role sees the thing; there is nothing to see behind the empty name."""
        return not thing or role in self.things[thing]

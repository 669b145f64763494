"""The routes there are, the rows there are, and the world the rows are tried in; for every test that walks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module, util
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import people
from tests.matrix.rows import Row, World

# Django's admin is one door: `test_only_administrators_enter_the_admin`.
ADMIN = "admin:"


@dataclass(frozen=True)
class Route:
    """A named route: the names its address needs, and the methods of an API route (None: the view decides)."""

    name: str
    params: tuple[str, ...]
    methods: frozenset[str] | None = None


def _walk(patterns: Any, params: tuple[str, ...] = (), space: str = "") -> Iterator[Route]:
    for entry in patterns:
        own = (*params, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from _walk(
                entry.url_patterns, own, f"{space}{entry.namespace}:" if entry.namespace else space
            )
        else:
            assert isinstance(entry, URLPattern)
            actions = getattr(entry.callback, "actions", None)
            # an API view that has answered a GET before knows a HEAD as well, which no row need name
            methods = frozenset(name.upper() for name in actions if name != "head") if actions else None
            yield Route(space + (entry.name or str(entry.pattern)), own, methods)


@cache
def routes() -> dict[str, Route]:
    """Every route by its name with the namespace; one without a name by its pattern."""
    return {route.name: route for route in _walk(get_resolver().url_patterns)}


@cache
def modules() -> list[Any]:
    """The matrix module of each app that has one."""
    names = [f"tests.matrix.{app}" for app in reversed(settings.LOCAL_APPS)]
    return [import_module(name) for name in names if util.find_spec(name)]


def rows() -> list[Row]:
    """Every app's rows."""
    return [row for module in modules() for row in module.ROWS]


def build() -> World:
    """A person of each role and every app's records."""
    people.centre()
    world = World({role: people.user(role) for role in people.ROLE_CODES})
    for user in world.people.values():
        assert user.rights.by_right, "known once, so that no cell asks for them again"
    for module in modules():
        world.things |= module.THINGS
    for module in modules():
        module.build(world)
    return world


def address(row: Row, world: World, thing: str, role: str) -> str:
    """The row's address for a thing, as this role would ask for it."""
    args = world.args(thing, role)
    if row.route not in routes() or "." in row.route:
        return f"/{row.route}"
    path = reverse(row.route, kwargs={name: args[name] for name in routes()[row.route].params})
    return path + row.query.format(**{**world.words, **args})


def view_of(name: str) -> Any:
    """The view behind a named route."""
    found = _views()
    return found[name]


@cache
def _views() -> dict[str, Any]:
    def walk(patterns: Any, space: str = "") -> Iterator[tuple[str, Any]]:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                yield from walk(
                    entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space
                )
            else:
                yield space + (entry.name or str(entry.pattern)), entry.callback

    return dict(walk(get_resolver().url_patterns))

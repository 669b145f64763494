"""The search box: each app's provider is asked, at most eight hits of each kind, each through its own visibility (D11).

A provider that takes too long is left behind: the others' hits are shown, and it is said what was not looked through.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.urls import NoReverseMatch, reverse

from servicecenter import ports
from servicecenter.workspaces import WORKSPACES

log = logging.getLogger(__name__)
PER_KIND = 8
MOST_SIGNS = 80
# Milliseconds: what one app's statement may take, and what a whole search may.
PATIENCE, PATIENCE_IN_ALL = 1_500, 4_000
RECENT = "recent"
RECENT_KEPT = 8


@dataclass(frozen=True)
class Group:
    """Hits of one kind of record. `every`: the list that shows all of them, where there are more than shown."""

    label: str
    hits: list[ports.Hit]
    every: str = ""


@dataclass(frozen=True)
class Answer:
    """What was found, by kind in the apps' order, and the names of what took too long to look through."""

    groups: list[Group] = field(default_factory=list)
    late: list[str] = field(default_factory=list)

    @property
    def hits(self) -> list[ports.Hit]:
        """All hits."""
        return [hit for group in self.groups for hit in group.hits]


def search(user: Any, text: str) -> Answer:
    """Hits for a text. Nothing for less than two signs."""
    text = " ".join(text.replace("\0", " ").split())[:MOST_SIGNS]
    if len(text) < 2:
        return Answer()
    groups: dict[str, list[ports.Hit]] = {}
    late: list[str] = []
    left = float(PATIENCE_IN_ALL)
    for app, find in ports.implementations("servicecenter.search").items():
        begun = time.monotonic()
        try:
            if left < 1:
                raise OperationalError("no time is left")
            with hurried(min(PATIENCE, int(left))):
                hits = find(user=user, text=text, limit=PER_KIND + 1)
        except OperationalError as problem:
            if not connection.is_usable():
                raise
            log.warning("the search of %s was left behind: %s", app, problem)
            late += [_label(kind) for kind in settings.SEARCH_LISTS if kind.startswith(f"{app}.")]
            continue
        finally:
            left -= (time.monotonic() - begun) * 1000
        for hit in hits:
            groups.setdefault(hit.kind, []).append(hit)
    return Answer([_group(kind, hits, text) for kind, hits in groups.items()], late)


@contextmanager
def hurried(milliseconds: int) -> Iterator[None]:
    """Statements within are given up after so long, and what they began is rolled back; outside all is as before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)",
            [f"{milliseconds}ms"],
        )
        before = cursor.fetchone()[0]
        yield
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])


def _group(kind: str, hits: list[ports.Hit], text: str) -> Group:
    every = ""
    if len(hits) > PER_KIND:
        try:
            every = f"{reverse(settings.SEARCH_LISTS[kind])}?{urlencode({'q': text})}"
        except (KeyError, NoReverseMatch):
            every = ""
    return Group(_label(kind), hits[:PER_KIND], every)


def _label(kind: str) -> str:
    """The name of the workspace that lists them, else what the records are called."""
    for space in WORKSPACES:
        if space.url_name == settings.SEARCH_LISTS.get(kind):
            return str(space.label)
    app, _dot, model = kind.partition(".")
    return str(apps.get_model(app, model)._meta.verbose_name_plural)


def note_recent(session: Any, kind: str, object_id: int) -> None:
    """The user has this record open: it stands first among the recent ones of the session."""
    mark = f"{kind}:{object_id}"
    kept = session.get(RECENT, [])
    if kept[:1] != [mark]:
        session[RECENT] = [mark, *(one for one in kept if one != mark)][:RECENT_KEPT]


def recent(user: Any, session: Any) -> list[ports.Hit]:
    """The records opened last, as far as the user still sees them."""
    found = []
    for mark in session.get(RECENT, []):
        kind, _colon, object_id = mark.rpartition(":")
        subject = ports.call("servicecenter.subject", kind, object_id=int(object_id), user=user)
        if subject is not None and subject.url:
            title = "" if subject.title == subject.number else subject.title
            found.append(ports.Hit(kind, subject.number, title, _label(kind), subject.url))
    return found

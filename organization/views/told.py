"""Trail entries in words, for the trail tables of this app's pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from organization.right_texts import RIGHTS
from servicecenter.i18n import LANGUAGE_TAGS, say
from servicecenter.models import TrailEntry
from servicecenter.wording import trail_text

_ETC = "…"


@dataclass(frozen=True)
class Told:
    """One act: when, by whom, what, and each change as "before → after"."""

    at: datetime
    who: str
    what: str
    changes: tuple[str, ...]


def told(entries: Iterable[TrailEntry] | None) -> list[Told] | None:
    """The entries in the reader's language; None stays None (no right to read)."""
    if entries is None:
        return None
    return [
        Told(
            entry.at,
            entry.by.name if entry.by else _("the system"),
            trail_text(entry.code, entry.params),
            tuple(words for pair in entry.changes.values() if (words := _change(pair))),
        )
        for entry in entries
    ]


def _change(pair: Any) -> str:
    if not isinstance(pair, list) or len(pair) != 2:
        return ""
    before, after = pair
    if (
        isinstance(before, list)
        and isinstance(after, list)
        and all(isinstance(x, str) for x in before + after)
    ):
        gone, come = [x for x in before if x not in after], [x for x in after if x not in before]
        return _(", ").join([f"− {_words(x)}" for x in gone] + [f"+ {_words(x)}" for x in come])
    old, new = _words(before), _words(after)
    # What has no words (a week of hours) is told by the sentence of the act.
    return f"{old} → {new}" if old != new and _ETC not in (old, new) else ""


def _words(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        if "masked" in value:
            return str(value["masked"]) or "–"
        return say(value) if set(value) <= set(LANGUAGE_TAGS.values()) else _ETC
    if isinstance(value, list):
        return _ETC
    return str(RIGHTS.get(value, value))

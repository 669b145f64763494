"""How boards read (RPT-20 to RPT-24): for the whole centre the numbers that the clock keeps, for a department live.

A figure is a function of who looks; `None` looks at everything, and that is what is kept. A head of department gets
the same figures over the rows that `visible_to` gives, asked at that moment: they are few, and an index finds them.
So a board never says more than the lists behind it show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from servicecenter import kept
from servicecenter.clock import now_db
from servicecenter.trail import plain

Figure = Callable[[Any], Any]


@dataclass(frozen=True)
class Reading:
    """Figures by name, and since when the oldest of them is true."""

    values: Mapping[str, Any]
    as_of: datetime
    now: datetime


def read(
    user: Any,
    figures: Mapping[str, Figure],
    *,
    whole: bool,
    live: Mapping[str, Figure] | None = None,
    more: Iterable[str] = (),
) -> Reading:
    """The figures for a user: as kept when `whole`, otherwise asked live over what the user sees.

    What has never been kept yet (the clock has not run) is asked live, and so is always what `live` names. `more`
    names kept rows that come along where they exist, without counting for the age.
    """
    found = kept.values(*figures, *more) if whole else {}
    values = {name: one.value for name, one in found.items()}
    missing = [name for name in figures if name not in values]
    now = now_db()
    for name in missing:
        values[name] = plain(figures[name](None if whole else user))
    for name, figure in (live or {}).items():
        values[name] = plain(figure(user))
    known = [found[name].computed_at for name in figures if name in found]
    return Reading(values, min(known, default=now), now)


def instant(text: str | None) -> datetime | None:
    """An instant as figures keep it."""
    return datetime.fromisoformat(text) if text else None

"""What a running, paused or ended deadline looks like and says now. The browser's ticker says the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86_400
SECONDS_SHOWN_BELOW = 30 * MINUTE
HOT_AT_MOST = 2 * HOUR
HOT_PART = 8

ICONS = {
    "calm": "clock",
    "warn": "clock",
    "hot": "alert",
    "over": "siren",
    "paused": "pause",
    "met": "check",
    "late": "x",
    "off": "ban",
}


class ClockLike(Protocol):
    """What a clock shows. `state`: running, paused, met, late or off (set aside without an answer)."""

    state: str
    started_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Face:
    """One deadline as drawn: `look` is the class of the chip, `words` its text, `part` the share gone (0–1)."""

    look: str
    words: str
    part: float
    state: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    since: datetime | None = None

    @property
    def icon(self) -> str:
        """The icon that belongs to the look."""
        return ICONS[self.look]

    @property
    def edge(self) -> str:
        """The class of a row's left edge, which is time and nothing else: warn, hot, over or none."""
        return self.look if self.look in {"warn", "hot", "over"} else ""

    @property
    def ticks(self) -> bool:
        """Whether the words change by themselves."""
        return self.look in {"calm", "warn", "hot", "over", "paused"}

    @property
    def warn_part(self) -> float:
        """Where the warning mark stands on the track (0–1)."""
        return _part(self.started_at, self.due_at, self.warn_at)


def span(seconds: float, *, fine: bool = True) -> str:
    """A length of time in its largest two units: 3 h 05 min. Under 30 minutes with seconds when `fine`."""
    whole = max(int(seconds), 0)
    if whole >= DAY:
        days, hours = whole // DAY, whole % DAY // HOUR
        return (
            f"{_('%(n)s d') % {'n': days}} {_('%(n)s h') % {'n': hours}}"
            if hours
            else _("%(n)s d") % {"n": days}
        )
    if whole >= HOUR:
        return (
            f"{_('%(n)s h') % {'n': whole // HOUR}} {_('%(n)s min') % {'n': f'{whole % HOUR // MINUTE:02}'}}"
        )
    minutes = _("%(n)s min") % {"n": whole // MINUTE}
    if whole < MINUTE:
        return _("%(n)s s") % {"n": whole}
    if fine and whole < SECONDS_SHOWN_BELOW:
        return f"{minutes} {_('%(n)s s') % {'n': f'{whole % MINUTE:02}'}}"
    return minutes


def face(clock: Any, now: datetime) -> Face:
    """The face of a clock at `now`.

    Reads `state`, `started_at`, `due_at`, and where they exist `warn_at` (else 75 %), `paused_at` and `ended_at`.
    A running clock whose due time has passed is over when read, whatever any process did (FAULTS).
    """
    started, due = clock.started_at, clock.due_at
    warn = getattr(clock, "warn_at", None) or started + (due - started) * 3 / 4
    state = str(clock.state)
    ended = getattr(clock, "ended_at", None)
    if state == "paused":
        since = getattr(clock, "paused_at", None) or now
        words = _("paused %(span)s") % {"span": span((now - since).total_seconds(), fine=False)}
        return Face("paused", words, _part(started, due, since), state, started, due, warn, since)
    if state == "running":
        look, words = _running(started, due, warn, now)
        return Face(look, words, _part(started, due, now), state, started, due, warn)
    if state == "met":
        taken = (ended or due) - started
        words = _("met · %(span)s") % {"span": span(taken.total_seconds())}
        return Face("met", words, _part(started, due, ended or due), state, started, due, warn, ended)
    if state == "late":
        late = (ended or now) - due
        words = _("late by %(span)s") % {"span": span(late.total_seconds(), fine=False)}
        return Face("late", words, 1.0, state, started, due, warn, ended)
    return Face("off", _("set aside"), _part(started, due, ended or now), "off", started, due, warn, ended)


def _running(started: datetime, due: datetime, warn: datetime, now: datetime) -> tuple[str, str]:
    left = (due - now).total_seconds()
    if left <= 0:
        return "over", _("over by %(span)s") % {"span": span(-left, fine=False)}
    hot_from = due - min(timedelta(seconds=HOT_AT_MOST), (due - started) / HOT_PART)
    look = "hot" if now >= hot_from else "warn" if now >= warn else "calm"
    return look, _("%(span)s left") % {"span": span(left)}


def _part(started: datetime, due: datetime, at: datetime) -> float:
    length = (due - started).total_seconds()
    return 1.0 if length <= 0 else min(max((at - started).total_seconds() / length, 0.0), 1.0)


def words_for_script() -> dict[str, str]:
    """The same words for the browser's ticker; `{}` stands where the figure goes."""
    hole = {"n": "{}", "span": "{}"}
    return {
        "d": _("%(n)s d") % hole,
        "h": _("%(n)s h") % hole,
        "min": _("%(n)s min") % hole,
        "s": _("%(n)s s") % hole,
        "left": _("%(span)s left") % hole,
        "over": _("over by %(span)s") % hole,
        "paused": _("paused %(span)s") % hole,
    }

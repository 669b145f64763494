"""What all boards are made of: tiles that lead to their rows, the freshness, the way from board to board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.permissions import me
from reports.domain.boards import is_stale
from reports.permissions import Right
from reports.queries.boards import Reading
from servicecenter import countdown, dates, figures
from servicecenter.components import Tab

# Boards by code: URL name, name, right.
BOARDS: dict[str, tuple[str, Any, Right]] = {
    "supervisor": ("board", gettext_lazy("Complaints today"), Right.VIEW_BOARD),
    "management": ("board-management", gettext_lazy("Management"), Right.VIEW_MANAGEMENT_BOARD),
    "claims": ("board-claims", gettext_lazy("Claims desk"), Right.VIEW_CLAIMS_BOARD),
    "stock": ("board-stock", gettext_lazy("Stock"), Right.VIEW_STOCK_BOARD),
}


@dataclass(frozen=True)
class Tile:
    """A figure of a board. `tone`: hot, warn (when it is not zero) or zero (green when it is); `unit` behind it."""

    code: str
    label: str
    value: int | str
    sub: str = ""
    url: str = ""
    tone: str = ""
    unit: str = ""

    @property
    def look(self) -> str:
        """The class: what should be zero is green at zero and red above; the others are coloured above zero only."""
        if self.tone == "zero":
            return "hot" if self.value else "good"
        return self.tone if self.value else ""

    @property
    def said(self) -> str:
        """The figure as it is written."""
        return figures.count(self.value) if isinstance(self.value, int) else self.value


def address(url_name: str, /, **query: Any) -> str:
    """A list narrowed to the rows of a figure."""
    told = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{reverse(url_name)}?{urlencode(told)}" if told else reverse(url_name)


def between(name: str, first: date, last: date) -> dict[str, str]:
    """The two ends of a filter by days."""
    return {f"{name}_after": first.isoformat(), f"{name}_before": last.isoformat()}


@dataclass(frozen=True)
class Fresh:
    """How fresh a board is (RPT-24): since when its figures are true, in words, and whether the clock stands still."""

    as_of: datetime
    words: str
    age: str
    stale: bool
    # The age's sentence with {} for the span, for the script that goes on counting.
    pattern: str

    @property
    def stamp(self) -> str:
        """Since when, in seconds, for the script."""
        return f"{self.as_of.timestamp():.0f}"


def fresh(reading: Reading) -> Fresh:
    """The freshness of a reading, at the moment of reading."""
    age = countdown.span((reading.now - reading.as_of).total_seconds())
    return Fresh(
        as_of=reading.as_of,
        words=_("as of %(time)s") % {"time": dates.say_when(reading.as_of, name_today=False)},
        age=_("%(span)s old") % {"span": age},
        stale=is_stale(reading.as_of, reading.now),
        pattern=_("%(span)s old") % {"span": "{}"},
    )


def tabs(request: HttpRequest, current: str) -> list[Tab]:
    """The boards this user may see; none when there is only one."""
    rights = me(request).rights
    found = [
        Tab(str(label), reverse(url_name), current=code == current)
        for code, (url_name, label, right) in BOARDS.items()
        if rights.has_any((right,))
    ]
    return found if len(found) > 1 else []


def shown(
    request: HttpRequest,
    code: str,
    *,
    reading: Reading,
    tiles: Sequence[Tile],
    context: Mapping[str, Any],
) -> HttpResponse:
    """The board as a page, or its inner part alone when the page refreshes itself."""
    by_script = request.headers.get("HX-Request") == "true"
    query = request.GET.copy()
    wall = bool(query.pop("wall", None))
    whole = {
        "board": code,
        "title": BOARDS[code][1],
        "panels": f"reports/_board_{code}.html",
        "tiles": tiles,
        "fresh": fresh(reading),
        "tabs": tabs(request, code),
        "here": request.path + (f"?{query.urlencode()}" if query else ""),
        "wall": wall,
        **context,
    }
    return render(request, "reports/_board.html" if by_script else "reports/board.html", whole)

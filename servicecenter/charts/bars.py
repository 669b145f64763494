"""Bars: simple, grouped, stacked by age, shares of a whole. Every axis starts at 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from servicecenter.charts.parts import (
    GREY,
    NARROW,
    NOTHING,
    SERIES,
    TONES,
    WIDE,
    Chart,
    Number,
    Say,
    drawing,
    figures,
    label,
    label_room,
    linked,
    plain,
    rectangle,
    value_text,
    width_of,
)

# Room for the figure at the end of the longest bar; long figures (money) take more.
END, GAP_OF_END = 45, 8
FIRST_Y = 7
# On a phone the bars need more of the width than the names.
LABEL_ON_PHONE = 104
GAP = 12


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its value, the address of the rows behind it; `grey` for comparison or "other"."""

    label: str
    value: Number
    url: str = ""
    grey: bool = False


@dataclass(frozen=True)
class Stack:
    """One stacked bar: a value for each tone."""

    label: str
    values: Sequence[int]
    url: str = ""


def bars(
    items: Sequence[Bar], *, title: str, width: int = 372, label_width: int | None = None, say: Say = plain
) -> Chart:
    """Horizontal bars, the value at each."""
    left = label_width or label_room(item.label for item in items)
    highest = max((item.value for item in items), default=0) or 1
    end = max([END, *(width_of(say(item.value)) + GAP_OF_END for item in items)])
    parts = []
    for number, item in enumerate(items):
        y = FIRST_Y + (19 + GAP) * number
        length = max(item.value, 0) * (width - left - end) / highest
        css, _stroke, colour = SERIES[GREY if item.grey else 0]
        bar = (
            label(item.label, y + 14.5, left),
            rectangle(css, colour, left, y, length, 19),
            value_text(say(item.value), left + length + 7, y + 14.5),
        )
        parts.append(linked(bar, item.url))
    rows = [[item.label, say(item.value)] for item in items]
    narrow = NOTHING
    if width > WIDE:
        narrow = bars(items, title=title, width=NARROW, label_width=min(left, LABEL_ON_PHONE), say=say).svg
    return Chart(
        drawing(width, (19 + GAP) * len(items) + 4, title, parts), figures(title, [""], rows), narrow
    )


def grouped_bars(
    groups: Sequence[tuple[str, Sequence[Number | None]]],
    *,
    names: Sequence[str],
    title: str,
    width: int = 480,
    label_width: int | None = None,
    say: Say = plain,
) -> Chart:
    """Horizontal bars in groups: one bar a series, in the order of colours; a missing value leaves its place empty."""
    left = label_width or label_room(name for name, _values in groups)
    known = [value for _name, values in groups for value in values if value is not None]
    highest = max(known, default=0) or 1
    pitch = 15 * len(names) + GAP
    parts = []
    for number, (name, values) in enumerate(groups):
        top = FIRST_Y + pitch * number
        parts.append(label(name, top + 7.5 * len(names) + 3.5, left))
        for series, value in enumerate(values):
            if value is None:
                continue
            css, _stroke, colour = SERIES[series % len(SERIES)]
            length, y = max(value, 0) * (width - left - END) / highest, top + 15 * series
            parts.append(rectangle(css, colour, left, y, length, 14))
            parts.append(value_text(say(value), left + length + 7, y + 11))
    rows = [[name, *("" if value is None else say(value) for value in values)] for name, values in groups]
    return Chart(drawing(width, pitch * len(groups) + 4, title, parts), figures(title, names, rows))


def age_bar(
    stacks: Sequence[Stack],
    *,
    tones: Sequence[str],
    names: Sequence[str],
    title: str,
    width: int = 480,
    label_width: int | None = None,
    thick: bool = True,
) -> Chart:
    """Stacked bars, e.g. by age: segments in `tones`, their meanings in `names`, the sum at the end."""
    left = label_width or label_room(stack.label for stack in stacks)
    height, baseline = (26, 18.0) if thick else (19, 14.5)
    highest = max((sum(stack.values) for stack in stacks), default=0) or 1
    # a pixel of paper parts the segments, also behind the last, where it does not show
    scale = (width - left - END + 1) / highest
    parts = []
    for number, stack in enumerate(stacks):
        y, x = FIRST_Y + (height + GAP) * number, float(left)
        bar = [label(stack.label, y + baseline, left)]
        for tone, value in zip(tones, stack.values, strict=True):
            if value > 0:
                css, colour = TONES[tone]
                bar.append(rectangle(css, colour, x, y, max(value * scale - 1, 0.5), height))
                x += value * scale
        bar.append(value_text(plain(sum(stack.values)), x + 6, y + baseline))
        parts.append(linked(bar, stack.url))
    rows = [[stack.label, *map(plain, stack.values), plain(sum(stack.values))] for stack in stacks]
    narrow = NOTHING
    if width > WIDE:
        room = min(left, LABEL_ON_PHONE)
        narrow = age_bar(
            stacks, tones=tones, names=names, title=title, width=NARROW, label_width=room, thick=thick
        ).svg
    drawn = drawing(width, (height + GAP) * len(stacks) + 4, title, parts)
    return Chart(drawn, figures(title, [*names, "Σ"], rows), narrow)


def sharebar(shares: Sequence[Number]) -> SafeString:
    """Parts of a whole side by side; the table beside it says whose. Shares are weights; a zero one is left out."""
    total, x, parts = sum(shares), 0.0, []
    drawn = [(number, share) for number, share in enumerate(shares) if share > 0]
    for place, (number, share) in enumerate(drawn):
        width = 300 * share / total
        gap = 0 if place == len(drawn) - 1 else 1.5
        css, _stroke, colour = SERIES[number % len(SERIES)]
        parts.append(
            f'<rect class="{css}" x="{x:.1f}" width="{max(width - gap, 0.5):.2f}" height="26" fill="{colour}"/>'
        )
        x += width
    return mark_safe(
        '<svg class="sharebar" viewBox="0 0 300 26" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )

"""Lines over time: with a target, with a comparison, with gaps; and the small ones in tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from servicecenter.charts.parts import (
    AREA,
    AXIS,
    GRID,
    NARROW,
    NOTHING,
    SERIES,
    TARGET,
    WIDE,
    Chart,
    Number,
    Say,
    axis_text,
    circle,
    drawing,
    figures,
    plain,
    value_text,
    width_of,
)

# What stays free at the right of the last point.
RIGHT = 18


@dataclass(frozen=True)
class Line:
    """One line over the points of a chart; None is a gap. `dashed` for a comparison, `area` to fill below it."""

    name: str
    values: Sequence[Number | None]
    dashed: bool = False
    area: bool = False
    series: int = 0


@dataclass(frozen=True)
class _Plane:
    """Where values lie on the drawing."""

    left: float
    right: float
    top: float
    bottom: float
    low: Number
    high: Number
    points: int

    def x(self, number: int) -> float:
        """Where the n-th point stands."""
        return self.left + (self.right - self.left) * number / max(self.points - 1, 1)

    def y(self, value: Number) -> float:
        """How high a value lies."""
        return self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)


def line(
    points: Sequence[str],
    lines: Sequence[Line],
    *,
    title: str,
    width: int = 820,
    height: int = 170,
    low: Number = 0,
    high: Number | None = None,
    target: tuple[Number, str] | None = None,
    say: Say = plain,
    last_value: bool = False,
) -> Chart:
    """Lines with hairlines behind, a dotted target with its words, and the last value of the first line if wished.

    The axis starts at 0; a line of percentages may start higher (`low`), and the axis says where.
    """
    rows = [
        [point, *(_said(one.values, number, say) for one in lines)] for number, point in enumerate(points)
    ]

    def drawn(wide: int) -> SafeString:
        return _drawn(
            points,
            lines,
            title=title,
            size=(wide, height),
            scale=(low, high),
            target=target,
            say=say,
            last_value=last_value,
        )

    narrow = drawn(NARROW) if width > WIDE else NOTHING
    return Chart(drawn(width), figures(title, [one.name for one in lines], rows), narrow)


def _drawn(
    points: Sequence[str],
    lines: Sequence[Line],
    *,
    title: str,
    size: tuple[int, int],
    scale: tuple[Number, Number | None],
    target: tuple[Number, str] | None,
    say: Say,
    last_value: bool,
) -> SafeString:
    (width, height), (low, high) = size, scale
    known = [value for one in lines for value in one.values if value is not None]
    highest = high if high is not None else max([*known, *([target[0]] if target else []), low + 1])
    ticks = ticks_of(low, highest)
    left = 30 + 6 * max(0, max(len(say(tick)) for tick in ticks) - 2)
    plane = _Plane(left, width - RIGHT, 12, height - 26, ticks[0], ticks[-1], len(points))
    parts = [_grid(plane, tick, say) for tick in ticks]
    parts += _point_names(points, plane)
    if target:
        y = plane.y(target[0])
        dots = f'stroke="{TARGET}" stroke-dasharray="2 3"'
        parts.append(f'<path class="tgt" d="M{left} {y:.1f}H{plane.right}" {dots}/>')
        # its words stand above it, below where there is no room
        parts.append(axis_text(target[1], left + 6, y - 5 if y > plane.top + 5 else y + 15))
    for one in lines:
        parts += _strokes(one, plane.x, plane.y, plane.bottom)
    if last_value and lines:
        parts += _last_point(lines[0], plane, say)
    parts.append(f'<path class="ax" d="M{left} {plane.bottom:g}H{plane.right}" stroke="{AXIS}"/>')
    return drawing(width, height, title, parts)


def spark(values: Sequence[Number | None]) -> SafeString:
    """A small line beside a figure in a table, which says the figures itself; its last point is marked."""
    known = [value for value in values if value is not None]
    if not known:
        return mark_safe("")
    low, high = min(known), max(known)
    plane = _Plane(2, 116, 3, 21, low, high, len(values))

    def y_of(value: Number) -> float:
        return 12.0 if high == low else plane.y(value)

    parts = _strokes(Line("", values), plane.x, y_of, 24, thin=True)
    last = max(number for number, value in enumerate(values) if value is not None)
    parts.append(circle(plane.x(last), y_of(values[last] or 0), 2.5))
    return mark_safe(
        '<svg class="spark" width="120" height="24" viewBox="0 0 120 24" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def ticks_of(low: Number, high: Number) -> list[Number]:
    """Two to six round figures from `low` to at least `high`, in steps of 1, 2, 2.5 or 5 and their tens."""
    span = (high - low) or 1
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if span / (factor * power) <= 5)
    count = math.ceil(span / step - 1e-9)
    found = [low + step * number for number in range(count + 1)]
    return [int(tick) if float(tick).is_integer() else round(tick, 6) for tick in found]


def _grid(plane: _Plane, tick: Number, say: Say) -> str:
    y = plane.y(tick)
    hair = f'<path class="gl" d="M{plane.left} {y:.1f}H{plane.right}" stroke="{GRID}"/>'
    return hair + axis_text(say(tick), plane.left - 6, y + 4, anchor="end")


def _point_names(points: Sequence[str], plane: _Plane) -> list[str]:
    """The names below the axis; where they would touch, only every second, third …"""
    widest = max(map(width_of, points), default=0) + 8
    room = (plane.right - plane.left) / max(len(points) - 1, 1)
    step = max(1, math.ceil(widest / room))
    return [
        _point_name(point, plane.x(number), plane)
        for number, point in enumerate(points)
        if number % step == 0
    ]


def _point_name(point: str, x: float, plane: _Plane) -> str:
    """Under its point; one that would leave the drawing at the right ends with it."""
    edge = plane.right + RIGHT
    if x + width_of(point) / 2 > edge:
        return axis_text(point, edge, plane.bottom + 18, anchor="end")
    return axis_text(point, x, plane.bottom + 18, anchor="middle")


def _strokes(
    one: Line,
    x_of: Callable[[int], float],
    y_of: Callable[[Number], float],
    bottom: float,
    *,
    thin: bool = False,
) -> list[str]:
    """A line, broken where a value is missing; a lone point between two gaps is a dot."""
    _fill, css, colour = SERIES[one.series % len(SERIES)]
    parts = []
    for run in _runs(one.values, x_of, y_of):
        if len(run) == 1:
            parts.append(circle(*run[0], 1.5 if thin else 3, one.series))
            continue
        said = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
        if one.area:
            start, end = f"{run[0][0]:.1f},{bottom:.1f}", f"{run[-1][0]:.1f},{bottom:.1f}"
            parts.append(f'<polygon class="fa1" fill="{AREA}" points="{start} {said} {end}"/>')
        looks = 'stroke-width="1.5"' if thin else 'stroke-width="2" stroke-linejoin="round"'
        dashes = ' stroke-dasharray="4 3"' if one.dashed else ""
        parts.append(
            f'<polyline class="{css}" points="{said}" fill="none" stroke="{colour}" {looks}{dashes}/>'
        )
    return parts


def _runs(
    values: Sequence[Number | None], x_of: Callable[[int], float], y_of: Callable[[Number], float]
) -> list[list[tuple[float, float]]]:
    """The unbroken stretches of a line, as points."""
    runs: list[list[tuple[float, float]]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x_of(number), y_of(value)))
    return [run for run in runs if run]


def _last_point(one: Line, plane: _Plane, say: Say) -> list[str]:
    known = [(number, value) for number, value in enumerate(one.values) if value is not None]
    if not known:
        return []
    number, value = known[-1]
    x, y, said = plane.x(number), plane.y(value), say(value)
    # Beside the point, and inside the drawing: at the right end it stands to the left of it.
    fits = x + 8 + width_of(said) <= plane.right + RIGHT
    # There the line itself may stand above the point: then the value goes below it, if there is room.
    falls = not fits and len(known) > 1 and known[-2][1] > value and y + 20 <= plane.bottom
    return [
        circle(x, y, 4, one.series),
        value_text(said, x + 8 if fits else x - 8 - width_of(said), y + 20 if falls else max(y - 7, 12)),
    ]


def _said(values: Sequence[Number | None], number: int, say: Say) -> str:
    value = values[number] if number < len(values) else None
    return "" if value is None else say(value)

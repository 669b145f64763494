"""What every chart is made of: colours, figures, texts, rectangles, and the table beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from servicecenter.fonts import STACKS

Number = int | float
Say = Callable[[Number], str]

INK, INK_2, GRID, AXIS, TARGET, AREA = "#15242a", "#4a5b61", "#dbe1e3", "#c3cdd0", "#5b6b71", "#d5e8ea"
FONT = 'font-family="{}, sans-serif" font-size="12"'

# The order of series: teal, ochre, indigo, brick, moss, plum, grey; class of areas, class of lines, colour.
SERIES = (
    ("f1", "s1", "#0b6670"),
    ("f2", "s2", "#c07812"),
    ("f3", "s3", "#4a62c4"),
    ("f4c", "s4", "#b24a3a"),
    ("f5", "s5", "#5d7f2a"),
    ("f6", "s6", "#8a5190"),
    ("f7", "s7", "#6f8288"),
)
NOTHING = SafeString("")
# What a phone has room for; a drawing that is not much wider serves both.
NARROW, WIDE = 324, 400
# Comparison, or "other".
GREY = 6
# Tones of a stacked bar: age from light to dark of one hue, amber for soon, red only for late.
TONES = {
    "age1": ("fa2", "#a9d0d4"),
    "age2": ("fa3", "#6fb0b7"),
    "age3": ("fa4", "#1f7d88"),
    "age4": ("fa5", "#0a4a52"),
    "late": ("fred", "#b3261e"),
    "soon": ("famber", "#f0b23c"),
}


@dataclass(frozen=True)
class Chart:
    """A drawing, and its figures as a table: in a template `{{ chart }}` and `{{ chart.table }}`.

    A wide drawing has a narrow sister for phones; `{{ chart.fitting }}` gives a page both, of which it shows one.
    """

    svg: SafeString
    table: SafeString
    narrow: SafeString = NOTHING

    @property
    def fitting(self) -> SafeString:
        """The drawing for wide windows and the one for phones, where there are two."""
        if not self.narrow:
            return self.svg
        wide, narrow = (
            drawn.replace("<svg ", f'<svg class="{css}" ', 1)
            for drawn, css in ((self.svg, "no-phone"), (self.narrow, "only-phone"))
        )
        return mark_safe(wide + narrow)

    def __html__(self) -> str:
        """The drawing."""
        return self.svg

    def __str__(self) -> str:
        return self.svg


def plain(value: Number) -> str:
    """A figure as it is written at a bar: thousands grouped, at most one decimal."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")


def percent(value: Number) -> str:
    """A figure that is a percentage already: `91.2%`."""
    return f"{plain(value)}%"


def legend(names: Sequence[tuple[str | int, str]]) -> SafeString:
    """The meaning of colours: (tone, or number of the series from 0; name). Not for one series that the title names."""
    parts = []
    for key, name in names:
        css, colour = TONES[key] if isinstance(key, str) else (SERIES[key][0], SERIES[key][2])
        parts.append(
            '<span><svg class="sw" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">'
            f'<rect class="{css}" width="10" height="10" fill="{colour}"/></svg>{escape(name)}</span>'
        )
    return mark_safe(f'<span class="legend">{"".join(parts)}</span>')


def drawing(width: int, height: int, title: str, parts: Iterable[str]) -> SafeString:
    """The SVG around the parts, in its natural size; one that holds links is a group, whose links are found."""
    # a traditional character is drawn with a traditional font: paper knows no style sheet inside a drawing
    font = FONT.format(", ".join(STACKS.get(get_language() or "", STACKS["zh-hans"])))
    drawn = "".join(parts)
    role = "group" if "<a " in drawn else "img"
    return mark_safe(
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="{role}" '
        f'aria-label="{escape(title)}" {font}>{drawn}</svg>'
    )


def figures(title: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> SafeString:
    """The same figures for who cannot see the drawing, and for who wants them exactly."""
    head = "".join(f'<th scope="col" class="num">{escape(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f'<td class="num">{escape(value)}</td>' for value in row[1:])
        + "</tr>"
        for row in rows
    )
    return mark_safe(
        f'<table class="chart-table"><caption>{escape(title)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def linked(parts: Iterable[str], url: str) -> str:
    """Parts as one link to the rows behind them, if there is an address."""
    inner = "".join(parts)
    return f'<a href="{escape(url)}">{inner}</a>' if url else inner


def label(text: str, y: float, left: int) -> str:
    """A label at the left; one that does not fit is cut, and whole in its title."""
    shown = _fitting(text, left - 8)
    title = f"<title>{escape(text)}</title>" if shown != text else ""
    return f'<text x="0" y="{y:.1f}" class="v" fill="{INK}">{escape(shown)}{title}</text>'


def value_text(text: str, x: float, y: float) -> str:
    """A figure at the end of its bar or line."""
    return f'<text class="vb" x="{x:.1f}" y="{y:.1f}" fill="{INK}" font-weight="700">{escape(text)}</text>'


def axis_text(text: str, x: float, y: float, *, anchor: str = "") -> str:
    """A figure or word at an axis."""
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{placed} fill="{INK_2}">{escape(text)}</text>'


def rectangle(css: str, colour: str, x: float, y: float, width: float, height: int) -> str:
    """A bar."""
    return (
        f'<rect class="{css}" x="{x:.1f}" y="{y:g}" width="{width:.1f}" height="{height}" fill="{colour}"/>'
    )


def circle(x: float, y: float, radius: float, series: int = 0) -> str:
    """A point of a series."""
    css, _stroke, colour = SERIES[series % len(SERIES)]
    return f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}"/>'


def width_of(text: str) -> int:
    """About how wide 12 px text is: a Chinese character 12, anything else 7."""
    return sum(12 if ord(character) > 0x2E7F else 7 for character in text)


def label_room(labels: Iterable[str]) -> int:
    """Room for the longest label and a gap: at least 72, at most 160."""
    return min(max([*map(width_of, labels), 50]) + 22, 160)


def _fitting(text: str, room: float) -> str:
    if width_of(text) <= room:
        return text
    while text and width_of(text) + 12 > room:
        text = text[:-1]
    return f"{text}…"

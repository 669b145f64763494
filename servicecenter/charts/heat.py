"""The heat map, which is a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from servicecenter.charts.parts import plain

STEPS = 5


@dataclass(frozen=True)
class Cell:
    """One cell: its figure, the address of the rows behind it; `marked` rings it."""

    value: int
    url: str = ""
    marked: bool = False


def heat(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]], *, title: str) -> SafeString:
    """Five steps from light to dark, a point for nothing, a ring for what is marked."""
    highest = max((cell.value for _name, cells in rows for cell in cells), default=0)
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(_cell(cell, highest) for cell in cells)}</tr>'
        for name, cells in rows
    )
    return mark_safe(
        f'<table class="heat"><caption class="visually-hidden">{escape(title)}</caption>'
        f"<thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(cell: Cell, highest: int) -> str:
    step = max(1, math.ceil(STEPS * cell.value / highest)) if cell.value > 0 else 0
    css = f"v{step} inc" if cell.marked else f"v{step}"
    said = plain(cell.value) if cell.value > 0 else "·"
    inner = f'<a href="{escape(cell.url)}">{said}</a>' if cell.url and cell.value > 0 else said
    return f'<td class="{css}">{inner}</td>'

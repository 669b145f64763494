"""The table of a run: in the terminal, and as the generated part of docs/performance.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.harness import MOST_SPREAD, Reading

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEAD = (
    "size",
    "work",
    "p50 ms",
    "min – max",
    "floor ms",
    "ratio",
    "processor",
    "statements",
    "rows read",
    "must be",
    "",
)


def lines(readings: Sequence[Reading]) -> list[tuple[str, ...]]:
    """One line per reading, as text."""
    return [
        (
            one.size,
            one.work,
            _ms(one.p50),
            f"{_ms(one.low)} – {_ms(one.high)}" if one.low is not None else "",
            _ms(one.floor),
            f"{one.ratio:.2f} ({one.ratio_low:.2f} – {one.ratio_high:.2f})" if one.ratio is not None else "",
            f"{one.processor:.2f}" if one.processor is not None else "",
            "" if one.statements is None else str(one.statements),
            "" if one.rows_read is None else f"{one.rows_read:,}",
            one.target,
            _verdict(one),
        )
        for one in readings
    ]


def _ms(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _verdict(one: Reading) -> str:
    word = {True: "met", False: "**missed**", None: "–"}[one.met]
    uneven = "uneven floor" if one.spread is not None and one.spread > MOST_SPREAD else ""
    return "; ".join(part for part in (word, one.note, uneven) if part)


def terminal(readings: Sequence[Reading]) -> str:
    """The table with aligned columns."""
    table = [HEAD, *lines(readings)]
    widths = [max(_width(row[n]) for row in table) for n in range(len(HEAD) - 1)]
    return "\n".join(
        "  ".join(
            [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
            + [row[-1]]
        )
        for row in table
    ).replace("**", "")


def _width(text: str) -> int:
    return len(text)


def markdown(readings: Sequence[Reading], facts: Sequence[str]) -> str:
    """The generated part of the document."""
    rows = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    rows += ["| " + " | ".join(line) + " |" for line in lines(readings)]
    return "\n".join([*facts, "", *rows])


def write(readings: Sequence[Reading], facts: Sequence[str]) -> None:
    """Put the table between the marks of docs/performance.md."""
    text = DOCUMENT.read_text()
    before, _mark, rest = text.partition(BEGIN)
    _old, _mark, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{markdown(readings, facts)}\n{END}{after}")

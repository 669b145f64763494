"""The charts of a report, drawn from its frozen tables and histories: the same on the page and on paper (D15)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reports.domain.snapshot import Cell, Figure, Snapshot, Table, Unit
from reports.paper import saying
from servicecenter import charts
from servicecenter.charts import Bar, Chart, Line, parts

# More bars than this are no picture any more: the rest stands together.
MOST_BARS = 12
MOST_LINES = 5
# A line over time shows at least so many periods, whatever it knows of them.
LEAST_POINTS = 3
# So many departments have a column of their own.
MOST_ACROSS = 8
# A line of shares whose every point lies above this starts there, and says so on its axis.
HIGH_SHARES = 50
# Address of the rows of a table's line, of the whole table by -1; '' for none.
Address = Callable[[Table, int], str]


def no_address(table: Table, row: int) -> str:
    """Paper leads nowhere."""
    return ""


def of_table(
    table: Table, *, title: str, width: int, heads: Sequence[str], address: Address = no_address
) -> Chart | SafeString | None:
    """The table's chart as it names it, or None: nothing is drawn of a table without rows or without a figure."""
    if not table.rows or not table.chart:
        return None
    if table.chart == "heat":
        return _heat(table, title=title, heads=heads, address=address)
    if table.chart == "lines":
        return _lines(table, title=title, width=width, heads=heads)
    return _bars(table, title=title, width=width, address=address)


def _figures_of(table: Table) -> list[int]:
    return [number for number, column in enumerate(table.columns) if saying.is_number(column)]


def _label(table: Table, row: Sequence[Cell]) -> str:
    """The row's name: its first cell that says something."""
    for column, value in zip(table.columns, row, strict=True):
        if not saying.is_number(column) and (said := saying.name(column, value)):
            return said
    return saying.NOTHING


def row_bars(table: Table, width: int) -> list[SafeString]:
    """A bar for each line of the table, to stand in the line itself; a stroke marks the period before.

    Empty where the table has no bars, or nothing to measure.
    """
    columns = _figures_of(table)
    if table.chart != "bars" or not columns:
        return []
    place = columns[0]
    unit = table.columns[place].unit
    past = next(
        (n for n in columns if table.columns[n].code == "before" and table.columns[n].unit is unit), None
    )
    values = [(_whole(row[place]), _whole(row[past]) if past is not None else 0) for row in table.rows]
    highest = max((max(pair) for pair in values), default=0)
    if not highest:
        return []
    return [_row_bar(value * width / highest, before * width / highest, width) for value, before in values]


def _row_bar(length: float, before: float, width: int) -> SafeString:
    css, _stroke, colour = parts.SERIES[0]
    drawn = parts.rectangle(css, colour, 0, 2, max(length, 1 if length else 0), 9)
    if before:
        drawn += parts.rectangle("tick", parts.INK, min(before, width - 1), 0, 1.5, 13)
    return mark_safe(
        f'<svg width="{width + 2}" height="13" viewBox="0 0 {width + 2} 13" aria-hidden="true">{drawn}</svg>'
    )


def scaled(unit: Unit, value: int) -> float | int:
    """A value as a chart measures it: per cent, yuan, minutes."""
    match unit:
        case Unit.SHARE:
            return value * 100 / saying.WHOLE
        case Unit.MONEY:
            return value / saying.FEN
        case Unit.SPAN:
            return value / 60
        case Unit.RATIO:
            return value / saying.HUNDRED
    return value


def said_by(unit: Unit) -> Callable[[float | int], str]:
    """How a chart writes what `scaled` measured."""
    match unit:
        case Unit.SHARE:
            return charts.percent
        case Unit.MONEY:
            return lambda value: saying.briefly(unit, round(value * saying.FEN))
        case Unit.SPAN:
            return lambda value: saying.briefly(unit, round(value * 60))
    return charts.plain


def _bars(table: Table, *, title: str, width: int, address: Address) -> Chart | None:
    """Horizontal bars of the first figure; those beyond the twelfth together, where they can be added."""
    columns = _figures_of(table)
    if not columns:
        return None
    place = columns[0]
    unit = table.columns[place].unit
    found = [
        (_label(table, row), value, address(table, number))
        for number, row in enumerate(table.rows)
        if isinstance(value := row[place], int)
    ]
    if not any(value for _name, value, _url in found):
        return None
    bars = [Bar(name, scaled(unit, value), url) for name, value, url in found[:MOST_BARS]]
    rest = [value for _name, value, _url in found[MOST_BARS:]]
    if rest and unit in {Unit.COUNT, Unit.MONEY}:
        bars.append(Bar(_("%(n)s others") % {"n": len(rest)}, scaled(unit, sum(rest)), grey=True))
    return charts.bars(bars, title=title, width=width, say=said_by(unit))


def _lines(table: Table, *, title: str, width: int, heads: Sequence[str]) -> Chart | None:
    columns = _figures_of(table)[:MOST_LINES]
    if not columns:
        return None
    unit = table.columns[columns[0]].unit
    columns = [place for place in columns if table.columns[place].unit is unit]
    points = [_label(table, row) for row in table.rows]
    lines = []
    for series, place in enumerate(columns):
        values = [row[place] for row in table.rows]
        drawn = [scaled(unit, value) if isinstance(value, int) else None for value in values]
        lines.append(Line(heads[place], drawn, series=series))
    return charts.line(points, lines, title=title, width=width, say=said_by(unit))


def _heat(table: Table, *, title: str, heads: Sequence[str], address: Address) -> SafeString | None:
    """A heat map: rows by columns, or, where the table lists (row, column, figure), turned into one."""
    places = _figures_of(table)
    if not places:
        return None
    if places[0] > 1:
        return _turned(table, title=title, place=places[0], address=address)
    rows = [
        (
            _label(table, row),
            [charts.Cell(_whole(row[place]), address(table, number)) for place in places],
        )
        for number, row in enumerate(table.rows)
    ]
    return charts.heat([heads[place] for place in places], rows, title=title)


def _turned(table: Table, *, title: str, place: int, address: Address) -> SafeString:
    """(row, column, figure) as a map; of many columns the largest, and the others together."""
    down: dict[str, dict[str, int]] = {}
    across: dict[str, int] = {}
    for row in table.rows:
        name, head = (saying.name(table.columns[n], row[n]) or saying.NOTHING for n in (0, 1))
        value = _whole(row[place])
        across[head] = across.get(head, 0) + value
        cells = down.setdefault(name, {})
        cells[head] = cells.get(head, 0) + value
    heads = sorted(across, key=lambda head: -across[head])
    shown, rest = heads[:MOST_ACROSS], heads[MOST_ACROSS:]
    url = address(table, -1)
    rows = []
    for name, cells in down.items():
        values = [cells.get(head, 0) for head in shown]
        if rest:
            values.append(sum(cells.get(head, 0) for head in rest))
        rows.append((name, [charts.Cell(value, url) for value in values]))
    if rest:
        shown = [*shown, _("%(n)s others") % {"n": len(rest)}]
    return charts.heat(shown, rows, title=title)


def _whole(value: Cell) -> int:
    return value if isinstance(value, int) else 0


def of_history(
    figure: Figure, snapshot: Snapshot, *, title: str, width: int, height: int = 150
) -> Chart | None:
    """An indicator over the last periods, with its target as a dotted line; None when there are no two points."""
    known = [value for value in figure.history if value is not None]
    if len(known) < 2:
        return None
    values = [None if value is None else scaled(figure.unit, value) for value in begun(figure.history)]
    target = None
    if figure.target is not None:
        words = _("target %(target)s") % {"target": saying.number(figure.unit, figure.target, target=True)}
        target = (scaled(figure.unit, figure.target), words)
    low, high = _scale(figure, [*known, *([figure.target] if figure.target is not None else [])])
    return charts.line(
        saying.point_names(snapshot.start, snapshot.end, len(values)),
        [Line(title, values)],
        title=title,
        width=width,
        height=height,
        low=low,
        high=high,
        target=target,
        say=said_by(figure.unit),
    )


def begun(history: Sequence[int | None]) -> Sequence[int | None]:
    """The history from its first value on: before it the centre did not work with this system."""
    first = next((n for n, value in enumerate(history) if value is not None), len(history))
    return history[min(first, max(len(history) - LEAST_POINTS, 0)) :]


def _scale(figure: Figure, values: Sequence[int]) -> tuple[float, float | None]:
    """Shares near the whole are shown from the round figure below the lowest up to the whole; all else from nought."""
    if figure.unit is not Unit.SHARE:
        return 0, None
    lowest = min(values) * 100 / saying.WHOLE
    if lowest < HIGH_SHARES:
        return 0, None
    step = 1 if lowest >= 95 else 5 if lowest >= 80 else 10
    return int(min(lowest, 100 - step) // step * step), 100


def spark(figure: Figure) -> SafeString:
    """The small line beside an indicator; nothing where there is no past."""
    known = [value for value in figure.history if value is not None]
    return charts.spark(begun(figure.history)) if len(known) > 1 else SafeString("")

"""The management summary: sentences that the figures themselves write. Nobody types in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.domain.snapshot import Figure, Snapshot, Table, Unit
from reports.paper import saying

# The largest changes that a summary names.
MOST_CHANGES = 4
# Shares that moved by less than this (parts of ten thousand), and all else by less than a twentieth, stood still.
STILL_SHARE = 50
STILL = 0.05
# One more of so few says nothing.
FEW = 5
# The figure the first sentence is about.
REGISTERED = "complaints.registered"
Name = Callable[[str], str]


@dataclass(frozen=True)
class Summary:
    """What a reader with one minute reads: the lead stands on the cover, the rest on the page behind it."""

    lead: str
    missed: Sequence[str]
    met: Sequence[str]
    changes: Sequence[str]
    most: Sequence[str]


def summary(snapshot: Snapshot, name: Name, title: Name) -> Summary:
    """The summary in the reader's language; `name` words the code of an indicator, `title` that of a table."""
    found = list(snapshot.figures())
    missed = [figure for figure in found if figure.met is False]
    met = [figure for figure in found if figure.met]
    return Summary(
        lead=saying.sentences(_lead(found, missed, met, name)),
        missed=[_against_target(figure, name) for figure in missed],
        met=[_against_target(figure, name) for figure in met],
        changes=[_change(figure, name) for figure in largest_changes(found)],
        most=[
            said for chapter in snapshot.chapters for table in chapter.tables if (said := _most(table, title))
        ],
    )


def _lead(
    found: Iterable[Figure], missed: Sequence[Figure], met: Sequence[Figure], name: Name
) -> Iterable[str]:
    for figure in found:
        if figure.code == REGISTERED and figure.value is not None:
            yield _registered(figure)
    judged = len(missed) + len(met)
    if not judged:
        return
    if missed:
        yield ngettext("%(met)s of %(n)s target is met.", "%(met)s of %(n)s targets are met.", judged) % {
            "met": len(met),
            "n": judged,
        }
        yield _("Missed: %(names)s.") % {
            "names": saying.listed(
                [f"{name(one.code)} {saying.number(one.unit, one.value)}" for one in missed]
            )
        }
    else:
        yield ngettext("The one target is met.", "All %(n)s targets are met.", judged) % {"n": judged}


def _registered(figure: Figure) -> str:
    count, before = figure.value or 0, figure.before
    if not count:
        return _("No complaint was registered.")
    said = f"{count:,}"
    if not before:
        return ngettext("%(n)s complaint was registered.", "%(n)s complaints were registered.", count) % {
            "n": said
        }
    if count == before:
        return ngettext(
            "%(n)s complaint was registered, as many as in the period before.",
            "%(n)s complaints were registered, as many as in the period before.",
            count,
        ) % {"n": said}
    part = f"{abs(count - before) * 100 / before:.1f}%"
    if count > before:
        return ngettext(
            "%(n)s complaint was registered, %(part)s more than in the period before.",
            "%(n)s complaints were registered, %(part)s more than in the period before.",
            count,
        ) % {"n": said, "part": part}
    return ngettext(
        "%(n)s complaint was registered, %(part)s fewer than in the period before.",
        "%(n)s complaints were registered, %(part)s fewer than in the period before.",
        count,
    ) % {"n": said, "part": part}


def _against_target(figure: Figure, name: Name) -> str:
    params = {
        "name": name(figure.code),
        "value": saying.number(figure.unit, figure.value),
        "target": saying.number(figure.unit, figure.target, target=True),
    }
    if figure.at_most:
        return _("%(name)s: %(value)s, at most %(target)s asked") % params
    return _("%(name)s: %(value)s, at least %(target)s asked") % params


def largest_changes(found: Iterable[Figure]) -> list[Figure]:
    """The indicators that moved most against the period before, the largest first; those that stood still are not."""
    moved = [(_weight(figure), figure) for figure in found]
    moved = [(weight, figure) for weight, figure in moved if weight]
    moved.sort(key=lambda one: -one[0])
    return [figure for _weight_, figure in moved[:MOST_CHANGES]]


def _weight(figure: Figure) -> float:
    if figure.value is None or not figure.before:
        return 0
    if figure.unit is Unit.COUNT and max(figure.value, figure.before) < FEW:
        return 0
    difference = abs(figure.value - figure.before)
    part = difference / abs(figure.before)
    if part < STILL or (figure.unit is Unit.SHARE and difference < STILL_SHARE and part < 1 / 4):
        return 0
    return part


def _change(figure: Figure, name: Name) -> str:
    params = {
        "name": name(figure.code),
        "before": saying.number(figure.unit, figure.before),
        "value": saying.number(figure.unit, figure.value),
        "change": saying.change(figure),
    }
    if (figure.value or 0) > (figure.before or 0):
        return _("%(name)s rose from %(before)s to %(value)s (%(change)s)") % params
    return _("%(name)s fell from %(before)s to %(value)s (%(change)s)") % params


def _most(table: Table, title: Name) -> str:
    """Where most of what a chart shows lies: its largest line, with its part of the whole; '' on a tie."""
    place = next(
        (n for n, column in enumerate(table.columns) if column.unit in {Unit.COUNT, Unit.MONEY}), None
    )
    if not table.chart or place is None or not place:
        return ""
    values = [(value, row) for row in table.rows if isinstance(value := row[place], int) and value > 0]
    named = [(value, row) for value, row in values if all(cell is not None for cell in row[: min(place, 2)])]
    if len(values) < 2 or not named:
        return ""
    value, row = max(named, key=lambda one: one[0])
    if sum(one == value for one, _row in values) > 1:
        return ""  # where several are equal, none is the largest
    whole = sum(one for one, _row in values)
    # a rule's sentence says again what its number says
    cells = [
        (column, cell)
        for column, cell in zip(table.columns[:place], row[:place], strict=True)
        if column.code != "sentence"
    ]
    return _("%(table)s: most is %(name)s, %(value)s, %(part)s of all") % {
        "table": title(table.code),
        "name": " × ".join(saying.cell(column, cell) for column, cell in cells),
        "value": saying.number(table.columns[place].unit, value),
        "part": f"{value * 100 / whole:.1f}%",
    }

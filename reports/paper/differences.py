"""What differs between two revisions of a report: indicators and the sums of tables, in words (RPT-25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports import labels
from reports.domain.snapshot import Column, Snapshot, Table
from reports.paper import saying
from reports.queries.reports import difference


@dataclass(frozen=True)
class Differing:
    """One figure that is not what it was."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """All of them, against the revision `earlier`."""

    earlier: int
    figures: Sequence[Differing]


def differences(earlier: Snapshot, later: Snapshot, *, ordinal: int) -> Difference:
    """The figures of revision `ordinal` that differ from those of the one before."""
    return Difference(ordinal - 1, [*_indicators(earlier, later), *_sums(earlier, later)])


def _indicators(earlier: Snapshot, later: Snapshot) -> list[Differing]:
    found = []
    for one in difference(earlier, later):
        unit = (one.after or one.before).unit  # type: ignore[union-attr]
        before, after = (figure.value if figure else None for figure in (one.before, one.after))
        label = labels.figure(one.code)
        found.append(Differing(label, saying.number(unit, before), saying.number(unit, after)))
    return found


def _sums(earlier: Snapshot, later: Snapshot) -> list[Differing]:
    was = {table.code: table for chapter in earlier.chapters for table in chapter.tables}
    found = []
    for chapter in later.chapters:
        for table in chapter.tables:
            old = was.get(table.code)
            for place, column in enumerate(table.columns):
                before, after = _sum(old, column), _sum(table, column)
                if before != after and table.total is not None and isinstance(table.total[place], int):
                    label = f"{labels.table(table.code)} · {labels.column(table.code, column.code)}"
                    found.append(
                        Differing(
                            label, saying.number(column.unit, before), saying.number(column.unit, after)
                        )
                    )
    return found


def _sum(table: Table | None, column: Column) -> int | None:
    """The total under a column, by its code."""
    if table is None or table.total is None:
        return None
    for one, value in zip(table.columns, table.total, strict=True):
        if one.code == column.code and isinstance(value, int):
            return value
    return None

"""What differs between two revisions of a report (RPT-25)."""

from __future__ import annotations

from dataclasses import dataclass

from reports.domain.snapshot import Figure, Snapshot


@dataclass(frozen=True)
class Change:
    """A figure that differs; None where a revision does not have it."""

    code: str
    before: Figure | None
    after: Figure | None


def difference(before: Snapshot, after: Snapshot) -> list[Change]:
    """The figures whose value differs, in the order of the later revision, then those that are gone."""
    old = {figure.code: figure for figure in before.figures()}
    new = {figure.code: figure for figure in after.figures()}
    found = (Change(code, old.get(code), new.get(code)) for code in dict.fromkeys([*new, *old]))
    return [change for change in found if _value(change.before) != _value(change.after)]


def _value(figure: Figure | None) -> int | None:
    return figure.value if figure else None

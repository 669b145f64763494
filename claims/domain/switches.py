"""The readings taken where the source is ambiguous, each a named switch of the rule-set version (LR-22).

On (the default) is the reading of the book; off changes the rows to the other reading before they are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

Data = dict[str, Any]
# LR-23: the writer of an incomplete note is not known.
STOP = {"incident": ["yes"], "incomplete_note": ["yes"], "noter_known": ["no"]}


class BadSwitch(ValueError):
    """A switch that is not one of LR-22, or neither on nor off."""


def _note_before_p23(data: Data) -> None:
    """LR-02 decides before LR-03a and LR-03b."""
    _change(data, ("LR-03a", "LR-03b"), priority=3)


def _p23_in_transit_is_no_note(data: Data) -> None:
    """P23 in transit does not fall to LR-02."""
    for row in _rows(data, ("LR-02",)):
        row["condition"]["p23_in_transit"] = ["no"]


def _lr09_before_lr05(data: Data) -> None:
    _change(data, ("LR-09",), priority=0)


def _lr04_anywhere(data: Data) -> None:
    """LR-04a and LR-04b do not ask for arrival."""
    for row in _rows(data, ("LR-04a", "LR-04b")):
        row["condition"].pop("position", None)


def _lr07_first_of_papers(data: Data) -> None:
    """LR-07 is not residual: it decides before the other rows of tier D."""
    _change(data, ("LR-07",), tier="D", priority=0)


def _no_waybill_means_all_copies(data: Data) -> None:
    """The customer's copy 4 counts as a waybill found."""
    for row in data["rows"]:
        for condition in (row["condition"], *(fine.get("condition", {}) for fine in row.get("fines", []))):
            if "waybill_found" in condition:
                condition["any_copy_found"] = condition.pop("waybill_found")


def _tally_clerk_as_loader(data: Data) -> None:
    data["charged_as"] = {"tally_clerk": "loader"}


def _full_note_of_unknown_writer_stops(data: Data) -> None:
    """Also a note on all four copies stops before tiers D and E while its writer is not known."""
    data["stop"] = {"incident": ["yes"], "noted": ["yes"], "noter_known": ["no"]}


SWITCHES: Mapping[str, Callable[[Data], None]] = {
    "p23_before_note": _note_before_p23,
    "p23_in_transit_is_note": _p23_in_transit_is_no_note,
    "lr05_before_lr09": _lr09_before_lr05,
    "lr04_needs_arrival": _lr04_anywhere,
    "lr07_residual": _lr07_first_of_papers,
    "no_waybill_means_copies_1_to_3": _no_waybill_means_all_copies,
    "tally_clerk_as_tally_clerk": _tally_clerk_as_loader,
    "full_note_of_unknown_writer_goes_on": _full_note_of_unknown_writer_stops,
}


def switched(data: Mapping[str, Any]) -> Data:
    """The data as the switches read them; the given data stay. Raises BadSwitch."""
    found: Data = deepcopy(dict(data))
    found["stop"] = dict(STOP)
    switches = data.get("switches", {})
    if unknown := sorted(set(switches) - set(SWITCHES)):
        raise BadSwitch(f"unknown switch {', '.join(unknown)}")
    for name, change in SWITCHES.items():
        position = switches.get(name, True)
        if not isinstance(position, bool):
            raise BadSwitch(f"{name} is on or off")
        if not position:
            change(found)
    return found


def _rows(data: Data, ids: tuple[str, ...]) -> list[Data]:
    return [row for row in data["rows"] if row["id"] in ids]


def _change(data: Data, ids: tuple[str, ...], **columns: Any) -> None:
    for row in _rows(data, ids):
        row.update(columns)

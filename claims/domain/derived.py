"""Derived facts: what the rows of the decision table ask, each a plain function of known facts (chapter 03)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from claims.domain.facts import COPIES, ENUMS, UNKNOWN_NOTER, Copy, DeliveryNotice, Kind, Position, Record

YN = ("yes", "no")
SOMEONE = "someone"
RECORDS = ("driver_record", "loader_record")


@dataclass(frozen=True)
class Derived:
    """One derived fact: how it is read from known facts, its closed values, the facts it rests on."""

    read: Callable[..., str]
    values: tuple[str, ...]
    rests_on: tuple[str, ...]


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _note(*copies: str) -> str:
    """All four noted / P23 (2 and 3 noted, 1 clean, whatever copy 4 says) / partial / none."""
    if all(copy == Copy.NOTED for copy in copies):
        return "all"
    if copies[0] == Copy.CLEAN and copies[1] == Copy.NOTED and copies[2] == Copy.NOTED:
        return "p23"
    return "partial" if Copy.NOTED in copies else "none"


def _recorded(driver: str, loader: str) -> str:
    """Who kept a loading record; a copied one counts: it exists on paper."""
    kept = (driver != Record.NONE, loader != Record.NONE)
    names = {
        (True, True): "both",
        (True, False): "driver",
        (False, True): "loader",
        (False, False): "neither",
    }
    return names[kept]


DERIVED: Mapping[str, Derived] = {
    "kind": Derived(str, tuple(str(kind) for kind in Kind), ("kind",)),
    "incident": Derived(lambda kind: _yes(kind != Kind.NONE), YN, ("kind",)),
    "position": Derived(str, tuple(str(place) for place in Position), ("position",)),
    "copy_1": Derived(str, tuple(str(copy) for copy in Copy), ("copy_1",)),
    "note": Derived(_note, ("all", "p23", "partial", "none"), COPIES),
    "noted": Derived(lambda *copies: _yes(Copy.NOTED in copies), YN, COPIES),
    "incomplete_note": Derived(lambda *copies: _yes(_note(*copies) in ("p23", "partial")), YN, COPIES),
    "p23_in_transit": Derived(
        lambda *facts: _yes(_note(*facts[:4]) == "p23" and facts[4] == Position.TRANSIT),
        YN,
        (*COPIES, "position"),
    ),
    "noter_known": Derived(lambda noter: _yes(noter != UNKNOWN_NOTER), YN, ("noter",)),
    "refused": Derived(_yes, YN, ("refused",)),
    "slip": Derived(_yes, YN, ("slip",)),
    # The customer's copy 4 proves the claim; it is not a company paper.
    "waybill_found": Derived(lambda *copies: _yes(any(c != Copy.MISSING for c in copies)), YN, COPIES[:3]),
    "any_copy_found": Derived(lambda *copies: _yes(any(c != Copy.MISSING for c in copies)), YN, COPIES),
    "both_recorded": Derived(lambda *records: _yes(_recorded(*records) == "both"), YN, RECORDS),
    "one_recorded": Derived(lambda *records: _yes(_recorded(*records) in ("driver", "loader")), YN, RECORDS),
    "neither_recorded": Derived(lambda *records: _yes(_recorded(*records) == "neither"), YN, RECORDS),
    "driver_recorded": Derived(lambda record: _yes(record != Record.NONE), YN, RECORDS[:1]),
    "loader_recorded": Derived(lambda record: _yes(record != Record.NONE), YN, RECORDS[1:]),
    "copied": Derived(lambda *records: _yes(Record.COPIED in records), YN, RECORDS),
    "entered": Derived(_yes, YN, ("entered",)),
    "system_up": Derived(_yes, YN, ("system_up",)),
    "notice": Derived(str, tuple(str(notice) for notice in DeliveryNotice), ("notice",)),
    "notice_present": Derived(lambda notice: _yes(notice != DeliveryNotice.ABSENT), YN, ("notice",)),
    "loader_signature": Derived(str, ("provable", "not_provable"), ("loader_signature",)),
    "off_post": Derived(lambda parties: _yes(bool(parties)), YN, ("off_post",)),
    "swapped_post": Derived(lambda parties: _yes(bool(parties)), YN, ("swapped_post",)),
    "return_label_covered": Derived(_yes, YN, ("return_label_covered",)),
    "traffic_or_theft": Derived(_yes, YN, ("traffic_or_theft",)),
}


def choices_of(fact: str) -> tuple[Any, ...]:
    """What an unknown fact may turn out to be; one stands for all parties."""
    if fact in ENUMS:
        return tuple(ENUMS[fact])
    if fact == "noter":
        return (SOMEONE, UNKNOWN_NOTER)
    if fact in ("off_post", "swapped_post"):
        return ((), (SOMEONE,))
    return (True, False)

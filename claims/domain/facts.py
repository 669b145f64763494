"""The facts of a cargo incident: a closed list, each known, or unknown (None) (chapter 03, Facts; LR-30)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What happened to the goods: 丢失 / 货差 / 灭失, 损坏, or a breach of discipline only."""

    LOSS = "loss"
    DAMAGE = "damage"
    NONE = "none"


class Position(StrEnum):
    """Where the goods are: 没有发出, 途中, 到达分公司."""

    ORIGIN = "origin"
    TRANSIT = "transit"
    ARRIVED = "arrived"


class Copy(StrEnum):
    """One of the four waybill copies, as it was found: a fact of the claim, not of the waybill (WBL-06)."""

    MISSING = "missing"
    CLEAN = "clean"
    NOTED = "noted"


class Record(StrEnum):
    """A loading record (上车记录单); copied: taken from the waybill instead of counted."""

    NONE = "none"
    RECORDED = "recorded"
    COPIED = "copied"


class DeliveryNotice(StrEnum):
    """The delivery notice (送货通知单)."""

    ABSENT = "absent"
    CLEAN = "clean"
    NOTED = "noted"


class Signature(StrEnum):
    """Whether the loader's signature can be proven."""

    PROVABLE = "provable"
    NOT_PROVABLE = "not_provable"


class Party(StrEnum):
    """Who may bear a share; the company bears what nobody bears."""

    WAYBILL_CLERK = "waybill_clerk"
    LOADER = "loader"
    DRIVER = "driver"
    TALLY_CLERK = "tally_clerk"
    BRANCH = "branch"
    SORTER = "sorter"
    COMPANY = "company"


UNKNOWN_NOTER = "unknown"
COPIES = ("copy_1", "copy_2", "copy_3", "copy_4")
ENUMS: Mapping[str, type[StrEnum]] = {
    "kind": Kind,
    "position": Position,
    **dict.fromkeys(COPIES, Copy),
    "driver_record": Record,
    "loader_record": Record,
    "notice": DeliveryNotice,
    "loader_signature": Signature,
}
YES_NO = ("refused", "slip", "entered", "system_up", "return_label_covered", "traffic_or_theft")
PARTY_SETS = ("off_post", "swapped_post")
QUANTITIES = ("waybill_qty", "driver_qty", "loader_qty", "received_qty")


@dataclass(frozen=True)
class Facts:
    """The facts of one incident; None is unknown. `persons` binds a party to a person (an opaque key)."""

    kind: Kind | None = None
    position: Position | None = None
    copy_1: Copy | None = None
    copy_2: Copy | None = None
    copy_3: Copy | None = None
    copy_4: Copy | None = None
    # A party, UNKNOWN_NOTER when it is established that nobody can tell, None while it is still open.
    noter: str | None = None
    refused: bool | None = None
    slip: bool | None = None
    driver_record: Record | None = None
    loader_record: Record | None = None
    entered: bool | None = None
    system_up: bool | None = None
    notice: DeliveryNotice | None = None
    loader_signature: Signature | None = None
    off_post: tuple[Party, ...] | None = None
    swapped_post: tuple[Party, ...] | None = None
    # The outward label, on returned goods (EV-06).
    return_label_covered: bool | None = None
    traffic_or_theft: bool | None = None
    waybill_qty: int | None = None
    driver_qty: int | None = None
    loader_qty: int | None = None
    received_qty: int | None = None
    persons: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)

    @property
    def copies(self) -> tuple[Copy | None, ...]:
        """The four copies."""
        return (self.copy_1, self.copy_2, self.copy_3, self.copy_4)

    def person(self, party: str) -> str:
        """The person behind a party; the party itself when nobody is bound."""
        return self.persons.get(party, party)


class BadFact(ValueError):
    """A fact or value that is not on the closed list: names the fact, the value and what is allowed."""

    def __init__(self, fact: str, value: object, allowed: object) -> None:
        wanted = ", ".join(allowed) if isinstance(allowed, list) else allowed
        super().__init__(f"{fact}: {value!r} is not known here (allowed: {wanted})")
        self.fact, self.value, self.allowed = fact, value, wanted


UNKNOWN = "unknown"
NAMES = (*ENUMS, *YES_NO, *PARTY_SETS, "noter", *QUANTITIES)
_PARTIES = [str(party) for party in Party]


def facts_from(values: Mapping[str, Any]) -> Facts:
    """Facts from plain values (JSON): enumerations by value, yes/no or booleans, party lists.

    Absent, null and `"unknown"` are unknown; of `noter` the word is an answer of its own: nobody can tell who wrote it.
    `persons` may bind parties to people. Raises BadFact for anything that is not on the closed list.
    """
    read: dict[str, Any] = {}
    for name, value in values.items():
        reader = _READERS.get(name)
        if reader is None:
            raise BadFact(name, value, sorted(_READERS))
        if value is not None and (value != UNKNOWN or name == "noter"):
            read[name] = reader(name, value)
    return Facts(**read)


def plain_facts(facts: Facts) -> dict[str, Any]:
    """The known facts as plain values, as `facts_from` reads them."""
    found: dict[str, Any] = {}
    for name in NAMES:
        value = getattr(facts, name)
        if value is None:
            continue
        if name in YES_NO:
            found[name] = "yes" if value else "no"
        elif name in PARTY_SETS:
            found[name] = [str(party) for party in value]
        else:
            found[name] = value if name in QUANTITIES else str(value)
    return found


def _word(value: Any) -> Any:
    """`not provable` and `not_provable` are one spelling."""
    return value.strip().replace(" ", "_") if isinstance(value, str) else value


def _enum(name: str, value: Any) -> Any:
    kind = ENUMS[name]
    try:
        return kind(_word(value))
    except (ValueError, TypeError) as problem:
        raise BadFact(name, value, [str(item) for item in kind]) from problem


def _yes_no(name: str, value: Any) -> bool:
    if value is True or value == "yes":
        return True
    if value is False or value == "no":
        return False
    raise BadFact(name, value, ["yes", "no"])


def _party(name: str, value: Any) -> Party:
    try:
        return Party(_word(value))
    except (ValueError, TypeError) as problem:
        raise BadFact(name, value, _PARTIES) from problem


def _parties(name: str, value: Any) -> tuple[Party, ...]:
    if not isinstance(value, list | tuple):
        raise BadFact(name, value, "a list of parties")
    return tuple(dict.fromkeys(_party(name, item) for item in value))


def _noter(name: str, value: Any) -> str:
    if value == UNKNOWN_NOTER:
        return UNKNOWN_NOTER
    try:
        return _party(name, value)
    except BadFact as problem:
        raise BadFact(name, value, [UNKNOWN_NOTER, *_PARTIES]) from problem


def _pieces(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadFact(name, value, "whole pieces, not negative")
    return value


def _persons(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise BadFact(name, value, "party → person")
    return {str(_party(name, party)): str(person) for party, person in value.items()}


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(ENUMS, _enum),
    **dict.fromkeys(YES_NO, _yes_no),
    **dict.fromkeys(PARTY_SETS, _parties),
    **dict.fromkeys(QUANTITIES, _pieces),
    "noter": _noter,
    "persons": _persons,
}

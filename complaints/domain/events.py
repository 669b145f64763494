"""Is this the same event as an earlier complaint? (CMP-40). Pure: the earlier tickets are passed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from complaints.choices import DEAD_STATES, OPEN_STATES

NO_FEEDBACK = "no_feedback"
SIDES = frozenset({"consignor", "consignee"})
Why = Literal["linked", "same", "no_feedback"]
Likeness = Literal["other_category", "other_party", "other_caller", "similar_text"]


@dataclass(frozen=True)
class Party:
    """Who complains: found by customer or by telephone; consignor and consignee of a waybill are two."""

    role: str = "other"
    customer_id: int | None = None
    telephone: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is anything to know the party again by."""
        return self.customer_id is not None or bool(self.telephone)


@dataclass(frozen=True)
class Matter:
    """What the new complaint is about."""

    party: Party
    category: str
    waybill_id: int | None = None


@dataclass(frozen=True)
class Earlier:
    """An earlier ticket; `likeness` is how much its text is like the new one, 0 to 1."""

    complaint_id: int
    number: str
    event_id: int
    category: str
    party: Party
    state: str
    registered_at: datetime
    waybill_id: int | None = None
    likeness: float = 0.0

    @property
    def is_live(self) -> bool:
        """Neither cancelled nor merged (CMP-45)."""
        return self.state not in DEAD_STATES

    @property
    def is_open(self) -> bool:
        """Not ended."""
        return self.state in OPEN_STATES


@dataclass(frozen=True)
class Verdict:
    """The event the complaint belongs to (None: one of its own), the ticket that shows it, and why."""

    event_id: int | None = None
    of: Earlier | None = None
    why: Why | None = None


@dataclass(frozen=True)
class Candidate:
    """A ticket that might be the same event; the agent decides."""

    earlier: Earlier
    why: Likeness


def same_party(one: Party, other: Party) -> bool:
    """The same customer or the same telephone number, and not the two sides of a waybill."""
    if {one.role, other.role} == SIDES:
        return False
    if one.customer_id is not None and one.customer_id == other.customer_id:
        return True
    return bool(one.telephone) and one.telephone == other.telephone


def judge(matter: Matter, earlier: Iterable[Earlier], *, linked: Earlier | None = None) -> Verdict:
    """The event of a new complaint.

    Linked by the agent: that ticket's. Otherwise, of the same party and waybill: the latest live ticket of the same
    category; `no_feedback` joins the latest event that is still open, whatever its category.
    """
    if linked is not None:
        return Verdict(linked.event_id, linked, "linked")
    mine = _of_party_and_waybill(matter, earlier)
    if matter.category == NO_FEEDBACK and (still_open := [one for one in mine if one.is_open]):
        return Verdict(still_open[0].event_id, still_open[0], "no_feedback")
    for one in mine:
        if one.category == matter.category:
            return Verdict(one.event_id, one, "same")
    return Verdict()


def candidates(
    matter: Matter, earlier: Iterable[Earlier], *, threshold: float, limit: int = 8
) -> list[Candidate]:
    """Tickets that look alike but not enough: newest first. Those that `judge` joins are no candidates."""
    rows = _newest_first(one for one in earlier if one.is_live)
    joined = judge(matter, rows).event_id
    found = []
    for one in rows:
        if one.event_id == joined:
            continue
        if why := _likeness(matter, one, threshold):
            found.append(Candidate(one, why))
    return found[:limit]


def _likeness(matter: Matter, one: Earlier, threshold: float) -> Likeness | None:
    same_waybill = matter.waybill_id is not None and one.waybill_id == matter.waybill_id
    if same_waybill and same_party(matter.party, one.party):
        return "other_category"
    if same_waybill and {matter.party.role, one.party.role} == SIDES:
        return "other_party"
    if same_waybill:
        return "other_caller"
    return "similar_text" if one.likeness >= threshold else None


def _of_party_and_waybill(matter: Matter, earlier: Iterable[Earlier]) -> list[Earlier]:
    if matter.waybill_id is None:
        return []
    return _newest_first(
        one
        for one in earlier
        if one.is_live and one.waybill_id == matter.waybill_id and same_party(matter.party, one.party)
    )


def _newest_first(rows: Iterable[Earlier]) -> list[Earlier]:
    return sorted(rows, key=lambda one: (one.registered_at, one.complaint_id), reverse=True)


def party_key(party: Party, *, telephone_mark: str) -> str:
    """The party as an event's key holds it; `telephone_mark` is a keyed hash, never the number. '' for nobody."""
    side = party.role if party.role in SIDES else "other"
    if party.customer_id is not None:
        return f"{side}:c{party.customer_id}"
    return f"{side}:t{telephone_mark}" if party.telephone else ""


def event_key(matter: Matter, *, telephone_mark: str) -> str | None:
    """`<waybill id>:<category>:<party>`; None where there is no waybill or no party to find it again by."""
    party = party_key(matter.party, telephone_mark=telephone_mark)
    return f"{matter.waybill_id}:{matter.category}:{party}" if matter.waybill_id and party else None


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two texts are by their bigrams: shared ÷ those of the shorter one, 0 to 1; very short texts count 0."""
    first, second = set(one), set(other)
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter >= 4 else 0.0

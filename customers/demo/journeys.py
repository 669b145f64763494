"""The course of a demo consignment: what happened when, and where its COD money is at any moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random


@dataclass(frozen=True)
class Happening:
    """An event of the course."""

    kind: str
    at: datetime
    place: str
    remarks: str = ""


@dataclass
class Journey:
    """A consignment with its facts as an import file says them, its events and the steps of its COD money."""

    number: str
    shipped_at: datetime
    facts: dict[str, str]
    amount: str = ""
    events: list[Happening] = field(default_factory=list)
    money: list[tuple[datetime, str]] = field(default_factory=list)

    def cod_at(self, moment: datetime) -> str:
        """The state of the COD money at a moment."""
        state = "none" if not self.amount else "due"
        for at, step in self.money:
            if at <= moment:
                state = step
        return state


# The last course that every consignment of this kind takes, in hours after shipping.
COURSES = {
    "signed": ("loaded", "departed", "arrived", "notified", "out_for_delivery", "signed"),
    "waiting": ("loaded", "departed", "arrived", "notified"),
    "delayed": ("loaded", "departed"),
    "refused": ("loaded", "departed", "arrived", "notified", "out_for_delivery", "refused"),
    "misrouted": ("loaded", "departed", "arrived"),
}
HOURS = {
    "loaded": 3.0, "departed": 4.5, "arrived": 16.0, "notified": 18.0, "out_for_delivery": 24.0, "signed": 29.0,
    "refused": 29.0,
}  # fmt: skip
WHERE = {"loaded": "origin", "departed": "origin"}
REMARKS = {"refused": "外包装变形，收货人拒收", "signed": ""}


def travel(journey: Journey, course: str, chance: Random, *, until: datetime, final: str = "") -> None:
    """Fill in the events up to `until`, and the COD money up to the state `final` (the whole course when '')."""
    origin, destination = journey.facts["origin"], journey.facts["destination"]
    journey.events.append(Happening("collected", journey.shipped_at, origin))
    slow = chance.uniform(0.8, 1.7)
    last = journey.shipped_at
    for kind in COURSES[course]:
        last = journey.shipped_at + timedelta(hours=HOURS[kind] * slow)
        place = origin if WHERE.get(kind) else destination
        if course == "misrouted" and kind == "arrived":
            place = "城西分公司" if destination != "城西分公司" else "城东分公司"
        journey.events.append(
            Happening(kind, last.replace(second=0, microsecond=0), place, REMARKS.get(kind, ""))
        )
    journey.events = [event for event in journey.events if event.at <= until]
    if not journey.amount:
        return
    if course == "refused":
        journey.money.append((last + timedelta(days=2), "cancelled"))
    elif course == "signed":
        for state, hours in (("collected", 0.1), ("handed_in", 22.0), ("remitted", 70.0)):
            journey.money.append((last + timedelta(hours=hours), state))
            if state == final:
                break

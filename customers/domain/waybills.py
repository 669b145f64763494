"""Waybill numbers as they are typed and as they are kept; the line of life of a consignment (WBL-01, WBL-02)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from servicecenter.kernel.errors import RuleBroken

SHORTEST, LONGEST = 6, 20
# Our own numbers: eleven digits that begin with 86, written 8620 4417 309.
OWN_LENGTH, OWN_PREFIX = 11, "86"
EXAMPLE = "8620 4417 309"
SEPARATORS = re.compile(r"[\s\-—–‐‑_./]+")


def _refuse(code: str, **params: object) -> RuleBroken:
    return RuleBroken(f"waybill_number.{code}", field="waybill", status=400, **params)


def normalise(text: str) -> str:
    """The number as it is kept: half width, upper case, without separators.

    Raises RuleBroken `waybill_number.empty`, `.characters`, `.too_short` and `.too_long`; where the number looks
    like one of ours, the message counts the digits that lack or are too many. The field is `waybill`.
    """
    number = SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not number:
        raise _refuse("empty")
    if strange := [c for c in number if not re.fullmatch(r"[0-9A-Z]", c)]:
        raise _refuse("characters", characters="".join(dict.fromkeys(strange)), example=EXAMPLE)
    if number.isdigit() and number.startswith(OWN_PREFIX) and len(number) <= OWN_LENGTH + 1:
        if len(number) < OWN_LENGTH:
            raise _refuse("lacking", lacking=OWN_LENGTH - len(number), length=OWN_LENGTH, example=EXAMPLE)
        if len(number) > OWN_LENGTH:
            raise _refuse("excess", excess=len(number) - OWN_LENGTH, length=OWN_LENGTH, example=EXAMPLE)
    if len(number) < SHORTEST:
        raise _refuse("too_short", least=SHORTEST, example=EXAMPLE)
    if len(number) > LONGEST:
        raise _refuse("too_long", most=LONGEST, example=EXAMPLE)
    return number


def looks_like(text: str) -> bool:
    """Whether a text may be a waybill number."""
    try:
        normalise(text)
    except RuleBroken:
        return False
    return True


class Event(Protocol):
    """What the line of life needs of an event."""

    id: Any
    occurred_at: Any
    corrects_id: Any
    is_void: Any


E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Line(Generic[E]):
    """What stands, oldest first, and what was corrected: id of the earlier event → the event that corrects it."""

    standing: tuple[E, ...]
    corrected: dict[int, E]


def line_of(events: Iterable[E]) -> Line[E]:
    """Events with the corrected ones taken out (WBL-02): the last correction of a chain stands, a void one does not."""
    known: Sequence[E] = sorted(events, key=lambda event: (event.occurred_at, event.id))
    corrected = {event.corrects_id: event for event in known if event.corrects_id is not None}
    standing = tuple(event for event in known if event.id not in corrected and not event.is_void)
    return Line(standing, corrected)

"""Does a row's condition hold? Three-valued facts by enumeration: every completion of the unknown facts is tried.

A condition holds, fails on named derived facts, or is open on those unknown facts that can still turn it. Answers are
kept by the values of the facts a condition rests on: a judgement asks each row by one look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from itertools import product
from operator import attrgetter
from typing import Any, NamedTuple

from claims.domain.derived import DERIVED, choices_of
from claims.domain.facts import Facts

Wanted = Mapping[str, frozenset[str]]


class Holds(StrEnum):
    """What a condition says to the facts."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


class TraceRow(NamedTuple):
    """A row's answer: which derived facts failed, with the values they have or may have; which unknown facts decide."""

    row: str
    holds: Holds
    failed: tuple[tuple[str, str], ...] = ()
    open_on: tuple[str, ...] = ()

    @property
    def lacks(self) -> int:
        """How far it is from holding: by the facts that failed; a row that is open is nearer than any."""
        return len(self.failed) or len(self.open_on) - 100


class Condition:
    """A conjunction `derived fact → set of values`. `answers[read(facts)]` is worked out when it is first asked."""

    __slots__ = ("answers", "read", "rests_on", "wanted")

    def __init__(self, wanted: Wanted, name: str = "") -> None:
        self.wanted = wanted
        self.rests_on = tuple(dict.fromkeys(fact for of in wanted for fact in DERIVED[of].rests_on))
        self.read = _reader(self.rests_on)
        self.answers = _Answers(self, name)

    def ask(self, facts: Facts) -> TraceRow:
        """The answer to these facts."""
        return self.answers[self.read(facts)]

    def holds_for(self, known: Mapping[str, Any]) -> bool:
        """Whether it holds for facts that are all known."""
        return all(
            DERIVED[name].read(*(known[fact] for fact in DERIVED[name].rests_on)) in values
            for name, values in self.wanted.items()
        )


class _Answers(dict[tuple[Any, ...], TraceRow]):
    """The answers so far, by the values of the facts that the condition rests on."""

    def __init__(self, condition: Condition, row: str) -> None:
        super().__init__()
        self.condition, self.row = condition, row

    def __missing__(self, values: tuple[Any, ...]) -> TraceRow:
        self[values] = answer = self._work_out(values)
        return answer

    def _work_out(self, values: tuple[Any, ...]) -> TraceRow:
        rests_on, wanted = self.condition.rests_on, self.condition.wanted
        known = {fact: value for fact, value in zip(rests_on, values, strict=True) if value is not None}
        failed = []
        for name, allowed in wanted.items():
            found = possible(name, known)
            if not found & allowed:
                order = DERIVED[name].values
                failed.append((name, "/".join(sorted(found, key=order.index))))
        if failed:
            return TraceRow(self.row, Holds.NO, failed=tuple(failed))
        unknown = [fact for fact in rests_on if fact not in known]
        worlds = {
            world: self.condition.holds_for(known | dict(zip(unknown, world, strict=True)))
            for world in _worlds(unknown)
        }
        if all(worlds.values()):
            return TraceRow(self.row, Holds.YES)
        if not any(worlds.values()):
            both = tuple((name, "/".join(sorted(possible(name, known)))) for name in wanted)
            return TraceRow(self.row, Holds.NO, failed=both)
        deciding = tuple(fact for place, fact in enumerate(unknown) if _turns(worlds, place))
        return TraceRow(self.row, Holds.OPEN, open_on=deciding)


def possible(name: str, known: Mapping[str, Any]) -> set[str]:
    """The values a derived fact may still have."""
    derived = DERIVED[name]
    choices = [(known[fact],) if fact in known else choices_of(fact) for fact in derived.rests_on]
    return {str(derived.read(*values)) for values in product(*choices)}


def _worlds(unknown: list[str]) -> Iterator[tuple[Any, ...]]:
    return product(*(choices_of(fact) for fact in unknown))


def _turns(worlds: Mapping[tuple[Any, ...], bool], place: int) -> bool:
    """Whether the fact at `place` alone makes the difference between two completions."""
    seen: dict[tuple[Any, ...], bool] = {}
    for world, holds in worlds.items():
        others = world[:place] + world[place + 1 :]
        if seen.setdefault(others, holds) is not holds:
            return True
    return False


def _reader(names: tuple[str, ...]) -> Callable[[Facts], tuple[Any, ...]]:
    if len(names) == 1:
        get_one = attrgetter(names[0])
        return lambda facts: (get_one(facts),)
    return attrgetter(*names) if names else lambda facts: ()

"""All conditions of a rule set at once: which hold and which are open, as bits, by a few look-ups.

Facts that a derived fact reads together (the four copies, the two loading records) belong to one group; groups are
joined while their values stay few. A condition is a conjunction over groups that share no fact, so it fails when one of
its groups fails, holds when all hold, and is open otherwise: what a group's values say to all conditions is worked out
once and kept. The reasons, row by row, are the conditions' own answers, asked when they are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from operator import attrgetter
from typing import Any

from claims.domain.conditions import Condition, Holds, TraceRow
from claims.domain.derived import DERIVED, choices_of
from claims.domain.facts import Facts

FACTS = tuple(dict.fromkeys(fact for derived in DERIVED.values() for fact in derived.rests_on))

# What the values of one group do to the conditions: the bits of those they break, of those they leave open.
Said = tuple[int, int]
# Groups are joined while their values, unknown among them, are no more than this.
MOST_VALUES = 4_096
KEPT_TRACES = 20_000
_ALL = attrgetter(*FACTS)


class Compiled:
    """Conditions in their order: bit *n* is the condition at place *n*. The first `traced` of them give a trace."""

    def __init__(self, conditions: Sequence[Condition], *, traced: int) -> None:
        self.conditions = tuple(conditions)
        self.all = (1 << len(self.conditions)) - 1
        self.groups = [
            (attrgetter(*facts), _Group(facts, self.conditions)) for facts in _groups(self.conditions)
        ]
        self.traces: dict[Any, tuple[TraceRow, ...]] = {}
        self.asked = [(condition.read, condition.answers) for condition in self.conditions[:traced]]

    def look(self, facts: Facts) -> tuple[int, int]:
        """The bits of what holds, and of what is open."""
        no = opened = 0
        for read, said in self.groups:
            breaks, leaves_open = said[read(facts)]
            no |= breaks
            opened |= leaves_open
        opened &= ~no
        return self.all & ~(no | opened), opened

    def trace(self, facts: Facts) -> tuple[TraceRow, ...]:
        """Why each row holds, fails or is open; kept for the incidents that look alike."""
        key = _ALL(facts)
        found = self.traces.get(key)
        if found is None:
            if len(self.traces) >= KEPT_TRACES:
                self.traces.clear()
            found = self.traces[key] = tuple([answers[read(facts)] for read, answers in self.asked])
        return found


class _Group(dict[Any, Said]):
    """What the values of one group of facts say so far."""

    def __init__(self, facts: tuple[str, ...], conditions: Sequence[Condition]) -> None:
        super().__init__()
        self.facts = facts
        # The part of each condition that rests on this group, by its bit.
        self.parts: list[tuple[int, Condition]] = []
        for place, condition in enumerate(conditions):
            wanted = {
                name: values
                for name, values in condition.wanted.items()
                if set(DERIVED[name].rests_on) <= set(facts)
            }
            if wanted:
                self.parts.append((1 << place, Condition(wanted)))

    def __missing__(self, values: Any) -> Said:
        known: Mapping[str, Any] = dict(
            zip(self.facts, values if len(self.facts) > 1 else (values,), strict=True)
        )
        facts = Facts(**known)
        answers = [(bit, part.ask(facts).holds) for bit, part in self.parts]
        breaks = sum(bit for bit, holds in answers if holds is Holds.NO)
        leaves_open = sum(bit for bit, holds in answers if holds is Holds.OPEN)
        self[values] = said = (breaks, leaves_open)
        return said


def _groups(conditions: Sequence[Condition]) -> list[tuple[str, ...]]:
    """The facts that the conditions rest on, those together that one derived fact reads together; few groups."""
    groups: list[set[str]] = []
    for name in dict.fromkeys(name for condition in conditions for name in condition.wanted):
        joined = set(DERIVED[name].rests_on)
        apart = [group for group in groups if not group & joined]
        for group in groups:
            if group & joined:
                joined |= group
        groups = [*apart, joined]
    joined_groups: list[tuple[str, ...]] = []
    size = MOST_VALUES
    for group in groups:
        facts = tuple(fact for fact in FACTS if fact in group)
        values = prod(len(choices_of(fact)) + 1 for fact in facts)
        if joined_groups and size * values <= MOST_VALUES:
            joined_groups[-1] += facts
            size *= values
        else:
            joined_groups.append(facts)
            size = values
    return joined_groups


def places_of(bits: int) -> list[int]:
    """The places of the bits that are set, the lowest first."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found

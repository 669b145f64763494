"""All situations that a rule set can tell apart: contradictions, gaps, and what another version decides differently.

Facts that the rows read together (the four copies, the two loading records) are grouped; of each group one example
stands for all combinations that look the same to every row, with their number. So the documentary core of 200 000
situations is judged by some ten thousand (LR-24, LR-32).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from claims.domain.conditions import Condition
from claims.domain.derived import DERIVED, choices_of
from claims.domain.facts import UNKNOWN_NOTER, Facts, Party, facts_from, plain_facts
from claims.domain.liability import Manual, Verdict, judge
from claims.domain.ruleset import Row, RuleSet

# What the papers show; the other facts are as on an ordinary day.
CORE = (
    "kind", "position", "copy_1", "copy_2", "copy_3", "copy_4", "driver_record", "loader_record", "entered",
    "system_up", "notice", "loader_signature", "noter",
)  # fmt: skip
ORDINARY: Mapping[str, Any] = {
    "refused": False,
    "slip": False,
    "off_post": (),
    "swapped_post": (),
    "return_label_covered": False,
    "traffic_or_theft": False,
}
# LR-23: situations that are known to have no row; the publisher acknowledges them.
KNOWN_GAPS = ("U1", "U2", "U3", "U4", "U5", "U6", "DAMAGE_NO_RULE", "NOTE_AUTHOR_UNKNOWN")


@dataclass(frozen=True)
class Situation:
    """One example, and how many combinations of facts look like it."""

    facts: Facts
    count: int


@dataclass(frozen=True)
class Overlap:
    """Two rows of one tier and priority that hold together and share differently, with an example (LR-32)."""

    first: str
    second: str
    example: Mapping[str, Any]


@dataclass(frozen=True)
class Gap:
    """A manual outcome with its sub-code, how many situations have it, and an example."""

    code: str
    outcome: str
    count: int
    example: Mapping[str, Any]


def overlaps(rules: RuleSet) -> list[Overlap]:
    """Rows of one tier and priority that hold together with different shares; tier A is exempt (LR-21, LR-32)."""
    found = []
    for first, second in combinations([row for row in rules.rows if row.shares and row.tier != "A"], 2):
        if (first.tier, first.priority) == (second.tier, second.priority) and dict(first.shares) != dict(
            second.shares
        ):
            example = together(first, second)
            if example is not None:
                found.append(Overlap(first.id, second.id, example))
    return found


def together(first: Row, second: Row) -> Mapping[str, Any] | None:
    """Facts under which both rows hold; None when there are none."""
    wanted: dict[str, frozenset[str]] = dict(first.condition.wanted)
    for name, values in second.condition.wanted.items():
        wanted[name] = wanted[name] & values if name in wanted else values
        if not wanted[name]:
            return None
    example: dict[str, Any] = {}
    for names in _groups(wanted):
        condition = Condition({name: wanted[name] for name in names})
        worlds = (dict(zip(condition.rests_on, world, strict=True)) for world in _worlds(condition.rests_on))
        found = next((world for world in worlds if condition.holds_for(world)), None)
        if found is None:
            return None
        example |= found
    return plain_facts(Facts(**_named(example)))


def situations(*rulesets: RuleSet, facts: Sequence[str] = CORE) -> Iterator[Situation]:
    """Every situation of `facts` that these rule sets can tell apart; the other facts as on an ordinary day."""
    names = {name for rules in rulesets for condition in _conditions(rules) for name in condition.wanted}
    groups = [_looks(group, names) for group in _fact_groups(facts, names)]
    for choice in product(*groups):
        values: dict[str, Any] = dict(ORDINARY)
        count = 1
        for world, number in choice:
            values |= world
            count *= number
        yield Situation(Facts(**_named(values)), count)


def gaps(rules: RuleSet) -> list[Gap]:
    """The situations of a loss or damage that no row decides, by reason or pattern (LR-23, LR-32)."""
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], Facts] = {}
    for situation in situations(rules):
        verdict = judge(situation.facts, rules)
        if verdict.is_manual and verdict.outcome != Manual.NO_INCIDENT:
            key = (verdict.sub_code or verdict.outcome, verdict.outcome)
            counts[key] += situation.count
            examples.setdefault(key, situation.facts)
    return [
        Gap(code, outcome, counts[code, outcome], plain_facts(examples[code, outcome]))
        for code, outcome in sorted(counts, key=lambda key: (_order(key[0]), key))
    ]


def changes(former: RuleSet, rules: RuleSet) -> int:
    """How many situations the two versions decide differently (LR-32)."""
    return sum(
        situation.count
        for situation in situations(former, rules)
        if _result(judge(situation.facts, former)) != _result(judge(situation.facts, rules))
    )


def broken_cases(rules: RuleSet, cases: Iterable[Mapping[str, Any]]) -> list[str]:
    """The golden cases that the rule set decides otherwise: "name: outcome instead of wanted" (LR-32)."""
    found = []
    for case in cases:
        verdict = judge(facts_from(case["facts"]), rules)
        wanted, given = case["outcome"], verdict.sub_code or verdict.outcome
        shares = {party: str(share) for party, share in verdict.shares.items()}
        if given != wanted or ("shares" in case and shares != case["shares"]):
            found.append(f"{case['name']}: {given} {shares or ''}".rstrip() + f" instead of {wanted}")
    return found


def _result(verdict: Verdict) -> tuple[Any, ...]:
    return verdict.outcome, verdict.sub_code, dict(verdict.shares), frozenset(verdict.fines)


def _order(code: str) -> int:
    return KNOWN_GAPS.index(code) if code in KNOWN_GAPS else len(KNOWN_GAPS)


def _conditions(rules: RuleSet) -> Iterator[Condition]:
    for row in rules.rows:
        yield row.condition
        yield from (fine.condition for fine in row.fines)
    yield rules.stop
    # the patterns of a loss without a rule ask these as well
    yield Condition(
        {name: frozenset({"yes"}) for name in ("driver_recorded", "loader_recorded", "notice_present")}
    )


def _groups(wanted: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """The derived facts in groups that share no fact: each group is decided by itself."""
    groups: list[tuple[set[str], list[str]]] = []
    for name in wanted:
        facts, names = set(DERIVED[name].rests_on), [name]
        apart = []
        for other_facts, other_names in groups:
            if facts & other_facts:
                facts |= other_facts
                names = other_names + names
            else:
                apart.append((other_facts, other_names))
        groups = [*apart, (facts, names)]
    return [names for _facts, names in groups]


def _fact_groups(facts: Sequence[str], names: set[str]) -> list[tuple[str, ...]]:
    """The facts in groups that some row reads together."""
    groups = [{fact} for fact in facts]
    for name in names:
        joined = set(DERIVED[name].rests_on) & set(facts)
        meeting = [group for group in groups if group & joined]
        if len(meeting) > 1:
            groups = [group for group in groups if not group & joined] + [set().union(*meeting)]
    ordered = [tuple(fact for fact in facts if fact in group) for group in groups]
    return sorted(ordered, key=lambda group: facts.index(group[0]))


def _looks(group: tuple[str, ...], names: set[str]) -> list[tuple[dict[str, Any], int]]:
    """One example of each look of a group of facts, and how many combinations look so."""
    asked = [DERIVED[name] for name in sorted(names) if set(DERIVED[name].rests_on) <= set(group)]
    found: dict[tuple[str, ...], tuple[dict[str, Any], int]] = {}
    for world in _worlds(group):
        values = dict(zip(group, world, strict=True))
        look = tuple(derived.read(*(values[fact] for fact in derived.rests_on)) for derived in asked)
        # who copied the record decides who pays: the records themselves are part of the look
        look += tuple(str(values[fact]) for fact in group if fact in ("driver_record", "loader_record"))
        example, count = found.get(look, (values, 0))
        found[look] = (example, count + 1)
    return list(found.values())


def _worlds(facts: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    return product(*(choices_of(fact) for fact in facts))


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    """Examples name the driver where somebody is meant; nobody was off post where the rows do not ask."""
    found = dict(values)
    if found.get("noter") not in (None, UNKNOWN_NOTER):
        found["noter"] = Party.DRIVER
    for name in ("off_post", "swapped_post"):
        if found.get(name):
            found[name] = (Party.DRIVER,)
    return found

"""A liability rule set as data, checked when it is loaded (LR-30, LR-34)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from claims.domain.compiled import Compiled
from claims.domain.conditions import Condition
from claims.domain.derived import DERIVED
from claims.domain.facts import Party
from claims.domain.patterns import LACKS_WRITER, PATTERNS
from claims.domain.switches import SWITCHES, BadSwitch, switched

TIERS = ("gate", "A", "B", "C", "D", "E", "fine")
# Parties that a row names by what they did; bound to parties (and persons) when the row is judged.
ROLES = ("noter", "copier", "absentee", "swapper")
LANGUAGES = frozenset({"zh-Hans", "zh-Hant", "en"})
# An incomplete note whose writer is not known stops before the papers of tiers D and E (LR-23).
STOPS_BEFORE = ("D", "E", "fine")


@dataclass(frozen=True)
class Fine:
    """A fine on a party or role, yuan from–to per occurrence, with a condition of its own (LR-20)."""

    party: str
    minimum: int
    maximum: int
    condition: Condition


@dataclass(frozen=True)
class Row:
    """One row: condition `derived fact → set of values` (all must hold), shares as fractions in party order."""

    id: str
    tier: str
    priority: int
    condition: Condition
    shares: tuple[tuple[str, Fraction], ...] = ()
    fines: tuple[Fine, ...] = ()
    sentence: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class RuleSet:
    """All rows in order of precedence, the party order for ties, and the switches of LR-22."""

    version: str
    rows: tuple[Row, ...]
    party_order: tuple[str, ...]
    switches: Mapping[str, bool]
    # The incomplete note of an unknown writer, as a condition (LR-23).
    stop: Condition
    # A party that is charged as another one (LR-22).
    charged_as: Mapping[str, str] = field(default_factory=dict)
    # What followed so far from which rows hold and who did what; see `liability.judge`.
    cores: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def row(self, row_id: str) -> Row:
        """The row of that id; KeyError if there is none."""
        return self._by_id[row_id]

    @cached_property
    def _by_id(self) -> dict[str, Row]:
        return {row.id: row for row in self.rows}

    @cached_property
    def compiled(self) -> Compiled:
        """All conditions that a judgement asks, the rows first, to be looked at together."""
        fines = [fine.condition for row in self.rows for fine in row.fines]
        patterns = [condition for _code, condition in PATTERNS]
        rows = [row.condition for row in self.rows]
        return Compiled([*rows, *fines, self.stop, *patterns, LACKS_WRITER], traced=len(rows))

    @cached_property
    def table(self) -> Table:
        """Which bit of `compiled` is what."""
        return Table.of(self)


@dataclass(frozen=True)
class Table:
    """Places and bits of the conditions of a rule set, as a judgement asks for them."""

    rows: int
    gates: int
    # Rows that give shares; those of tier A (LR-21); those before and from tier D on, between which an incomplete note
    # of an unknown writer stops (LR-23).
    sharing: int
    sharing_places: tuple[int, ...]
    tier_a: int
    before_papers: int
    papers: int
    fines: int
    fine_at: Mapping[int, tuple[str, Fine]]
    stop: int
    patterns: int
    pattern_at: Mapping[int, str]
    lacks_writer: int

    @classmethod
    def of(cls, rules: RuleSet) -> Table:
        """The table of a rule set; the order is that of `RuleSet.compiled`."""
        rows = rules.rows
        sharing = tuple(place for place, row in enumerate(rows) if row.shares)
        first = next((place for place, row in enumerate(rows) if row.tier in STOPS_BEFORE), len(rows))
        fined = [(row.id, fine) for row in rows for fine in row.fines]
        fine_at = dict(enumerate(fined, len(rows)))
        stop = len(rows) + len(fined)
        pattern_at = dict(enumerate([code for code, _condition in PATTERNS], stop + 1))
        return cls(
            rows=_bits(range(len(rows))),
            gates=_bits(place for place, row in enumerate(rows) if row.tier == "gate"),
            sharing=_bits(sharing),
            sharing_places=sharing,
            tier_a=_bits(place for place, row in enumerate(rows) if row.tier == "A"),
            before_papers=_bits(place for place in sharing if place < first),
            papers=_bits(place for place in sharing if place >= first),
            fines=_bits(fine_at),
            fine_at=fine_at,
            stop=1 << stop,
            patterns=_bits(pattern_at),
            pattern_at=pattern_at,
            lacks_writer=1 << (stop + 1 + len(PATTERNS)),
        )


def _bits(places: Iterable[int]) -> int:
    return sum(1 << place for place in places)


class BadRuleSet(ValueError):
    """A rule set that cannot be loaded: says which row and why."""


def load(data: Mapping[str, Any]) -> RuleSet:
    """A rule set from plain data. Raises BadRuleSet for an unknown fact, value, party, tier or switch, for shares that
    do not sum to one, and for a row that stands twice."""
    try:
        plain = switched(data)
    except BadSwitch as problem:
        raise BadRuleSet(str(problem)) from problem
    try:
        order, version = tuple(plain["party_order"]), str(plain["version"])
        rows = tuple(
            sorted(
                (_row(item, order) for item in plain["rows"]),
                key=lambda row: (TIERS.index(row.tier), row.priority),
            )
        )
    except (KeyError, TypeError, AttributeError) as problem:
        raise BadRuleSet(f"not a rule set: {problem!r}") from problem
    ids = [row.id for row in rows]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise BadRuleSet(f"a row stands twice: {', '.join(twice)}")
    if len(order) != len(set(order)) or set(order) != {str(party) for party in Party}:
        raise BadRuleSet("the party order names every party once")
    switches = {name: bool(data.get("switches", {}).get(name, True)) for name in SWITCHES}
    return RuleSet(
        version,
        rows,
        order,
        switches,
        Condition(_condition("stop", plain["stop"])),
        dict(plain.get("charged_as", {})),
    )


def _row(item: Mapping[str, Any], order: Sequence[str]) -> Row:
    """A row; its shares stand in the party order, since JSON objects in the database have none (MON-02)."""
    name = str(item["id"])
    if item["tier"] not in TIERS:
        raise BadRuleSet(f"{name}: unknown tier {item['tier']}")
    given = {_known(name, party): _fraction(name, text) for party, text in item.get("shares", {}).items()}
    shares = tuple((party, given[party]) for party in (*ROLES, *order) if party in given)
    if shares and sum((share for _party, share in shares), Fraction(0)) != 1:
        raise BadRuleSet(f"{name}: shares do not sum to one")
    if bool(shares) == (item["tier"] in {"gate", "fine"}):
        raise BadRuleSet(f"{name}: a row of tier {item['tier']} {'has no' if shares else 'needs'} shares")
    if any(party in ROLES for party, _share in shares) and len(shares) > 1:
        raise BadRuleSet(f"{name}: whoever is named by what was done bears all")
    wanted = _condition(name, item["condition"])
    condition = Condition(wanted, name)
    fines = tuple(
        Fine(
            _known(name, fine["party"]),
            _whole(name, fine["min"]),
            _whole(name, fine["max"]),
            Condition(_condition(name, fine["condition"])) if "condition" in fine else condition,
        )
        for fine in item.get("fines", [])
    )
    if any(not 0 <= fine.minimum <= fine.maximum for fine in fines):
        raise BadRuleSet(f"{name}: a fine runs from less to more")
    sentence = item.get("sentence", {})
    if set(sentence) - LANGUAGES or not sentence.get("zh-Hans"):
        raise BadRuleSet(f"{name}: the sentence stands in zh-Hans, and in zh-Hant and en if at all")
    priority = _whole(name, item.get("priority", 1))
    return Row(
        name, item["tier"], priority, condition, shares, fines, dict(sentence), str(item.get("source", ""))
    )


def _condition(name: str, condition: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    if not condition:
        raise BadRuleSet(f"{name}: no condition")
    for fact, values in condition.items():
        if fact not in DERIVED:
            raise BadRuleSet(f"{name}: unknown fact {fact}")
        unknown = sorted(set(values) - set(DERIVED[fact].values))
        if unknown or not values or isinstance(values, str):
            raise BadRuleSet(f"{name}: {fact} has no value {', '.join(unknown) or values}")
    return {fact: frozenset(values) for fact, values in condition.items()}


def _known(name: str, party: str) -> str:
    if party not in ROLES and party not in {str(item) for item in Party}:
        raise BadRuleSet(f"{name}: unknown party {party}")
    return party


def _whole(name: str, number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise BadRuleSet(f"{name}: {number!r} is not a whole number")
    return number


def _fraction(name: str, text: Any) -> Fraction:
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError, TypeError) as problem:
        raise BadRuleSet(f"{name}: {text} is not a fraction") from problem
    if isinstance(text, float) or not 0 < share <= 1:
        raise BadRuleSet(f"{name}: a share is a fraction, more than nothing and at most all")
    return share

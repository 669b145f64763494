"""Who bears a loss: the decision table judged row by row, with a reason for every row (LR-20 to LR-24, LR-33).

Precedence: the gate, then tiers A to E, inside a tier the priority (lower first). Facts are three-valued: a row holds,
fails on a named fact, or is open on named unknown facts. The first row that holds decides; an open row before it makes
the verdict provisional. No row: a manual outcome with its reason, never an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from claims.domain.compiled import places_of
from claims.domain.conditions import Holds, TraceRow
from claims.domain.facts import UNKNOWN_NOTER, Facts, Kind, Record
from claims.domain.ruleset import Row, RuleSet

YES = Holds.YES
WHOLE = Fraction(1)
KEPT_CORES = 20_000
# The bits of the conditions that hold, and of those that are open.
Look = tuple[int, int]


class Manual(StrEnum):
    """Why no row decides (LR-23). The last two are the adjuster's own choice, never the evaluator's."""

    DAMAGE_NO_RULE = "DAMAGE_NO_RULE"
    LOSS_PATTERN = "LOSS_PATTERN"
    NOTE_AUTHOR_UNKNOWN = "NOTE_AUTHOR_UNKNOWN"
    MULTIPLE_SOLE_LIABILITY = "MULTIPLE_SOLE_LIABILITY"
    COUNT_DISPUTE = "COUNT_DISPUTE"
    NO_INCIDENT = "NO_INCIDENT"
    CORRUPT_EVIDENCE = "CORRUPT_EVIDENCE"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"


MANUAL = frozenset(str(reason) for reason in Manual)
# EV-04, LR-23: what only a person can see; they may be chosen whatever the rules say.
CHOSEN_BY_HAND = frozenset({str(Manual.CORRUPT_EVIDENCE), str(Manual.OUT_OF_SCOPE)})


class FineDue(NamedTuple):
    """A fine on a person, with the rule that imposes it, in yuan from–to (LR-20, SAN-07)."""

    party: str
    person: str
    rule: str
    minimum: int
    maximum: int


class Core(NamedTuple):
    """What follows from which rows hold and who did what: a rule, or a manual reason with sub-code."""

    outcome: str
    sub_code: str = ""
    shares: Mapping[str, Fraction] = {}
    suggestion: Mapping[str, Fraction] = {}
    fines: tuple[FineDue, ...] = ()
    also_matched: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    # Nothing decides but a person: the nearest rows help.
    is_undecided: bool = False


class Verdict:
    """The outcome with its reasons. `shares` by party in order; empty when manual.

    The trace (why every row holds, fails or is open) and the nearest rows follow from facts and rules alone; they are
    worked out when they are read.
    """

    __slots__ = ("core", "facts", "rules")

    def __init__(self, core: Core, facts: Facts, rules: RuleSet) -> None:
        self.core, self.facts, self.rules = core, facts, rules

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verdict) and (self.core, self.trace) == (other.core, other.trace)

    __hash__ = None  # type: ignore[assignment]

    @property
    def trace(self) -> tuple[TraceRow, ...]:
        """The reason of every row, in the order of the rule set."""
        return self.rules.compiled.trace(self.facts)

    @property
    def nearest(self) -> tuple[TraceRow, ...]:
        """The three rows that lacked least, for whoever decides by hand."""
        if not self.core.is_undecided:
            return ()
        trace = self.trace
        rows = [trace[place] for place in self.rules.table.sharing_places]
        return tuple(sorted((row for row in rows if row.holds is not YES), key=attrgetter("lacks"))[:3])

    @property
    def outcome(self) -> str:
        """A row's id, or a manual reason."""
        return self.core.outcome

    @property
    def sub_code(self) -> str:
        """The pattern of a loss that no row decides."""
        return self.core.sub_code

    @property
    def shares(self) -> Mapping[str, Fraction]:
        """Party → share, in order."""
        return self.core.shares

    @property
    def suggestion(self) -> Mapping[str, Fraction]:
        """The split suggested to whoever decides (LR-21)."""
        return self.core.suggestion

    @property
    def fines(self) -> tuple[FineDue, ...]:
        """Fines of all rows that hold (LR-20)."""
        return self.core.fines

    @property
    def also_matched(self) -> tuple[str, ...]:
        """The other rows that hold."""
        return self.core.also_matched

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The unknown facts that could still change the outcome."""
        return self.core.depends_on

    @property
    def warnings(self) -> tuple[str, ...]:
        """What whoever determines should know."""
        return self.core.warnings

    @property
    def is_manual(self) -> bool:
        """A person must decide."""
        return self.core.outcome in MANUAL

    @property
    def provisional(self) -> bool:
        """Unknown facts could still change the outcome (LR-33)."""
        return bool(self.core.depends_on)


class _Decided(NamedTuple):
    outcome: str
    sub_code: str = ""
    shares: Mapping[str, Fraction] = {}
    suggestion: Mapping[str, Fraction] = {}


def judge(facts: Facts, rules: RuleSet) -> Verdict:
    """Judge one incident. Never raises for facts read by `facts_from`; every combination has one outcome (LR-24).

    What rows hold, and who wrote, left, worked elsewhere or copied, decides: what followed from it once is kept with
    the rule set. Persons, counts and unknown facts are judged each time.
    """
    look = rules.compiled.look(facts)
    if look[1] or facts.persons or facts.loader_qty is not None:
        return Verdict(_core(facts, rules, look), facts, rules)
    key = (look[0], _deeds(facts))
    core: Core | None = rules.cores.get(key)
    if core is None:
        if len(rules.cores) >= KEPT_CORES:
            rules.cores.clear()
        core = rules.cores[key] = _core(facts, rules, look)
    return Verdict(core, facts, rules)


# What a core rests on beside the rows that hold.
_deeds = attrgetter("kind", "noter", "off_post", "swapped_post", "driver_record", "loader_record")


def _core(facts: Facts, rules: RuleSet, look: Look) -> Core:
    yes, table = look[0], rules.table
    if gate := yes & table.gates:
        return Core(rules.rows[places_of(gate)[0]].id)
    decided, winner, openly = _decide(facts, rules, look)
    also = [rules.rows[place].id for place in places_of(yes & table.rows)]
    return Core(
        decided.outcome,
        decided.sub_code,
        decided.shares,
        decided.suggestion,
        _fines(facts, rules, yes),
        tuple([row for row in also if row != decided.outcome]),
        openly,
        _warnings(facts, rules, yes),
        winner is None,
    )


def _decide(facts: Facts, rules: RuleSet, look: Look) -> tuple[_Decided, Row | None, tuple[str, ...]]:
    """The outcome, the row that gives it, and the unknown facts that could still change it."""
    table = rules.table
    yes = look[0]
    openly = dict.fromkeys(_open_on(facts, rules, look, table.gates))
    if facts.kind == Kind.NONE:
        return _Decided(Manual.NO_INCIDENT), None, tuple(openly)
    if _is_count_dispute(facts):
        return _Decided(Manual.COUNT_DISPUTE), None, tuple(openly)
    won = yes & table.sharing
    first = won & -won  # the bit of the row that decides; none: all rows are asked
    before = table.sharing & (first - 1) if first else table.sharing
    openly.update(dict.fromkeys(_open_on(facts, rules, look, before & table.before_papers)))
    if table.papers and not first & table.before_papers:
        stops, open_on = _stops(facts, rules, look)
        openly.update(dict.fromkeys(open_on))
        if stops:
            return _Decided(Manual.NOTE_AUTHOR_UNKNOWN), None, tuple(openly)
        openly.update(dict.fromkeys(_open_on(facts, rules, look, before & table.papers)))
    if first:
        row = rules.rows[first.bit_length() - 1]
        decided = _sole(facts, rules, yes) if row.tier == "A" else _shared(row, facts, rules)
        if row.tier == "A":
            # Another row of tier A may still name another person (LR-21): those left open matter too.
            openly.update(dict.fromkeys(_open_on(facts, rules, look, table.tier_a)))
        return decided, row if decided.outcome == row.id else None, tuple(openly)
    if facts.kind is None:
        openly["kind"] = None
    if facts.kind == Kind.DAMAGE:
        return _Decided(Manual.DAMAGE_NO_RULE), None, tuple(openly)
    return _Decided(Manual.LOSS_PATTERN, _pattern(rules, yes)), None, tuple(openly)


def _open_on(facts: Facts, rules: RuleSet, look: Look, among: int) -> list[str]:
    """The unknown facts on which open rows among these hang."""
    rows = [rules.rows[place] for place in places_of(look[1] & among)]
    return [fact for row in rows for fact in row.condition.ask(facts).open_on]


def _stops(facts: Facts, rules: RuleSet, look: Look) -> tuple[bool, tuple[str, ...]]:
    """An incomplete note does not slide into tiers D and E while nobody knows, or has said, who wrote it (LR-23)."""
    stop = rules.table.stop
    if not look[1] & stop:
        return bool(look[0] & stop), ()
    open_on = rules.stop.ask(facts).open_on
    return open_on == ("noter",), open_on


def _sole(facts: Facts, rules: RuleSet, yes: int) -> _Decided:
    """Tier A: one person bears all; several persons are a person's decision, equal shares suggested (LR-21)."""
    matched = [rules.rows[place] for place in places_of(yes & rules.table.tier_a)]
    by_person: dict[str, str] = {}
    for row in matched:
        for party in _bound(row, facts, rules):
            by_person.setdefault(facts.person(party), party)
    if len(by_person) == 1:
        return _Decided(matched[0].id, shares=dict.fromkeys(by_person.values(), WHOLE))
    each = Fraction(1, len(by_person))
    return _Decided(
        Manual.MULTIPLE_SOLE_LIABILITY,
        suggestion={party: each for party in rules.party_order if party in by_person.values()},
    )


def _shared(row: Row, facts: Facts, rules: RuleSet) -> _Decided:
    return _Decided(
        row.id, shares={party: share for role, share in row.shares for party in _bind(role, facts, rules)}
    )


def _bind(role: str, facts: Facts, rules: RuleSet) -> tuple[str, ...]:
    """The parties behind a role such as "the noter"; a plain party is itself."""
    named: tuple[str, ...]
    if role == "noter":
        named = () if facts.noter in (None, UNKNOWN_NOTER) else (str(facts.noter),)
    elif role == "absentee":
        named = tuple(str(party) for party in facts.off_post or ())
    elif role == "swapper":
        named = tuple(str(party) for party in facts.swapped_post or ())
    elif role == "copier":
        records = (("driver", facts.driver_record), ("loader", facts.loader_record))
        named = tuple(party for party, record in records if record == Record.COPIED)
    else:
        return (role,)
    if not rules.charged_as:
        return named
    return tuple(dict.fromkeys(rules.charged_as.get(party, party) for party in named))


def _bound(row: Row, facts: Facts, rules: RuleSet) -> list[str]:
    return [party for role, _share in row.shares for party in _bind(role, facts, rules)]


def _fines(facts: Facts, rules: RuleSet, yes: int) -> tuple[FineDue, ...]:
    """Fines add up over all rows whose fine condition holds (LR-20)."""
    table, due = rules.table, []
    for place in places_of(yes & table.fines):
        rule, fine = table.fine_at[place]
        for party in _bind(fine.party, facts, rules):
            due.append(FineDue(party, facts.person(party), rule, fine.minimum, fine.maximum))
    return tuple(due)


def _pattern(rules: RuleSet, yes: int) -> str:
    """The sub-code of a loss that no row decides; '' while the papers are not known well enough."""
    found = yes & rules.table.patterns
    return rules.table.pattern_at[places_of(found)[0]] if found else ""


def _is_count_dispute(facts: Facts) -> bool:
    """Nothing is missing by the driver's count, the first reference; what lies above it is disputed (EV-02)."""
    if facts.kind != Kind.LOSS or facts.driver_qty is None or facts.loader_qty is None:
        return False
    if facts.received_qty is None:
        return False
    return facts.loader_qty > facts.driver_qty and facts.received_qty >= facts.driver_qty


def _warnings(facts: Facts, rules: RuleSet, yes: int) -> tuple[str, ...]:
    found = []
    if facts.driver_qty is not None and facts.loader_qty is not None and facts.loader_qty > facts.driver_qty:
        found.append("count_dispute_above_driver")
    # LR-22: a complete note whose writer is unknown stops nothing, but LR-01 then lacks only the writer.
    if facts.noter in (None, UNKNOWN_NOTER) and yes & rules.table.lacks_writer:
        found.append("lr01_lacks_writer")
    return tuple(found)

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

from claims.domain.conditions import Condition, Holds, TraceRow
from claims.domain.facts import ENUMS, PARTY_SETS, UNKNOWN_NOTER, YES_NO, Facts, Kind, Record
from claims.domain.ruleset import Row, RuleSet

YES, NO, OPEN = Holds.YES, Holds.NO, Holds.OPEN
WHOLE = Fraction(1)
KEPT_VERDICTS = 20_000


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


class Verdict(NamedTuple):
    """The outcome: a rule, or a manual reason with sub-code. `shares` by party in order; empty when manual."""

    outcome: str
    trace: tuple[TraceRow, ...]
    sub_code: str = ""
    shares: Mapping[str, Fraction] = {}
    suggestion: Mapping[str, Fraction] = {}
    fines: tuple[FineDue, ...] = ()
    also_matched: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    nearest: tuple[TraceRow, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_manual(self) -> bool:
        """A person must decide."""
        return self.outcome in MANUAL

    @property
    def provisional(self) -> bool:
        """Unknown facts could still change the outcome (LR-33)."""
        return bool(self.depends_on)


class _Decided(NamedTuple):
    outcome: str
    sub_code: str = ""
    shares: Mapping[str, Fraction] = {}
    suggestion: Mapping[str, Fraction] = {}


def judge(facts: Facts, rules: RuleSet) -> Verdict:
    """Judge one incident. Never raises for facts read by `facts_from`; every combination has one outcome (LR-24).

    Most incidents look like one before: verdicts that hang on neither persons nor counts are kept with the rule set.
    """
    if facts.persons or facts.loader_qty is not None:
        return judge_anew(facts, rules)
    key = _table_facts(facts)
    found: Verdict | None = rules.verdicts.get(key)
    if found is None:
        if len(rules.verdicts) >= KEPT_VERDICTS:
            rules.verdicts.clear()
        found = rules.verdicts[key] = judge_anew(facts, rules)
    return found


# Every fact that a row of the table may ask.
_table_facts = attrgetter(*ENUMS, *YES_NO, *PARTY_SETS, "noter")


def judge_anew(facts: Facts, rules: RuleSet) -> Verdict:
    """The same, kept nowhere: for a walk through all situations."""
    trace = tuple([answers[read(facts)] for read, answers in rules.asked])
    for place in rules.gates:
        if trace[place].holds is YES:
            return Verdict(trace[place].row, trace)
    decided, winner, openly = _decide(facts, rules, trace)
    also = tuple([item.row for item in trace if item.holds is YES and item.row != decided.outcome])
    return Verdict(
        decided.outcome,
        trace,
        decided.sub_code,
        decided.shares,
        decided.suggestion,
        _fines(facts, rules),
        also,
        openly,
        _nearest(rules, trace) if winner is None else (),
        _warnings(facts),
    )


def _decide(
    facts: Facts, rules: RuleSet, trace: tuple[TraceRow, ...]
) -> tuple[_Decided, Row | None, tuple[str, ...]]:
    """The outcome, the row that gives it, and the unknown facts that could still change it."""
    gate = [fact for place in rules.gates for fact in trace[place].open_on]
    if facts.kind == Kind.NONE:
        return _Decided(Manual.NO_INCIDENT), None, tuple(gate)
    if _is_count_dispute(facts):
        return _Decided(Manual.COUNT_DISPUTE), None, tuple(gate)
    openly = dict.fromkeys(gate)
    asked_for_writer = False
    for place in rules.sharing:
        if place >= rules.papers_from and not asked_for_writer:
            asked_for_writer = True
            stops, open_on = _stops(facts, rules)
            openly.update(dict.fromkeys(open_on))
            if stops:
                return _Decided(Manual.NOTE_AUTHOR_UNKNOWN), None, tuple(openly)
        item = trace[place]
        if item.holds is YES:
            row = rules.rows[place]
            decided = _sole(facts, rules, trace) if row.tier == "A" else _shared(row, facts, rules)
            if row.tier == "A":
                # Another row of tier A may still name another person (LR-21): those left open matter too.
                openly.update(dict.fromkeys(_open_of_tier_a(rules, trace)))
            return decided, row if decided.outcome == row.id else None, tuple(openly)
        if item.holds is OPEN:
            openly.update(dict.fromkeys(item.open_on))
    if facts.kind is None:
        openly["kind"] = None
    if facts.kind == Kind.DAMAGE:
        return _Decided(Manual.DAMAGE_NO_RULE), None, tuple(openly)
    return _Decided(Manual.LOSS_PATTERN, _pattern(facts)), None, tuple(openly)


def _stops(facts: Facts, rules: RuleSet) -> tuple[bool, tuple[str, ...]]:
    """An incomplete note does not slide into tiers D and E while nobody knows, or has said, who wrote it (LR-23)."""
    reply = rules.stop.ask(facts)
    return reply.holds is YES or reply.open_on == ("noter",), reply.open_on


def _open_of_tier_a(rules: RuleSet, trace: tuple[TraceRow, ...]) -> list[str]:
    return [fact for place in rules.tier_a for fact in trace[place].open_on]


def _sole(facts: Facts, rules: RuleSet, trace: tuple[TraceRow, ...]) -> _Decided:
    """Tier A: one person bears all; several persons are a person's decision, equal shares suggested (LR-21)."""
    matched = [rules.rows[place] for place in rules.tier_a if trace[place].holds is YES]
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


def _fines(facts: Facts, rules: RuleSet) -> tuple[FineDue, ...]:
    """Fines add up over all rows whose fine condition holds (LR-20)."""
    due = []
    for rule, fine in rules.fining:
        if fine.condition.ask(facts).holds is YES:
            for party in _bind(fine.party, facts, rules):
                due.append(FineDue(party, facts.person(party), rule, fine.minimum, fine.maximum))
    return tuple(due)


def _nearest(rules: RuleSet, trace: tuple[TraceRow, ...]) -> tuple[TraceRow, ...]:
    """The three rows that lacked least, for whoever decides by hand."""
    rows = [trace[place] for place in rules.sharing if trace[place].holds is not YES]
    rows.sort(key=lambda item: len(item.failed) or len(item.open_on) - 100)
    return tuple(rows[:3])


def _when(**wanted: str) -> Condition:
    return Condition({name: frozenset({value}) for name, value in wanted.items()})


# LR-23: how a loss looks that no row decides. What rules have taken out before need not be asked again.
PATTERNS: tuple[tuple[str, Condition], ...] = (
    ("U1", _when(driver_recorded="no", loader_recorded="yes")),
    ("U6", _when(driver_recorded="yes", loader_recorded="no")),
    ("U3", _when(neither_recorded="yes")),
    ("U2", _when(both_recorded="yes", waybill_found="no")),
    ("U5", _when(both_recorded="yes", waybill_found="yes", notice_present="no")),
    ("U4", _when(both_recorded="yes", waybill_found="yes", notice_present="yes")),
)


def _pattern(facts: Facts) -> str:
    """The sub-code of a loss that no row decides; '' while the papers are not known well enough."""
    return next((code for code, condition in PATTERNS if condition.ask(facts).holds is YES), "")


def _is_count_dispute(facts: Facts) -> bool:
    """Nothing is missing by the driver's count, the first reference; what lies above it is disputed (EV-02)."""
    if facts.kind != Kind.LOSS or facts.driver_qty is None or facts.loader_qty is None:
        return False
    if facts.received_qty is None:
        return False
    return facts.loader_qty > facts.driver_qty and facts.received_qty >= facts.driver_qty


_LACKS_WRITER = _when(incident="yes", refused="yes", slip="no", note="all")


def _warnings(facts: Facts) -> tuple[str, ...]:
    found = []
    if facts.driver_qty is not None and facts.loader_qty is not None and facts.loader_qty > facts.driver_qty:
        found.append("count_dispute_above_driver")
    # LR-22: a complete note whose writer is unknown stops nothing, but LR-01 then lacks only the writer.
    if facts.noter in (None, UNKNOWN_NOTER) and facts.refused and _LACKS_WRITER.ask(facts).holds is YES:
        found.append("lr01_lacks_writer")
    return tuple(found)

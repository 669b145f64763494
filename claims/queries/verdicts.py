"""The verdict of the decision table as pages show it: over facts as typed, as kept, of a determination (LR-33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from claims.choices import FactName, ManualOutcome, PartyRole
from claims.domain.conditions import Holds
from claims.domain.facts import BadFact, facts_from
from claims.domain.liability import Manual, Verdict, judge
from claims.domain.money import split, to_fen, to_yuan
from claims.domain.ruleset import Row, RuleSet
from claims.models import Claim, ClaimFact, ClaimParty, Determination, RuleSetVersion
from claims.permissions import may_see_liability
from claims.queries.rulesets import rules_of, ruleset_for
from claims.reasons import SUB_CODES, WARNINGS, reason
from servicecenter.i18n import listed, say
from servicecenter.kernel.errors import RuleBroken


@dataclass(frozen=True)
class ShareLine:
    """A party's share, with the person behind it and the amount as far as one is known."""

    party: str
    label: str
    who: str
    fraction: Fraction
    amount: Decimal | None


@dataclass(frozen=True)
class FineLine:
    """A fine beside the shares, in yuan from–to."""

    rule: str
    party: str
    label: str
    who: str
    minimum: Decimal
    maximum: Decimal


@dataclass(frozen=True)
class TraceLine:
    """One row of the table with the reason why it holds or not, or what must be found out."""

    row: str
    tier: str
    holds: str
    sentence: str
    because: str


@dataclass(frozen=True)
class VerdictCard:
    """Everything the determination screen shows at its right. `by_rule`: a row decides, no person is needed."""

    outcome: str
    outcome_word: str
    sentence: str
    status: str
    shares: Sequence[ShareLine]
    fines: Sequence[FineLine]
    trace: Sequence[TraceLine]
    also_matched: Sequence[str]
    depends_on: Sequence[tuple[str, str]]
    nearest: Sequence[TraceLine]
    suggestion: Sequence[ShareLine]
    warnings: Sequence[str]
    ruleset: RuleSetVersion
    by_rule: bool


def facts_of(claim: Claim) -> dict[str, Any]:
    """The recorded facts by name, as `judge_liability` takes them."""
    return dict(ClaimFact.objects.filter(claim=claim).values_list("name", "value"))


def _people(claim: Claim) -> tuple[dict[str, str], dict[str, str]]:
    """Who the parties are: the keys by which the rules compare people, and their names."""
    rows = list(ClaimParty.objects.filter(claim=claim).select_related("employee", "department"))
    return {row.role: row.key for row in rows}, {row.role: row.who for row in rows}


def payable_of(claim: Claim) -> Decimal | None:
    """What the customer is or will be paid: approved, else agreed, else assessed."""
    for amount in (claim.approved_amount, claim.agreed_amount, claim.assessed_amount):
        if amount is not None:
            return Decimal(amount)
    return None


def live_verdict(
    claim: Claim, values: Mapping[str, Any] | None = None, ruleset: RuleSetVersion | None = None
) -> VerdictCard:
    """The verdict over the facts as typed (`values`), else as kept; writes nothing.

    Raises RuleBroken `fact.value` for a value that is not on the closed list, `ruleset.none`.
    """
    version = ruleset or ruleset_for(claim.incident_on)
    rules = rules_of(version)
    persons, names = _people(claim)
    known = facts_of(claim) if values is None else dict(values)
    try:
        facts = facts_from({**known, "persons": persons})
    except BadFact as problem:
        raise RuleBroken("fact.value", field=problem.fact, status=400, fact=problem.fact) from problem
    found = judge(facts, rules)
    total = payable_of(claim)
    status = "manual" if found.is_manual else "provisional" if found.depends_on else "final"
    return VerdictCard(
        outcome=str(found.outcome),
        outcome_word=_open_word() if _is_open(found) else outcome_word(str(found.outcome)),
        sentence="" if _is_open(found) else _sentence(str(found.outcome), found.sub_code, rules),
        status=status,
        shares=_shares(found.shares, names, total),
        fines=[
            FineLine(
                fine.rule, fine.party, party_label(fine.party), names.get(fine.party, ""), Decimal(fine.minimum),
                Decimal(fine.maximum),
            )
            for fine in found.fines
        ],
        trace=_trace(found.trace, rules, str(found.outcome)),
        also_matched=found.also_matched,
        depends_on=[(name, fact_label(name)) for name in found.depends_on],
        nearest=_trace(found.nearest, rules, str(found.outcome)),
        suggestion=_shares(found.suggestion, names, total),
        warnings=[warning_text(code) for code in found.warnings],
        ruleset=version,
        by_rule=not found.is_manual,
    )  # fmt: skip


def _is_open(found: Verdict) -> bool:
    """That no rule covers it is said only of known facts: where answers are awaited, nothing is decided."""
    return found.outcome in (Manual.LOSS_PATTERN, Manual.DAMAGE_NO_RULE) and bool(found.depends_on)


def _open_word() -> str:
    return _("Facts are missing: nothing is decided yet")


def verdict_of(determination: Determination) -> VerdictCard:
    """The same card of a determination that was made: its own facts, persons, shares and reasons."""
    rules = rules_of(determination.ruleset)
    rows = list(determination.shares.select_related("employee", "department").order_by("ordinal"))
    amounts = _amounts({str(row.pk): row.fraction for row in rows}, payable_of(determination.claim))
    shares = [
        ShareLine(row.party, party_label(row.party), row.who, row.fraction, amounts.get(str(row.pk)))
        for row in rows
    ]
    fines = [
        FineLine(row.rule, row.party, party_label(row.party), row.who, row.minimum, row.maximum)
        for row in determination.fines.select_related("employee", "department").order_by("pk")
    ]
    return VerdictCard(
        outcome=determination.outcome,
        outcome_word=outcome_word(determination.outcome),
        sentence=_sentence(determination.outcome, determination.sub_code, rules),
        status=determination.status,
        shares=shares,
        fines=fines,
        trace=_trace([_Told(**row) for row in determination.trace], rules, determination.outcome),
        also_matched=determination.also_matched,
        depends_on=[(name, fact_label(name)) for name in determination.depends_on],
        nearest=(),
        suggestion=(),
        warnings=[warning_text(code) for code in determination.warnings],
        ruleset=determination.ruleset,
        by_rule=not determination.is_by_hand and determination.outcome not in ManualOutcome.values,
    )


@dataclass(frozen=True)
class _Told:
    """A row's answer as it was kept with a determination."""

    row: str
    holds: str
    failed: Iterable[Sequence[str]] = ()
    open_on: Iterable[str] = ()


def party_label(party: str) -> str:
    """A party in words."""
    return str(capfirst(str(PartyRole(party).label))) if party in PartyRole.values else party


def fact_label(name: str) -> str:
    """A fact in words."""
    return str(capfirst(str(FactName(name).label))) if name in FactName.values else name


def outcome_word(outcome: str) -> str:
    """The row's id, or the manual reason in words."""
    if outcome in ManualOutcome.values:
        return str(capfirst(str(ManualOutcome(outcome).label)))
    return outcome


def verdict_words(claim: Claim, user: Any) -> str:
    """What the newest determination says, in one line, for whoever may read it; '' where there is none."""
    if not may_see_liability(user):
        return ""
    row = claim.determinations.order_by("-ordinal").first()
    return f"{outcome_word(row.outcome)}·{row.get_status_display()}" if row else ""


def warning_text(code: str) -> str:
    """A warning of the evaluator in words."""
    return str(WARNINGS.get(code, code))


def _sentence(outcome: str, sub_code: str, rules: RuleSet) -> str:
    row = _row(rules, outcome)
    if row is not None:
        return say(row.sentence)
    return f"{sub_code}: {SUB_CODES[sub_code]}" if sub_code in SUB_CODES else ""


def _row(rules: RuleSet, name: str) -> Row | None:
    try:
        return rules.row(name)
    except KeyError:
        return None


def _shares(
    shares: Mapping[str, Fraction], names: Mapping[str, str], total: Decimal | None
) -> list[ShareLine]:
    amounts = _amounts(shares, total)
    return [
        ShareLine(str(party), party_label(str(party)), names.get(party, ""), share, amounts.get(str(party)))
        for party, share in shares.items()
    ]


def _amounts(shares: Mapping[str, Fraction], total: Decimal | None) -> dict[str, Decimal]:
    """The parts of the payout (MON-02), while the shares make a whole."""
    if total is None or sum(shares.values(), Fraction(0)) != 1:
        return {}
    parts = split(to_fen(total), [(str(party), share) for party, share in shares.items()])
    return {party: to_yuan(fen) for party, fen in parts.items()}


def _trace(rows: Iterable[Any], rules: RuleSet, outcome: str) -> list[TraceLine]:
    """Every row with its reason, in order of precedence."""
    found = []
    for told in rows:
        row = _row(rules, told.row)
        if row is None:
            continue
        holds = str(told.holds)
        found.append(TraceLine(told.row, row.tier, holds, say(row.sentence), _because(told, row, outcome)))
    return found


def _because(told: Any, row: Row, outcome: str) -> str:
    if told.holds == Holds.NO:
        return listed(dict.fromkeys(reason(name, value) for name, value in told.failed), "；")
    if told.holds == Holds.OPEN:
        return _("to be found out: %(facts)s") % {"facts": listed(fact_label(name) for name in told.open_on)}
    held = condition_words(row)
    if row.id == outcome or row.tier == "gate":
        return held
    if row.tier == "fine":
        return _("%(why)s: a fine only") % {"why": held}
    if row.fines:
        return _("%(why)s: holds, but another decides; its fine counts") % {"why": held}
    return _("%(why)s: holds, but another decides") % {"why": held}


def condition_words(row: Row) -> str:
    """The condition of a row in words."""
    conditions = dict.fromkeys(
        " / ".join(reason(name, value) for value in sorted(values))
        for name, values in row.condition.wanted.items()
    )
    return listed(conditions, "；")

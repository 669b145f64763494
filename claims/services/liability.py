"""Who bears the payout: determined by the rules or by hand, overridden one level up, never edited (LR-33, CLM-08)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from claims.choices import DeterminationStatus, PartyRole
from claims.domain.facts import Facts, facts_from
from claims.domain.intake import ShareInput
from claims.domain.liability import CHOSEN_BY_HAND, MANUAL, Manual, Verdict, judge
from claims.domain.lifecycle import LIABILITY
from claims.domain.plain import plain_trace
from claims.domain.policy import ApprovalPolicy
from claims.domain.ruleset import RuleSet
from claims.models import (
    Claim,
    ClaimParty,
    Determination,
    FineProposal,
    LiabilityEntry,
    RuleSetVersion,
    Share,
)
from claims.permissions import APPROVES, holds
from claims.queries.rulesets import rules_of, ruleset_for
from claims.services.acting import Act
from claims.services.fines import propose_fines, withdraw_fines
from claims.services.ledger import charge, current
from claims.services.payout import others_of_waybill
from claims.services.telling import tell_liable
from organization.models import User
from servicecenter import policies
from servicecenter.kernel.errors import RuleBroken
from servicecenter.numbering import next_number

COMPANY_ALONE = ((str(PartyRole.COMPANY), Fraction(1)),)


@transaction.atomic
def determine(
    *,
    claim: Claim,
    by: User,
    at: datetime | None = None,
    version: int | None = None,
    ruleset: RuleSetVersion | None = None,
    outcome: str = "",
    shares: Sequence[ShareInput] = (),
    reason: str = "",
    provisional: bool = False,
) -> Determination:
    """Determine the liability from the recorded facts, by the rules of the incident's day (LR-31, LR-33).

    Without `outcome` the rules decide; with facts still open it is provisional. `outcome` is a manual reason, with the
    shares a person decided (none: the company bears it) and why: where the rules give none, or for altered evidence and
    what is outside the rules. Raises RuleBroken `determination.by_hand_needed`, `determination.rule_decides`,
    `determination.other_outcome`, `determination.party_unbound`, `determination.shares`, `lifecycle.reason_needed`.
    """
    by_hand = bool(outcome) and not provisional
    act = Act.begin(claim, "determine", by=by, at=at, version=version, reason=reason, table=LIABILITY)
    chosen = ruleset or ruleset_for(act.claim.incident_on)
    rules, facts, parties = rules_of(chosen), facts_of(act.claim), parties_of(act.claim)
    verdict = judge(facts, rules)
    if by_hand:
        _check_by_hand(verdict, outcome, act.reason)
        status, found = DeterminationStatus.MANUAL, _by_hand(shares, rules)
    else:
        status, found = _by_rule(verdict, provisional)
    made = _write(
        act, chosen, rules, verdict, facts, parties,
        status=status, outcome=outcome if by_hand else str(verdict.outcome), shares=found,
    )  # fmt: skip
    _take_effect(act, made)
    return made


def _by_rule(
    verdict: Verdict, provisional: bool
) -> tuple[DeterminationStatus, tuple[tuple[str, Fraction], ...]]:
    shares = tuple(verdict.shares.items())
    if provisional or verdict.provisional:
        return DeterminationStatus.PROVISIONAL, shares
    if verdict.is_manual and verdict.outcome != Manual.NO_INCIDENT:
        raise RuleBroken("determination.by_hand_needed", field="outcome", outcome=str(verdict.outcome))
    return DeterminationStatus.FINAL, shares


def _check_by_hand(verdict: Verdict, outcome: str, reason: str) -> None:
    if outcome not in MANUAL or outcome == Manual.NO_INCIDENT:
        raise RuleBroken("determination.outcome", field="outcome", status=400, outcome=outcome)
    if not reason:
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action="determine")
    if outcome in CHOSEN_BY_HAND:
        return
    if not verdict.is_manual:
        raise RuleBroken("determination.rule_decides", field="outcome", rule=str(verdict.outcome))
    if outcome != verdict.outcome:
        raise RuleBroken("determination.other_outcome", field="outcome", outcome=str(verdict.outcome))


def _by_hand(shares: Iterable[ShareInput], rules: RuleSet) -> tuple[tuple[str, Fraction], ...]:
    """Shares as a person decided them, in the party order; they sum to one. None given: the company bears it."""
    given: dict[str, Fraction] = {}
    for item in shares:
        try:
            share = Fraction(item.share)
        except (ValueError, ZeroDivisionError, TypeError) as problem:
            raise RuleBroken("determination.shares", field="shares", status=400) from problem
        if item.party not in PartyRole.values or item.party in given or not 0 < share <= 1:
            raise RuleBroken("determination.shares", field="shares", status=400)
        if share.denominator > 10_000:
            raise RuleBroken("determination.shares", field="shares", status=400)
        given[item.party] = share
    if not given:
        return COMPANY_ALONE
    if sum(given.values(), Fraction(0)) != 1:
        raise RuleBroken("determination.shares", field="shares", status=400)
    return tuple((party, given[party]) for party in rules.party_order if party in given)


def facts_of(row: Claim) -> Facts:
    """The recorded facts with the persons behind the parties, as they are judged (LR-21)."""
    values = {fact.name: fact.value for fact in row.facts.all()}
    persons = {party.role: party.key for party in row.parties.all()}
    return facts_from({**values, "persons": persons})


def parties_of(row: Claim) -> dict[str, ClaimParty]:
    """Party → who it is."""
    return {party.role: party for party in row.parties.select_related("employee", "department")}


def _write(
    act: Act,
    ruleset: RuleSetVersion,
    rules: RuleSet,
    verdict: Verdict,
    facts: Facts,
    parties: Mapping[str, ClaimParty],
    *,
    status: DeterminationStatus,
    outcome: str,
    shares: tuple[tuple[str, Fraction], ...],
) -> Determination:
    """The determination with its shares and fines, frozen. Raises RuleBroken `determination.party_unbound`."""
    row = act.claim
    firm = status != DeterminationStatus.PROVISIONAL
    unbound = [party for party, _share in shares if party != PartyRole.COMPANY and party not in parties]
    if firm and unbound:
        raise RuleBroken("determination.party_unbound", field="parties", party=unbound[0])
    recorded = list(row.facts.order_by("pk"))
    by_hand = status in (DeterminationStatus.MANUAL, DeterminationStatus.OVERRIDDEN)
    made = Determination.objects.create(
        number=next_number("determination", at=act.at),
        claim=row,
        ordinal=row.determinations.count() + 1,
        ruleset=ruleset,
        other_version=ruleset.pk != ruleset_for(row.incident_on).pk,
        status=status,
        outcome=outcome,
        sub_code=verdict.sub_code,
        also_matched=list(verdict.also_matched),
        depends_on=list(verdict.depends_on),
        nearest=[item.row for item in verdict.nearest],
        warnings=list(verdict.warnings),
        facts={fact.name: fact.value for fact in recorded},
        persons={party.role: {"key": party.key, "who": party.who} for party in parties.values()},
        evidence={
            fact.name: {"kind": fact.evidence, "note": fact.evidence_note}
            for fact in recorded
            if fact.evidence != "none" or fact.evidence_note
        },
        trace=plain_trace(verdict.trace),
        rule_outcome=str(verdict.outcome) if by_hand else "",
        reason=act.reason[:500],
        determined_at=act.at,
        determined_by=act.by,  # type: ignore[misc]  # a person determines: the column refuses None
    )
    Share.objects.bulk_create(
        [
            Share(
                determination=made,
                ordinal=ordinal,
                party=party,
                numerator=share.numerator,
                denominator=share.denominator,
                **_bound(parties.get(party)),
            )
            for ordinal, (party, share) in enumerate(shares, 1)
        ]
    )
    FineProposal.objects.bulk_create(
        [
            FineProposal(
                determination=made,
                party=fine.party,
                rule=fine.rule,
                minimum=Decimal(fine.minimum),
                maximum=Decimal(fine.maximum),
                **_bound(parties.get(fine.party)),
            )
            for fine in verdict.fines
        ]
    )
    return made


def _bound(party: ClaimParty | None) -> dict[str, Any]:
    if party is None:
        return {}
    return {"employee": party.employee, "department": party.department, "outside": party.outside}


def _take_effect(act: Act, made: Determination) -> None:
    """A firm determination charges its parties, takes the place of the former, fines, and is told (CLM-15, SAN-07)."""
    params: dict[str, Any] = {
        "determination": made.number,
        "outcome": made.outcome,
        "rules": made.ruleset.code,
    }
    if made.status == DeterminationStatus.PROVISIONAL:
        # what stands already is not shaken by a provisional one
        if act.claim.liability_state in LIABILITY.action("determine_provisionally").sources:
            act.move("determine_provisionally", table=LIABILITY, **params)
        else:
            act.note("liability.determine_provisionally", **params)
        act.finish()
        return
    action = "override" if made.status == DeterminationStatus.OVERRIDDEN else "determine"
    act.move(action, table=LIABILITY, **params)
    charge(act)
    act.finish()
    withdraw_fines(act, made)
    fines = propose_fines(act, made)
    shares = list(made.shares.select_related("employee", "department"))
    amounts = {
        entry.share_id: f"{entry.amount:f}"
        for entry in LiabilityEntry.objects.filter(share__in=shares, kind="charge")
    }
    tell_liable(made, shares, fines, amounts=amounts, at=act.at)


@transaction.atomic
def override(
    *,
    claim: Claim,
    shares: Sequence[ShareInput],
    reason: str,
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Determination:
    """Decide otherwise than the rules did: with a reason, by one level more than the sum needs, and neither by the
    adjuster nor by who determined it (CLM-08). The rules' own outcome stays beside it.

    Raises RuleBroken `override.level`, `override.own`, `determination.none`, `determination.shares`.
    """
    act = Act.begin(claim, "override", by=by, at=at, version=version, reason=reason, table=LIABILITY)
    row = act.claim
    former = current(row)
    if former is None:
        raise RuleBroken("determination.none")
    if by.pk in (row.adjuster_id, former.determined_by_id):
        raise RuleBroken("override.own", status=403)
    policy: ApprovalPolicy = policies.value("claims.approval", at=act.at)
    amount = row.approved_amount or row.agreed_amount or row.assessed_amount or row.reserve
    level = policy.level_above(amount + others_of_waybill(row))
    if not holds(by, APPROVES[level]):
        raise RuleBroken("override.level", status=403, level=level)
    rules, facts, parties = rules_of(former.ruleset), facts_of(row), parties_of(row)
    verdict = judge(facts, rules)
    made = _write(
        act, former.ruleset, rules, verdict, facts, parties,
        status=DeterminationStatus.OVERRIDDEN, outcome=str(verdict.outcome), shares=_by_hand(shares, rules),
    )  # fmt: skip
    _take_effect(act, made)
    return made

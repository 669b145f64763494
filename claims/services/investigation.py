"""What the adjuster finds: facts with evidence, people behind the parties, goods lines (CLM-03, CLM-04)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from claims.choices import EvidenceKind, FactName, PartyRole, ReductionReason
from claims.domain.facts import BadFact, facts_from, plain_facts
from claims.domain.intake import MAX_LINES, FactInput, LineInput
from claims.models import Claim, ClaimFact, ClaimParty, GoodsLine
from claims.services.acting import Act, amount_or_refuse, evidence_or_refuse
from organization.models import Department, Employee, User
from servicecenter import attachments as files
from servicecenter import trail
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def record_facts(
    *,
    claim: Claim,
    facts: Sequence[FactInput],
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Claim:
    """Record facts with their evidence; None makes one unknown again, or keeps evidence whose answer is not known yet.

    Files are bound to the fact.
    What does not change is left as it is, with who recorded it. Raises RuleBroken `fact.unknown`, `fact.value`,
    `fact.evidence`.
    """
    act = Act.begin(claim, "record_facts", by=by, at=at, version=version)
    known = {row.name: row for row in act.claim.facts.select_for_update().order_by("pk")}
    changes: dict[str, list[Any]] = {}
    touched = []
    for item in facts:
        value = plain_value(item.name, item.value)
        row = known.get(item.name)
        before = row.value if row else None
        if _keep(act, row, item, value):
            touched.append(item.name)
        if before != value:
            changes[item.name] = [before, value]
    if touched:
        act.begin_investigation()
        act.note("claim.record_facts", changes=changes, count=len(touched), facts=touched)
    return act.finish()


def _keep(act: Act, row: ClaimFact | None, item: FactInput, value: Any) -> bool:
    """Write one fact with its evidence; whether anything changed. One that says nothing any more has no row, unless
    files hang on it."""
    evidence, note = evidence_or_refuse(item.evidence), item.note.strip()[:300]
    says = value is not None or evidence != EvidenceKind.NONE or note or item.attachments
    if not says and (row is None or not files.of(row).exists()):
        if row is not None:
            row.delete()
        return row is not None
    row = row or ClaimFact(claim=act.claim, name=item.name)
    changed = row.pk is None or (row.value, row.evidence, row.evidence_note) != (value, evidence, note)
    if changed:
        row.value, row.evidence, row.evidence_note = value, evidence, note
        row.recorded_at, row.recorded_by = act.at, act.by
        row.save()
    bound = files.bind(public_ids=item.attachments, to=row, by=act.by, at=act.at, role="evidence")
    return changed or bool(bound)


def plain_value(name: str, value: Any) -> Any:
    """A fact's value as it is kept: text, `yes`/`no`, list of parties, pieces; None is unknown.

    Raises RuleBroken `fact.unknown`, `fact.value`.
    """
    if name not in FactName.values:
        raise RuleBroken("fact.unknown", field=name, status=400, name=name)
    try:
        return plain_facts(facts_from({name: value})).get(name)
    except BadFact as problem:
        raise RuleBroken(
            "fact.value", field=name, status=400, name=name, value=str(value), allowed=str(problem.allowed)
        ) from problem


@transaction.atomic
def bind_party(
    *,
    claim: Claim,
    role: str,
    employee: Employee | None = None,
    department: Department | None = None,
    outside: str = "",
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> ClaimParty:
    """Say who was the driver, the loader … of this incident: a person, a department, or someone outside (CLM-21).

    Raises RuleBroken `party.role`, `party.one`.
    """
    if role not in PartyRole.values or role == PartyRole.COMPANY:
        raise RuleBroken("party.role", field="role", status=400)
    name = " ".join(outside.split())[:80]
    if sum((employee is not None, department is not None, bool(name))) != 1:
        raise RuleBroken("party.one", field="employee", status=400)
    act = Act.begin(claim, "bind_party", by=by, at=at, version=version)
    row = (
        ClaimParty.objects.select_related("employee", "department").filter(claim=act.claim, role=role).first()
    )
    before = row.who if row else ""
    row = row or ClaimParty(claim=act.claim, role=role)
    row.employee, row.department, row.outside = employee, department, name
    row.recorded_at, row.recorded_by = act.at, by
    row.save()
    if before != row.who:
        act.begin_investigation()
        act.note("claim.bind_party", party=role, who=row.who, before=before)
    act.finish()
    return row


@transaction.atomic
def unbind_party(
    *, claim: Claim, role: str, by: User, at: datetime | None = None, version: int | None = None
) -> Claim:
    """Take a party's person away again."""
    act = Act.begin(claim, "bind_party", by=by, at=at, version=version)
    row = (
        ClaimParty.objects.select_related("employee", "department").filter(claim=act.claim, role=role).first()
    )
    if row is not None:
        act.note("claim.unbind_party", party=role, who=row.who)
        row.delete()
    return act.finish()


@transaction.atomic
def set_lines(
    *,
    claim: Claim,
    lines: Sequence[LineInput],
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> Claim:
    """The goods of the claim, in order, in place of those before (CLM-04).

    A line assessed below what was claimed says why. Raises RuleBroken `line.goods`, `line.pieces`, `line.reason`,
    `line.too_many`, `claim.amount`.
    """
    act = Act.begin(claim, "set_lines", by=by, at=at, version=version)
    if len(lines) > MAX_LINES:
        raise RuleBroken("line.too_many", status=400, limit=MAX_LINES)
    rows = [_line(act.claim, ordinal, item) for ordinal, item in enumerate(lines, 1)]
    before = [_words(row) for row in act.claim.lines.order_by("ordinal")]
    after = [_words(row) for row in rows]
    if before != after:
        act.claim.lines.all().delete()
        GoodsLine.objects.bulk_create(rows)
        act.begin_investigation()
        total = sum((row.claimed for row in rows), start=amount_or_refuse(0, "claimed"))
        act.set(claimed_amount=total if rows else act.claim.claimed_amount)
        act.note("claim.set_lines", changes=trail.changes_between({"lines": before}, {"lines": after}))
    return act.finish()


def _line(claim: Claim, ordinal: int, item: LineInput) -> GoodsLine:
    goods = " ".join(item.goods.split())[:120]
    if not goods:
        raise RuleBroken("line.goods", field="goods", status=400, line=ordinal)
    if isinstance(item.pieces, bool) or item.pieces < 1:
        raise RuleBroken("line.pieces", field="pieces", status=400, line=ordinal)
    claimed = amount_or_refuse(item.claimed, "claimed")
    assessed = None if item.assessed is None else amount_or_refuse(item.assessed, "assessed")
    if item.reduction and item.reduction not in ReductionReason.values:
        raise RuleBroken("line.reason", field="reduction", status=400, line=ordinal)
    if assessed is not None and assessed < claimed and not item.reduction:
        raise RuleBroken("line.reason", field="reduction", status=400, line=ordinal)
    return GoodsLine(
        claim=claim,
        ordinal=ordinal,
        goods=goods,
        pieces=item.pieces,
        weight=item.weight,
        declared_value=None
        if item.declared_value is None
        else amount_or_refuse(item.declared_value, "declared_value"),
        claimed=claimed,
        assessed=assessed,
        reduction=item.reduction,
        remark=item.remark.strip()[:200],
    )


def _words(row: GoodsLine) -> str:
    parts = [row.goods, f"× {row.pieces}", f"¥{row.claimed}"]
    if row.assessed is not None:
        parts.append(f"→ ¥{row.assessed} {row.reduction}".strip())
    return " ".join(
        [*parts, *filter(None, [row.remark, str(row.weight or ""), str(row.declared_value or "")])]
    )
